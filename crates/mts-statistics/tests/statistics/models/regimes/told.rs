//! Regimes as labels tell them.

use mts_core::{Label, Series, Shape, SlabSource, Streams};
use mts_hash::SeedSequence;
use serde_json::Value;

use crate::models::run::Paths;

/// A dataset and its labels.
pub fn run(
    model: &str,
    params: &Value,
    (channels, steps, realizations): (usize, usize, usize),
    seed: u64,
    streams: Streams,
) -> (Paths, Vec<Label>) {
    let registry = mts_models::registry();
    let shape = Shape::new(channels, steps, realizations).unwrap();
    let model = registry.get(model).unwrap().build(params.clone(), shape).unwrap();
    let mut series = Series::new(model, SeedSequence::new(seed), streams);
    let (mut values, mut labels) = (vec![0.0; shape.values()], Vec::new());
    assert_eq!(series.next(&mut values).unwrap(), steps);
    series.labels(&mut labels);
    let truth = series.head().truth.clone().unwrap();
    (Paths::of(channels, realizations, truth, values), labels)
}

/// The regime of each step, of the labels of one channel and realization: they leave no gap and do not overlap.
pub fn regimes(labels: &[Label], channel: Option<usize>, realization: usize, steps: usize) -> Vec<usize> {
    let mut regimes = Vec::with_capacity(steps);
    for label in labels.iter().filter(|l| (l.channel, l.realization) == (channel, Some(realization))) {
        assert_eq!((label.kind, label.steps.start), ("regime", regimes.len()));
        let regime = label.details.get("regime").and_then(|regime| regime.as_f64()).unwrap() as usize;
        assert!(label.steps.start == 0 || regimes.last() != Some(&regime), "a spell is cut in two");
        regimes.extend(std::iter::repeat_n(regime, label.steps.len()));
    }
    assert_eq!(regimes.len(), steps);
    regimes
}
