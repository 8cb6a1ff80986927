//! A model with labels: walks that return, in regimes.

use std::ops::Range;
use std::sync::Arc;

use mts_hash::{Map, SeedSequence};
use mts_rng::Rng;

use crate::{
    Facts, Label, Model, Problems, Process, Registry, Saved, Series, Shape, SlabSource, State, StateError,
    Streams, TimeAxis, Truth,
};

pub(super) fn series(shape: Shape, seed: u64) -> Box<dyn SlabSource> {
    streams(shape, seed, Streams::Shared)
}

pub(super) fn streams(shape: Shape, seed: u64, streams: Streams) -> Box<dyn SlabSource> {
    let registry = Registry::default().with::<Walks>();
    let model = registry.get("walks").unwrap().build(serde_json::json!({}), shape).unwrap();
    Box::new(Series::new(model, SeedSequence::new(seed).named("model"), streams))
}

#[test]
fn the_model_keeps_the_contract() {
    let registry = Registry::default().with::<Walks>();
    crate::contract::check(registry.get("walks").unwrap(), &serde_json::json!({}), Shape::of(3, 40, 2));
}

#[derive(Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Params {}

struct Walks(Shape);

impl Model for Walks {
    const NAME: &'static str = "walks";
    type Params = Params;
    type Drawn = ();

    fn new(_: Params, shape: Shape, _: &mut Problems) -> Option<Self> {
        Some(Walks(shape))
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Seconds { dt: 0.5 }).labelled()
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let lanes = self.0.channels() * realizations.len();
        let (last, begun) = (vec![0.0; lanes], vec![0; lanes]);
        Box::new(Walking { end: self.0.steps(), realizations, rng, last, begun, done: 0, labels: Vec::new() })
    }

    fn truth(&self, (): &()) -> Truth {
        Truth::default()
    }
}

struct Walking {
    end: usize,
    realizations: Range<usize>,
    rng: Rng,
    last: Vec<f64>,
    /// Where each one's regime began.
    begun: Vec<u64>,
    done: usize,
    labels: Vec<Label>,
}

impl Process for Walking {
    fn fill(&mut self, steps: &mut [f64]) {
        let lanes = self.last.len();
        for slab in steps.chunks_exact_mut(lanes) {
            self.done += 1;
            for (lane, value) in slab.iter_mut().enumerate() {
                let x = 0.8 * self.last[lane] + self.rng.standard_normal();
                (*value, self.last[lane]) = (x, x);
                if self.rng.random() < 0.15 || self.done == self.end {
                    let (channel, r) = (lane / self.realizations.len(), lane % self.realizations.len());
                    self.labels.push(Label {
                        channel: Some(channel),
                        realization: Some(self.realizations.start + r),
                        steps: self.begun[lane] as usize..self.done,
                        kind: "regime",
                        details: Map::new(),
                    });
                    self.begun[lane] = self.done as u64;
                }
            }
        }
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.last);
        state.u64s(&self.begun);
        state.u64(self.done as u64);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.last)?;
        saved.u64s(&mut self.begun)?;
        self.done = saved.index(self.end)?;
        Ok(())
    }
}
