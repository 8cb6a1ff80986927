//! Datasets against PyMTS 0.1.0, value by value.

use mts_core::{Dataset, Finite, Series, Shape, SlabSource, Streams, Zscored};
use mts_hash::{Int, SeedSequence, Value, canonical_json};
use mts_tests::golden::{self, Golden};

/// z-score of a constant series: the reference amplifies rounding noise, here it is 0.
const CONSTANT_SERIES: (&str, &str) =
    ("brownian", "sigma 0 constant 0.1 with zscore: rounding noise is amplified");

/// Whether the reference replaced the coefficients of a VAR by zeros instead of stabilising them.
fn collapsed(golden: &Value) -> bool {
    let phi = golden.get("ground_truth_not_in_attrs").and_then(|truth| truth.get("Phi_stabilised"));
    phi.is_some_and(|phi| phi.floats().iter().all(|phi| *phi == 0.0))
}

/// Cases that fail in the reference and are legal here.
const LEGAL_HERE: [(&str, &str); 4] = [
    ("brownian", "X0 2-D list rejected"),
    ("kuramoto", "explicit omega_high crashes"),
    ("ou", "vector sigma"),
    ("var", "noise_scale 0 crashes (Cholesky of zero)"),
];

/// One record of a golden call as this project reads it.
struct Call {
    model: String,
    params: serde_json::Value,
    shape: Option<Shape>,
    seed: SeedSequence,
    zscore: bool,
    zscore_axis: String,
}

/// Numbers that the golden gives as text become numbers: the reference reads both, documents here
/// only the latter.
fn plain(value: &Value) -> serde_json::Value {
    let text = canonical_json(&value.untagged());
    serde_json::from_str::<serde_json::Value>(&text).map_or(serde_json::Value::Null, |json| match json {
        serde_json::Value::String(s) => s.parse::<f64>().map_or(serde_json::Value::String(s), Into::into),
        other => other,
    })
}

/// 0, which no shape has, for what is not a whole number.
fn size(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.parse().unwrap_or(0),
        number => number.as_f64().filter(|n| n.fract() == 0.0).map_or(0, |n| n as usize),
    }
}

fn calls(case: &Value) -> Vec<Call> {
    let kwargs = case.at("generate_kwargs");
    let root = kwargs.get("seed").map(|seed| SeedSequence::new(&seed.int()));
    let entry_of = |name: &str| mts_models::registry().get(name).cloned();
    (0..)
        .zip(case.at("configs").items())
        .map(|(index, config)| {
            let model = config.get("model").map_or(String::new(), |m| m.text().to_lowercase());
            let default = entry_of(&model).map_or(Shape::of(1, 1, 1), |entry| entry.shape());
            let read = |key: &str, default| config.get(key).map_or(default, size);
            let realizations = kwargs.get("n_realizations").map_or_else(|| read("n_realizations", 1), size);
            let shape =
                Shape::new(read("M", default.channels()), read("T", default.steps()), realizations).ok();
            let seed = match config.get("seed") {
                Some(seed) => SeedSequence::new(&seed.int()),
                None => root.clone().unwrap_or_else(|| SeedSequence::new(0_u64)).child(index),
            };
            let of = |key: &str| config.get(key).or_else(|| kwargs.get(key));
            let zscore = of("zscore") == Some(&Value::Bool(true));
            let zscore_axis = of("zscore_axis").map_or("time", Golden::text).to_owned();
            let own = config.as_map().unwrap().iter().filter(|(key, _)| {
                !["model", "M", "T", "n_realizations", "seed", "zscore", "zscore_axis"].contains(key)
            });
            let params = own.map(|(key, value)| (key.to_owned(), plain(value))).collect();
            Call { model, params: serde_json::Value::Object(params), shape, seed, zscore, zscore_axis }
        })
        .collect()
}

/// The dataset and its `config_id`.
fn run(call: &Call) -> Result<(Dataset, String), String> {
    let registry = mts_models::registry();
    let entry = registry.get(&call.model).ok_or("no such model")?;
    let shape = call.shape.ok_or("no such shape")?;
    let model = entry.build(call.params.clone(), shape).map_err(|problems| problems.to_string())?;
    let identity = model.identity().config_id();
    let series: Box<dyn SlabSource> =
        Box::new(Finite::new(Series::new(model, call.seed.clone(), Streams::Shared)));
    let axis = call.zscore_axis.parse().map_err(|()| format!("no such axis {}", call.zscore_axis))?;
    let mut source = if call.zscore { Box::new(Zscored::new(series, axis)) } else { series };
    Ok((Dataset::collect(&mut source).unwrap(), identity))
}

fn tolerance(call: &Call, dataset: &Dataset) -> f64 {
    let truth = dataset.head().truth.as_ref().unwrap();
    let stabilised = truth.scalars.get("stabilised").is_some_and(|s| s.at("applied") == &Value::Bool(true));
    match call.model.as_str() {
        _ if call.zscore => 1e-12,
        "noise_gaussian" | "cauchy_noise" | "brownian" | "abm" => 0.0,
        "ar" if !stabilised => 0.0,
        "cml" => 1e-9,
        _ => 1e-12,
    }
}

fn compare(label: &str, call: &Call, dataset: &Dataset, golden: &Value) -> f64 {
    let tolerance = tolerance(call, dataset);
    let expected = golden.at("data").floats();
    assert_eq!(dataset.values().len(), expected.len(), "{label}");
    let error = |(ours, golden): (&f64, &f64)| (ours - golden).abs() / golden.abs().max(1.0);
    let worst = dataset.values().iter().zip(&expected).map(error).fold(0.0, f64::max);
    assert!(worst <= tolerance, "{} / {label}: error {worst:e} above {tolerance:e}", call.model);
    let time = golden.at("coords").at("time");
    let integer = time.at("dtype").text() == "int64";
    assert_eq!(integer, dataset.head().time == mts_core::TimeAxis::Steps);
    for (step, expected) in time.at("values").floats().into_iter().enumerate() {
        assert_eq!(dataset.head().time.at(step).as_f64(), expected);
    }
    worst
}

