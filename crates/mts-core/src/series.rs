//! A model as a source of data.

use std::str::FromStr;
use std::sync::Arc;

use mts_hash::SeedSequence;
use mts_rng::Rng;

use crate::{AnyDrawn, AnyModel, Dtype, Head, Process, SlabSource, SourceError, TimeAxis};

/// How realizations share randomness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Streams {
    /// One stream for all, in NumPy's order.
    #[default]
    Shared,
    /// One stream each: adding realizations changes none.
    PerRealization,
}

impl Streams {
    /// The names in documents.
    pub const NAMES: [&'static str; 2] = ["shared", "per_realization"];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl FromStr for Streams {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "shared" => Ok(Streams::Shared),
            "per_realization" => Ok(Streams::PerRealization),
            _ => Err(()),
        }
    }
}

/// The dataset of a model and a seed, made slab by slab.
pub struct Series {
    drawn: Box<dyn AnyDrawn>,
    seed: SeedSequence,
    streams: Streams,
    /// The shared stream after the draw.
    rng: Rng,
    head: Head,
    processes: Vec<Box<dyn Process>>,
    /// One process's part of a few steps, before it is woven into the slabs.
    part: Vec<f64>,
    done: usize,
}

impl Series {
    /// Draws and starts `model` below `seed`. The head holds the model's attributes and the truth.
    pub fn new(model: Arc<dyn AnyModel>, seed: SeedSequence, streams: Streams) -> Self {
        let facts = model.facts();
        let shape = model.shape();
        let mut rng = Rng::new(seed.clone());
        let drawn = model.draw(&mut rng);
        let processes = start(drawn.as_ref(), shape.realizations(), &rng, &seed, streams);
        let mut truth = drawn.truth();
        processes.iter().for_each(|process| process.truth(&mut truth));
        let head = Head {
            shape,
            time: facts.time,
            dtype: Dtype::F64,
            attributes: facts.attributes,
            truth: Some(truth),
        };
        let part =
            if processes.len() == 1 { Vec::new() } else { vec![0.0; shape.channels() * STEPS_AT_ONCE] };
        Series { drawn, seed, streams, rng, head, processes, part, done: 0 }
    }

    /// Gives the steps another meaning than the model does.
    #[must_use]
    pub fn with_time(mut self, time: TimeAxis) -> Self {
        self.head.time = time;
        self
    }

    /// Adds attributes after the model's own.
    #[must_use]
    pub fn with_attributes<K: Into<String>, V: Into<mts_hash::Value>>(
        mut self,
        attributes: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        for (name, value) in attributes {
            self.head.attributes.insert(name, value);
        }
        self
    }
}

/// Steps per piece where several processes are woven into slabs: small enough for the cache.
const STEPS_AT_ONCE: usize = 64;

fn start(
    drawn: &dyn AnyDrawn,
    realizations: usize,
    rng: &Rng,
    seed: &SeedSequence,
    streams: Streams,
) -> Vec<Box<dyn Process>> {
    match streams {
        Streams::Shared => vec![drawn.start(0..realizations, rng.clone())],
        Streams::PerRealization => {
            (0..realizations).map(|r| drawn.start(r..r + 1, Rng::new(seed.child(r as u32)))).collect()
        }
    }
}

impl SlabSource for Series {
    fn head(&self) -> &Head {
        &self.head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let shape = self.head.shape;
        let steps = (slabs.len() / shape.slab()).min(shape.steps() - self.done);
        let slabs = &mut slabs[..steps * shape.slab()];
        match &mut self.processes[..] {
            [all] => all.fill(slabs),
            each => {
                for slabs in slabs.chunks_mut(STEPS_AT_ONCE * shape.slab()) {
                    weave(each, &mut self.part[..slabs.len() / shape.realizations()], slabs);
                }
            }
        }
        self.done += steps;
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        let realizations = self.head.shape.realizations();
        self.processes = start(self.drawn.as_ref(), realizations, &self.rng, &self.seed, self.streams);
        self.done = 0;
        Ok(())
    }
}

/// Fills `part` by each process in turn and spreads it over the realization axis of `slabs`.
fn weave(processes: &mut [Box<dyn Process>], part: &mut [f64], slabs: &mut [f64]) {
    let realizations = processes.len();
    for (r, process) in processes.iter_mut().enumerate() {
        process.fill(part);
        for (slab, value) in slabs.chunks_exact_mut(realizations).zip(&*part) {
            slab[r] = *value;
        }
    }
}
