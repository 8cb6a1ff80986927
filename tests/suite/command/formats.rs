//! Formats, forms, precision and dates: written, checked, streamed.

use mts_io::Format;

use super::{Place, Ran};

const EVERY: &str = "
seed: 9
configs:
  - {model: var, M: 3, T: 12, p: 1, n_realizations: 2}
  - {model: ou, M: 2, T: 5, theta: 0.4, dtype: f32}
  - {model: ar, M: 1, T: 7, phi: [0.4], time: {start: 2023-11-30, freq: ME}}
  - {model: gbm, M: 1, T: 1, time: {start: 2024-01-01T06:00, freq: 250ms}, dtype: f32}
";

fn all_formats() -> String {
    Format::NAMES.join(",")
}

#[test]
fn every_format_in_every_form_verifies_and_validates() {
    for form in ["long", "wide", "panel"] {
        let place = Place::new();
        place.write("grid.yaml", EVERY);
        let formats = all_formats();
        place
            .run(&["generate", "grid.yaml", "--format", &formats, "--form", form])
            .expect(0)
            .says("4 written");
        for format in Format::ALL {
            let ending = format!(".{}", format.extension());
            let found = std::fs::read_dir(place.path("data/ou")).unwrap().flatten().next().unwrap().path();
            let names = std::fs::read_dir(found).unwrap().flatten().map(|entry| entry.path());
            let file = names.into_iter().find(|path| path.to_str().unwrap().ends_with(&ending)).unwrap();
            place.run(&["verify", file.to_str().unwrap()]).expect(0).says("1 dataset");
        }
        place.run(&["verify", "data"]).expect(0).says("4 datasets");
        let asked = ["validate", "grid.yaml", "--out", "data", "--format", &formats, "--form"];
        place.run(&[&asked[..], &[form]].concat()).expect(0);
        let again = ["generate", "grid.yaml", "--format", &formats, "--form", form];
        place.run(&again).expect(0).says("all 4 datasets are there already");
    }
}

/// Of every artefact, in every format.
#[test]
fn a_flipped_byte_is_found_in_every_format() {
    let engine = mts_engine::Engine::new(mts_models::registry());
    for form in ["long", "wide", "panel"] {
        let place = Place::new();
        place.write("one.yaml", "{model: kuramoto, M: 2, T: 4, seed: 4, dtype: f32}");
        place.run(&["generate", "one.yaml", "--format", &all_formats(), "--form", form]).expect(0);
        let sidecars = mts_engine::targets(&place.path("data")).unwrap();
        let different = || !engine.verify(&sidecars, None, &())[0].differences.is_empty();
        assert!(!different());
        for file in place.files("data") {
            if file.ends_with(".metadata.json") || file.ends_with("validation_report.json") {
                continue;
            }
            let path = place.path("data").join(&file);
            let bytes = std::fs::read(&path).unwrap();
            let stride = (bytes.len() / 60).max(1);
            for at in (0..bytes.len()).step_by(stride) {
                let mut flipped = bytes.clone();
                flipped[at] ^= 0x10;
                std::fs::write(&path, &flipped).unwrap();
                assert!(different(), "byte {at} of {file}");
            }
            std::fs::write(&path, &bytes).unwrap();
        }
        assert!(!different());
    }
}

#[test]
fn a_form_is_part_of_what_is_asked_for() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 2, T: 4, seed: 4, format: [csv, parquet], form: wide}");
    place.run(&["generate", "one.yaml"]).expect(0);
    place.run(&["validate", "one.yaml", "--out", "data"]).expect(0);
    let long = place.run(&["validate", "one.yaml", "--out", "data", "--form", "long"]).expect(1);
    long.says("has the wide form, the document asks for long");
    // The same data, in another form.
    place.run(&["generate", "one.yaml", "--form", "long"]).expect(0).says("1 written");
    place.run(&["validate", "one.yaml", "--out", "data", "--form", "long"]).expect(0);
    place.run(&["verify", "data"]).expect(0);
    place
        .run(&["generate", "one.yaml", "--format", "npz", "--form", "panel"])
        .expect(2)
        .says("is one of tables");
}

