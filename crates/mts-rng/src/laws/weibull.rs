//! Weibull's law.

use crate::laws::LawError;
use crate::laws::batch::Transformed;
use crate::laws::error::Check;
use crate::math::nearest::{pow, pow_or_nan};
use crate::pcg64::Pcg64;
use crate::ziggurat::exponential;

/// Density `a·x^(a-1)·exp(-x^a)` on [0, ∞).
///
/// `a >= 0` (0 is the constant 0). Draws one exponential, to the power 1/a; none for `a = 0`.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Weibull}};
///
/// // >>> numpy.random.default_rng(42).weibull(1.7)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Weibull::new(1.7)?.sample(&mut rng), 1.6753334622690461);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull {
    a: f64,
    inverse: f64,
}

impl Weibull {
    /// The law of this exponent.
    ///
    /// # Errors
    ///
    /// Where it is negative or not finite.
    pub fn new(a: f64) -> Result<Self, LawError> {
        let a = Check("weibull").not_negative("a", a)?;
        Ok(Weibull { a, inverse: 1.0 / a })
    }
}

impl Transformed for Weibull {
    type Source = f64;

    #[inline(always)]
    fn source(&self, pcg: &mut Pcg64) -> f64 {
        if self.a == 0.0 { 0.0 } else { exponential(pcg) }
    }

    #[inline(always)]
    fn transform(&self, x: f64) -> f64 {
        pow_or_nan(x, self.inverse)
    }

    #[inline(always)]
    fn exact(&self, x: f64) -> f64 {
        pow(x, self.inverse)
    }
}

transformed_law!(Weibull);
