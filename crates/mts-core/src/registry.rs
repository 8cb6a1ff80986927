//! The models that a program knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::erased::{AnyModel, Configured};
use crate::{Model, Problems, Shape};

/// The models that a program knows, by name. A value: adding to a copy changes nobody else's.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    entries: BTreeMap<&'static str, Entry>,
}

/// One model of a [`Registry`].
#[derive(Clone, Debug)]
pub struct Entry {
    name: &'static str,
    family: &'static str,
    shape: Shape,
    schema: Arc<Value>,
    build: fn(Value, Shape) -> Result<Arc<dyn AnyModel>, Problems>,
}

impl Registry {
    /// Adds a model; one of the same name is replaced.
    #[must_use]
    pub fn with<M: Model>(mut self) -> Self {
        let schema = Arc::new(schemars::schema_for!(M::Params).to_value());
        let entry = Entry { name: M::NAME, family: M::FAMILY, shape: M::SHAPE, schema, build: build::<M> };
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
    let own: M::Params = match serde_json::from_value(params) {
        Ok(own) => own,
        Err(error) => {
            problems.add("params", error);
            return Err(problems);
        }
    };
    let dump = serde_json::to_value(&own);
    let model = M::new(own, shape, &mut problems);
    match (model, dump) {
        (Some(model), Ok(dump)) if problems.is_empty() => Ok(Arc::new(Configured::new(model, shape, &dump))),
        (_, Err(error)) => {
            problems.add("params", error);
            Err(problems)
        }
        _ => Err(problems),
    }
}
