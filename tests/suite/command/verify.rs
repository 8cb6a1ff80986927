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
    let engine = mts_engine::Engine::new(mts_models::registry());
    let sidecars = mts_engine::targets(&place.path("data")).unwrap();
    let different = || !engine.verify(&sidecars, None, &())[0].differences.is_empty();
    for ending in [".parquet", ".csv", ".truth.json", ".metadata.json"] {
        let path = one(&place, ending);
        let bytes = std::fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            std::fs::write(&path, &flipped).unwrap();
            assert!(different(), "byte {at} of {ending}");
        }
        std::fs::write(&path, &bytes).unwrap();
        assert!(!different());
    }
}

#[test]
fn replaced_data_leave_nothing_behind() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 1, T: 3}");
    place.run(&["generate", "one.yaml", "--seed", "1", "--csv"]).expect(0);
    place.run(&["generate", "one.yaml", "--seed", "2", "--overwrite"]).expect(0);
    assert!(place.files("data").iter().all(|file| !file.ends_with(".csv")));
    // A file that its sidecar does not name belongs to other data.
    let parquet = one(&place, ".parquet");
    std::fs::write(parquet.with_extension("csv"), "time,channel,realization,value,config_id\n").unwrap();
    place.run(&["verify", parquet.with_extension("csv").to_str().unwrap()]).expect(2).says("does not name");
    let sidecar = one(&place, ".metadata.json");
    let text = std::fs::read_to_string(&sidecar).unwrap();
    let hollow = format!("{{\"artefacts\":[]{}", &text[text.find(",\"attributes\"").unwrap()..]);
    std::fs::write(&sidecar, hollow).unwrap();
    place.run(&["verify", "data"]).expect(1).says("names no data file");
}

#[test]
fn one_step_verifies() {
    let place = Place::new();
    place.write("one.yaml", "{model: kuramoto, M: 2, T: 1, seed: 1, csv: true}");
    place.run(&["generate", "one.yaml"]).expect(0);
    place.run(&["verify", "data"]).expect(0);
}

/// What a sidecar asks for is no more trusted than a document.
#[test]
fn absurd_sizes_in_a_recipe_are_told() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 1, T: 3, seed: 4}");
    place.run(&["generate", "one.yaml"]).expect(0);
    let path = one(&place, ".metadata.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"M\":1,", "\"M\":999999999999,")).unwrap();
    place.run(&["verify", "data"]).expect(1).says("in one step");
    // Longer than anybody can wait: the file says otherwise at once.
    std::fs::write(&path, text.replace("\"T\":3", "\"T\":999999999999999")).unwrap();
    place.run(&["verify", "data"]).expect(1).says("3 steps");
    std::fs::write(&path, text.replace("\"file\":\"ou", "\"file\":\"/dev/zero\",\"x\":\"ou")).unwrap();
    place.run(&["verify", "data"]).expect(1).says("beside the sidecar");
}

#[test]
fn a_reader_that_leaves_does_not_hide_the_verdict() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 1, T: 3, seed: 4}");
    place.run(&["generate", "one.yaml"]).expect(0);
    std::fs::write(one(&place, ".parquet"), "no data").unwrap();
    let mut child = place
        .command(&["verify", "data"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!output.stderr.is_empty());
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

#[test]
fn catalogues_are_verified_too() {
    let place = Place::new();
    place.write("a.yaml", "seed: 1\nconfigs:\n  - {model: ou, M: 2, T: 9, theta: [0.1, 0.2, 0.3]}\n");
    place.write("b.yaml", "seed: 1\nconfigs:\n  - {model: gbm, M: 2, T: 9}\n");
    place.run(&["generate", "a.yaml", "--out", "data"]).expect(0);
    place.run(&["generate", "b.yaml", "--out", "data", "--pack", "2"]).expect(0);
    place.run(&["verify", "data"]).expect(0).says("4 datasets");
    place.run(&["verify", "data/catalog.parquet"]).expect(0);
    let path = place.path("data/catalog.parquet");
    let whole = std::fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut damaged = whole.clone();
        damaged[at] ^= 4;
        std::fs::write(&path, damaged).unwrap();
        place.run(&["verify", "data"]).expect(1).says("catalog.parquet");
    }
    // What only it knew is told of when it is made anew.
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    place.run(&["generate", "a.yaml", "--out", "data"]).expect(3).says("other documents (1 file)");
    place.run(&["generate", "b.yaml", "--out", "data", "--pack", "2"]).expect(0);
    place.run(&["verify", "data"]).expect(0);
    assert_eq!(mts_io::Catalogue::read(&path).unwrap().len(), 4);
    // A dataset that is gone is missed by it and by the manifest.
    let gone = place.files("data").into_iter().find(|file| file.starts_with("ou/")).unwrap();
    std::fs::remove_dir_all(place.path("data").join(gone).parent().unwrap()).unwrap();
    place.run(&["verify", "data"]).expect(1).says("lists ou/");
}
