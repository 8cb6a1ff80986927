//! `list`, `show`, `schema`, `completions`, help, and the ways of printing.

use std::process::Stdio;

use mts_tests::golden::Golden;

use super::{Place, SMALL};

#[test]
fn lists_are_arrays_of_names() {
    let place = Place::new();
    for what in ["models", "formats", "kinds"] {
        let object = place.run(&["list", what, "--json"]).expect(0).json();
        let map = object.as_map().unwrap();
        assert_eq!(map.len(), 1);
        for item in object.at(what).items() {
            assert!(!item.at("name").text().is_empty() && item.at("summary").text().len() > 10);
        }
    }
    let models = place.run(&["list", "--json"]).expect(0).json();
    let count = models.at("models").items().len();
    assert!(count >= 50 && count == mts_models::registry().names().len(), "{count}");
    assert_eq!(models.at("models").items()[0].at("family").text(), "sde");
    // Each family is a heading, and the models under it are those of the family.
    let listed = place.run(&["list"]).expect(0).stdout;
    let oscillators = listed.split("\n\n").find(|part| part.starts_with("oscillators\n")).unwrap();
    assert!(oscillators.contains("\n  kuramoto  ") && !oscillators.contains("lorenz63"), "{listed}");
}

#[test]
fn every_model_is_shown_and_has_a_schema() {
    let place = Place::new();
    for name in mts_models::registry().names() {
        let shown = place.run(&["show", name]).expect(0).stdout;
        assert!(shown.contains("parameter") && shown.contains("n_realizations"), "{shown}");
        let object = place.run(&["show", name, "--json"]).expect(0).json();
        assert!(object.at("help").text().len() > 200, "{name} says too little");
        let schema = place.run(&["schema", name]).expect(0);
        assert!(mts_hash::parse(&schema.stdout).unwrap().get("properties").is_some());
    }
    let grid = place.run(&["schema", "grid"]).expect(0);
    assert!(mts_hash::parse(&grid.stdout).unwrap().get("$defs").is_some());
    // A list is an axis where a number may stand, and nothing but a list where none may.
    let axis =
        |name: &str| place.run(&["show", name]).expect(0).stdout.contains("a list by itself is an axis");
    assert!(axis("garch") && !axis("lorenz63"));
    place.run(&["show", "kuramotto"]).expect(2).says("did you mean kuramoto?");
    place.run(&["schema", "gird"]).expect(2).says("did you mean grid?");
}

#[test]
fn help_and_version() {
    let place = Place::new();
    let help = place.run(&["--help"]).expect(0).stdout;
    for word in ["generate", "verify", "Examples:", "Exit codes"] {
        assert!(help.contains(word), "{help}");
    }
    assert!(place.run(&[]).expect(0).stdout.contains("Usage"));
    assert!(place.run(&["--version"]).expect(0).stdout.contains("engine 1"));
    place.run(&["generat"]).expect(2).says("generate");
    for verb in [
        "generate",
        "describe",
        "validate",
        "verify",
        "plot",
        "report",
        "list",
        "show",
        "schema",
        "completions",
    ] {
        place.run(&[verb, "--help"]).expect(0);
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(place.run(&["completions", shell]).expect(0).stdout.contains("mts"));
    }
}

#[test]
fn stdout_is_data_and_stderr_is_talk() {
    let place = Place::new();
    place.write("grid.yaml", SMALL);
    let quiet = place.run(&["generate", "grid.yaml", "--quiet"]).expect(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let asked = place.run(&["list", "--quiet"]).expect(0);
    assert!(asked.stdout.contains("kuramoto"), "what was asked for is data");
    let log = place.run(&["generate", "grid.yaml", "--out", "b", "--log-format", "json", "-v"]).expect(0);
    for line in log.stderr.lines() {
        assert!(mts_hash::parse(line).unwrap().get("level").is_some(), "{line}");
    }
    place.run(&["generate", "grid.yaml", "--out", "c", "-v"]).expect(0).says("done");
    place.run(&["generate", "grid.yaml", "--timings", "--out", "d"]).expect(0).says("ms");
    let coloured = place.run(&["generate", "missing.yaml", "--color", "always"]).expect(2);
    assert!(coloured.stderr.contains("\u{1b}["));
    assert!(!place.run(&["generate", "missing.yaml"]).expect(2).stderr.contains("\u{1b}["));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let place = Place::new();
    let mut child =
        place.command(&["schema", "grid"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
