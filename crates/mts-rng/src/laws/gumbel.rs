//! Gumbel's law.

use crate::laws::LawError;
use crate::laws::batch::Transformed;
use crate::laws::error::Check;
use crate::math::nearest::ln_plain;
use crate::pcg64::Pcg64;

/// Largest of many: density `exp(-z - exp(-z))/scale`, z = `(x - loc)/scale`.
///
/// `scale >= 0`. Inverts the distribution function: one uniform, another where that is 0.
///
/// ```
/// use mts_rng::{Rng, laws::{Gumbel, Law}};
///
/// // >>> numpy.random.default_rng(42).gumbel(0.0, 1.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Gumbel::new(0.0, 1.0)?.sample(&mut rng), -0.3967780333000976);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gumbel {
    loc: f64,
    scale: f64,
}

impl Gumbel {
    /// The law of this mode and scale.
    ///
    /// # Errors
    ///
    /// Where the scale is negative or one is not finite.
    pub fn new(loc: f64, scale: f64) -> Result<Self, LawError> {
        let check = Check("gumbel");
        Ok(Gumbel { loc: check.finite("loc", loc)?, scale: check.not_negative("scale", scale)? })
    }
}

impl Transformed for Gumbel {
    type Source = f64;

    #[inline(always)]
    fn source(&self, pcg: &mut Pcg64) -> f64 {
        loop {
            let u = 1.0 - pcg.next_f64();
            if u < 1.0 {
                return u;
            }
        }
    }

    #[inline(always)]
    fn transform(&self, x: f64) -> f64 {
        // A multiple of 2⁻⁵³ between 0 and 1: it and its logarithm are normal numbers.
        self.loc - self.scale * ln_plain(-ln_plain(x))
    }
}

transformed_law!(Gumbel);
