//! Tables beside files that somebody else put there, and rows of any width.

use std::fs;

use super::Place;

fn document(dataset: &str) -> String {
    format!(
        "dataset: {dataset}\nseed: 3\ntables:\n  p:\n    rows: 20\n    columns:\n      - {{name: id, type: id, constraints: {{primary_key: true}}}}\n      - {{name: n, type: integer}}\n"
    )
}

#[test]
fn files_of_others_are_not_replaced_unasked() {
    let place = Place::new();
    place.write("a.yaml", &document("a"));
    place.write("b.yaml", &document("b"));
    fs::create_dir(place.path("out")).unwrap();
    for (format, file) in [("csv", "p.csv"), ("parquet", "p.parquet"), ("sqlite", "a.sqlite")] {
        fs::write(place.path("out").join(file), "my only copy").unwrap();
        let run = ["generate", "a.yaml", "--format", format, "--out", "out"];
        let refused =
            format!("{file}: is there already, and no a.metadata.json says that it is of this dataset");
        place.run(&run).expect(2).says(&refused).says("--overwrite");
        place.run(&[&run[..], &["--dry-run"]].concat()).expect(2).says(&refused);
        assert_eq!(fs::read_to_string(place.path("out").join(file)).unwrap(), "my only copy");
    }
    // Another format of a dataset that is there, too.
    fs::remove_file(place.path("out/p.csv")).unwrap();
    place.run(&["generate", "a.yaml", "--format", "csv", "--out", "out"]).expect(0);
    place.run(&["generate", "a.yaml", "--format", "csv,parquet", "--out", "out"]).expect(2).says("p.parquet");
    // Two datasets with a table of one name.
    place.run(&["generate", "b.yaml", "--format", "csv", "--out", "out"]).expect(2).says("p.csv");
    place.run(&["verify", "out/a.metadata.json"]).expect(0);
    place.run(&["generate", "a.yaml", "--format", "parquet", "--out", "out", "--overwrite"]).expect(0);
    place.run(&["verify", "out/a.metadata.json"]).expect(0);
}

#[test]
fn a_damaged_file_is_named() {
    let place = Place::new();
    place.write("a.yaml", &document("a"));
    place.run(&["generate", "a.yaml", "--format", "csv,json", "--out", "out"]).expect(0);
    let path = place.path("out/p.json");
    let mut text = fs::read_to_string(&path).unwrap();
    text.push('\n');
    fs::write(&path, text).unwrap();
    place.run(&["verify", "out"]).expect(1).says("a.metadata.json: p.json: has ");
}

#[test]
fn what_sqlite_does_not_take_is_said_before_it_is_made() {
    let place = Place::new();
    let run = ["generate", "a.yaml", "--format", "sqlite", "--out", "out"];
    let columns: Vec<String> =
        (0..2001).map(|at| format!("      - {{name: c{at}, type: boolean}}\n")).collect();
    for (from, to, said) in [
        ("  p:\n".to_owned(), "  sqlite_p:\n".to_owned(), "sqlite_p"),
        ("type: integer}\n".to_owned(), format!("type: integer}}\n{}", columns.concat()), "too many columns"),
        (
            "name: n, type: integer".to_owned(),
            "name: n, type: integer, sqlite_type: 'INT)'".to_owned(),
            "table \"p\"",
        ),
    ] {
        place.write("a.yaml", &document("a").replace(&from, &to));
        place.run(&run).expect(2).says("a.yaml:1:1").says(said);
        place.run(&["describe", "a.yaml", "--format", "csv"]).expect(0);
    }
}

/// A thousand texts to a row: as many rows as usual would take gigabytes.
#[test]
fn rows_of_any_width_fit_into_memory() {
    let place = Place::new();
    let list = "{name: l, type: array, item: {type: sentence}, min_length: 1000, max_length: 1000}";
    let text = document("a").replace("{name: n, type: integer}", list).replace("rows: 20", "rows: 3000");
    place.write("a.yaml", &text);
    place.run(&["generate", "a.yaml", "--format", "parquet", "--out", "out", "--memory", "1GB"]).expect(0);
    let groups = fs::File::open(place.path("out/p.parquet")).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(groups).unwrap();
    assert!(reader.metadata().num_row_groups() > 2, "{}", reader.metadata().num_row_groups());
}
