//! What a model is.

use std::ops::Range;
use std::sync::Arc;

use mts_hash::Map;
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Channels, Held, Holds, Label, Law, Problems, Saved, Shape, State, StateError, TimeAxis, Truth};

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

    /// How many channels it can have, and what they are called. [`new`](Self::new) sees no other number.
    const CHANNELS: Channels = Channels::Any;

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
    /// has its own stream. Started again from the same draws, it is the same process: a saved state is
    /// [restored](Process::restore) into such a one.
    fn start(&self, drawn: &Arc<Self::Drawn>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process>;

    /// The truth about what was drawn.
    fn truth(&self, drawn: &Self::Drawn) -> Truth;
}

/// A running model: produces its values in order, in pieces of any size.
///
/// A step is one slab: (channel × realization), the realization fastest.
///
/// What a process must remember from one step to the next can be saved between any two, and
/// restored into a process that was started anew: a random walk is its generator and its last slab.
///
/// ```
/// use mts_core::{Process, Saved, State, StateError};
/// use mts_rng::Rng;
///
/// struct Walk {
///     scale: f64,
///     last: Vec<f64>,
///     rng: Rng,
/// }
///
/// impl Process for Walk {
///     fn fill(&mut self, steps: &mut [f64]) {
///         for slab in steps.chunks_exact_mut(self.last.len()) {
///             self.rng.fill_standard_normal(slab);
///             slab.iter_mut().zip(&self.last).for_each(|(x, last)| *x = last + self.scale * *x);
///             self.last.copy_from_slice(slab);
///         }
///     }
///
///     fn save(&self, state: &mut State) {
///         state.f64s(&self.last);
///         state.rng(&self.rng);
///     }
///
///     fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
///         saved.f64s(&mut self.last)?;
///         saved.rng(&mut self.rng)
///     }
/// }
///
/// let start = || Walk { scale: 0.1, last: vec![0.0; 2], rng: Rng::from_seed(1_u64) };
/// let (mut walk, mut begin, mut rest) = (start(), [0.0; 10], [0.0; 4]);
/// walk.fill(&mut begin);
/// let mut state = State::default();
/// walk.save(&mut state);
/// walk.fill(&mut rest);
///
/// let (mut again, bytes, mut same) = (start(), state.seal(), [0.0; 4]);
/// again.restore(&mut Saved::open(&bytes)?)?;
/// again.fill(&mut same);
/// assert_eq!(same, rest);
/// # Ok::<(), StateError>(())
/// ```
pub trait Process: Send {
    /// Fills whole slabs with the next steps. Cannot fail; allocates nothing; the values do not
    /// depend on how many steps are asked for at once.
    fn fill(&mut self, steps: &mut [f64]);

    /// Adds all that [`fill`](Self::fill) changes and later steps depend on: generators, the last
    /// values, counters. Not what [`draw`](Model::draw) and [`start`](Model::start) make again
    /// (parameters, graphs, coefficients), nor room to work in. May be called between any two fills,
    /// and before the first.
    fn save(&self, state: &mut State);

    /// Takes back what [`save`](Self::save) added, in its order, so that the next `fill` goes on where
    /// the saved process stood. Called on a process that was just started from the same draws; after
    /// an error it is not used any more.
    ///
    /// # Errors
    ///
    /// Where the state is another process's. Everything that a later `fill` relies on, such as an
    /// index into a buffer, must be checked here: see [`Saved::index`].
    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError>;

    /// Adds what [`start`](Model::start) drew or was given, such as the initial state. Called once,
    /// before the first `fill`.
    fn truth(&self, _truth: &mut Truth) {}

    /// Hands over what happened, where the model [tells](Facts::labelled): after each `fill`, all labels
    /// whose last step it made, in any order. What has begun and not ended is part of what is
    /// [saved](Self::save); the last step of the shape ends everything.
    fn labels(&mut self, _labels: &mut Vec<Label>) {}

    /// Holds channels at values in the next step alone, where the model can be
    /// [intervened in](Facts::interventions): the step is made as without, with the same draws, except that
    /// these channels are what they are told to be, and all that depends on them sees that. Called right
    /// before the `fill` that makes the step; no state is saved between.
    fn hold(&mut self, _held: &[Held]) {}
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
    /// Nanoseconds that drawing takes, roughly, where that is worth mentioning.
    pub draw_cost: f64,
    /// Steps that a process makes before the first one and nobody sees.
    pub unseen: u64,
    /// True where the whole path is made at once: a shorter run is then no prefix of a longer one,
    /// and memory grows with length.
    pub whole_path: bool,
    /// The law that values have or tend to, where it follows from the configuration: one for all channels,
    /// or one for each.
    pub laws: Vec<Law>,
    /// True where values are angles in radians.
    pub angles: bool,
    /// True where a process says what [happens](Process::labels) along time.
    pub labelled: bool,
    /// What channels can be [held](Process::hold) at.
    pub interventions: Holds,
}

impl Facts {
    /// Facts of a model without attributes or state worth mentioning, about as costly as a normal
    /// draw.
    pub fn new(time: TimeAxis) -> Self {
        Facts {
            time,
            attributes: Map::new(),
            state_bytes: 0,
            cost: 2.5,
            draw_cost: 0.0,
            unseen: 0,
            whole_path: false,
            laws: Vec::new(),
            angles: false,
            labelled: false,
            interventions: Holds::Nothing,
        }
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

    /// Sets the law of values of all channels, where there is one.
    #[must_use]
    pub fn law(mut self, law: Option<Law>) -> Self {
        self.laws = law.into_iter().collect();
        self
    }

    /// Sets the law of values of each channel, where all of them have one. That all channels have in common is
    /// kept once.
    #[must_use]
    pub fn laws(mut self, laws: impl Iterator<Item = Option<Law>> + Clone) -> Self {
        let mut others = laws.clone();
        let first = others.next().flatten();
        self.laws = if others.all(|law| law == first) {
            first.into_iter().collect()
        } else {
            laws.collect::<Option<_>>().unwrap_or_default()
        };
        self
    }

    /// Sets the nanoseconds of drawing.
    #[must_use]
    pub fn draw_cost(mut self, nanoseconds: f64) -> Self {
        self.draw_cost = nanoseconds;
        self
    }

    /// Sets the steps that nobody sees.
    #[must_use]
    pub fn unseen(mut self, steps: usize) -> Self {
        self.unseen = steps as u64;
        self
    }

    /// Says that values are angles.
    #[must_use]
    pub fn angles(mut self) -> Self {
        self.angles = true;
        self
    }

    /// Says that a process makes its whole path at once. Each value is then counted with its 8 bytes.
    #[must_use]
    pub fn whole_path(mut self) -> Self {
        self.whole_path = true;
        self
    }

    /// Says that processes tell what happens along time.
    #[must_use]
    pub fn labelled(mut self) -> Self {
        self.labelled = true;
        self
    }

    /// Says that channels can be held, at any value.
    #[must_use]
    pub fn interventions(mut self) -> Self {
        self.interventions = Holds::Anything;
        self
    }

    /// Says that channels can be held, at some values.
    #[must_use]
    pub fn interventions_among(mut self, values: &'static [f64]) -> Self {
        self.interventions = Holds::Among(values);
        self
    }

    /// Sets the nanoseconds per value.
    #[must_use]
    pub fn cost(mut self, nanoseconds: f64) -> Self {
        self.cost = nanoseconds;
        self
    }
}
