//! `verify`: from the sidecar's recipe alone.

use mts_tests::golden::Golden;

use super::{Place, SMALL};

fn one(place: &Place, ending: &str) -> std::path::PathBuf {
    let files = place.files("data");
    place.path("data").join(files.iter().find(|file| file.ends_with(ending)).unwrap())
}

#[test]
fn a_file_a_sidecar_and_a_folder() {
    let place = Place::new();
    place.write("grid.yaml", SMALL);
    place.run(&["generate", "grid.yaml", "--csv"]).expect(0);
    std::fs::remove_file(place.path("grid.yaml")).unwrap();
    for ending in [".parquet", ".csv", ".metadata.json", ".truth.json"] {
        let path = one(&place, ending);
        place.run(&["verify", path.to_str().unwrap()]).expect(0).says("1 dataset");
    }
    let all = place.run(&["verify", "data", "--json"]).expect(0).json();
    assert_eq!(all.at("equal"), &true.into());
    assert_eq!(all.at("datasets").items().len(), 3);
}

#[test]
fn a_dataset_may_move() {
    let place = Place::new();
    place.write("one.yaml", "{model: ar, M: 2, T: 9, seed: 4}");
    place.run(&["generate", "one.yaml"]).expect(0);
    std::fs::rename(one(&place, ".parquet").parent().unwrap(), place.path("elsewhere")).unwrap();
    place.run(&["verify", "elsewhere"]).expect(0);
}

#[test]
fn a_changed_value_is_found_with_its_place() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 2, T: 9, seed: 4, csv: true}");
    place.run(&["generate", "one.yaml"]).expect(0);
    let path = one(&place, ".csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let cells: Vec<&str> = lines[6].split(',').collect();
    lines[6] = [cells[0], cells[1], cells[2], "0.25", cells[4]].join(",");
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    let ran = place.run(&["verify", "data"]).expect(1);
    ran.says("1 values differ").says("step 2, channel 1, realization 0").says("found 0.25");
}

/// Every byte of every artefact counts: a flipped one is found, and never a panic.
#[test]
fn a_flipped_byte_is_found() {
    let place = Place::new();
    place.write("one.yaml", "{model: kuramoto, M: 2, T: 5, seed: 4, csv: true}");
    place.run(&["generate", "one.yaml"]).expect(0);
    for ending in [".parquet", ".csv", ".truth.json", ".metadata.json"] {
        let path = one(&place, ending);
        let bytes = std::fs::read(&path).unwrap();
        for at in (0..bytes.len()).step_by(bytes.len() / 12 + 1) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            std::fs::write(&path, &flipped).unwrap();
            let ran = place.run(&["verify", "data"]);
            let expected = if ran.code == Some(2) { 2 } else { 1 };
            ran.expect(expected);
        }
        std::fs::write(&path, &bytes).unwrap();
    }
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn a_foreign_recipe_is_told() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 1, T: 3, seed: 4}");
    place.run(&["generate", "one.yaml"]).expect(0);
    let path = one(&place, ".metadata.json");
    let text = std::fs::read_to_string(&path).unwrap();
    for (from, to, said) in [
        ("\"engine\":1", "\"engine\":2", "engine 2"),
        ("\"kind\":\"grid\"", "\"kind\":\"rune\"", "kind"),
        ("\"model\":\"ou\"", "\"model\":\"uo\"", "uo"),
    ] {
        std::fs::write(&path, text.replace(from, to)).unwrap();
        place.run(&["verify", "data"]).expect(1).says(said);
    }
}
