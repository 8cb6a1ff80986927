//! Our own bits. A line of `stability/values.txt` never changes: where one has to, that is a *Values*
//! entry in the changelog. New lines are printed by the failing test and appended by hand.

use mts_core::{Dataset, Series, Shape, SlabSource, Streams, ZscoreAxis, Zscored};
use mts_hash::SeedSequence;
use mts_rng::{Key, Rng, keyed};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Configurations that reach each branch of each model.
fn cases() -> Vec<(&'static str, Value)> {
    let mut cases: Vec<_> = mts_models::registry().names().map(|name| (name, json!({}))).collect();
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
    cases
}

fn line(name: &str, params: &Value, streams: Streams, zscore: Option<ZscoreAxis>) -> String {
    let registry = mts_models::registry();
    let model = registry.get(name).unwrap().build(params.clone(), Shape::of(3, 50, 2)).unwrap();
    let id = model.identity().config_id();
    let series = Series::new(model, SeedSequence::new(2026_u64).child(1), streams);
    let mut source: Box<dyn SlabSource> = match zscore {
        None => Box::new(series),
        Some(axis) => Box::new(Zscored::new(series, axis).unwrap()),
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
    for axis in [ZscoreAxis::Time, ZscoreAxis::Channel, ZscoreAxis::Realization] {
        lines.push(line("ou", &json!({}), Streams::Shared, Some(axis)));
    }
    let mut draws = vec![0.0; 1000];
    let mut rng = Rng::from_seed(2026_u64);
    for fill in [
        Rng::fill_random,
        Rng::fill_standard_normal,
        Rng::fill_standard_exponential,
        Rng::fill_standard_cauchy,
    ] {
        fill(&mut rng, &mut draws);
        lines.push(format!("draws {}", checksum(&draws)));
    }
    let key = Key::from(&SeedSequence::new(2026_u64).named("column"));
    (0..).zip(&mut draws).for_each(|(row, draw)| *draw = keyed(key, row).random());
    lines.push(format!("keyed {}", checksum(&draws)));
    lines
}

#[test]
fn values_stay() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/stability/values.txt");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let known: Vec<&str> = kept.lines().collect();
    let new: Vec<String> = lines().into_iter().filter(|line| !known.contains(&line.as_str())).collect();
    assert!(new.is_empty(), "not in {path}, changed or new:\n{}", new.join("\n"));
    assert_eq!(known.len(), lines().len(), "a line without a case");
}
