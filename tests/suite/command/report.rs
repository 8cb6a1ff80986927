//! `mts report`.

use super::Place;

const GRID: &str = "
seed: 3
configs:
  - {model: ou, M: 3, T: 80, theta: {axis: [0.1, 0.2, 0.3, 0.4]}, seed: [1, 2]}
  - {model: kuramoto, M: 6, T: 60}
";

/// What stands in the page for its script.
fn data(page: &str) -> mts_hash::Value {
    let (_, rest) = page.split_once("id=\"data\">").unwrap();
    mts_hash::parse(rest.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn a_report_tells_of_every_dataset_and_asks_nobody() {
    let place = Place::new();
    place.write("grid.yaml", GRID);
    place.run(&["generate", "grid.yaml"]).expect(0);
    place
        .run(&["report", "data", "-o", "report.html", "--document", "grid.yaml", "--pictures", "2"])
        .expect(0)
        .says("9 datasets");
    let page = std::fs::read_to_string(place.path("report.html")).unwrap();
    let data = data(&page);
    let items = data.as_list().unwrap();
    assert_eq!(items.len(), 9);
    let pictures = items.iter().filter(|item| item.get("picture").unwrap().as_str().is_some()).count();
    assert_eq!(pictures, 2);
    for item in items {
        assert!(item.get("line").unwrap().as_str().unwrap().starts_with('M'));
        assert!(item.get("trouble").unwrap().as_str().is_none());
        assert!(!item.get("parameters").unwrap().as_list().unwrap().is_empty());
    }
    let names: Vec<&str> = items.iter().map(|item| item.get("name").unwrap().as_str().unwrap()).collect();
    assert!(names.iter().any(|name| name.ends_with("/seed=2")), "{names:?}");
    assert!(page.contains("theta: {axis: [0.1, 0.2, 0.3, 0.4]}") && page.contains("mts generate grid.yaml"));
    for address in ["src=\"http", "href=\"http", "src=\"//", "href=\"//", "@import", "fetch("] {
        assert!(!page.contains(address), "{address}");
    }
    // The same page, whoever writes it, and what was there is replaced.
    place
        .run(&["report", "data", "-o", "report.html", "--document", "grid.yaml", "--pictures", "2"])
        .expect(0);
    assert_eq!(std::fs::read_to_string(place.path("report.html")).unwrap(), page);
}

#[test]
fn packs_and_damage_are_in_a_report_too() {
    let place = Place::new();
    place.write("grid.yaml", &format!("pack: 3{GRID}"));
    place.run(&["generate", "grid.yaml"]).expect(0);
    place.run(&["report", "data", "-o", "all.html"]).expect(0).says("9 datasets");
    let pack = place.files("data").into_iter().find(|file| file.ends_with(".parquet")).unwrap();
    std::fs::remove_file(place.path("data").join(pack)).unwrap();
    place.run(&["report", "data", "-o", "all.html"]).expect(0);
    let page = std::fs::read_to_string(place.path("all.html")).unwrap();
    let data = data(&page);
    assert!(data.as_list().unwrap().iter().any(|item| item.get("trouble").unwrap().as_str().is_some()));
    place.run(&["report", "nowhere", "-o", "x.html"]).expect(2).says("no such file or folder");
    place.run(&["report", "data"]).expect(2).says("--output");
    place.run(&["report", "data", "-o", "x.html", "--document", "no.yaml"]).expect(2).says("no.yaml");
}
