//! The logistic map.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("logistic").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.5117979814508562, 0.9495627689332834, 0.14487129349419448]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Numbers, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::iterate::{Iterated, Map};
use crate::initial::{Initial, Origin, Reading};

/// The logistic map: the simplest equation with chaos, and with every cycle on the way to it.
///
/// x' = r x (1 - x). The first value is the initial state, after the transient. Each channel is a map of its own.
/// Below r = 1 values go to 0, below 3 to 1 - 1/r; cycles double their period up to r = 3.5699, and chaos with
/// windows of cycles follows. At r = 4 the Lyapunov exponent is ln 2 and the law of values is the arcsine law,
/// density 1 / (π √(x (1 - x))).
///
/// There are finitely many doubles, so that each computed orbit ends in a cycle: at r = 4, of 300 drawn orbits, 209 in
/// one of 5 638 349 steps, 50 at 0, the others in four between 2 441 806 and 14 632 801; half of them within
/// 4.6·10⁷ steps. Chaos doubles a difference in the last bit about every step: nothing but the same engine reproduces
/// long runs.
///
/// Draws: where `x0` is not given, a number per channel and realization, uniform on [0.001, 0.999).
///
/// Reference: R. M. May (1976), doi:10.1038/261459a0.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Growth r, from 0 to 4: one number, or one per channel.
    pub r: Numbers,
    /// Steps that are made and thrown away before the first one.
    pub transient: u32,
    /// Where the transient starts, strictly between 0 and 1: one number per channel, or a matrix of one column per
    /// realization. Drawn where not given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params { r: 3.9.into(), transient: 0, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Logistic {
    growth: Initial,
    r: Vec<f64>,
    transient: u32,
    origin: Origin,
    shape: Shape,
}

impl Model for Logistic {
    const NAME: &'static str = "logistic";
    const FAMILY: &'static str = "maps";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let r = params.r.data();
        if let Some(outside) = r.iter().find(|r| !(0.0..=4.0).contains(*r)) {
            problems.within("r", *outside, 0.0, 4.0);
        }
        let readings = [Reading::One, Reading::Channels];
        let growth = Initial::new("r", (params.r.shape(), r), &readings, shape, problems);
        let x0 = params.x0.iter().flat_map(|x0| x0.data());
        if let Some(outside) = x0.into_iter().find(|x| !(**x > 0.0 && **x < 1.0)) {
            problems.between("x0", *outside, 0.0, 1.0);
        }
        let origin = Origin::new(params.x0.as_ref(), shape, problems);
        let (growth, origin) = (growth?, origin?);
        let (r, transient) = (r.to_vec(), params.transient);
        problems.is_empty().then_some(Logistic { growth, r, transient, origin, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps)
            .state_bytes(24 * self.shape.slab())
            .unseen(self.transient as usize)
            .cost(0.6 + 8.0 / self.shape.slab() as f64)
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let growth = self.growth.columns(realizations.clone());
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![0.0; growth.len()];
            rng.fill_uniform(0.001, 0.999, &mut x);
            x
        });
        Box::new(Iterated::new(Parabolas { growth }, x, self.transient, columns))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        truth.array("r", &[self.r.len()], self.r.clone());
        truth
    }
}

struct Parabolas {
    /// One per value of a slab.
    growth: Vec<f64>,
}

impl Map for Parabolas {
    #[inline(always)]
    fn step(&mut self, x: &mut [f64]) {
        for (x, r) in x.iter_mut().zip(&self.growth) {
            *x = r * *x * (1.0 - *x);
        }
    }
}
