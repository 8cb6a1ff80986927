//! Cells of tables that stay: where one moves, the changelog has a *Values* entry.

use mts_hash::hash8;

use super::Place;

#[test]
fn cells_stay() {
    let place = Place::new();
    let documents =
        [("constraints.yaml", "48"), ("hr.yaml", "300"), ("retail.yaml", "5000"), ("web_events.json", "500")];
    let found = documents.map(|(document, rows)| {
        let path = format!("{}/../configs/tables/{document}", env!("CARGO_MANIFEST_DIR"));
        place.run(&["generate", &path, "--rows", rows, "--format", "ndjson", "--out", document]).expect(0);
        let files = place.files(document).into_iter().filter(|file| file.ends_with(".ndjson"));
        let texts: Vec<String> =
            files.map(|file| std::fs::read_to_string(place.path(document).join(file)).unwrap()).collect();
        assert!(!texts.is_empty());
        hash8(&texts.into())
    });
    assert_eq!(found, ["acfc0103", "3905c469", "d150c285", "404eed1e"]);
}
