//! The negative binomial law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::laws::gamma::StandardGamma;
use crate::laws::poisson;
use crate::pcg64::Pcg64;

/// Number of failures before the n-th success: probability `Γ(n+k)/(k!·Γ(n))·p^n·(1-p)^k`.
///
/// `n > 0`, fractions allowed; `0 < p <= 1`; ten standard deviations above the mean must be below 9.22·10¹⁸.
/// Draws a gamma of shape n, then a Poisson count of that mean.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, NegativeBinomial}};
///
/// // >>> numpy.random.default_rng(42).negative_binomial(3, 0.4)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(NegativeBinomial::new(3.0, 0.4)?.sample(&mut rng), 6);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NegativeBinomial {
    gamma: StandardGamma,
    odds: f64,
}

impl NegativeBinomial {
    /// The law of so many successes of this probability.
    ///
    /// # Errors
    ///
    /// Where `n` is not positive or not finite, `p` not in (0, 1], or draws would not fit.
    pub fn new(n: f64, p: f64) -> Result<Self, LawError> {
        let check = Check("negative_binomial");
        let n = check.positive("n", n)?;
        check.that(p > 0.0 && p <= 1.0, "p", p, "a probability in (0, 1]")?;
        let odds = (1.0 - p) / p;
        check.that(odds * (n + 10.0 * n.sqrt()) <= poisson::LARGEST, "n", n, "smaller, or p larger")?;
        Ok(NegativeBinomial { gamma: StandardGamma::new(n), odds })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> u64 {
        let mean = self.odds * self.gamma.draw(pcg);
        poisson::once(mean.min(poisson::LARGEST), pcg)
    }
}

law!(NegativeBinomial => u64);