/// It is a property of files: the data, their names and what is there already stay.
#[test]
fn compression_is_a_property_of_files() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 20, T: 900, seed: 4, compression: zstd}");
    let size = |folder: &str, args: &[&str]| {
        place.run(&[&["generate", "one.yaml", "--outdir", folder], args].concat()).expect(0);
        place.run(&["verify", folder]).expect(0);
        place.run(&[&["validate", "one.yaml", "--out", folder], args].concat()).expect(0);
        let file = place.files(folder).into_iter().find(|file| file.ends_with(".parquet")).unwrap();
        (std::fs::metadata(place.path(folder).join(&file)).unwrap().len(), file)
    };
    // The document, unless the command line says otherwise.
    let (zstd, name) = size("zstd", &[]);
    let (none, same) = size("none", &["--compression", "none"]);
    assert!(zstd < none, "{zstd}, {none}");
    assert_eq!(name, same);
    let told = place.run(&["describe", "one.yaml", "--json", "--compression", "snappy"]).expect(0);
    assert!(told.stdout.contains("\"compression\":\"snappy\""), "{}", told.stdout);
    let again = ["generate", "one.yaml", "--outdir", "zstd", "--compression", "none"];
    place.run(&again).expect(0).says("is there already");
    place.run(&["validate", "one.yaml", "--compression", "lz4"]).expect(2);
    place.write("bad.yaml", "{model: ou, seed: 4, compression: gzip}");
    place.run(&["validate", "bad.yaml"]).expect(2).says("bad.yaml:1:35");
}

/// What is added to recipes later moves no name of what was there before.
#[test]
fn precision_and_dates_are_in_the_recipe() {
    let place = Place::new();
    let id = |text: &str, key: &str| {
        place.write("one.yaml", text);
        let described = place.run(&["describe", "one.yaml", "--json"]).expect(0).json();
        mts_hash::canonical_json(described.get("datasets").unwrap().as_list().unwrap()[0].get(key).unwrap())
    };
    let plain = "{model: ou, M: 2, T: 4, seed: 4}";
    let single = "{model: ou, M: 2, T: 4, seed: 4, dtype: f32}";
    let dated = "{model: ou, M: 2, T: 4, seed: 4, time: {start: 2024-01-01, freq: D}}";
    assert_eq!(id(plain, "config_id"), id(single, "config_id"));
    assert_eq!(id(plain, "config_id"), id(dated, "config_id"));
    assert_eq!(id(plain, "data_id"), id("{model: ou, M: 2, T: 4, seed: 4, dtype: f64}", "data_id"));
    let ids = [id(plain, "data_id"), id(single, "data_id"), id(dated, "data_id")];
    assert!(ids[0] != ids[1] && ids[0] != ids[2] && ids[1] != ids[2]);
    // An axis makes a level of its own.
    place.write("axis.yaml", "{model: ou, M: 2, T: 4, seed: 4, dtype: [f32, f64]}");
    place.run(&["generate", "axis.yaml"]).expect(0).says("2 written");
    assert!(place.files("data").iter().any(|file| file.contains("/dtype=f32/")));
    place.write("axis.yaml", "{model: ou, M: 2, T: 4, seed: 4, time: {axis: [{start: 2024-01-01T06:00, freq: D}, {start: 2024-01-01, freq: 15min}]}}");
    place.run(&["generate", "axis.yaml", "--outdir", "dates"]).expect(0).says("2 written");
    assert!(place.files("dates").iter().any(|file| file.contains("/time=2024-01-01_15min/")));
    place.run(&["verify", "data"]).expect(0);
    place.run(&["verify", "dates"]).expect(0);
}

#[test]
fn dates_that_are_none_are_refused_where_they_stand() {
    let place = Place::new();
    for (text, words) in [
        ("model: ou\ntime: {start: yesterday, freq: D}", "one.yaml:2:7: time: start must be a date"),
        ("model: ou\ntime: {start: 2024-01-01, freq: H}", "did you mean h?"),
        ("model: ou\ntime: {start: 2024-01-01, freq: ME}", "is not the last day of a month"),
        ("model: ou\ntime: {start: 2024-01-01, freq: 200YS}", "go beyond the year 9999"),
        ("model: ou\ntime: {start: 2024-01-01}", "missing key `freq`"),
        ("model: ou\ntime: 2024-01-01", "must be"),
        ("time: {start: 9999-12-31, freq: D}\nconfigs: [{model: ou}]", "one.yaml:1:7: time: 100 steps of D"),
        ("model: ou\ndtype: f16", "f64"),
        ("model: ou\nform: tall", "long"),
    ] {
        place.write("one.yaml", text);
        place.run(&["describe", "one.yaml"]).expect(2).says(words);
    }
}

