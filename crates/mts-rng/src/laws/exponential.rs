//! The exponential law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::pcg64::Pcg64;
use crate::ziggurat::exponential;

/// Waiting time of mean `scale`: density `exp(-x/scale)/scale` on [0, ∞).
///
/// `scale >= 0`. Draws one word, rarely more (Marsaglia & Tsang 2000, doi:10.18637/jss.v005.i08).
///
/// ```
/// use mts_rng::{Rng, laws::{Exponential, Law}};
///
/// // >>> numpy.random.default_rng(42).exponential(2.5)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Exponential::new(2.5)?.sample(&mut rng), 6.0105215099149865);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    scale: f64,
}

impl Exponential {
    /// The law of this scale.
    ///
    /// # Errors
    ///
    /// Where the scale is negative or not finite.
    pub fn new(scale: f64) -> Result<Self, LawError> {
        Ok(Exponential { scale: Check("exponential").not_negative("scale", scale)? })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        self.scale * exponential(pcg)
    }
}

law!(Exponential => f64);
