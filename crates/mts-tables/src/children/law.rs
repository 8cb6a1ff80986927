//! The laws of counts.

use mts_rng::Rng;
use mts_rng::laws::{Geometric, Law, Poisson};

use super::zipf::ShiftedZipf;
use super::{Infeasible, moments};

/// How the counts of children vary from parent to parent.
///
/// The totals of a relationship are given, so a law says what the counts look like beside their mean: parameters
/// that only move the mean give way to the totals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum CountLaw {
    /// Each child chooses its parent, as far as the bounds allow: `min` and a Poisson count beyond it, or with a
    /// `max` a binomial one of `max - min` trials, given their sum.
    #[default]
    Fit,
    /// As equal as the totals allow: they differ by one at most.
    Fixed,
    /// Uniform between the bounds; without a `max`, up to twice the mean.
    Uniform,
    /// Poisson, with what is beyond the bounds at them.
    Poisson {
        /// Its own mean, which gives way to that of the totals.
        lambda: f64,
    },
    /// Beyond `min`, each one more with the same probability: `p·(1-p)^k`.
    Geometric {
        /// Its own probability of no more, which gives way to that of the totals.
        p: f64,
    },
    /// Beyond `min`, many with few and few with many: the probability of k more falls as `(k + shift)^-exponent`,
    /// where a shift of 1, and a largest k or a larger shift, belong to the mean.
    Zipf {
        /// How steeply, above 0.
        exponent: f64,
    },
}

impl CountLaw {
    pub(super) fn check(self) -> Result<(), Infeasible> {
        let (name, value, rule, holds) = match self {
            CountLaw::Fit | CountLaw::Fixed | CountLaw::Uniform => return Ok(()),
            CountLaw::Poisson { lambda } => {
                ("lambda", lambda, "a finite number, at least 0", lambda >= 0.0 && lambda.is_finite())
            }
            CountLaw::Geometric { p } => ("p", p, "a probability above 0", p > 0.0 && p <= 1.0),
            CountLaw::Zipf { exponent } => {
                ("exponent", exponent, "above 0 and at most 100", exponent > 0.0 && exponent <= 100.0)
            }
        };
        if holds { Ok(()) } else { Err(Infeasible::Parameter { name, value, rule }) }
    }
}

/// Counts beyond the least, as they are drawn before they are made to meet a total.
#[derive(Clone, Debug)]
pub(super) enum Draws {
    /// 0.
    None,
    /// Uniform up to this.
    Uniform(u64),
    /// A Poisson count less this.
    Poisson(Poisson, u64),
    Geometric(Geometric),
    Zipf(ShiftedZipf),
}

/// Mean and variance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) mean: f64,
    pub(super) variance: f64,
}

impl Draws {
    /// Draws of a law, and their moments, whose mean is near `mean` where the law can have it.
    pub(super) fn new(law: CountLaw, mean: f64, min: u64, cap: Option<u64>) -> (Self, Moments) {
        let none = (Draws::None, Moments { mean: 0.0, variance: 0.0 });
        match law {
            CountLaw::Fit | CountLaw::Fixed => none,
            // Balls thrown at boxes have this law.
            CountLaw::Poisson { .. } if min == 0 && cap.is_none() => none,
            CountLaw::Uniform => {
                let last = cap.unwrap_or(u64::MAX).min((2.0 * mean).ceil() as u64);
                let size = last as f64;
                (Draws::Uniform(last), Moments { mean: size / 2.0, variance: size * (size + 2.0) / 12.0 })
            }
            CountLaw::Poisson { .. } => {
                let lambda = moments::poisson_of_mean(mean, min, cap);
                let law = Poisson::new(lambda).expect("a mean of counts");
                (Draws::Poisson(law, min), moments::poisson(lambda, min, cap))
            }
            CountLaw::Geometric { .. } => {
                let p = moments::geometric_of_mean(mean, cap);
                let law = Geometric::new(p).expect("a probability above 0");
                (Draws::Geometric(law), moments::geometric(p, cap))
            }
            CountLaw::Zipf { exponent } => {
                let law = ShiftedZipf::of_mean(exponent, mean, cap.unwrap_or(u64::MAX));
                (Draws::Zipf(law), law.moments())
            }
        }
    }

    /// A draw, at most `cap`.
    pub(super) fn sample(&self, rng: &mut Rng, cap: u64) -> u64 {
        let count = match self {
            Draws::None => 0,
            Draws::Uniform(last) => rng.bounded(*last),
            Draws::Poisson(law, min) => law.sample(rng).saturating_sub(*min),
            Draws::Geometric(law) => law.sample(rng) - 1,
            Draws::Zipf(law) => law.sample(rng),
        };
        count.min(cap)
    }
}
