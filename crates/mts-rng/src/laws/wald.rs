//! Wald's law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::pcg64::Pcg64;
use crate::ziggurat::normal;

/// Inverse Gaussian, when a Brownian motion with drift first reaches a level: density
/// `√(scale/(2πx³))·exp(-scale·(x - mean)²/(2·mean²·x))` on [0, ∞).
///
/// `mean > 0`, `scale > 0`. Draws a normal, then a uniform that chooses between two roots (Michael, Schucany &
/// Haas 1976, doi:10.1080/00031305.1976.10479147).
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Wald}};
///
/// // >>> numpy.random.default_rng(42).wald(1.5, 2.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Wald::new(1.5, 2.0)?.sample(&mut rng), 1.1529595524252734);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wald {
    mean: f64,
    scale: f64,
}

impl Wald {
    /// The law of this mean and scale.
    ///
    /// # Errors
    ///
    /// Where one is not positive or not finite.
    pub fn new(mean: f64, scale: f64) -> Result<Self, LawError> {
        let check = Check("wald");
        Ok(Wald { mean: check.positive("mean", mean)?, scale: check.positive("scale", scale)? })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        let Wald { mean, scale } = *self;
        let normal = normal(pcg);
        let y = mean * normal * normal;
        let d = 1.0 + (1.0 + 4.0 * scale / y).sqrt();
        let x = mean * (1.0 - 2.0 / d);
        if pcg.next_f64() <= mean / (mean + x) { x } else { mean * mean / x }
    }
}

law!(Wald => f64);
