//! The models that a program knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::erased::{AnyModel, Configured};
use crate::{Channels, Model, Problems, Shape};

/// The models that a program knows, by name. A value: adding to a copy changes nobody else's.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    entries: BTreeMap<&'static str, Entry>,
}

/// Names that no parameter may have: the shape, how to run a model, and what a document says of all its records,
/// which may be one record alone.
pub const RESERVED: [&str; 28] = [
    "M",
    "T",
    "n_realizations",
    "model",
    "seed",
    "zscore",
    "zscore_axis",
    "transforms",
    "clean",
    "split",
    "do",
    "streams",
    "time",
    "dtype",
    "csv",
    "save",
    "outdir",
    "kind",
    "version",
    "include",
    "configs",
    "seeding",
    "format",
    "form",
    "compression",
    "pack",
    "memory",
    "$array",
];

/// Values of one step, at most: processes hold several steps in memory.
const MAX_SLAB: usize = 1 << 24;

/// Values that a process makes before the first one and nobody sees, at most: a second or a few. While they
/// are made, nothing else is done.
const MAX_UNSEEN: u64 = 100_000_000;

/// One model of a [`Registry`].
#[derive(Clone, Debug)]
pub struct Entry {
    name: &'static str,
    family: &'static str,
    channels: Channels,
    shape: Shape,
    schema: Arc<Value>,
    build: fn(Value, Shape) -> Result<Arc<dyn AnyModel>, Problems>,
}

impl Registry {
    /// Adds a model; one of the same name is replaced.
    ///
    /// # Panics
    ///
    /// Where a parameter has a name that every record has ([`RESERVED`]).
    #[must_use]
    pub fn with<M: Model>(mut self) -> Self {
        let schema = Arc::new(schemars::schema_for!(M::Params).to_value());
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        for (name, _) in properties {
            assert!(
                !RESERVED.contains(&name.as_str()),
                "model {}: parameter {name} has a reserved name",
                M::NAME
            );
        }
        let entry = Entry {
            name: M::NAME,
            family: M::FAMILY,
            channels: M::CHANNELS,
            shape: M::SHAPE,
            schema,
            build: build::<M>,
        };
        self.entries.insert(M::NAME, entry);
        self
    }

    /// The model called `name`.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// All models in order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.values()
    }

    /// All names, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.entries.keys().copied()
    }
}

impl Entry {
    /// The name in documents.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The family that lists the model among its like.
    pub fn family(&self) -> &'static str {
        self.family
    }

    /// How many channels it can have, and what they are called.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// The shape where a record does not say.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The JSON Schema of the model's own parameters.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// The first paragraph of the help, on one line.
    pub fn summary(&self) -> String {
        let first = self.help().split("\n\n").next().unwrap_or_default();
        first.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What the model is, in Markdown.
    pub fn help(&self) -> &str {
        self.schema.get("description").and_then(Value::as_str).unwrap_or_default()
    }

    /// The validated model of `params` (a JSON object of the model's own parameters; what is left
    /// out has its default) and `shape`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them.
    pub fn build(&self, params: Value, shape: Shape) -> Result<Arc<dyn AnyModel>, Problems> {
        (self.build)(params, shape)
    }
}

fn build<M: Model>(params: Value, shape: Shape) -> Result<Arc<dyn AnyModel>, Problems> {
    let mut problems = Problems::default();
    let (channels, realizations) = (shape.channels(), shape.realizations());
    if channels.saturating_mul(realizations) > MAX_SLAB {
        let bytes = 8.0 * channels as f64 * realizations as f64;
        let rule = format_args!(
            "times n_realizations must be at most 2^24: {channels} channels × {realizations} realizations × 8 bytes \
             = {:.1} GB in one step",
            bytes / 1e9
        );
        problems.add("M", rule);
        return Err(problems);
    }
    if let Err(rule) = M::CHANNELS.check(channels) {
        problems.add("M", rule);
        return Err(problems);
    }
    let own: M::Params = match serde_json::from_value(params) {
        Ok(own) => own,
        Err(error) => {
            problems.add("params", error);
            return Err(problems);
        }
    };
    let dump = serde_json::to_value(&own);
    let model = M::new(own, shape, &mut problems);
    if let Some(model) = &model
        && !model.facts().time.at(shape.steps()).as_f64().is_finite()
    {
        problems.add("dt", format_args!("times T = {} must be finite", shape.steps()));
    }
    if let Some(unseen) = model.as_ref().map(|model| model.facts().unseen)
        && unseen.saturating_mul(shape.slab() as u64) > MAX_UNSEEN
    {
        let rule = format_args!(
            "must be shorter: {unseen} steps × {channels} channels × {realizations} realizations are thrown away, at most \
             {MAX_UNSEEN} values can be; the transform burn_in takes any number"
        );
        problems.add("transient", rule);
    }
    match (model, dump) {
        (Some(model), Ok(dump)) if problems.is_empty() => Ok(Arc::new(Configured::new(model, shape, &dump))),
        (_, Err(error)) => {
            problems.add("params", error);
            Err(problems)
        }
        _ => Err(problems),
    }
}
