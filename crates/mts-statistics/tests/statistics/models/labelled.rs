//! Running a model with what happens along time.

use mts_core::{Label, Series, Shape, SlabSource, Streams, Value};
use mts_hash::SeedSequence;

/// All values in order, and all labels.
pub fn labelled(
    model: &str,
    params: serde_json::Value,
    (channels, steps, realizations): (usize, usize, usize),
    seed: u64,
    streams: Streams,
) -> (Vec<f64>, Vec<Label>) {
    let registry = mts_models::registry();
    let shape = Shape::new(channels, steps, realizations).unwrap();
    let model = registry.get(model).unwrap().build(params, shape).unwrap();
    let mut series = Series::new(model, SeedSequence::new(seed), streams);
    let (mut values, mut labels) = (vec![0.0; shape.values()], Vec::new());
    assert_eq!(series.next(&mut values).unwrap(), steps);
    series.labels(&mut labels);
    (values, labels)
}

/// A number among a label's details.
pub fn detail(label: &Label, name: &str) -> Option<f64> {
    label.details.get(name).and_then(Value::as_f64)
}
