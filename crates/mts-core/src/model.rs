//! What a model is.

use std::ops::Range;
use std::sync::Arc;

use mts_hash::Map;
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Problems, Shape, TimeAxis, Truth};

/// A validated configuration of a stochastic or dynamical system.
///
/// Making a dataset takes three steps, each of which has all it needs and cannot fail:
/// [`draw`](Self::draw) what all realizations share, [`start`](Self::start) a process, and let it
/// [`fill`](Process::fill) one slab after the other. The first paragraph of the documentation of
/// `Params` is the model's summary, all of it the model's help.
pub trait Model: Send + Sync + Sized + 'static {
    /// The name in documents: lower case, words joined by `_`.
    const NAME: &'static str;

    /// The family that lists the model among its like.
    const FAMILY: &'static str = "own";

    /// The shape where a record does not say.
    const SHAPE: Shape = Shape::of(5, 100, 1);

    /// The model's own parameters, with defaults. Put `#[serde(default, deny_unknown_fields)]` on
    /// them: M, T and the number of realizations are the [`Shape`].
    type Params: Serialize + DeserializeOwned + JsonSchema + Default;

    /// What all realizations share: a graph, frequencies, coefficients.
    type Drawn: Send + Sync + 'static;

    /// Checks everything that can be checked, without drawing; `None` where something was wrong.
    fn new(params: Self::Params, shape: Shape, problems: &mut Problems) -> Option<Self>;

    /// What is known before anything is drawn.
    fn facts(&self) -> Facts;

    /// Draws what all realizations share. Called first, as every reference model draws its shared
    /// part first.
    fn draw(&self, rng: &mut Rng) -> Self::Drawn;

    /// A process for `realizations` of the shape's realizations: all of them, or one where each
    /// has its own stream.
    fn start(&self, drawn: &Arc<Self::Drawn>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process>;

    /// The truth about what was drawn.
    fn truth(&self, drawn: &Self::Drawn) -> Truth;
}

/// A running model: produces its values in order, in pieces of any size.
///
/// A step is one slab: (channel × realization), the realization fastest.
pub trait Process: Send {
    /// Fills whole slabs with the next steps. Cannot fail; allocates nothing; the values do not
    /// depend on how many steps are asked for at once.
    fn fill(&mut self, steps: &mut [f64]);

    /// Adds what [`start`](Model::start) drew or was given, such as the initial state. Called once,
    /// before the first `fill`.
    fn truth(&self, _truth: &mut Truth) {}
}

/// What is known of a configuration before anything is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// What the steps stand for.
    pub time: TimeAxis,
    /// Attributes of the dataset, in order.
    pub attributes: Map,
    /// Bytes that a process for all realizations holds, apart from what it fills.
    pub state_bytes: u64,
    /// Nanoseconds per value on a current core, roughly: plans balance by it.
    pub cost: f64,
    /// True where the whole path is made at once: a shorter run is then no prefix of a longer one,
    /// and memory grows with length.
    pub whole_path: bool,
}

impl Facts {
    /// Facts of a model without attributes or state worth mentioning, about as costly as a normal
    /// draw.
    pub fn new(time: TimeAxis) -> Self {
        Facts { time, attributes: Map::new(), state_bytes: 0, cost: 2.5, whole_path: false }
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: impl Into<mts_hash::Value>) -> Self {
        self.attributes.insert(name, value);
        self
    }

    /// Sets the bytes that a process holds.
    #[must_use]
    pub fn state_bytes(mut self, bytes: usize) -> Self {
        self.state_bytes = bytes as u64;
        self
    }

    /// Sets the nanoseconds per value.
    #[must_use]
    pub fn cost(mut self, nanoseconds: f64) -> Self {
        self.cost = nanoseconds;
        self
    }
}
