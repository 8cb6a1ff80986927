//! `generate` and `describe`.

use mts_tests::golden::Golden;

use super::{Place, SMALL};

#[test]
fn the_example_grid_is_written_once() {
    let place = Place::new();
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/example_grid.yaml");
    let first = place.run(&["generate", document]).expect(0).says("6 written");
    assert_eq!(first.stdout.lines().count(), 7);
    let files = place.files("data");
    for ending in [".parquet", ".metadata.json", ".truth.json"] {
        assert_eq!(files.iter().filter(|file| file.ends_with(ending)).count(), 6, "{files:?}");
    }
    assert_eq!(files.len(), 18);
    place.run(&["generate", document]).expect(0).says("all 6 datasets are there already");
}

#[test]
fn a_dry_run_prints_the_paths_that_a_run_writes() {
    let place = Place::new();
    place.write("grid.yaml", SMALL);
    let dry = place.run(&["generate", "grid.yaml", "--dry-run", "--json"]).expect(0).json();
    assert!(place.files("data").is_empty());
    let described = place.run(&["describe", "grid.yaml", "--json"]).expect(0).json();
    assert_eq!(dry, described);
    let run = place.run(&["generate", "grid.yaml", "--json"]).expect(0).json();
    for (planned, written) in dry.at("datasets").items().iter().zip(run.at("datasets").items()) {
        for key in ["config_id", "data_id", "path", "spawn_key", "entropy"] {
            assert_eq!(planned.at(key), written.at(key));
        }
        assert_eq!(written.at("status").text(), "written");
        let file = format!("{}/{}", written.at("path").text(), written.at("files").items()[0].text());
        assert!(place.path(&file).exists(), "{file}");
    }
}

#[test]
fn a_missing_format_is_added() {
    let place = Place::new();
    place.write("grid.yaml", SMALL);
    place.run(&["generate", "grid.yaml"]).expect(0);
    place.run(&["generate", "grid.yaml", "--csv"]).expect(0).says("3 written");
    assert_eq!(place.files("data").iter().filter(|file| file.ends_with(".csv")).count(), 3);
    place.run(&["generate", "grid.yaml", "--format", "csv,parquet"]).expect(0).says("there already");
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn a_data_file_without_its_sidecar_is_written_again() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 2, T: 10, seed: 1}");
    place.run(&["generate", "one.yaml"]).expect(0);
    let files = place.files("data");
    let sidecar = files.iter().find(|file| file.ends_with(".metadata.json")).unwrap();
    let data = files.iter().find(|file| file.ends_with(".parquet")).unwrap();
    std::fs::remove_file(place.path("data").join(sidecar)).unwrap();
    std::fs::write(place.path("data").join(data), "half a file").unwrap();
    place.run(&["generate", "one.yaml"]).expect(0).says("1 written");
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn other_data_under_the_same_name_are_refused() {
    let place = Place::new();
    place.write("grid.yaml", SMALL);
    place.run(&["generate", "grid.yaml", "--seed", "7"]).expect(0);
    let before = place.files("data");
    place.run(&["generate", "grid.yaml", "--dry-run"]).expect(2).says("seed 7, here seed 42");
    place.run(&["generate", "grid.yaml"]).expect(2).says("seed 7, here seed 42").says("--overwrite");
    assert_eq!(place.files("data"), before);
    place.run(&["generate", "grid.yaml", "--overwrite"]).expect(0).says("3 written");
    place.run(&["verify", "data"]).expect(0);
    place.run(&["generate", "grid.yaml"]).expect(0).says("there already");
}

