//! One model after the other.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("piecewise").expect("compiled in");
//! let segments = serde_json::json!([
//!     { "model": "ar", "params": { "phi": [0.9] }, "steps": 5 },
//!     { "model": "setar" },
//! ]);
//! let model = entry.build(serde_json::json!({ "segments": segments }), Shape::new(2, 15, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(5_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[12..15], [-0.9372877899117801, 0.006698410614140658, -0.6683528734299933]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use mts_core::{
    AnyDrawn, AnyModel, Facts, Label, Map, Model, Problems, Process, Registry, Saved, Shape, State,
    StateError, TimeAxis, Truth, Value,
};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Change points: any models of the catalogue one after the other, each for some steps.
///
/// Each segment is a run of its model from its own start, with draws of its own: descendants of the dataset's
/// generator, so that a change of one segment changes none of the others. All have the same channels and realizations. The
/// last segment lasts to the end, however many steps it says; what begins behind the end is checked and not made.
///
/// Labels `segment` name the model and the number of each segment, which begins with a change point unless it is
/// the first; those of the models themselves are moved to where their segment lies, from whose beginning times in their
/// details are counted. The truth has that of segment i under `segment{i}_…`, and the `change_points`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// The segments, in order, at most 1000.
    #[schemars(length(min = 1, max = 1000))]
    pub segments: Vec<Segment>,
}

/// One model for some steps.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// The name of a model, any but this one.
    pub model: String,
    /// Its parameters.
    #[serde(default)]
    pub params: serde_json::Map<String, serde_json::Value>,
    /// How many steps it lasts, at least 1; the last segment may leave it out.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub steps: Option<usize>,
}

impl Default for Params {
    fn default() -> Self {
        let ar = |phi: f64, noise_std: f64, steps| {
            let params = [("phi", vec![phi].into()), ("noise_std", noise_std.into())];
            let params = params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            Segment { model: "ar".to_owned(), params, steps }
        };
        Params { segments: vec![ar(0.9, 1.0, Some(35)), ar(-0.7, 1.0, Some(35)), ar(0.9, 3.0, None)] }
    }
}

/// A validated configuration, see [`Params`].
pub struct Piecewise {
    /// Those that begin before the end.
    parts: Vec<Part>,
    /// All segments: how many there are before the end must not change what the first ones draw.
    count: usize,
    shape: Shape,
}

struct Part {
    model: Arc<dyn AnyModel>,
    steps: Range<usize>,
}

const MAX_SEGMENTS: usize = 1000;

/// The models that a segment can have.
fn known() -> &'static Registry {
    static KNOWN: OnceLock<Registry> = OnceLock::new();
    KNOWN.get_or_init(crate::registry)
}

impl Model for Piecewise {
    const NAME: &'static str = "piecewise";
    const FAMILY: &'static str = "regimes";
    type Params = Params;
    type Drawn = Vec<Box<dyn AnyDrawn>>;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let count = params.segments.len();
        let fits = (1..=MAX_SEGMENTS).contains(&count);
        problems.require("segments", fits, format_args!("be 1 to {MAX_SEGMENTS}"), count);
        if !fits {
            return None;
        }
        let (mut parts, mut start) = (Vec::new(), 0_usize);
        for (at, segment) in params.segments.into_iter().enumerate() {
            let name = format!("segments[{at}]");
            let last = at + 1 == count;
            if segment.steps == Some(0) || (segment.steps.is_none() && !last) {
                problems
                    .add(&format!("{name}.steps"), "must be at least 1, and be there unless it is the last");
                continue;
            }
            let left = shape.steps().saturating_sub(start);
            let steps = if last { left } else { segment.steps.unwrap_or(left).min(left) };
            // What begins behind the end has one step to be checked with.
            let model = build(&name, segment, shape, steps.max(1), problems);
            if let (Some(model), true) = (model, steps > 0) {
                parts.push(Part { model, steps: start..start + steps });
            }
            start += steps;
        }
        problems.is_empty().then_some(Piecewise { parts, count, shape })
    }

    fn facts(&self) -> Facts {
        let inner: Vec<Facts> = self.parts.iter().map(|part| part.model.facts()).collect();
        let time = inner[0].time;
        let time = if inner.iter().all(|facts| facts.time == time) { time } else { TimeAxis::Steps };
        let weighed = inner.iter().zip(&self.parts).map(|(facts, part)| facts.cost * part.steps.len() as f64);
        let names = self.parts.iter().map(|part| Value::from(part.model.name())).collect();
        let mut facts = Facts::new(time)
            .attribute("segments", Value::List(names))
            .cost(weighed.sum::<f64>() / self.shape.steps() as f64)
            .labelled();
        facts.state_bytes = inner.iter().map(|facts| facts.state_bytes).sum();
        facts.whole_path = inner.iter().any(|facts| facts.whole_path);
        facts.angles = inner.iter().all(|facts| facts.angles);
        facts
    }

    fn draw(&self, rng: &mut Rng) -> Vec<Box<dyn AnyDrawn>> {
        let mut own = descendants(rng, self.count);
        self.parts.iter().zip(&mut own).map(|(part, rng)| part.model.draw(rng)).collect()
    }

    fn start(
        &self,
        drawn: &Arc<Vec<Box<dyn AnyDrawn>>>,
        realizations: Range<usize>,
        mut rng: Rng,
    ) -> Box<dyn Process> {
        let own = descendants(&mut rng, self.count);
        let parts = self.parts.iter().zip(drawn.iter()).zip(own).map(|((part, drawn), rng)| Running {
            name: part.model.name(),
            process: drawn.start(realizations.clone(), rng),
            steps: part.steps.clone(),
        });
        Box::new(Sequence {
            parts: parts.collect(),
            slab: self.shape.channels() * realizations.len(),
            tells: realizations.start == 0,
            done: 0,
            labels: Vec::new(),
            inner: Vec::new(),
        })
    }

    fn truth(&self, drawn: &Vec<Box<dyn AnyDrawn>>) -> Truth {
        let mut truth = Truth::default();
        let changes = self.parts.iter().skip(1).map(|part| Value::from(part.steps.start)).collect();
        truth.scalar("change_points", Value::List(changes));
        let models = self.parts.iter().map(|part| Value::from(part.model.name())).collect();
        truth.scalar("models", Value::List(models));
        for (at, drawn) in drawn.iter().enumerate() {
            put(&mut truth, at, drawn.truth());
        }
        truth
    }
}

