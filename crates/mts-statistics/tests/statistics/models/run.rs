//! Running a model, and saying what was wrong.

use mts_core::{Series, Shape, SlabSource, Streams, Truth};
use mts_hash::{ArrayData, SeedSequence};
use mts_statistics::ALPHA;
use serde_json::Value;

/// Both modes.
pub const STREAMS: [Streams; 2] = [Streams::Shared, Streams::PerRealization];

/// Some steps of a dataset.
pub struct Paths {
    pub channels: usize,
    pub realizations: usize,
    pub truth: Truth,
    /// (step, channel, realization)
    values: Vec<f64>,
}

/// All steps.
pub fn run(model: &str, params: Value, shape: (usize, usize, usize), seed: u64, streams: Streams) -> Paths {
    after(0, model, params, shape, seed, streams)
}

/// The steps after the first `skipped`, which are made and thrown away.
pub fn after(
    skipped: usize,
    model: &str,
    params: Value,
    (channels, steps, realizations): (usize, usize, usize),
    seed: u64,
    streams: Streams,
) -> Paths {
    let registry = mts_models::registry();
    let shape = Shape::new(channels, skipped + steps, realizations).unwrap();
    let model = registry.get(model).unwrap().build(params, shape).unwrap();
    let mut series = Series::new(model, SeedSequence::new(seed), streams);
    let mut values = vec![0.0; shape.slab() * steps];
    let mut left = skipped;
    while left > 0 {
        let now = left.min(steps);
        assert_eq!(series.next(&mut values[..now * shape.slab()]).unwrap(), now);
        left -= now;
    }
    assert_eq!(series.next(&mut values).unwrap(), steps);
    let truth = series.head().truth.clone().unwrap();
    Paths { channels, realizations, truth, values }
}

impl Paths {
    /// Values (step, channel, realization) that were made of others.
    pub fn of(channels: usize, realizations: usize, truth: Truth, values: Vec<f64>) -> Self {
        Paths { channels, realizations, truth, values }
    }

    /// All values in order.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    pub fn steps(&self) -> usize {
        self.values.len() / (self.channels * self.realizations)
    }

    /// All channels and realizations of a step.
    pub fn slab(&self, step: usize) -> &[f64] {
        let slab = self.channels * self.realizations;
        &self.values[step * slab..][..slab]
    }

    /// All realizations of a channel at a step.
    pub fn across(&self, step: usize, channel: usize) -> &[f64] {
        &self.slab(step)[channel * self.realizations..][..self.realizations]
    }

    pub fn at(&self, step: usize, channel: usize, realization: usize) -> f64 {
        self.across(step, channel)[realization]
    }

    /// The series of a channel and realization.
    pub fn path(&self, channel: usize, realization: usize) -> Vec<f64> {
        (0..self.steps()).map(|step| self.at(step, channel, realization)).collect()
    }

    /// An array of the truth.
    pub fn array(&self, name: &str) -> &[f64] {
        match self.truth.arrays[name].data() {
            ArrayData::Float(data) => data,
            _ => panic!("{name} holds no floats"),
        }
    }

    /// Each value by a function of it.
    pub fn map(mut self, f: impl Fn(f64) -> f64) -> Self {
        self.values.iter_mut().for_each(|x| *x = f(*x));
        self
    }
}

/// Refuses a p-value below the level, and one that is no number.
pub fn accept(what: impl std::fmt::Display, p: f64) {
    assert!(p >= ALPHA, "{what}: p = {p:.2e}");
}
