//! Models behind one object-safe face.

use std::ops::Range;
use std::sync::Arc;

use mts_hash::{Array, Identity, Map, Value};
use mts_rng::Rng;

use crate::numbers::ARRAY_TAG;
use crate::{Facts, Model, Process, Shape, Truth};

/// A [`Model`] of any type: what a [`Registry`](crate::Registry) builds.
pub trait AnyModel: Send + Sync {
    /// The name in documents.
    fn name(&self) -> &'static str;

    /// The size of its dataset.
    fn shape(&self) -> Shape;

    /// Everything that its identity is computed from: own parameters with defaults filled in, `M`,
    /// `T`, `n_realizations` and `model`.
    fn params(&self) -> &Map;

    /// What is known before anything is drawn.
    fn facts(&self) -> Facts;

    /// Draws what all realizations share.
    fn draw(&self, rng: &mut Rng) -> Box<dyn AnyDrawn>;

    /// The identity of this configuration.
    fn identity(&self) -> Identity {
        Identity::new(self.name(), self.params())
    }
}

/// The attribute that holds the names of channels, where they have any.
pub const CHANNEL_NAMES: &str = "channel_names";

/// A model together with what its realizations share.
pub trait AnyDrawn: Send + Sync {
    /// A process for `realizations`.
    fn start(&self, realizations: Range<usize>, rng: Rng) -> Box<dyn Process>;

    /// The truth about what was drawn.
    fn truth(&self) -> Truth;
}

/// A model and what it was made from.
pub(crate) struct Configured<M: Model> {
    model: Arc<M>,
    shape: Shape,
    params: Map,
}

impl<M: Model> Configured<M> {
    pub(crate) fn new(model: M, shape: Shape, own: &serde_json::Value) -> Self {
        let mut params = Map::new();
        params.insert("M", shape.channels());
        params.insert("T", shape.steps());
        params.insert("n_realizations", shape.realizations());
        params.insert("model", M::NAME);
        if let Value::Map(own) = to_value(own) {
            for (name, value) in own.iter() {
                params.insert(name, value.clone());
            }
        }
        Configured { model: Arc::new(model), shape, params }
    }
}

impl<M: Model> AnyModel for Configured<M> {
    fn name(&self) -> &'static str {
        M::NAME
    }

    fn shape(&self) -> Shape {
        self.shape
    }

    fn params(&self) -> &Map {
        &self.params
    }

    fn facts(&self) -> Facts {
        let facts = self.model.facts();
        match M::CHANNELS.names(self.shape.channels()) {
            Some(names) => {
                let names = names.into_iter().map(Value::from).collect();
                facts.attribute(CHANNEL_NAMES, Value::List(names))
            }
            None => facts,
        }
    }

    fn draw(&self, rng: &mut Rng) -> Box<dyn AnyDrawn> {
        let drawn = Arc::new(self.model.draw(rng));
        Box::new(DrawnModel { model: self.model.clone(), drawn })
    }
}

struct DrawnModel<M: Model> {
    model: Arc<M>,
    drawn: Arc<M::Drawn>,
}

impl<M: Model> AnyDrawn for DrawnModel<M> {
    fn start(&self, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        self.model.start(&self.drawn, realizations, rng)
    }

    fn truth(&self) -> Truth {
        self.model.truth(&self.drawn)
    }
}

/// JSON as identities see it: a [`Tensor`](crate::Tensor) becomes an array.
fn to_value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(value), _) => value.into(),
            (_, Some(value)) => value.into(),
            _ => number.as_f64().unwrap_or(f64::NAN).into(),
        },
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(items) => Value::List(items.iter().map(to_value).collect()),
        serde_json::Value::Object(map) => match map.get(ARRAY_TAG) {
            Some(nested) => array(nested),
            None => Value::Map(map.iter().map(|(key, value)| (key.as_str(), to_value(value))).collect()),
        },
    }
}

fn array(nested: &serde_json::Value) -> Value {
    let mut shape = Vec::new();
    let mut level = nested;
    while let Some(items) = level.as_array() {
        shape.push(items.len());
        let Some(first) = items.first() else { break };
        level = first;
    }
    let mut data = Vec::new();
    flatten(nested, &mut data);
    Array::floats(shape, data).map_or(Value::Null, Value::Array)
}

fn flatten(value: &serde_json::Value, into: &mut Vec<f64>) {
    match value.as_array() {
        Some(items) => items.iter().for_each(|item| flatten(item, into)),
        None => into.extend(value.as_f64()),
    }
}
