//! The laws of counts.

use mts_rng::Rng;
use mts_rng::laws::{Geometric, Law, Poisson};

use super::zipf::ShiftedZipf;
use super::{Infeasible, moments};

/// How the counts of children vary from parent to parent.
///
/// The totals of a relationship are given, so a law says what the counts look like beside their mean.
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
        /// Its own mean. Where it is given, the totals must be such as chance makes with it.
        lambda: Option<f64>,
    },
    /// Beyond `min`, each one more with the same probability: `p·(1-p)^k`.
    Geometric {
        /// Its own probability of no more. Where it is given, the totals must be such as chance makes with it.
        p: Option<f64>,
    },
    /// Beyond `min`, many with few and few with many: the probability of k more falls as `(k + 1)^-exponent`, up to
    /// `max` or to all there are. Where that has a larger mean than the totals, some have none beyond `min`, whatever
    /// the law says; where it has a smaller one, it falls as `(k + shift)^-exponent` with a larger shift.
    Zipf {
        /// How steeply, above 0.
        exponent: f64,
    },
}

impl CountLaw {
    pub(super) fn check(self) -> Result<(), Infeasible> {
        let (name, value, rule, holds) = match self {
            CountLaw::Fit
            | CountLaw::Fixed
            | CountLaw::Uniform
            | CountLaw::Poisson { lambda: None }
            | CountLaw::Geometric { p: None } => return Ok(()),
            CountLaw::Poisson { lambda: Some(lambda) } => {
                ("lambda", lambda, "a finite number, at least 0", lambda >= 0.0 && lambda.is_finite())
            }
            CountLaw::Geometric { p: Some(p) } => ("p", p, "a probability above 0", p > 0.0 && p <= 1.0),
            CountLaw::Zipf { exponent } => {
                ("exponent", exponent, "above 0 and at most 100", exponent > 0.0 && exponent <= 100.0)
            }
        };
        if holds { Ok(()) } else { Err(Infeasible::Parameter { name, value, rule }) }
    }

    /// Whether a parameter that moves the mean makes as many children as there are, but for chance.
    pub(super) fn agrees(
        self,
        parents: u64,
        children: u64,
        min: u64,
        cap: Option<u64>,
    ) -> Result<(), Infeasible> {
        let (name, value, Moments { mean, variance }) = match self {
            CountLaw::Poisson { lambda: Some(lambda) } => {
                ("lambda", lambda, moments::poisson(lambda, min, cap))
            }
            CountLaw::Geometric { p: Some(p) } => ("p", p, moments::geometric(p, cap)),
            _ => return Ok(()),
        };
        // Sums of series are so near to a law's own mean.
        let mean = min as f64 + mean;
        let mean = if (mean / value - 1.0).abs() < 1e-6 { value } else { mean };
        let total = mean * parents as f64;
        // Half a child, and what doubles cannot tell.
        let chance = ERRORS * (variance * parents as f64).sqrt() + 0.5 + 1e-9 * total;
        if (children as f64 - total).abs() <= chance {
            return Ok(());
        }
        Err(Infeasible::Disagrees { name, value, mean, parents, children })
    }
}

/// Standard errors that a total may lie from what a law makes.
const ERRORS: f64 = 5.0;

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
    /// With this probability, else 0.
    Zipf(ShiftedZipf, f64),
}

/// Mean and variance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) mean: f64,
    pub(super) variance: f64,
}

impl Draws {
    /// Draws of a law, and their moments, whose mean is near `mean` where the law can have it; there are `all` beyond
    /// the least of all parents.
    pub(super) fn new(law: CountLaw, mean: f64, min: u64, cap: Option<u64>, all: u64) -> (Self, Moments) {
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
                let (law, share) = ShiftedZipf::of_mean(exponent, mean, cap.unwrap_or(u64::MAX).min(all));
                let Moments { mean, variance } = law.moments();
                let drawn = share * mean;
                let variance = share * (variance + mean * mean) - drawn * drawn;
                (Draws::Zipf(law, share), Moments { mean: drawn, variance: variance.max(0.0) })
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
            Draws::Zipf(_, share) if *share < 1.0 && rng.uniform(0.0, 1.0) >= *share => 0,
            Draws::Zipf(law, _) => law.sample(rng),
        };
        count.min(cap)
    }

    /// Whether few have most.
    pub(super) fn is_heavy(&self) -> bool {
        matches!(self, Draws::Zipf(..))
    }
}
