//! Student's law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::laws::gamma::StandardGamma;
use crate::pcg64::Pcg64;
use crate::ziggurat::normal;

/// Student's t: density proportional to `(1 + x²/df)^(-(df+1)/2)`.
///
/// `df > 0`. Draws a normal, then a standard gamma of shape df/2.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, StandardT}};
///
/// // >>> numpy.random.default_rng(42).standard_t(3.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(StandardT::new(3.0)?.sample(&mut rng), 0.6174653977237295);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StandardT {
    gamma: StandardGamma,
    root: f64,
}

impl StandardT {
    /// The law of so many degrees of freedom.
    ///
    /// # Errors
    ///
    /// Where `df` is not positive or not finite.
    pub fn new(df: f64) -> Result<Self, LawError> {
        let halves = df.is_finite() && df / 2.0 > 0.0;
        Check("standard_t").that(halves, "df", df, "a finite number above 0")?;
        Ok(StandardT { gamma: StandardGamma::new(df / 2.0), root: (df / 2.0).sqrt() })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        let normal = normal(pcg);
        self.root * normal / self.gamma.draw(pcg).sqrt()
    }
}

law!(StandardT => f64);
