//! Data that are spoilt in known ways, parted, and held: what a record says beside the parameters.

use std::path::PathBuf;

use mts_core::transforms::added;
use mts_core::{Dataset, Label, Shape};
use mts_hash::{Value, parse};
use mts_io::{LabelRow, LabelsReader, open};
use mts_tests::golden::Golden;

use super::Place;

fn file(place: &Place, ending: &str) -> PathBuf {
    let files = place.files("data");
    let file = files.iter().find(|file| file.ends_with(ending));
    place.path("data").join(file.unwrap_or_else(|| panic!("no {ending} among {files:?}")))
}

fn values(place: &Place, ending: &str) -> Dataset {
    Dataset::collect(&mut open(&file(place, ending)).unwrap()).unwrap()
}

fn labels(place: &Place) -> Vec<LabelRow> {
    let mut reader = LabelsReader::open(&file(place, ".labels.parquet")).unwrap();
    let mut rows = Vec::new();
    while let Some(more) = reader.next().unwrap() {
        rows.extend(more);
    }
    rows
}

/// The places of the values that a label covers.
fn cells(row: &LabelRow, shape: Shape) -> impl Iterator<Item = (usize, usize)> + use<> {
    let every = |one: Option<i64>, count: usize| one.map_or(0..count, |one| one as usize..one as usize + 1);
    let channels = every(row.channel, shape.channels());
    let realizations = every(row.realization, shape.realizations());
    (row.start as usize..row.stop as usize).flat_map(move |step| {
        let realizations = realizations.clone();
        let lane = move |channel| {
            realizations
                .clone()
                .map(move |r| (step, (step * shape.channels() + channel) * shape.realizations() + r))
        };
        channels.clone().flat_map(lane)
    })
}

/// A label as the library knows it.
fn label(row: &LabelRow, kind: &'static str) -> Label {
    Label {
        channel: row.channel.map(|channel| channel as usize),
        realization: row.realization.map(|realization| realization as usize),
        steps: row.start as usize..row.stop as usize,
        kind,
        details: parse(&row.details).unwrap().as_map().unwrap().clone(),
    }
}

const SPOILT: &str = "
seed: 5
clean: true
configs:
  - model: ou
    M: 3
    T: 4000
    n_realizations: 2
    transforms:
      - burn_in: 100
      - every: 3
      - zscore: time
      - drift: {kind: seasonal, amplitude: 0.5, period: 300, channels: [2]}
      - anomalies: {kind: spike, rate: 0.003, size: 6, channels: [0]}
      - anomalies: {kind: level_shift, at: [500, 2000], length: 80, size: 4, channels: [1]}
      - anomalies: {kind: trend, at: [3000], length: 100, size: 3, channels: [1]}
      - missing: {rate: 0.02, burst: 5, channels: [0, 1]}
";

#[test]
fn labels_alone_restore_the_clean_twin() {
    const KINDS: [&str; 4] = ["spike", "level_shift", "trend", "drift_seasonal"];
    let place = Place::new();
    place.write("x.yaml", SPOILT);
    place.run(&["generate", "x.yaml"]).expect(0);
    let parquet = |file: &String| file.ends_with(".parquet") && !file.ends_with(".labels.parquet");
    assert_eq!(place.files("data").iter().filter(|file| parquet(file)).count(), 2);
    let clean = values(&place, ".clean.parquet");
    let name = file(&place, ".clean.parquet").to_string_lossy().replace(".clean.parquet", ".parquet");
    let spoilt = Dataset::collect(&mut open(name.as_ref()).unwrap()).unwrap();
    let shape = spoilt.head().shape;
    assert_eq!(clean.head().shape, shape);
    assert_eq!(shape, Shape::of(3, 4000, 2));
    let mut restored = spoilt.values().to_vec();
    let mut touched = vec![false; restored.len()];
    let mut counts = [0; 5];
    for row in labels(&place) {
        if row.kind == "missing" {
            counts[4] += 1;
            for (_, at) in cells(&row, shape) {
                assert!(restored[at].is_nan());
                (restored[at], touched[at]) = (f64::NAN, true);
            }
            continue;
        }
        let kind = KINDS.iter().position(|kind| *kind == row.kind).unwrap_or_else(|| panic!("{row:?}"));
        counts[kind] += 1;
        let label = label(&row, KINDS[kind]);
        for (step, at) in cells(&row, shape) {
            restored[at] -= added(&label, step).unwrap();
            touched[at] = true;
        }
    }
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    let pairs = restored.iter().zip(clean.values()).zip(spoilt.values()).zip(touched);
    for (at, (((restored, clean), spoilt), touched)) in pairs.enumerate() {
        if touched {
            assert!(restored.is_nan() || (restored - clean).abs() <= 1e-14 * (1.0 + spoilt.abs()), "{at}");
        } else {
            assert_eq!(spoilt.to_bits(), clean.to_bits(), "{at}: changed and not labelled");
        }
    }
    place.run(&["verify", "data"]).expect(0);
    place.run(&["validate", "x.yaml", "--outdir", "data"]).expect(0);
}

