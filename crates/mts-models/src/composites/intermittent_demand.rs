//! Intermittent demand.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("intermittent_demand").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "interval": 3 }), Shape::new(2, 24, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[15..18], [4.0, 0.0, 5.0]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth};
use mts_rng::laws::{Law, Lognormal, NegativeBinomial, Poisson};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::each::each;

/// Intermittent demand: spare parts that nobody asks for most of the time.
///
/// A step has demand with probability 1 / p, independent of all others, so that intervals between demands
/// are geometric with mean p; its size is independent, with mean μ and variance v. Values have the mean μ / p, the
/// variance (v + μ²) / p - (μ / p)², and the share 1 - 1 / p of zeros. Sizes are `poisson`, 1 and a Poisson
/// number with mean μ - 1 (v = μ - 1); `negative_binomial`, 1 and a negative binomial number with
/// mean μ - 1 (v = (μ - 1) (1 + (μ - 1) d)); or `lognormal` with v = d μ². Draws, for each
/// value in order: a uniform, and where there is demand its size.
///
/// Reference: J. D. Croston (1972), doi:10.1057/jors.1972.50.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Mean interval p between demands in steps, at least 1: one number, or one per channel.
    pub interval: Numbers,
    /// Mean size μ of a demand, above 0, for counts at least 1: one number, or one per channel.
    pub size: Numbers,
    /// Law of sizes.
    pub law: SizeLaw,
    /// Dispersion d of sizes that are not `poisson`, above 0: one number, or one per channel.
    pub dispersion: Numbers,
}

/// The law of sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SizeLaw {
    /// 1 and a Poisson number.
    Poisson,
    /// 1 and a negative binomial number.
    NegativeBinomial,
    /// Lognormal, no integer.
    Lognormal,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            interval: 4.0.into(),
            size: 5.0.into(),
            law: SizeLaw::NegativeBinomial,
            dispersion: 0.5.into(),
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct IntermittentDemand {
    channels: Arc<Vec<Channel>>,
    interval: Vec<f64>,
    size: Vec<f64>,
    law: SizeLaw,
    dispersion: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Channel {
    probability: f64,
    size: Size,
}

#[derive(Clone, Copy, Debug)]
enum Size {
    One,
    Poisson(Poisson),
    NegativeBinomial(NegativeBinomial),
    Lognormal(Lognormal),
}

/// Means, at most: counts are exact.
const LARGEST: f64 = 1e12;

/// Dispersions lie between the reciprocal of this and this.
const MAX_DISPERSION: f64 = 1e3;

impl Model for IntermittentDemand {
    const NAME: &'static str = "intermittent_demand";
    const FAMILY: &'static str = "composites";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let law = params.law;
        let interval = each("interval", &params.interval, shape.channels(), problems);
        let size = each("size", &params.size, shape.channels(), problems);
        let dispersion = each("dispersion", &params.dispersion, shape.channels(), problems);
        let (interval, size, dispersion) = (interval?, size?, dispersion?);
        let least = if law == SizeLaw::Lognormal { 1.0 / LARGEST } else { 1.0 };
        let limits = [
            ("interval", &interval, 1.0, LARGEST),
            ("size", &size, least, LARGEST),
            ("dispersion", &dispersion, 1.0 / MAX_DISPERSION, MAX_DISPERSION),
        ];
        for (name, numbers, low, high) in limits {
            if let Some(bad) = numbers.iter().find(|x| !(low..=high).contains(*x)) {
                problems.within(name, *bad, low, high);
            }
        }
        if !problems.is_empty() {
            return None;
        }
        let channel = |((interval, size), dispersion): ((&f64, &f64), &f64)| Channel {
            probability: 1.0 / interval,
            size: Size::new(law, *size, *dispersion),
        };
        let channels = Arc::new(interval.iter().zip(&size).zip(&dispersion).map(channel).collect());
        Some(IntermittentDemand { channels, interval, size, law, dispersion })
    }

    fn facts(&self) -> Facts {
        let share = self.channels.iter().fold(0.0, |sum, channel| sum + channel.probability);
        let size = if self.law == SizeLaw::Lognormal { 12.0 } else { 44.0 };
        Facts::new(TimeAxis::Steps)
            .state_bytes(80 * self.channels.len())
            .cost(3.0 + size * share / self.channels.len() as f64)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        Box::new(Demand { channels: self.channels.clone(), realizations: realizations.len(), rng })
    }

    fn truth(&self, _: &()) -> Truth {
        let mut truth = Truth::default();
        let each = [("interval", &self.interval), ("size", &self.size), ("dispersion", &self.dispersion)];
        for (name, numbers) in each {
            if name != "dispersion" || self.law != SizeLaw::Poisson {
                truth.array(name, &[numbers.len()], numbers.clone());
            }
        }
        let means = self.size.iter().zip(&self.interval).map(|(size, interval)| size / interval);
        truth.array("mean", &[self.size.len()], means.collect());
        let zeros = self.interval.iter().map(|interval| 1.0 - 1.0 / interval);
        truth.array("zero_share", &[self.size.len()], zeros.collect());
        truth
    }
}

impl Size {
    /// Of parameters that were checked.
    fn new(law: SizeLaw, mean: f64, dispersion: f64) -> Self {
        let known = "parameters within their limits";
        match law {
            SizeLaw::Lognormal => {
                let variance = math::ln_1p(dispersion);
                let law = Lognormal::new(math::ln(mean) - 0.5 * variance, variance.sqrt());
                Size::Lognormal(law.expect(known))
            }
            _ if mean == 1.0 => Size::One,
            SizeLaw::Poisson => Size::Poisson(Poisson::new(mean - 1.0).expect(known)),
            SizeLaw::NegativeBinomial => {
                let probability = 1.0 / (1.0 + (mean - 1.0) * dispersion);
                Size::NegativeBinomial(NegativeBinomial::new(1.0 / dispersion, probability).expect(known))
            }
        }
    }

    fn draw(&self, rng: &mut Rng) -> f64 {
        match self {
            Size::One => 1.0,
            Size::Poisson(law) => 1.0 + law.sample(rng) as f64,
            Size::NegativeBinomial(law) => 1.0 + law.sample(rng) as f64,
            Size::Lognormal(law) => law.sample(rng),
        }
    }
}

struct Demand {
    channels: Arc<Vec<Channel>>,
    realizations: usize,
    rng: Rng,
}

impl Process for Demand {
    fn fill(&mut self, steps: &mut [f64]) {
        for slab in steps.chunks_exact_mut(self.channels.len() * self.realizations) {
            for (channel, row) in self.channels.iter().zip(slab.chunks_exact_mut(self.realizations)) {
                for value in row {
                    let demand = self.rng.random() < channel.probability;
                    *value = if demand { channel.size.draw(&mut self.rng) } else { 0.0 };
                }
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
