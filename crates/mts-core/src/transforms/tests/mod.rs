//! Promises of all transforms, alone and in chains.

mod contract;
mod documents;
mod model;
mod rates;
mod refusals;
mod seeds;
mod twin;

use mts_hash::{Map, SeedSequence};
use serde_json::{Value, json};

use super::*;
use crate::{Dataset, Label, Problems, Shape, SlabSource, TimeAxis};

/// Lists of transforms: each by itself, and chains of several.
fn lists() -> Vec<Value> {
    let alone = [
        json!({"burn_in": 7}),
        json!({"every": 3}),
        json!({"zscore": "time"}),
        json!({"mixing": {"matrix": [[1, 0.5, 0], [0, 1, -2], [0.25, 0, 1]]}}),
        json!({"drift": {"kind": "linear", "slope": 0.01}}),
        json!({"drift": {"kind": "seasonal", "amplitude": 2, "period": 12.5, "phase": 0.3, "channels": [2, 0]}}),
        json!({"drift": {"kind": "sudden", "at": 20, "size": -3}}),
        json!({"drift": {"kind": "gradual", "from": 10, "until": 30, "size": 4, "channels": [1]}}),
        json!({"drift": {"kind": "gradual", "from": 10, "until": 30, "size": 4, "ramp": "smooth"}}),
        json!({"observation_noise": {"sigma": 0.1}}),
        json!({"observation_noise": {"law": "laplace", "sigma": 0.1, "channels": [1]}}),
        json!({"observation_noise": {"law": "uniform", "sigma": 0.1}}),
        json!({"observation_noise": {"law": "student_t", "nu": 3, "sigma": 0.1}}),
        json!({"anomalies": {"kind": "spike", "rate": 0.1, "size": 5}}),
        json!({"anomalies": {"kind": "spike", "at": [0, 59, 13], "size": 5, "gap": 3, "channels": [1]}}),
        json!({"anomalies": {"kind": "level_shift", "rate": 0.05, "length": 6, "size": 3}}),
        json!({"anomalies": {"kind": "trend", "rate": 0.05, "length": 8, "size": 3, "sign": "down", "gap": 1}}),
        json!({"anomalies": {"kind": "variance", "rate": 0.05, "length": 8, "factor": 4}}),
        json!({"anomalies": {"kind": "variance", "at": [0, 8, 52], "length": 8, "factor": 0.5}}),
        json!({"anomalies": {"kind": "flatline", "rate": 0.09, "length": 9}}),
        json!({"anomalies": {"kind": "flatline", "at": [0, 5, 55], "length": 5, "channels": [2, 0]}}),
        json!({"anomalies": {"kind": "swap", "rate": 0.05, "length": 5, "channels": [2, 0]}}),
        json!({"anomalies": {"kind": "pattern", "rate": 0.03, "length": 10, "shape": "sine", "amplitude": 2}}),
        json!({"anomalies": {"kind": "pattern", "at": [7], "length": 10, "shape": "sawtooth", "period": 4}}),
        json!({"anomalies": {"kind": "pattern", "at": [7], "length": 10, "shape": "square", "mode": "replace"}}),
        json!({"anomalies": {"kind": "pattern", "rate": 0.03, "length": 10, "shape": [0, 1, 4]}}),
        json!({"clip": {"low": -1, "high": 2}}),
        json!({"clip": {"high": 0.5, "channels": [1, 0]}}),
        json!({"quantise": {"step": 0.25}}),
        json!({"quantise": {"bits": 4, "low": -2, "high": 2, "channels": [1]}}),
        json!({"missing": {"rate": 0.2}}),
        json!({"missing": {"rate": 0.3, "burst": 5, "channels": [1]}}),
    ];
    let chains = [
        json!([]),
        json!([{"burn_in": 5}, {"every": 2}, {"burn_in": 3}, {"every": 4}]),
        json!([{"every": 2}, {"zscore": "time"}, {"burn_in": 3}, {"drift": {"kind": "linear", "slope": 0.1}}]),
        json!([{"zscore": "channel"}, {"zscore": "realization"}, {"missing": {"rate": 0.1, "burst": 3}}]),
        json!([
            {"burn_in": 10},
            {"every": 2},
            {"zscore": "time"},
            {"mixing": {"matrix": [[1, 0.5, 0], [0, 1, 0], [0, 0, 1]]}},
            {"anomalies": {"kind": "level_shift", "rate": 0.03, "length": 6, "size": 3}},
            {"anomalies": {"kind": "flatline", "rate": 0.03, "length": 4}},
            {"observation_noise": {"sigma": 0.1}},
            {"clip": {"low": -1.5, "high": 1.5}},
            {"clip": {"low": -1.25, "high": 1.25}},
            {"quantise": {"step": 0.01}},
            {"missing": {"rate": 0.1}},
            {"missing": {"rate": 0.1, "burst": 4}},
        ]),
    ];
    alone.into_iter().map(|one| json!([one])).chain(chains).collect()
}

fn read(list: &Value) -> Vec<Transform> {
    serde_json::from_value(list.clone()).unwrap_or_else(|error| panic!("{list}: {error}"))
}

fn transforms(list: &Value, shape: Shape) -> Transforms {
    let mut problems = Problems::default();
    Transforms::new(read(list), shape, &mut problems).unwrap_or_else(|| panic!("{list}: {problems}"))
}

fn spoilt(list: &Value, shape: Shape, seed: u64) -> Box<dyn SlabSource> {
    let transforms = transforms(list, shape);
    let source = model::series(transforms.source_shape(), seed);
    transforms.apply(source, &SeedSequence::new(seed))
}

fn clean(list: &Value, shape: Shape, seed: u64) -> Box<dyn SlabSource> {
    let transforms = transforms(list, shape);
    transforms.apply_clean(model::series(transforms.source_shape(), seed))
}

fn collect(mut source: Box<dyn SlabSource>) -> (Vec<f64>, Vec<Label>) {
    let dataset = Dataset::collect(&mut *source).unwrap();
    let mut labels = Vec::new();
    source.labels(&mut labels);
    (dataset.values().to_vec(), labels)
}

/// As many zeros as a source.
fn zeros(shape: Shape) -> Box<dyn SlabSource> {
    constant(vec![0.0; shape.values()], shape)
}

fn constant(values: Vec<f64>, shape: Shape) -> Box<dyn SlabSource> {
    let (time, dtype, attributes) = (TimeAxis::Steps, crate::Dtype::F64, Map::new());
    let head = crate::Head { shape, time, dtype, attributes, truth: None };
    Box::new(Dataset::new(head, values).unwrap().into_source())
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}

/// The positions of a label's values.
fn cells(label: &Label, shape: Shape) -> impl Iterator<Item = usize> + use<> {
    let one = |chosen: Option<usize>, all: usize| chosen.map_or(0..all, |one| one..one + 1);
    let (channels, realizations) =
        (one(label.channel, shape.channels()), one(label.realization, shape.realizations()));
    label.steps.clone().flat_map(move |step| {
        let realizations = realizations.clone();
        channels.clone().flat_map(move |channel| {
            let row = (step * shape.channels() + channel) * shape.realizations();
            realizations.clone().map(move |r| row + r)
        })
    })
}
