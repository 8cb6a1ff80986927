//! The triangular law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::pcg64::Pcg64;

/// Density that rises in a line from `left` to `mode` and falls to `right`.
///
/// `left <= mode <= right`, `left < right`. Inverts the distribution function: one uniform.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Triangular}};
///
/// // >>> numpy.random.default_rng(42).triangular(-1.0, 0.5, 2.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Triangular::new(-1.0, 0.5, 2.0)?.sample(&mut rng), 0.9914377651834445);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangular {
    left: f64,
    right: f64,
    /// Probability left of the mode.
    ratio: f64,
    rising: f64,
    falling: f64,
}

impl Triangular {
    /// The law between these ends and with this mode.
    ///
    /// # Errors
    ///
    /// Where the three are not in order, the ends are equal, one is not finite, or the square of their distance
    /// is not.
    pub fn new(left: f64, mode: f64, right: f64) -> Result<Self, LawError> {
        let check = Check("triangular");
        let (left, right) = (check.finite("left", left)?, check.finite("right", right)?);
        check.that(left <= mode && mode <= right, "mode", mode, "between left and right")?;
        let base = right - left;
        check.that(
            base > 0.0 && (base * base).is_finite(),
            "right",
            right,
            "above left, by less than 1.3e154",
        )?;
        let (rising, falling) = ((mode - left) * base, (right - mode) * base);
        Ok(Triangular { left, right, ratio: (mode - left) / base, rising, falling })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        let u = pcg.next_f64();
        if u <= self.ratio {
            self.left + (u * self.rising).sqrt()
        } else {
            self.right - ((1.0 - u) * self.falling).sqrt()
        }
    }
}

law!(Triangular => f64);
