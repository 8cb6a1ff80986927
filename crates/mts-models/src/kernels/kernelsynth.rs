//! Gaussian processes with kernels that are drawn from a bank and combined.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("kernelsynth").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), Shape::new(2, 100, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [-2.5865726785864833, 3.9981007075464863, -2.4455423104280207]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Shape, TimeAxis, Truth, Value};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kernel::{Kernel, Linear, Periodic, RationalQuadratic, Rbf, White};
use super::sampler::Sampler;
use crate::path::Path;

/// KernelSynth: Gaussian processes whose kernels are drawn from a bank and combined by + and ×, to train
/// forecasters on.
///
/// Each channel has a kernel of its own: 1 to `max_kernels` of the bank, with replacement, combined one
/// after the other by + or × with equal chances: ((a ∘ b) ∘ c) ∘ … Its realizations are independent paths of it.
/// The bank has 33 entries: `periodic` of ℓ = 1 and 24, 48, 96, 168, 336, 672, 7, 14, 30, 60, 365, 730, 4, 26, 52, 4, 6, 12,
/// 4, 40 or 10 steps; `linear` of offset 0, 1 or 100 and slopes of standard deviation 1 per T steps; `rbf` of
/// ℓ = T/10, T or 10 T; `rational_quadratic` of ℓ = T and α = 0.1, 1 or 10; `white` of variance 0.1 or 1; `constant`. In
/// the original, T is 1024 and times run from 0 to 1 at the last step, here to 1 - 1/T.
///
/// Paths are made as those of model `gp`, in O(T log T) and not by factoring T × T numbers. The whole path is made at
/// once, so that a shorter run is no prefix of a longer one. Draws, shared by all realizations: per channel the
/// number of kernels, then their numbers in the bank, then operators. Then those of `gp`, channel by channel. At
/// most 2¹⁸ steps.
///
/// Reference: A. F. Ansari et al. (2024), Chronos: Learning the Language of Time Series, arXiv:2403.07815.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Kernels of a channel, at most, in 1..=5.
    #[schemars(range(min = 1, max = 5))]
    pub max_kernels: u32,
}