fn streamed(place: &Place, args: &[&str]) -> Ran {
    place.run(&[&["generate", "grid.yaml", "-o", "-"], args].concat())
}

#[test]
fn streams_are_the_files_without_files() {
    let place = Place::new();
    place.write("grid.yaml", "seed: 3\nconfigs:\n  - {model: ou, M: [2, 3], T: 4, n_realizations: 2}\n");
    place.run(&["generate", "grid.yaml", "--format", "csv,ndjson"]).expect(0);
    let file = |m: usize, ending: &str| {
        let files = place.files("data");
        let wanted = |file: &&String| file.contains(&format!("ou_M{m}_")) && file.ends_with(ending);
        std::fs::read_to_string(place.path("data").join(files.iter().find(wanted).unwrap())).unwrap()
    };
    let rows = |text: String| text.split_once('\n').unwrap().1.to_owned();
    let csv = streamed(&place, &["--format", "csv"]).expect(0);
    assert_eq!(csv.stdout, file(2, ".csv") + &rows(file(3, ".csv")));
    assert_eq!(streamed(&place, &[]).expect(0).stdout, csv.stdout);
    let json = streamed(&place, &["--format", "ndjson"]).expect(0);
    assert_eq!(json.stdout, file(2, ".ndjson") + &file(3, ".ndjson"));
    // Different columns are no table.
    let wide = streamed(&place, &["--form", "wide"]).expect(2).says("other columns");
    assert!(wide.stdout.is_empty());
    streamed(&place, &["--form", "wide", "--limit", "1"]).expect(0);
    streamed(&place, &["--format", "parquet"])
        .expect(2)
        .says("arrow, csv, ndjson".split_once(' ').unwrap().1);
    streamed(&place, &["--format", "csv,ndjson"]).expect(2).says("takes one --format");
    streamed(&place, &["--json"]).expect(2);
    // What is not saved can be streamed, and csv beside the formats is not one of them.
    place.write(
        "grid.yaml",
        "seed: 3\nsave: false\ncsv: true\nconfigs: [{model: ou, M: 2, T: 4, n_realizations: 2}]\n",
    );
    let ndjson = streamed(&place, &["--format", "ndjson"]).expect(0);
    assert!(ndjson.stdout.starts_with("{\"time\":0.0,") && json.stdout.starts_with("{\"time\":0.0,"));
    place.write("grid.yaml", "configs: []");
    streamed(&place, &[]).expect(0).says("nothing to do");
    place.run(&["generate", "grid.yaml", "-o", "x.csv"]).expect(2).says("x.csv");
    assert!(!place.path("x.csv").exists());
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    use std::io::Read;
    use std::process::Stdio;

    let place = Place::new();
    place.write("long.yaml", "{model: noise_gaussian, M: 10, T: 2000000, seed: 1}");
    let mut command = place.command(&["generate", "long.yaml", "-o", "-"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut head = [0; 1000];
    child.stdout.take().unwrap().read_exact(&mut head).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
    assert!(head.starts_with(b"time,channel,"));
}

#[test]
fn a_replaced_folder_leaves_nothing_behind() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 1, T: 3000000, format: zarr}");
    place.run(&["generate", "one.yaml", "--seed", "1"]).expect(0);
    let chunks = |place: &Place| place.files("data").iter().filter(|file| file.contains("/data/c/")).count();
    assert_eq!(chunks(&place), 3);
    place.run(&["generate", "one.yaml", "--seed", "2"]).expect(2).says("holds other data");
    place.run(&["generate", "one.yaml", "--seed", "2", "--overwrite"]).expect(0);
    place.run(&["verify", "data"]).expect(0);
    assert!(place.files("data").iter().all(|file| !file.contains(".tmp")), "{:?}", place.files("data"));
    // Another file in the folder is no part of the data; a lost chunk is one.
    let folder =
        place.path("data").join(place.files("data").iter().find(|file| file.contains("/data/c/")).unwrap());
    std::fs::write(folder.with_file_name("extra"), "x").unwrap();
    place.run(&["verify", "data"]).expect(1);
    std::fs::remove_file(folder.with_file_name("extra")).unwrap();
    std::fs::remove_file(&folder).unwrap();
    place.run(&["verify", "data"]).expect(1);
    place.run(&["generate", "one.yaml", "--seed", "2"]).expect(0).says("1 written");
    place.run(&["verify", "data"]).expect(0);
    // Data of another format take its place.
    place.run(&["generate", "one.yaml", "--seed", "3", "--overwrite", "--format", "npz"]).expect(0);
    assert!(place.files("data").iter().all(|file| !file.contains(".zarr")));
}

