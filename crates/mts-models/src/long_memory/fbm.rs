//! Fractional Brownian motion.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("fbm").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "H": 0.3, "dt": 0.1 }), Shape::new(2, 100, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[2..5], [-0.7721739968578242, 0.2597296500753048, -1.3609469837981]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Array, Facts, Model, Numbers, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fgn::{self, Circles};
use crate::circulant::Circulant;
use crate::each::{each, repeated};
use crate::path::Path;

/// Fractional Brownian motion: a random walk that persists or turns back, alike at all scales of time.
///
/// X_t = X0 + σ B_H(t), where B_H is normal with mean 0 and covariance (t²ᴴ + s²ᴴ - |t - s|²ᴴ) / 2: its variance
/// grows like t²ᴴ, and x(ct) has the law of cᴴ x(t). At H = 1/2 it is Brownian motion; above, steps go on in their
/// direction; below, they turn back, and the path is rougher.
///
/// The first value is X0; increments of a step are fractional Gaussian noise of standard deviation σ dtᴴ, as model
/// `fgn` makes it: exact in law, the whole path at once, so that a shorter run is no prefix of a longer one. Draws:
/// those of `fgn` with a step less. At most 2²⁶ steps.
///
/// Reference: B. B. Mandelbrot, J. W. Van Ness (1968), doi:10.1137/1010093.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Hurst exponent, strictly between 0 and 1: one number, or one per channel.
    #[serde(rename = "H")]
    pub hurst: Numbers,
    /// Standard deviation σ at 1 s, at least 0: one number, or one per channel.
    pub sigma: Numbers,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Where it starts: one number, or one per channel.
    #[serde(rename = "X0")]
    pub initial: Numbers,
}

impl Default for Params {
    fn default() -> Self {
        Params { hurst: 0.7.into(), sigma: 1.0.into(), dt: 1.0, initial: 0.0.into() }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Fbm {
    hurst: Vec<f64>,
    sigma: Vec<f64>,
    dt: f64,
    initial: Vec<f64>,
    shape: Shape,
}

impl Model for Fbm {
    const NAME: &'static str = "fbm";
    const FAMILY: &'static str = "long_memory";
    const SHAPE: Shape = Shape::of(5, 1000, 1);
    type Params = Params;
    type Drawn = Circles;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let hurst = fgn::hurst(&params.hurst, shape, problems);
        let sigma = fgn::scale(&params.sigma, shape, problems);
        let initial = each("X0", &params.initial, shape.channels(), problems);
        problems.positive("dt", params.dt);
        fgn::within_reach(shape, problems);
        let (hurst, sigma, initial) = (hurst?, sigma?, initial?);
        problems.is_empty().then_some(Fbm { hurst, sigma, dt: params.dt, initial, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .attribute("H", Array::from(self.hurst.clone()))
            .attribute("sigma", Array::from(self.sigma.clone()))
            .whole_path()
            .state_bytes(Circles::bytes(&self.hurst, self.increments()))
            .cost(Circulant::cost(Circulant::points(self.increments()), self.shape.steps()))
    }

    fn draw(&self, _rng: &mut Rng) -> Circles {
        Circles::new(&self.hurst, self.increments())
    }

    fn start(&self, drawn: &Arc<Circles>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let steps = self.shape.steps();
        let scale = self.hurst.iter().zip(&self.sigma).map(|(h, sigma)| sigma * math::pow(self.dt, *h));
        let scale = repeated(&scale.collect::<Vec<_>>(), realizations.len());
        let initial = repeated(&self.initial, realizations.len());
        let mut lanes = Vec::with_capacity(scale.len() * steps);
        drawn.each(realizations.len(), self.increments(), &mut rng, |lane, noise| {
            let mut x = initial[lane];
            lanes.push(x);
            lanes.extend(noise[..steps - 1].iter().map(|z| {
                x += scale[lane] * z;
                x
            }));
        });
        Box::new(Path::new(lanes, steps))
    }

    fn truth(&self, _drawn: &Circles) -> Truth {
        let mut truth = Truth::default();
        truth.array("H", &[self.hurst.len()], self.hurst.clone());
        truth
    }
}

impl Fbm {
    /// Increments of a path; one where there are none, for a circle.
    fn increments(&self) -> usize {
        (self.shape.steps() - 1).max(1)
    }
}
