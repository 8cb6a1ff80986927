//! Every document in `configs/` does what it says.

use super::Place;

#[test]
fn every_document_runs_verifies_and_validates() {
    let configs = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs");
    let mut run = 0;
    let tables = std::fs::read_dir(format!("{configs}/tables")).unwrap();
    for entry in std::fs::read_dir(configs).unwrap().chain(tables) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let document = path.to_str().unwrap();
        let place = Place::new();
        place.run(&["validate", document]).expect(0);
        place.run(&["generate", document, "--seed", "5"]).expect(0);
        place.run(&["verify", "data"]).expect(0);
        place.run(&["validate", document, "--seed", "5", "--out", "data"]).expect(0);
        run += 1;
    }
    assert!(run >= 6);
}
