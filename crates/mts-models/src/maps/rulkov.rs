//! Rulkov's bursting map.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("rulkov").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [-1.0377576466970089, -3.248756406829145, -1.0404466957631469]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Channels, Facts, Model, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::iterate::{Iterated, Map};
use crate::initial::Origin;

/// Rulkov's map of a neuron: silence, spikes or bursts of spikes, for the price of a few operations per step.
///
/// x' = f(x, y), y' = y - μ (x + 1 - σ), where f is α / (1 - x) + y for x ≤ 0, α + y for 0 < x < α + y, and -1
/// above: the fast x spikes, the slow y starts and stops it. The first value is the initial state, after the
/// transient. The neuron rests at x = σ - 1 for σ below 2 - √(α / (1 - μ)). Above, it spikes one by one (α = 4,
/// σ = 0.01), in bursts (α = 6, σ = -0.1), or in irregular groups (the defaults).
///
/// Draws: where `x0` is not given, a number per neuron and realization, uniform on [-2, 0), where x starts; y
/// starts where x would rest if it were slow, at σ - 1 - α / (2 - σ).
///
/// Channels: x of each neuron, then y of each; without unit. Neurons are not coupled.
///
/// Reference: N. F. Rulkov (2002), doi:10.1103/PhysRevE.65.041922.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Height of spikes α, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub alpha: f64,
    /// Excitation σ, below 2.
    #[schemars(extend("exclusiveMaximum" = 2.0))]
    pub sigma: f64,
    /// Speed of the slow variable μ, strictly between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub mu: f64,
    /// Steps that are made and thrown away before the first one.
    pub transient: u32,
    /// Where the transient starts: one number per channel, or a matrix of one column per realization. Drawn where
    /// not given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params { alpha: 4.5, sigma: 0.14, mu: 0.001, transient: 2000, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Rulkov {
    params: Params,
    origin: Origin,
    shape: Shape,
}

impl Model for Rulkov {
    const NAME: &'static str = "rulkov";
    const FAMILY: &'static str = "maps";
    const CHANNELS: Channels = Channels::PerNode(&["x", "y"]);
    const SHAPE: Shape = Shape::of(2, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("alpha", params.alpha);
        problems.finite("sigma", params.sigma);
        problems.require("sigma", params.sigma < 2.0, "be below 2", params.sigma);
        problems.between("mu", params.mu, 0.0, 1.0);
        let origin = Origin::new(params.x0.as_ref(), shape, problems)?;
        problems.is_empty().then_some(Rulkov { params, origin, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps)
            .state_bytes(24 * self.shape.slab())
            .unseen(self.params.transient as usize)
            .cost(1.0 + 8.0 / self.shape.slab() as f64)
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let Params { alpha, sigma, mu, transient, .. } = self.params;
        let half = self.shape.channels() / 2 * realizations.len();
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![sigma - 1.0 - alpha / (2.0 - sigma); 2 * half];
            rng.fill_uniform(-2.0, 0.0, &mut x[..half]);
            x
        });
        Box::new(Iterated::new(Neurons { alpha, sigma, mu }, x, transient, columns))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        let Params { alpha, sigma, mu, .. } = self.params;
        for (name, value) in [("alpha", alpha), ("sigma", sigma), ("mu", mu)] {
            truth.scalar(name, value);
        }
        truth
    }
}

struct Neurons {
    alpha: f64,
    sigma: f64,
    mu: f64,
}

impl Map for Neurons {
    #[inline(always)]
    fn step(&mut self, x: &mut [f64]) {
        let (x, y) = x.split_at_mut(x.len() / 2);
        for (x, y) in x.iter_mut().zip(y) {
            // Choices without branches: all neurons spike at times of their own.
            let rise = self.alpha / (1.0 - x.min(0.0)) + *y;
            let top = if *x < self.alpha + *y { self.alpha + *y } else { -1.0 };
            let next = if *x <= 0.0 { rise } else { top };
            *y -= self.mu * (*x + 1.0 - self.sigma);
            *x = next;
        }
    }
}
