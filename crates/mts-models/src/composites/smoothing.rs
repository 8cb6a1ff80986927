//! One step of exponential smoothing, the other way round: from errors to values.

use mts_rng::{math, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How errors come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Error {
    /// Added to the mean.
    Additive,
    /// A factor of the mean.
    Multiplicative,
}

/// How trends and seasons come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Component {
    /// There is none.
    None,
    /// Added.
    Additive,
    /// A factor.
    Multiplicative,
}

/// What is smoothed, and how fast.
#[derive(Clone, Copy, Debug)]
pub(super) struct Smoothing {
    pub error: Error,
    pub trend: Component,
    pub season: Component,
    pub alpha: f64,
    pub beta: f64,
    pub gamma: f64,
    pub phi: f64,
}

/// Turns the errors of one step into its values: with multiplicative errors, the factors 1 + ε.
pub(super) struct Advance<'a> {
    pub smoothing: Smoothing,
    pub level: &'a mut [f64],
    /// As long as `level`, whether there is a trend or not.
    pub growth: &'a mut [f64],
    /// One period ago; as long as `level`.
    pub season: &'a mut [f64],
    pub slab: &'a mut [f64],
}

impl simd::Kernel for Advance<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Smoothing { error, trend, season: seasonal, alpha, beta, gamma, phi } = self.smoothing;
        let states = self.level.iter_mut().zip(self.growth).zip(self.season);
        for (value, ((level, growth), season)) in self.slab.iter_mut().zip(states) {
            let (slope, base) = match trend {
                Component::None => (0.0, *level),
                Component::Additive => (phi * *growth, *level + phi * *growth),
                Component::Multiplicative => {
                    let factor = if phi == 1.0 { *growth } else { math::pow(*growth, phi) };
                    (factor, *level * factor)
                }
            };
            let mean = match seasonal {
                Component::None => base,
                Component::Additive => base + *season,
                Component::Multiplicative => base * *season,
            };
            // The error as it reaches the level, and the relative one.
            let (shock, relative) = match error {
                Error::Additive => {
                    let shock = *value;
                    *value = mean + shock;
                    (shock, 0.0)
                }
                Error::Multiplicative => {
                    let relative = *value - 1.0;
                    *value *= mean;
                    (relative * if seasonal == Component::Additive { mean } else { base }, relative)
                }
            };
            *level = base + alpha * shock;
            match trend {
                Component::None => {}
                Component::Additive => *growth = slope + beta * shock,
                Component::Multiplicative => *growth = slope * (1.0 + beta * relative),
            }
            match seasonal {
                Component::None => {}
                Component::Additive => *season += gamma * shock,
                Component::Multiplicative => *season *= 1.0 + gamma * relative,
            }
        }
    }
}
