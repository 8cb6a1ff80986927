//! Laplace's law.

use crate::laws::LawError;
use crate::laws::batch::Transformed;
use crate::laws::error::Check;
use crate::math::nearest::ln_plain;
use crate::pcg64::Pcg64;

/// Two exponentials back to back: density `exp(-|x - loc|/scale) / (2·scale)`.
///
/// `scale >= 0`. Inverts the distribution function: one uniform, another where that is 0.
///
/// ```
/// use mts_rng::{Rng, laws::{Laplace, Law}};
///
/// // >>> numpy.random.default_rng(42).laplace(0.0, 1.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Laplace::new(0.0, 1.0)?.sample(&mut rng), 0.7938786426417068);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Laplace {
    loc: f64,
    scale: f64,
}

impl Laplace {
    /// The law of this centre and scale.
    ///
    /// # Errors
    ///
    /// Where the scale is negative or one is not finite.
    pub fn new(loc: f64, scale: f64) -> Result<Self, LawError> {
        let check = Check("laplace");
        Ok(Laplace { loc: check.finite("loc", loc)?, scale: check.not_negative("scale", scale)? })
    }
}

impl Transformed for Laplace {
    type Source = f64;

    #[inline(always)]
    fn source(&self, pcg: &mut Pcg64) -> f64 {
        loop {
            let u = pcg.next_f64();
            if u > 0.0 {
                return u;
            }
        }
    }

    #[inline(always)]
    fn transform(&self, x: f64) -> f64 {
        // One logarithm for both sides, of a number between 2⁻⁵² and 1.
        let right = x >= 0.5;
        let tail = ln_plain(if right { 2.0 - x - x } else { x + x });
        self.loc + if right { -self.scale } else { self.scale } * tail
    }
}

transformed_law!(Laplace);
