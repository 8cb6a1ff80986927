//! The power law on the unit interval.

use crate::laws::LawError;
use crate::laws::batch::Transformed;
use crate::laws::error::Check;
use crate::math::nearest::{pow, pow_or_nan};
use crate::pcg64::Pcg64;
use crate::ziggurat::exponential;

/// Density `a·x^(a-1)` on [0, 1].
///
/// `a > 0`. Draws one exponential E: `(1 - exp(-E))^(1/a)`.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Power}};
///
/// // >>> numpy.random.default_rng(42).power(2.5)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Power::new(2.5)?.sample(&mut rng), 0.9628357780513209);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    inverse: f64,
}

impl Power {
    /// The law of this exponent.
    ///
    /// # Errors
    ///
    /// Where it is not positive or not finite.
    pub fn new(a: f64) -> Result<Self, LawError> {
        Ok(Power { inverse: 1.0 / Check("power").positive("a", a)? })
    }
}

impl Transformed for Power {
    type Source = f64;

    #[inline(always)]
    fn source(&self, pcg: &mut Pcg64) -> f64 {
        -libm::expm1(-exponential(pcg))
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

transformed_law!(Power);