#[test]
fn a_sidecar_makes_overwriting_remove_nothing_of_others() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 2, T: 10}");
    place.write("two.yaml", "{model: ou, M: 3, T: 10, seed: 1}");
    place.run(&["generate", "one.yaml", "--seed", "1"]).expect(0);
    let one = place.files("data");
    place.run(&["generate", "two.yaml"]).expect(0);
    let sidecar = one.iter().find(|file| file.ends_with(".metadata.json")).unwrap();
    let (folder, _) = sidecar.rsplit_once('/').unwrap();
    place.write(&format!("data/{folder}/notes.txt"), "mine");
    let text = std::fs::read_to_string(place.path("data").join(sidecar)).unwrap();
    let before = place.files("data");
    for name in ["..", ".", "", "notes.txt", "../..", "\\u001b[31m"] {
        let parquet = one.iter().find(|file| file.ends_with(".parquet")).unwrap().rsplit_once('/').unwrap().1;
        let named = text.replace(&format!("\"file\":\"{parquet}\""), &format!("\"file\":\"{name}\""));
        assert_ne!(named, text);
        place.write(&format!("data/{sidecar}"), &named);
        let verified = place.run(&["verify", &format!("data/{sidecar}")]).expect(1);
        assert!(!verified.stderr.contains('\u{1b}'), "{}", verified.stderr);
        place.run(&["generate", "one.yaml", "--seed", "2", "--overwrite"]).expect(0);
        assert_eq!(place.files("data"), before, "{name:?}");
    }
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn precedence_of_settings() {
    let place = Place::new();
    let document = "seed: 1\nn_realizations: 2\nzscore: true\noutdir: from_document\nconfigs:\n  - {model: ou, M: 1, T: 4, n_realizations: 3, zscore: false, seed: 9, outdir: from_record}\n  - {model: ou, M: 2, T: 4}\n";
    place.write("grid.yaml", document);
    let plan = |args: &[&str]| {
        let args = [&["describe", "grid.yaml", "--json"], args].concat();
        place.run(&args).expect(0).json().at("datasets").items().to_vec()
    };
    let texts = |datasets: &[mts_hash::Value], key: &str| -> Vec<String> {
        datasets.iter().map(|dataset| mts_hash::canonical_json(dataset.at(key))).collect()
    };
    let plain = plan(&[]);
    assert_eq!(texts(&plain, "realizations"), ["3", "2"]);
    assert_eq!(texts(&plain, "zscore"), ["null", "\"time\""]);
    assert_eq!(texts(&plain, "entropy"), ["9", "1"]);
    assert_eq!(texts(&plain, "spawn_key"), ["[]", "[1]"]);
    assert!(texts(&plain, "path")[0].starts_with("\"from_record/ou/"));
    assert!(texts(&plain, "path")[1].starts_with("\"from_document/ou/"));
    let asked = plan(&["--seed", "5", "--n-realizations", "7", "--no-zscore", "--out", "asked"]);
    assert_eq!(texts(&asked, "realizations"), ["7", "7"]);
    assert_eq!(texts(&asked, "zscore"), ["null", "null"]);
    assert_eq!(texts(&asked, "entropy"), ["9", "5"]);
    assert!(texts(&asked, "path").iter().all(|path| path.starts_with("\"asked/ou/")));
}

#[test]
fn limits_and_neighbours_change_no_seed() {
    let place = Place::new();
    place.write("grid.yaml", SMALL);
    let ids = |args: &[&str]| -> Vec<String> {
        let plan = place.run(&[&["describe", "grid.yaml", "--json"], args].concat()).expect(0).json();
        plan.at("datasets").items().iter().map(|dataset| dataset.at("data_id").text().to_owned()).collect()
    };
    assert_eq!(ids(&["--limit", "2"]), ids(&[])[..2]);
    // By identity, even the place in the document does not matter.
    place.write("grid.yaml", "seed: 1\nseeding: by_id\nconfigs: [{model: ou}, {model: ar}]");
    let forward = ids(&[]);
    place.write("grid.yaml", "seed: 1\nseeding: by_id\nconfigs: [{model: ar}, {model: ou}]");
    assert_eq!(ids(&[]).into_iter().rev().collect::<Vec<_>>(), forward);
}

#[test]
fn without_saving_statistics_are_shown() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 2, T: 1000, zscore: true, seed: 1}");
    let run = place.run(&["generate", "one.yaml", "--no-save", "--json"]).expect(0).json();
    let statistics = run.at("datasets").items()[0].at("statistics");
    assert!(statistics.at("mean").float().abs() < 1e-12);
    assert!((statistics.at("std").float() - 1.0).abs() < 1e-12);
    assert!(!place.path("data").exists());
}

