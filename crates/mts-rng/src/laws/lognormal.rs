//! The lognormal law.

use crate::laws::LawError;
use crate::laws::batch::Transformed;
use crate::laws::error::Check;
use crate::math::nearest::{exp, exp_or_nan};
use crate::pcg64::Pcg64;
use crate::ziggurat::normal;

/// The exponential of a normal: density `exp(-(ln x - mean)²/(2·sigma²)) / (x·sigma·√(2π))` on [0, ∞).
///
/// `mean` and `sigma >= 0` are those of the logarithm. Draws one normal.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Lognormal}};
///
/// // >>> numpy.random.default_rng(42).lognormal(1.5, 0.4)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Lognormal::new(1.5, 0.4)?.sample(&mut rng), 5.06263364907652);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lognormal {
    mean: f64,
    sigma: f64,
}

impl Lognormal {
    /// The law whose logarithm has this mean and standard deviation.
    ///
    /// # Errors
    ///
    /// Where `sigma` is negative or one is not finite.
    pub fn new(mean: f64, sigma: f64) -> Result<Self, LawError> {
        let check = Check("lognormal");
        Ok(Lognormal { mean: check.finite("mean", mean)?, sigma: check.not_negative("sigma", sigma)? })
    }
}

impl Transformed for Lognormal {
    type Source = f64;

    #[inline(always)]
    fn source(&self, pcg: &mut Pcg64) -> f64 {
        normal(pcg)
    }

    #[inline(always)]
    fn transform(&self, x: f64) -> f64 {
        exp_or_nan(self.mean + self.sigma * x)
    }

    #[inline(always)]
    fn exact(&self, x: f64) -> f64 {
        exp(self.mean + self.sigma * x)
    }
}

transformed_law!(Lognormal);