#[test]
fn labels_and_twin_are_verified() {
    for (ending, words) in
        [(".labels.parquet", "label"), (".clean.parquet", "clean"), (".clean.csv", "values differ")]
    {
        let place = Place::new();
        place.write("x.yaml", SPOILT);
        place.run(&["generate", "x.yaml", "--csv"]).expect(0);
        place.run(&["verify", "data"]).expect(0);
        let victim = file(&place, ending);
        if ending == ".clean.csv" {
            let text = std::fs::read_to_string(&victim).unwrap();
            let at = text.find(",0.").unwrap();
            std::fs::write(&victim, text[..at].to_owned() + ",9." + &text[at + 3..]).unwrap();
        } else {
            std::fs::remove_file(&victim).unwrap();
        }
        place.run(&["verify", "data"]).expect(1).says(words);
        // What is lacking is made again, and is what it was.
        place.run(&["generate", "x.yaml", "--csv", "--resume"]).expect(0);
        place.run(&["verify", "data"]).expect(0);
    }
}

#[test]
fn another_file_of_labels_is_found() {
    let (place, other) = (Place::new(), Place::new());
    place.write("x.yaml", SPOILT);
    other.write("x.yaml", &SPOILT.replace("seed: 5", "seed: 6"));
    for place in [&place, &other] {
        place.run(&["generate", "x.yaml"]).expect(0);
    }
    std::fs::copy(file(&other, ".labels.parquet"), file(&place, ".labels.parquet")).unwrap();
    place.run(&["verify", "data"]).expect(1).says("labels: label 0 is");
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let place = Place::new();
    place.write("x.yaml", SPOILT);
    for jobs in ["1", "2", "5"] {
        place.run(&["generate", "x.yaml", "--jobs", jobs, "--outdir", jobs]).expect(0);
    }
    let all = |folder: &str| -> Vec<(String, Vec<u8>)> {
        let read = |file: String| (file.clone(), std::fs::read(place.path(folder).join(file)).unwrap());
        place.files(folder).into_iter().map(read).collect()
    };
    assert!(all("1") == all("2") && all("1") == all("5"));
}