#[test]
fn a_drawn_seed_is_told_and_repeats_the_run() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 2, T: 5}");
    let first = place.run(&["generate", "one.yaml"]).expect(0);
    let seed = first.stderr.lines().find_map(|line| line.strip_prefix("seed ")?.split(' ').next()).unwrap();
    assert!(seed.len() > 20);
    place.run(&["generate", "one.yaml", "--seed", seed]).expect(0).says("there already");
    place.run(&["generate", "one.yaml"]).expect(2);
    // 0 is a seed.
    place.run(&["generate", "one.yaml", "--seed", "0", "--out", "zero"]).expect(0);
    assert!(
        !place
            .run(&["generate", "one.yaml", "--seed", "0", "--out", "zero"])
            .expect(0)
            .stderr
            .contains("drawn")
    );
}

#[test]
fn diverging_values_fail_alone() {
    let place = Place::new();
    let document =
        "seed: 1\nconfigs:\n  - {model: gbm, M: 2, T: 5000, mu: 10}\n  - {model: ou, M: 2, T: 5}\n";
    place.write("grid.yaml", document);
    let run = place.run(&["generate", "grid.yaml"]).expect(3);
    let run =
        run.says("grid.yaml:3:5").says("inf at step").says("channel").says("1 written").says("1 failed");
    assert!(run.stdout.contains("failed"));
    let files = place.files("data");
    assert!(files.iter().all(|file| file.starts_with("ou/")), "{files:?}");
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn a_document_may_come_from_stdin() {
    let place = Place::new();
    place.run_with_input(&["generate", "-", "--seed", "1"], "{\"model\": \"ar\", \"T\": 5}").expect(0);
    assert_eq!(place.files("data").len(), 3);
    place.run_with_input(&["generate", "-"], "include: other.yaml\nmodel: ar").expect(2).says("include");
}

#[test]
fn nothing_to_do_is_said() {
    let place = Place::new();
    place.write("none.yaml", "configs: []");
    place.run(&["generate", "none.yaml"]).expect(0).says("nothing to do");
    place.run(&["describe", "none.yaml"]).expect(0);
}

#[test]
fn axes_of_runtime_keys_are_folders() {
    let place = Place::new();
    place.write(
        "sweep.yaml",
        "{model: ou, M: 1, T: 3, seed: [1, 2], zscore: [true, false], n_realizations: [1, 2]}",
    );
    place.run(&["generate", "sweep.yaml"]).expect(0).says("8 written");
    let parquet = place.files("data").into_iter().filter(|file| file.ends_with(".parquet"));
    let levels =
        |file: &str| file.split('/').skip(2).take(2).map(str::to_owned).collect::<Vec<_>>().join("/");
    let mut levels: Vec<String> = parquet.map(|file| levels(&file)).collect();
    levels.sort();
    levels.dedup();
    assert_eq!(
        levels,
        ["seed=1/zscore=false", "seed=1/zscore=true", "seed=2/zscore=false", "seed=2/zscore=true"]
    );
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn a_missing_truth_is_written_again() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 2, T: 10, seed: 1}");
    let first = place.run(&["generate", "one.yaml"]).expect(0);
    assert!(!first.stderr.contains("drawn"), "no task starts from a drawn seed");
    let files = place.files("data");
    let truth = files.iter().find(|file| file.ends_with(".truth.json")).unwrap();
    std::fs::remove_file(place.path("data").join(truth)).unwrap();
    place.run(&["generate", "one.yaml"]).expect(0).says("1 written");
    place.run(&["verify", "data"]).expect(0);
}

/// Dividing all lags by one number does not make long ones stationary; what follows it does.
#[test]
fn long_autoregressions_do_not_collapse() {
    let place = Place::new();
    place.write("one.yaml", "{model: ar, M: 60, T: 40, p: 30, seed: 1}");
    place.run(&["generate", "one.yaml"]).expect(0);
    let files = place.files("data");
    let truth = files.iter().find(|file| file.ends_with(".truth.json")).unwrap();
    let truth = mts_hash::parse(&std::fs::read_to_string(place.path("data").join(truth)).unwrap()).unwrap();
    let radii = truth.at("arrays").at("radius_after").floats();
    assert_eq!(radii.len(), 60);
    assert!(radii.iter().all(|radius| (0.5..0.98).contains(radius)), "{radii:?}");
}
