//! A model as a source of data.

use std::str::FromStr;
use std::sync::Arc;

use mts_hash::{Map, SeedSequence, Value, digest};
use mts_rng::{ENGINE, Rng};

use crate::{
    AnyDrawn, AnyModel, Dtype, Head, Process, Saved, SlabSource, SourceError, State, StateError, TimeAxis,
};

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
///
/// [`save`](SlabSource::save) makes a checkpoint of it: where its processes stand, and nothing that
/// follows from the model and the seed. It can be restored into a series of the same model, seed and
/// streams; into a longer or shorter one too, unless the model makes its
/// [whole path](crate::Facts::whole_path) at once.
///
/// ```
/// # use std::sync::Arc;
/// use mts_core::{AnyModel, Series, SlabSource, Streams};
/// use mts_hash::SeedSequence;
///
/// # use mts_core::{Facts, Model, Problems, Process, Registry, Saved, Shape, State, StateError, TimeAxis, Truth};
/// # use mts_rng::Rng;
/// # struct Coin;
/// # #[derive(Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
/// # struct Params {}
/// # impl Model for Coin {
/// #     const NAME: &'static str = "coin";
/// #     type Params = Params;
/// #     type Drawn = ();
/// #     fn new(_: Params, _: Shape, _: &mut Problems) -> Option<Self> { Some(Coin) }
/// #     fn facts(&self) -> Facts { Facts::new(TimeAxis::Steps) }
/// #     fn draw(&self, _: &mut Rng) {}
/// #     fn start(&self, _: &Arc<()>, _: std::ops::Range<usize>, rng: Rng) -> Box<dyn Process> { Box::new(Flips(rng)) }
/// #     fn truth(&self, _: &()) -> Truth { Truth::default() }
/// # }
/// # struct Flips(Rng);
/// # impl Process for Flips {
/// #     fn fill(&mut self, steps: &mut [f64]) { self.0.fill_random(steps) }
/// #     fn save(&self, state: &mut State) { state.rng(&self.0) }
/// #     fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> { saved.rng(&mut self.0) }
/// # }
/// # let registry = Registry::default().with::<Coin>();
/// # let model = registry.get("coin").expect("just added").build(serde_json::json!({}), Shape::of(2, 1000, 1))?;
/// let series = |model: &Arc<dyn AnyModel>| {
///     Series::new(model.clone(), SeedSequence::new(1_u64), Streams::Shared)
/// };
/// let (mut whole, mut end) = (series(&model), [0.0; 2 * 10]);
/// whole.skip(990)?;
/// let checkpoint = whole.save().expect("a series has checkpoints");
/// whole.next(&mut end)?;
///
/// let (mut again, mut same) = (series(&model), [0.0; 2 * 10]);
/// again.restore(990, &checkpoint)?;
/// again.next(&mut same)?;
/// assert_eq!(same, end);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
pub struct Series {
    model: Arc<dyn AnyModel>,
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
        Series { model, drawn, seed, streams, rng, head, processes, part, done: 0 }
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

impl Series {
    fn started(&self) -> Vec<Box<dyn Process>> {
        let realizations = self.head.shape.realizations();
        start(self.drawn.as_ref(), realizations, &self.rng, &self.seed, self.streams)
    }

    /// Tells data apart that are no continuation of each other.
    fn fingerprint(&self) -> [u8; 32] {
        let mut params = self.model.params().clone();
        if !self.model.facts().whole_path {
            // A longer run has the same values as far as this one goes.
            params.remove("T");
        }
        let pool = self.seed.pool().iter().map(|&word| Value::from(u64::from(word)));
        let of: Map = [
            ("engine", Value::from(u64::from(ENGINE))),
            ("params", params.into()),
            ("seed", Value::List(pool.collect())),
            ("streams", self.streams.name().into()),
        ]
        .into_iter()
        .collect();
        digest(&of.into())
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
        self.processes = self.started();
        self.done = 0;
        Ok(())
    }

    fn save(&self) -> Option<Vec<u8>> {
        let mut state = State::default();
        state.bytes(&self.fingerprint());
        state.u64(self.done as u64);
        self.processes.iter().for_each(|process| process.save(&mut state));
        Some(state.seal())
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        let mut saved = Saved::open(state)?;
        if saved.bytes()? != self.fingerprint() {
            return Err(StateError::Foreign.into());
        }
        let found = saved.u64()?;
        if found != step as u64 {
            return Err(StateError::Step { expected: step, found }.into());
        }
        let steps = self.head.shape.steps();
        if step > steps {
            return Err(StateError::Beyond { steps, found }.into());
        }
        let mut processes = self.started();
        processes.iter_mut().try_for_each(|process| process.restore(&mut saved))?;
        saved.end()?;
        self.processes = processes;
        self.done = step;
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
