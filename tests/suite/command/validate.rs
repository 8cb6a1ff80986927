//! `validate`: documents, and what was written for them.

use mts_tests::golden::Golden;

use super::{Place, SMALL};

#[test]
fn a_report_is_always_written() {
    let place = Place::new();
    place.write("grid.yaml", SMALL).write("bad.yaml", "configs: [{model: nope}]");
    place.run(&["validate", "grid.yaml"]).expect(0).says("valid, 3 datasets");
    assert!(!place.path("data").exists());
    let report = |place: &Place| {
        let text = std::fs::read_to_string(place.path("data/validation_report.json")).unwrap();
        mts_hash::parse(&text).unwrap()
    };
    place.run(&["validate", "grid.yaml", "--out", "data"]).expect(1).says("not written");
    assert_eq!(report(&place).at("valid"), &false.into());
    place.run(&["generate", "grid.yaml"]).expect(0);
    place.run(&["validate", "grid.yaml", "--out", "data"]).expect(0).says("valid, 3 datasets");
    assert_eq!(report(&place).at("valid"), &true.into());
    assert_eq!(report(&place).at("datasets").items().len(), 3);
    place.run(&["validate", "bad.yaml", "--out", "data"]).expect(2).says("nope");
    assert_eq!(report(&place).at("document_problems").items().len(), 1);
}

#[test]
fn damage_is_found() {
    let place = Place::new();
    place.write("grid.yaml", SMALL);
    place.run(&["generate", "grid.yaml", "--csv"]).expect(0);
    for ending in [".parquet", ".csv", ".truth.json", ".metadata.json"] {
        let file = place.files("data").into_iter().find(|file| file.ends_with(ending)).unwrap();
        let path = place.path("data").join(&file);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        place.run(&["validate", "grid.yaml", "--csv", "--out", "data"]).expect(1);
        std::fs::remove_file(&path).unwrap();
        place.run(&["validate", "grid.yaml", "--csv", "--out", "data"]).expect(1);
        std::fs::write(&path, &bytes).unwrap();
        place.run(&["validate", "grid.yaml", "--csv", "--out", "data"]).expect(0);
    }
    // Files of another seed are not those of this document.
    place.run(&["validate", "grid.yaml", "--seed", "43", "--out", "data"]).expect(1);
}

#[test]
fn other_data_are_named() {
    let place = Place::new();
    place.write("seedless.yaml", "{model: ou, M: 1, T: 3}");
    place.run(&["generate", "seedless.yaml", "--seed", "3", "--csv"]).expect(0);
    place.run(&["validate", "seedless.yaml", "--out", "data"]).expect(2).says("no seed");
    place
        .run(&["validate", "seedless.yaml", "--seed", "4", "--out", "data"])
        .expect(1)
        .says("other data: seed 3");
    // Wrong names inside a file whose checksum was made to fit.
    let file = place.files("data").into_iter().find(|file| file.ends_with(".csv")).unwrap();
    let path = place.path("data").join(&file);
    let text = std::fs::read_to_string(&path).unwrap().replace("ou_M1", "ou_M9");
    std::fs::write(&path, &text).unwrap();
    let sum = |text: &str| -> String {
        use sha2::Digest;
        sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let sidecar = place.path("data").join(file.replace(".csv", ".metadata.json"));
    let metadata = std::fs::read_to_string(&sidecar).unwrap();
    std::fs::write(&sidecar, metadata.replace(&sum(&text.replace("ou_M9", "ou_M1")), &sum(&text))).unwrap();
    place
        .run(&["validate", "seedless.yaml", "--seed", "3", "--csv", "--out", "data"])
        .expect(1)
        .says("config_id");
}
