//! A model as a source of data.

use std::str::FromStr;
use std::sync::Arc;

use mts_hash::{Map, SeedSequence, Value, digest};
use mts_rng::{ENGINE, Rng};

use crate::interventions::Plan;
use crate::weave::Weaver;
use crate::{
    AnyDrawn, AnyModel, Dtype, Head, Held, Intervention, Label, Process, Saved, SlabSource, SourceError,
    State, StateError, TimeAxis,
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
/// [whole path](crate::Facts::whole_path) at once. The crate's first page has an example.
pub struct Series {
    model: Arc<dyn AnyModel>,
    drawn: Box<dyn AnyDrawn>,
    seed: SeedSequence,
    streams: Streams,
    /// The shared stream after the draw.
    rng: Rng,
    head: Head,
    processes: Vec<Box<dyn Process>>,
    /// Where there is a process per realization.
    weaver: Option<Weaver>,
    done: usize,
    labels: Vec<Label>,
    interventions: Plan,
    held: Vec<Held>,
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
        let weaver = (processes.len() > 1).then(|| Weaver::new(shape));
        Series {
            model,
            drawn,
            seed,
            streams,
            rng,
            head,
            processes,
            weaver,
            done: 0,
            labels: Vec::new(),
            interventions: Plan::new(Vec::new()),
            held: Vec::new(),
        }
    }

    /// Lets the threads of the rayon pool that [`next`](SlabSource::next) is called in make
    /// realizations at the same time, where each has a stream of its own and enough values are asked
    /// for at once (some ten thousand). No value depends on it, nor on the pool. Takes up to 4 MiB, or
    /// as much as one step.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use mts_core::{AnyModel, Dataset, Series, SourceError, Streams};
    /// use mts_hash::SeedSequence;
    ///
    /// fn collect(model: Arc<dyn AnyModel>) -> Result<Dataset, SourceError> {
    ///     let series = Series::new(model, SeedSequence::new(1_u64), Streams::PerRealization);
    ///     Dataset::collect(&mut series.parallel())
    /// }
    /// ```
    #[must_use]
    pub fn parallel(mut self) -> Self {
        self.weaver = self.weaver.map(|_| Weaver::parallel(self.head.shape));
        self
    }

    /// Holds channels at values for some steps, of a model that can be
    /// [intervened in](crate::Facts::interventions). The draws are those of the series without: the
    /// difference of the two is the effect.
    #[must_use]
    pub fn with_interventions(mut self, interventions: Vec<Intervention>) -> Self {
        self.interventions = Plan::new(interventions);
        self
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

    fn fill(&mut self, slabs: &mut [f64]) {
        if !self.held.is_empty() {
            self.processes.iter_mut().for_each(|process| process.hold(&self.held));
        }
        match &mut self.weaver {
            Some(weaver) => weaver.weave(&mut self.processes, slabs),
            None => self.processes.iter_mut().for_each(|all| all.fill(slabs)),
        }
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
        let (begun, mut filled) = (self.done, 0);
        while filled < steps {
            let now = self.interventions.at(self.done, &mut self.held).min(steps - filled);
            self.fill(&mut slabs[filled * shape.slab()..][..now * shape.slab()]);
            self.done += now;
            filled += now;
        }
        let new = self.labels.len();
        self.processes.iter_mut().for_each(|process| process.labels(&mut self.labels));
        self.labels.extend(self.interventions.ended(begun..self.done));
        self.labels[new..].sort_unstable_by(Label::order);
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.processes = self.started();
        self.done = 0;
        self.labels.clear();
        Ok(())
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
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
        self.labels.clear();
        Ok(())
    }
}
