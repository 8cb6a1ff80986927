//! Rayleigh's law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::pcg64::Pcg64;
use crate::ziggurat::exponential;

/// Length of a normal vector in the plane: density `x·exp(-x²/(2·scale²))/scale²` on [0, ∞).
///
/// `scale >= 0`. Draws one exponential E: `scale·√(2E)`.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Rayleigh}};
///
/// // >>> numpy.random.default_rng(42).rayleigh(2.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Rayleigh::new(2.0)?.sample(&mut rng), 4.385620689449551);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rayleigh {
    scale: f64,
}

impl Rayleigh {
    /// The law of this mode.
    ///
    /// # Errors
    ///
    /// Where the scale is negative or not finite.
    pub fn new(scale: f64) -> Result<Self, LawError> {
        Ok(Rayleigh { scale: Check("rayleigh").not_negative("scale", scale)? })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        self.scale * (2.0 * exponential(pcg)).sqrt()
    }
}

law!(Rayleigh => f64);
