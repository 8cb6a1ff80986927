//! Our own bits. A line of `stability.txt` never changes: where one has to, that is a *Values*
//! entry in the changelog. New lines are printed by the failing test and appended by hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use mts_core::{Dataset, Series, Shape, SlabSource, Streams, ZscoreAxis, Zscored};
use mts_hash::SeedSequence;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Configurations that reach each branch of each model.
fn cases() -> Vec<(&'static str, Value)> {
    let registry = mts_models::registry();
    let mut cases: Vec<_> = registry.names().map(|name| (name, json!({}))).collect();
    cases.extend([
        ("brownian", json!({ "dt": 0.01, "sigma": 0.3, "X0": [1, 2, 3] })),
        ("abm", json!({ "dt": 0.01, "mu": -0.5, "X0": [[1, 2], [3, 4], [5, 6]] })),
        ("gbm", json!({ "dt": 0.01, "mu": 0.1, "sigma": 0.4, "S0": 100 })),
        ("ou", json!({ "dt": 0.1, "mu": [1, 0, -1], "theta": [0.7, 0.0, -0.2], "sigma": [0.1, 0.2, 0.3] })),
        ("ar", json!({ "p": 4 })),
        ("ar", json!({ "p": 2, "phi": [1.5, 0.3], "x0": [1, 2] })),
        ("var", json!({ "p": 3 })),
        ("var", json!({ "Sigma": [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 0]] })),
        ("kuramoto", json!({ "topology": "ring", "method": "euler", "noise_std": 0.2 })),
        ("kuramoto", json!({ "topology": "erdos_renyi", "p": 0.5, "omega_dist": "uniform" })),
        ("kuramoto", json!({ "A": [[0, 1, 0.5], [1, 0, 2], [0.5, 2, 0]], "theta0": [1, 2, 3] })),
        ("cml", json!({ "topology": "complete", "r": 4.0, "epsilon": 0.3 })),
        ("cml", json!({ "topology": "sbm", "block_sizes": [1, 2], "p_intra": 0.9, "p_inter": 0.5 })),
    ]);
    cases.retain(|(name, _)| registry.get(name).is_some());
    cases
}

fn line(name: &str, params: &Value, streams: Streams, zscore: Option<ZscoreAxis>) -> String {
    let registry = mts_models::registry();
    let model = registry.get(name).unwrap().build(params.clone(), Shape::of(3, 50, 2)).unwrap();
    let id = model.identity().config_id();
    let series = Series::new(model, SeedSequence::new(2026_u64).child(1), streams);
    let mut source: Box<dyn SlabSource> = match zscore {
        None => Box::new(series),
        Some(axis) => Box::new(Zscored::new(series, axis)),
    };
    let dataset = Dataset::collect(&mut source).unwrap();
    let values = dataset.values();
    let transform = zscore.map_or("-", ZscoreAxis::name);
    format!(
        "{id} {} {transform} {} {:016x}",
        streams.name(),
        checksum(values),
        values[values.len() - 1].to_bits()
    )
}

fn checksum(values: &[f64]) -> String {
    let bytes: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn lines() -> Vec<String> {
    let mut lines = Vec::new();
    for (name, params) in cases() {
        for streams in [Streams::Shared, Streams::PerRealization] {
            lines.push(line(name, &params, streams, None));
        }
    }
    if mts_models::registry().get("ou").is_some() {
        for axis in [ZscoreAxis::Time, ZscoreAxis::Channel, ZscoreAxis::Realization] {
            lines.push(line("ou", &json!({}), Streams::Shared, Some(axis)));
        }
    }
    lines
}

/// With any selection of families: no feature changes a number.
#[test]
fn values_stay() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stability.txt");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let known: Vec<&str> = kept.lines().collect();
    let lines = lines();
    let new: Vec<&String> = lines.iter().filter(|line| !known.contains(&line.as_str())).collect();
    assert!(new.is_empty(), "not in {path}, changed or new:\n{new:#?}");
    if cfg!(feature = "default") {
        assert_eq!(known.len(), lines.len(), "a line without a case");
    }
}