/// A generator for each segment.
fn descendants(rng: &mut Rng, count: usize) -> Vec<Rng> {
    let spawned = rng.spawn(count as u32);
    if spawned.len() == count {
        return spawned;
    }
    // A generator without a seed sequence has no descendants.
    (0..count).map(|_| Rng::from_seed(rng.next_u64())).collect()
}

/// The model of a segment.
fn build(
    name: &str,
    segment: Segment,
    shape: Shape,
    steps: usize,
    problems: &mut Problems,
) -> Option<Arc<dyn AnyModel>> {
    let entry = known().get(&segment.model).filter(|entry| entry.name() != Piecewise::NAME);
    let Some(entry) = entry else {
        let rule =
            format_args!("must be a model of the catalogue, and not piecewise; found \"{}\"", segment.model);
        problems.add(&format!("{name}.model"), rule);
        return None;
    };
    let shape = Shape::new(shape.channels(), steps, shape.realizations()).expect("no longer than what fits");
    match entry.build(segment.params.into(), shape) {
        Ok(model) => Some(model),
        Err(found) => {
            for problem in found.iter() {
                let place = match problem.parameter.as_str() {
                    "params" => format!("{name}.params"),
                    own => format!("{name}.params.{own}"),
                };
                problems.add(&place, &problem.message);
            }
            None
        }
    }
}

/// Adds the truth of a segment under names of its own.
fn put(truth: &mut Truth, at: usize, own: Truth) {
    let name = |of: &str| format!("segment{at}_{of}");
    own.scalars.iter().for_each(|(of, value)| truth.scalar(&name(of), value.clone()));
    truth.arrays.extend(own.arrays.into_iter().map(|(of, array)| (name(&of), array)));
    truth.graphs.extend(own.graphs.into_iter().map(|(of, graph)| (name(&of), graph)));
}

/// The arrays of a segment under the names that its model gave them.
fn take(truth: &mut Truth, at: usize) -> Truth {
    let prefix = format!("segment{at}_");
    let arrays = std::mem::take(&mut truth.arrays);
    let (own, others) = arrays.into_iter().partition(|(name, _)| name.starts_with(&prefix));
    truth.arrays = others;
    let stripped = |(name, array): (String, mts_core::Array)| (name[prefix.len()..].to_owned(), array);
    let own: std::collections::BTreeMap<_, _> = own;
    Truth { arrays: own.into_iter().map(stripped).collect(), ..Truth::default() }
}

struct Running {
    name: &'static str,
    process: Box<dyn Process>,
    steps: Range<usize>,
}

struct Sequence {
    parts: Vec<Running>,
    slab: usize,
    /// Whether this process speaks for all realizations.
    tells: bool,
    done: usize,
    labels: Vec<Label>,
    /// Room for what a segment says.
    inner: Vec<Label>,
}

impl Sequence {
    /// The segment that holds a step; the last one, for those behind the end.
    fn of(&self, step: usize) -> usize {
        self.parts.partition_point(|part| part.steps.end <= step).min(self.parts.len() - 1)
    }
}

impl Process for Sequence {
    fn fill(&mut self, mut steps: &mut [f64]) {
        while !steps.is_empty() {
            let at = self.of(self.done);
            let part = &mut self.parts[at];
            let left = part.steps.end.saturating_sub(self.done);
            // Behind the end, where nobody asks, the last segment goes on.
            let now = if left == 0 { steps.len() / self.slab } else { left.min(steps.len() / self.slab) };
            let (first, rest) = steps.split_at_mut(now * self.slab);
            part.process.fill(first);
            part.process.labels(&mut self.inner);
            self.labels.extend(self.inner.drain(..).map(|label| Label {
                steps: label.steps.start + part.steps.start..label.steps.end + part.steps.start,
                ..label
            }));
            self.done = self.done.saturating_add(now);
            if self.done == part.steps.end && self.tells {
                let mut details = Map::new();
                details.insert("model", part.name);
                details.insert("segment", at);
                let steps = part.steps.clone();
                self.labels.push(Label { channel: None, realization: None, steps, kind: "segment", details });
            }
            steps = rest;
        }
    }

    fn save(&self, state: &mut State) {
        state.u64(self.done as u64);
        // The one that made the last step: those behind it are as they started, and in a longer run it may go on.
        self.parts[self.of(self.done.saturating_sub(1))].process.save(state);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        self.done = saved.index(usize::MAX)?;
        let at = self.of(self.done.saturating_sub(1));
        self.parts[at].process.restore(saved)
    }

    fn truth(&self, truth: &mut Truth) {
        for (at, part) in self.parts.iter().enumerate() {
            let mut own = take(truth, at);
            part.process.truth(&mut own);
            put(truth, at, own);
        }
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
    }
}
