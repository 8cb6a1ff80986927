//! The logistic law.

use crate::laws::LawError;
use crate::laws::batch::Transformed;
use crate::laws::error::Check;
use crate::math::nearest::ln_plain;
use crate::pcg64::Pcg64;

/// Density `exp(-z) / (scale·(1 + exp(-z))²)`, z = `(x - loc)/scale`.
///
/// `scale >= 0`. Inverts the distribution function: one uniform, another where that is 0.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Logistic}};
///
/// // >>> numpy.random.default_rng(42).logistic(0.0, 1.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Logistic::new(0.0, 1.0)?.sample(&mut rng), 1.2307856313855068);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logistic {
    loc: f64,
    scale: f64,
}

impl Logistic {
    /// The law of this centre and scale.
    ///
    /// # Errors
    ///
    /// Where the scale is negative or one is not finite.
    pub fn new(loc: f64, scale: f64) -> Result<Self, LawError> {
        let check = Check("logistic");
        Ok(Logistic { loc: check.finite("loc", loc)?, scale: check.not_negative("scale", scale)? })
    }
}

impl Transformed for Logistic {
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
        // Between 2⁻⁵³ and 2⁵³.
        self.loc + self.scale * ln_plain(x / (1.0 - x))
    }
}

transformed_law!(Logistic);