/// Attributes and truth: everything that the reference says must be said here with an equal value.
fn compare_attributes(label: &str, call: &Call, dataset: &Dataset, golden: &Value) {
    const BY_ENGINE: [&str; 7] =
        ["model", "config_id", "slug", "hash8", "n_realizations", "seed_entropy", "params"];
    let ours: Vec<&str> = dataset.head().attributes.iter().map(|(name, _)| name).collect();
    let theirs = golden.at("attrs_key_order").items().iter().map(Golden::text);
    let theirs: Vec<&str> = theirs.filter(|name| !BY_ENGINE.contains(name)).collect();
    assert_eq!(ours, theirs, "{label}: names of attributes");
    for (name, value) in dataset.head().attributes.iter() {
        let theirs = canonical_json(golden.at("attrs").at(name));
        // With a matrix of its own, the reference still says "complete".
        let own = call.params.get("A").is_some() && name == "topology";
        let expected = if own { "\"own\"".to_owned() } else { theirs };
        assert_eq!(canonical_json(value), expected, "{label}: attribute {name}");
    }
    let truth = dataset.head().truth.as_ref().unwrap();
    let hidden = golden.get("ground_truth_not_in_attrs");
    let arrays = [
        ("omega", "omega"),
        ("theta_initial", "initial_state"),
        ("phi_stabilised", "phi"),
        ("Phi_stabilised", "Phi"),
        ("history", "history"),
        ("x_initial", "initial_state"),
    ];
    for (theirs, ours) in arrays {
        let Some(expected) = hidden.and_then(|hidden| hidden.get(theirs)) else { continue };
        let mts_hash::ArrayData::Float(ours) = truth.arrays[ours].data() else { panic!("floats") };
        let expected = expected.floats();
        assert_eq!(ours.len(), expected.len(), "{label}: truth {theirs}");
        for (ours, expected) in ours.iter().zip(expected) {
            assert!((ours - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{label}: truth {theirs}");
        }
    }
    if let Some(adjacency) = hidden.and_then(|hidden| hidden.get("adjacency")) {
        assert_eq!(dense(&truth.graphs["adjacency"]), adjacency.floats(), "{label}: adjacency");
    }
}

fn dense(graph: &mts_core::Graph) -> Vec<f64> {
    let nodes = graph.nodes();
    let mut matrix = vec![0.0; nodes * nodes];
    for i in 0..nodes {
        for j in (0..nodes).filter(|j| *j != i) {
            let neighbours = (i + 1) % nodes == j || (j + 1) % nodes == i;
            match graph {
                mts_core::Graph::Complete { .. } => matrix[i * nodes + j] = 1.0,
                mts_core::Graph::Ring { .. } if neighbours => matrix[i * nodes + j] = 1.0,
                _ => {}
            }
        }
    }
    if let mts_core::Graph::Edges { edges, .. } = graph {
        edges.iter().for_each(|edge| matrix[edge.from * nodes + edge.to] = edge.weight);
    }
    matrix
}

/// The models that the reference has.
const MODELS: [&str; 10] =
    ["abm", "ar", "brownian", "cauchy_noise", "cml", "gbm", "kuramoto", "noise_gaussian", "ou", "var"];

#[test]
fn every_dataset_equals_the_reference() {
    let (mut compared, mut refused, mut collapses) = (0, 0, 0);
    for model in MODELS {
        let golden = golden::load(&format!("pymts_datasets/{model}.json"));
        for case in golden.at("cases").items() {
            let label = case.at("label").text();
            let calls = calls(case);
            if case.get("error").is_some() {
                let failed = calls.iter().any(|call| run(call).is_err());
                assert_eq!(failed, !LEGAL_HERE.contains(&(model, label)), "{model} / {label}");
                refused += usize::from(failed);
                continue;
            }
            for (call, output) in calls.iter().zip(case.at("outputs").items()) {
                let (dataset, identity) =
                    run(call).unwrap_or_else(|problems| panic!("{model} / {label}: {problems}"));
                let theirs = output.at("attrs").at("config_id").text();
                if label == "X0 ndarray (R,M)" {
                    // A document has lists: the same hash, another slug.
                    assert_eq!(identity.rsplit("__").next(), theirs.rsplit("__").next());
                } else {
                    assert_eq!(identity, theirs, "{label}");
                }
                if (model, label) == CONSTANT_SERIES {
                    assert!(dataset.values().iter().all(|x| *x == 0.0));
                    continue;
                }
                if collapsed(output) {
                    let truth = dataset.head().truth.as_ref().unwrap();
                    let after = truth.scalars.get("stabilised").unwrap().at("radius_after").float();
                    assert!((after - 0.95).abs() < 1e-12, "{label}: {after}");
                    collapses += 1;
                    continue;
                }
                compare(label, call, &dataset, output);
                compare_attributes(label, call, &dataset, output);
                compared += 1;
            }
        }
    }
    assert_eq!((compared, refused, collapses), (91, 19, 5));
}

/// Seeds beyond 64 bits.
#[test]
fn a_big_seed_is_a_seed() {
    let big: Int = "1180591620717411303427".parse().unwrap();
    assert_ne!(SeedSequence::new(&big), SeedSequence::new(3_u64));
}
