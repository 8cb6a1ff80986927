//! The same bytes for any number of threads. `./check` compares builds for other processors.

use super::Place;

fn contents(place: &Place, folder: &str) -> Vec<(String, Vec<u8>)> {
    let read = |file: String| {
        let bytes = std::fs::read(place.path(folder).join(&file)).unwrap();
        (file, bytes)
    };
    place.files(folder).into_iter().chain(["catalog.parquet".to_owned()]).map(read).collect()
}

const EVERY_MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/catalogue.yaml");

#[test]
fn any_number_of_jobs_writes_the_same_bytes() {
    let place = Place::new();
    for jobs in ["1", "2", "5"] {
        place.run(&["generate", EVERY_MODEL, "--jobs", jobs, "--out", jobs]).expect(0);
    }
    let one = contents(&place, "1");
    assert!(one.len() >= 40);
    assert_eq!(one, contents(&place, "2"));
    assert_eq!(one, contents(&place, "5"));
}