#[test]
fn a_twin_of_an_intervention_shows_its_effect() {
    let place = Place::new();
    let document = "
model: var
M: 3
T: 60
seed: 9
clean: true
Phi: [[[0.5, 0, 0], [0.4, 0.3, 0], [0, 0.5, 0.2]]]
do: [{channel: 0, at: 20, value: 2.5}]
";
    place.write("x.yaml", document);
    place.run(&["generate", "x.yaml"]).expect(0);
    let clean = values(&place, ".clean.parquet");
    let name = file(&place, ".clean.parquet").to_string_lossy().replace(".clean.parquet", ".parquet");
    let held = Dataset::collect(&mut open(name.as_ref()).unwrap()).unwrap();
    let effect: Vec<f64> =
        held.values().iter().zip(clean.values()).map(|(held, clean)| held - clean).collect();
    assert!(effect[..60].iter().all(|effect| *effect == 0.0));
    let size = 2.5 - clean.values()[60];
    // Channel 0 acts on 1 a step later, and by way of it on 2 two steps later.
    for (step, channel, expected) in
        [(20, 0, 1.0), (20, 1, 0.0), (21, 0, 0.5), (21, 1, 0.4), (21, 2, 0.0), (22, 1, 0.32), (22, 2, 0.2)]
    {
        let found = effect[3 * step + channel];
        assert!((found - expected * size).abs() < 1e-12, "step {step}, channel {channel}: {found}");
    }
    let rows = labels(&place);
    assert_eq!((rows.len(), rows[0].kind.as_str(), rows[0].start), (1, "intervention", 20));
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn parts_are_in_the_sidecar() {
    let place = Place::new();
    place.write("x.yaml", "{model: ar, T: 1000, seed: 1, split: {train: 0.8, gap: 10}}");
    place.run(&["generate", "x.yaml"]).expect(0);
    let sidecar = std::fs::read_to_string(file(&place, ".metadata.json")).unwrap();
    let sidecar = parse(sidecar.trim()).unwrap();
    let split = sidecar.get("split").unwrap();
    assert_eq!(split, &parse(r#"{"test": [810, 1000], "train": [0, 800]}"#).unwrap());
    place.run(&["verify", "data"]).expect(0);
    place.write("y.yaml", "{model: ar, T: 1000, seed: 1, split: {train: 0.9}}");
    place.run(&["generate", "y.yaml"]).expect(2).says("split");
}

#[test]
fn what_cannot_be_done_is_refused_with_its_place() {
    let place = Place::new();
    for (record, words) in [
        ("transforms: [{burnin: 5}]", "burn_in"),
        ("transforms: [{anomalies: {kind: spik, rate: 0.1}}]", "spike"),
        ("transforms: [{anomalies: {kind: level_shift, at: [10], length: 500, size: 1}}]", "length"),
        ("transforms: [{anomalies: {kind: spike, at: [100], size: 1}}]", "transforms[0].anomalies"),
        ("transforms: [{mixing: {matrix: [[1, 2]]}}]", "matrix"),
        ("transforms: [{missing: {rate: 0.1}}, {burn_in: 5}]", "burn_in"),
        ("transforms: [{every: 0}]", "every"),
        ("transforms: 5", "transforms"),
        ("split: {train: 1.5}", "split"),
        ("split: {train: 0.5, tset: 0.5}", "did you mean `test`?"),
        ("do: [{channel: 7, at: 3, value: 1}]", "must be below M = 2"),
        ("do: [{channel: 0, at: 100, value: 1}]", "beyond the end: T = 100"),
        ("do: [{channel: x, at: 1, value: 1}]", "channels have numbers here"),
        ("pack: 2\ntransforms: [{missing: {rate: 0.1}}]", "labels"),
    ] {
        place.write("x.yaml", &format!("model: var\nM: 2\nT: 100\nseed: 1\n{record}\n"));
        place.run(&["generate", "x.yaml"]).expect(2).says("x.yaml:").says(words);
    }
    place.write("x.yaml", "{model: var, zscore: true, do: [{channel: 0, at: 1, value: 1}]}");
    place.run(&["generate", "x.yaml"]).expect(2).says("cannot be combined with zscore");
    place.write("x.yaml", "{model: renewal, rate: 1000000}");
    place.run(&["generate", "x.yaml"]).expect(2).says("rate");
    place.write("x.yaml", "{model: ou, do: [{channel: 0, at: 1, value: 1}]}");
    place.run(&["generate", "x.yaml"]).expect(2).says("cannot be intervened in");
    place.write("x.yaml", "{model: sir_network, do: [{channel: 0, at: 1, value: 1.5}]}");
    place.run(&["generate", "x.yaml"]).expect(2).says("must be one of 0, 1, 2, found 1.5");
    place.write("x.yaml", "{model: lorenz63, M: 5}");
    place.run(&["generate", "x.yaml"]).expect(2).says("must be 3 (x, y, z), found 5");
    assert!(place.files("data").is_empty());
}

#[test]
fn lists_of_transforms_can_be_an_axis() {
    let place = Place::new();
    let lists = "transforms: {axis: [[], [{missing: {rate: 0.1}}], [{missing: {rate: 0.2}}]]}";
    place.write("x.yaml", &format!("{{model: ar, T: 200, seed: 3, {lists}}}"));
    let told = place.run(&["generate", "x.yaml", "--json"]).expect(0).json();
    let paths: Vec<&str> =
        told.at("datasets").items().iter().map(|dataset| dataset.at("path").text()).collect();
    assert_eq!(paths.len(), 3);
    assert!(paths.iter().all(|path| path.contains("/transforms=")), "{paths:?}");
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn named_channels_are_columns_of_the_wide_form() {
    let place = Place::new();
    place.write("x.yaml", "{model: lorenz63, T: 5, seed: 3}");
    place.run(&["generate", "x.yaml", "--form", "wide", "--format", "csv,parquet"]).expect(0);
    let text = std::fs::read_to_string(file(&place, ".csv")).unwrap();
    assert!(text.starts_with("time,realization,x,y,z\n"), "{text}");
    let path = file(&place, ".parquet");
    let labels = path.with_extension("labels.parquet");
    let files = [path.to_str().unwrap(), labels.to_str().unwrap()];
    place.run(&["plot", files[0], files[1], "--kind", "timeseries", "-o", "x.svg"]).expect(0);
    let picture = std::fs::read_to_string(place.path("x.svg")).unwrap();
    assert!(picture.contains("aria-label=\"z\"") && !picture.contains("channel 2"));
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn labels_are_shaded_in_pictures() {
    let place = Place::new();
    let transforms =
        "[{observation_noise: {sigma: 0.1}}, {anomalies: {kind: flatline, at: [30], length: 9}}]";
    place.write(
        "x.yaml",
        &format!("{{model: ou, M: 2, T: 100, seed: 3, clean: true, transforms: {transforms}}}"),
    );
    place.run(&["generate", "x.yaml"]).expect(0);
    let clean = file(&place, ".clean.parquet").to_str().unwrap().to_owned();
    let path = clean.replace(".clean.", ".");
    let streamed = place.run(&["generate", "x.yaml", "-o", "-"]).expect(0);
    assert!(streamed.stderr.contains("labels and clean twins are files of their own"), "{}", streamed.stderr);
    let draw = |path: &str| {
        place.run(&["plot", path, "--kind", "timeseries", "-o", "x.svg"]).expect(0);
        std::fs::read_to_string(place.path("x.svg")).unwrap()
    };
    let spoilt = draw(&path);
    assert!(
        spoilt.contains("aria-label=\"span flatline\"") && spoilt.contains("throughout: observation_noise")
    );
    assert!(!draw(&clean).contains("flatline"));
    let picture = || {
        place.run(&["report", "data", "-o", "x.html"]).expect(0);
        let page = std::fs::read_to_string(place.path("x.html")).unwrap();
        page.split("data:image/png;base64,").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let shaded = picture();
    std::fs::write(file(&place, ".labels.parquet"), "no labels").unwrap();
    assert_ne!(picture(), shaded);
    place.run(&["plot", &path, "-o", "x.svg"]).expect(2).says("labels.parquet");
}

#[test]
fn weights_may_stand_in_a_file() {
    let place = Place::new();
    place.write("sub/weights.csv", "a,b,c\n0,1,0.5\n1,0,2\n0.5,2,0\n");
    place.write(
        "own.yaml",
        "{model: kuramoto, M: 3, T: 20, seed: 1, A: [[0, 1, 0.5], [1, 0, 2], [0.5, 2, 0]]}",
    );
    place.write("file.yaml", "{model: kuramoto, M: 3, T: 20, seed: 1, A: {file: sub/weights.csv}}");
    let id = |document: &str| {
        let told = place.run(&["describe", document, "--json"]).expect(0).json();
        told.at("datasets").items()[0].at("data_id").text().to_owned()
    };
    assert_eq!(id("own.yaml"), id("file.yaml"));
    // A number per line is a vector.
    place.write("sub/phi.csv", "phi\n0.5\n-0.2\n");
    for model in ["ar, p: 2", "arma"] {
        let [own, file] = ["[0.5, -0.2]", "{file: sub/phi.csv}"]
            .map(|phi| format!("{{model: {model}, M: 3, T: 20, seed: 1, phi: {phi}}}"));
        place.write("own.yaml", &own);
        place.write("file.yaml", &file);
        assert_eq!(id("own.yaml"), id("file.yaml"), "{model}");
    }
    // As spreadsheets write them.
    place.write("sub/weights.csv", "\u{feff}0,1,0.5\r\n1,0,2\r\n0.5,2,0\r\n");
    assert_eq!(id("own.yaml"), id("file.yaml"));
    for (text, words) in [
        ("A: {file: none.csv}", "none.csv"),
        ("A: {file: ../../etc/hostname}", "hostname"),
        ("A: {file: sub/bad.csv}", "line 2: \"x\" is no number"),
        ("A: {file: sub/half.csv}", "line 1: \"b\" is no number"),
    ] {
        place.write("sub/half.csv", "1,b\n3,4\n");
        place.write("sub/bad.csv", "1,2\n3,x\n");
        place.write("bad.yaml", &format!("{{model: kuramoto, M: 3, {text}}}"));
        place.run(&["describe", "bad.yaml"]).expect(2).says(words);
    }
    place
        .run_with_input(&["describe", "-"], "{model: kuramoto, M: 3, A: {file: sub/weights.csv}}")
        .expect(2)
        .says("relative to the document");
}

/// A jump between two steps that are kept is told of the first of them.
#[test]
fn nothing_that_happened_is_lost_between_steps() {
    let place = Place::new();
    let model = "model: merton_jump, M: 1, dt: 0.01, sigma: 0.001, lambda: 5, jump_mean: -0.5, jump_sd: 0.01, seed: 2";
    place.write("x.yaml", &format!("{{{model}, T: 200, transforms: [{{every: 5}}]}}"));
    place.run(&["generate", "x.yaml"]).expect(0);
    let mut jumps = Vec::new();
    for row in labels(&place).into_iter().filter(|row| row.kind == "jump") {
        jumps.push(row.start as usize);
    }
    let name = file(&place, ".labels.parquet").to_string_lossy().replace(".labels.parquet", ".parquet");
    let dataset = Dataset::collect(&mut open(name.as_ref()).unwrap()).unwrap();
    let falls = |step: usize| dataset.values()[step + 1] < 0.75 * dataset.values()[step];
    let seen: Vec<usize> = (0..199).filter(|step| falls(*step)).collect();
    // A jump at a kept step itself is told of that step, and seen from the one before.
    let told = |step: &usize| jumps.contains(step) || jumps.contains(&(step + 1));
    assert!(seen.len() > 20 && seen.iter().all(told), "{seen:?} {jumps:?}");
}

/// Every model runs from its name and a seed alone, and at another length.
#[test]
fn every_model_has_defaults_for_all() {
    let place = Place::new();
    let records: String = mts_models::registry()
        .names()
        .map(|name| format!("  - {{model: {name}}}\n  - {{model: {name}, T: 64}}\n"))
        .collect();
    place.write("x.yaml", &format!("seed: 11\nconfigs:\n{records}"));
    place.run(&["generate", "x.yaml"]).expect(0);
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn examples_of_show_run() {
    let place = Place::new();
    for name in mts_models::registry().names() {
        let example = place.run(&["show", name, "--example"]).expect(0).stdout;
        place.run_with_input(&["describe", "-"], &example).expect(0);
        let json = place.run(&["show", name, "--json"]).expect(0).json();
        assert_eq!(json.at("example"), &Value::from(example.as_str()));
    }
}

/// The documents in the README and in the documentation of series.
#[test]
fn documents_of_the_documentation_are_valid() {
    let place = Place::new();
    let mut count = 0;
    for path in ["../README.md", "../docs/series.md"] {
        let text = std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        for block in text.split("```yaml\n").skip(1) {
            let document = block.split("```").next().unwrap();
            place.run_with_input(&["describe", "-"], document).expect(0);
            count += 1;
        }
    }
    assert_eq!(count, 4);
}