impl Default for Params {
    fn default() -> Self {
        Params { max_kernels: 5 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct KernelSynth {
    max_kernels: u32,
    shape: Shape,
}

/// Factors of few dimensions take some hundred megabytes.
const MAX_STEPS: usize = 1 << 18;

/// Periods of the bank, in steps.
const PERIODS: [f64; 21] = [
    24.0, 48.0, 96.0, 168.0, 336.0, 672.0, 7.0, 14.0, 30.0, 60.0, 365.0, 730.0, 4.0, 26.0, 52.0, 4.0, 6.0,
    12.0, 4.0, 40.0, 10.0,
];

/// Entries of the bank.
const BANK: u64 = 33;

impl Model for KernelSynth {
    const NAME: &'static str = "kernelsynth";
    const FAMILY: &'static str = "kernels";
    const SHAPE: Shape = Shape::of(5, 1024, 1);
    type Params = Params;
    type Drawn = Vec<Kernel>;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { max_kernels } = params;
        problems.require("max_kernels", (1..=5).contains(&max_kernels), "lie in 1..=5", max_kernels);
        let steps = shape.steps();
        problems.require("T", steps <= MAX_STEPS, "be at most 2^18: the whole path is made at once", steps);
        problems.is_empty().then_some(KernelSynth { max_kernels, shape })
    }

    fn facts(&self) -> Facts {
        let path = self.shape.steps() * self.shape.realizations();
        Facts::new(TimeAxis::Steps)
            .attribute("max_kernels", u64::from(self.max_kernels))
            .whole_path()
            .state_bytes(8 * path + 1000 * self.shape.steps())
            .cost(160.0 + 2500.0 / self.shape.realizations() as f64)
    }

    fn draw(&self, rng: &mut Rng) -> Vec<Kernel> {
        (0..self.shape.channels()).map(|_| composed(self.max_kernels, self.shape.steps(), rng)).collect()
    }

    fn start(&self, drawn: &Arc<Vec<Kernel>>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let steps = self.shape.steps();
        let mut lanes = vec![0.0; drawn.len() * realizations.len() * steps];
        for (kernel, lanes) in drawn.iter().zip(lanes.chunks_exact_mut(realizations.len() * steps)) {
            let sampler = Sampler::new(kernel, steps).expect("what the bank combines has a path");
            sampler.add(&mut rng, lanes);
        }
        Box::new(Path::new(lanes, steps))
    }

    fn truth(&self, drawn: &Vec<Kernel>) -> Truth {
        let mut truth = Truth::default();
        let kernels = drawn.iter().map(|kernel| Value::from(kernel.to_string())).collect();
        truth.scalar("kernels", Value::List(kernels));
        truth
    }
}

/// An entry of the bank.
fn entry(index: usize, steps: usize) -> Kernel {
    let length = steps as f64;
    let linear = |offset: f64| Kernel::Linear(Linear { offset, variance: 1.0 / (length * length) });
    let smooth = |length: f64| Kernel::Rbf(Rbf { length, variance: 1.0 });
    let mixed = |alpha: f64| Kernel::RationalQuadratic(RationalQuadratic { alpha, length, variance: 1.0 });
    match index {
        21 => linear(0.0),
        22 => linear(1.0),
        23 => linear(100.0),
        24 => smooth(0.1 * length),
        25 => smooth(length),
        26 => smooth(10.0 * length),
        27 => mixed(0.1),
        28 => mixed(1.0),
        29 => mixed(10.0),
        30 => Kernel::White(White { variance: 0.1 }),
        31 => Kernel::White(White { variance: 1.0 }),
        32 => Kernel::Constant(White { variance: 1.0 }),
        _ => Kernel::Periodic(Periodic { period: PERIODS[index], length: 1.0, variance: 1.0 }),
    }
}

/// A kernel of 1 to `most` entries.
fn composed(most: u32, steps: usize, rng: &mut Rng) -> Kernel {
    let count = 1 + rng.bounded(u64::from(most) - 1);
    let entries: Vec<Kernel> = (0..count).map(|_| entry(rng.bounded(BANK - 1) as usize, steps)).collect();
    let mut entries = entries.into_iter();
    let first = entries.next().expect("at least one kernel");
    entries.fold(first, |all, next| {
        let sum = rng.bounded(1) == 0;
        match (all, sum) {
            (Kernel::Sum(mut parts), true) => {
                parts.push(next);
                Kernel::Sum(parts)
            }
            (Kernel::Product(mut parts), false) => {
                parts.push(next);
                Kernel::Product(parts)
            }
            (all, true) => Kernel::Sum(vec![all, next]),
            (all, false) => Kernel::Product(vec![all, next]),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bank's products are the only ones that could have no path.
    #[test]
    fn whatever_the_bank_combines_has_a_path() {
        for steps in [1, 2, 3, 50, 1024] {
            for (a, b) in (0..33).flat_map(|a| (a.max(20)..33).map(move |b| (a, b))) {
                let product = Kernel::Product(vec![entry(a, steps), entry(b, steps)]);
                assert!(Sampler::new(&product, steps).is_ok(), "{product} of {steps} steps");
            }
        }
        // The widest: the least common periods, and slow decay five times.
        for product in [[10, 5, 14, 8, 19], [10, 5, 14, 8, 27], [27; 5], [28; 5], [29; 5], [25; 5]] {
            let product = Kernel::Product(product.map(|index| entry(index, 300)).to_vec());
            assert!(Sampler::new(&product, 300).is_ok(), "{product}");
        }
    }

    #[test]
    fn more_than_five_are_refused() {
        let mut problems = Problems::default();
        assert!(KernelSynth::new(Params { max_kernels: 6 }, Shape::of(1, 1, 1), &mut problems).is_none());
        assert_eq!(problems.to_string(), "parameter \"max_kernels\" must lie in 1..=5, found 6");
    }
}