/// Files of a dataset that a sidecar only claims to have are nobody's to remove.
#[test]
fn a_sidecar_may_name_anything() {
    let place = Place::new();
    place.write("two.yaml", "- {model: ou, M: 1, T: 3}\n- {model: ou, M: 2, T: 3}\n");
    place.run(&["generate", "two.yaml", "--seed", "1"]).expect(0);
    let before = place.files("data");
    for name in ["..", ".", "", "ou_M1_T3", "../two"] {
        let sidecar =
            before.iter().find(|file| file.contains("ou_M1_") && file.ends_with(".metadata.json")).unwrap();
        let path = place.path("data").join(sidecar);
        let text = std::fs::read_to_string(&path).unwrap();
        let claim = format!(
            "\"artefacts\":[{{\"bytes\":1,\"file\":\"{name}\",\"format\":\"truth\",\"sha256\":\"00\"}},"
        );
        std::fs::write(&path, text.replacen("\"artefacts\":[", &claim, 1)).unwrap();
        place.run(&["generate", "two.yaml", "--seed", "2", "--limit", "1", "--overwrite"]).expect(0);
        assert_eq!(place.files("data"), before, "{name}");
        place.run(&["generate", "two.yaml", "--seed", "1", "--limit", "1", "--overwrite"]).expect(0);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_told() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 1, T: 3, seed: 1}");
    place.run(&["generate", "one.yaml", "--format", &format!("{},csv", all_formats())]).expect(0);
    for ending in [".csv", ".nc", ".npz", ".parquet", ".arrow", ".ndjson", ".metadata.json"] {
        let file = place.files("data").into_iter().find(|file| file.ends_with(ending)).unwrap();
        let path = place.path("data").join(file);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        place.run(&["verify", "data"]).expect(1).says("is no regular file");
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
    place.run(&["verify", "data"]).expect(0);
    // A file that looks like one of the dataset's, and is not named, is checked by nobody.
    let sidecar = place.files("data").into_iter().find(|file| file.ends_with(".metadata.json")).unwrap();
    let path = place.path("data").join(&sidecar);
    let text = std::fs::read_to_string(&path).unwrap();
    let start = text.find("{\"bytes\"").unwrap();
    let end = start + text[start..].find("},").unwrap() + 2;
    std::fs::write(&path, [&text[..start], &text[end..]].concat()).unwrap();
    place.run(&["verify", "data"]).expect(1).says("the sidecar does not name it");
    place.run(&["validate", "one.yaml", "--out", "data"]).expect(1).says("the sidecar does not name it");
}

#[test]
fn rows_of_a_stream_can_be_told_apart() {
    let place = Place::new();
    for (text, form, words) in [
        ("configs: [{model: ou, M: 1, T: 2, seed: [1, 2]}]", "panel", "tells it from another"),
        ("seed: 1\nconfigs: [{model: ou, M: 1, T: 2, dt: [0.1, 0.2]}]", "wide", "tells it from another"),
        (
            "seed: 1\nconfigs: [{model: ou, M: 1, T: 2, time: {start: 2024-01-01, freq: D}}, \
             {model: ou, M: 2, T: 2, time: {start: 2024-01-01, freq: 500ms}}]",
            "long",
            "dates with microseconds",
        ),
    ] {
        place.write("grid.yaml", text);
        let ran = streamed(&place, &["--form", form]).expect(2);
        assert!(ran.stdout.is_empty());
        ran.says(words);
    }
}
