//! The Poisson process.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("poisson").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "rate": 3.0, "dt": 0.5 }), Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [3.0, 2.0, 3.0]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Array, Facts, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth,
};
use mts_rng::Rng;
use mts_rng::laws::Poisson;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counts;
use crate::each::each_non_negative;

/// Poisson processes, counted in bins: events that know nothing of each other, at a constant rate.
///
/// Each channel has events at rate λ per second, independent of other channels. The value of a step is the
/// number of events in its dt seconds: Poisson with mean and variance λ dt, exactly, independent of all
/// others. The waiting time between events is exponential with mean 1 / λ. One count per value, in the order
/// of the values: for means below 10 one uniform more than the count, above about 1.3 pairs of
/// uniforms. λ dt is at most 10¹⁵, so that counts are exact.
///
/// Channels: events per bin.
///
/// Reference: J. F. C. Kingman (1993), Poisson Processes, Oxford University Press.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Rate λ, events per second, at least 0: one number, or one per channel.
    pub rate: Numbers,
    /// Seconds per bin, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { rate: 1.0.into(), dt: 1.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct PoissonProcess {
    /// Of each channel.
    rate: Vec<f64>,
    dt: f64,
}

impl Model for PoissonProcess {
    const NAME: &'static str = "poisson";
    const FAMILY: &'static str = "points";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("dt", params.dt);
        let rate = each_non_negative("rate", &params.rate, shape.channels(), problems)?;
        if let Some(bad) = rate.iter().map(|rate| rate * params.dt).find(|mean| *mean > counts::LARGEST) {
            problems
                .add("rate", format_args!("times dt must be at most {:e}, found {bad:e}", counts::LARGEST));
        }
        problems.is_empty().then_some(PoissonProcess { rate, dt: params.dt })
    }

    fn facts(&self) -> Facts {
        let cost = self.rate.iter().fold(0.0, |sum, rate| sum + counts::cost(rate * self.dt));
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .attribute("rate", Array::from(self.rate.clone()))
            .state_bytes(64 * self.rate.len())
            .cost(cost / self.rate.len() as f64)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let mean = |rate: &f64| counts::law(rate * self.dt);
        let all_equal = self.rate.iter().all(|rate| *rate == self.rate[0]);
        let laws = if all_equal { vec![mean(&self.rate[0])] } else { self.rate.iter().map(mean).collect() };
        Box::new(Counting { laws, realizations: realizations.len(), rng })
    }

    fn truth(&self, _: &()) -> Truth {
        let mut truth = Truth::default();
        truth.array("rate", &[self.rate.len()], self.rate.clone());
        truth
    }
}

struct Counting {
    /// One for all channels, or one for each.
    laws: Vec<Poisson>,
    realizations: usize,
    rng: Rng,
}

impl Process for Counting {
    fn fill(&mut self, steps: &mut [f64]) {
        if let [law] = &self.laws[..] {
            counts::fill(law, &mut self.rng, steps);
            return;
        }
        for slab in steps.chunks_exact_mut(self.laws.len() * self.realizations) {
            for (law, row) in self.laws.iter().zip(slab.chunks_exact_mut(self.realizations)) {
                counts::fill(law, &mut self.rng, row);
            }
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)
    }
}
