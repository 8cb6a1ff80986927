//! Fisher's F laws.

use crate::laws::LawError;
use crate::laws::chisquare::{Chisquare, NoncentralChisquare};
use crate::laws::error::Check;
use crate::laws::poisson;
use crate::pcg64::Pcg64;

/// Ratio of two chi-squares, each divided by its degrees of freedom: density proportional to
/// `x^(m/2-1)·(1 + m·x/n)^(-(m+n)/2)` on [0, ∞), m = `dfnum`, n = `dfden`.
///
/// `dfnum`, `dfden` above 0. Draws the numerator's gamma, then the denominator's. With degrees of freedom far below
/// 1, or beyond 10¹⁵⁰, both may be 0 or infinite, and their ratio NaN, as in NumPy.
///
/// ```
/// use mts_rng::{Rng, laws::{F, Law}};
///
/// // >>> numpy.random.default_rng(42).f(3.0, 7.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(F::new(3.0, 7.0)?.sample(&mut rng), 0.7586641548806311);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct F {
    numerator: Chisquare,
    denominator: Chisquare,
    dfnum: f64,
    dfden: f64,
}

impl F {
    /// The law of so many degrees of freedom above and below.
    ///
    /// # Errors
    ///
    /// Where one is not positive or not finite.
    pub fn new(dfnum: f64, dfden: f64) -> Result<Self, LawError> {
        let check = Check("f");
        let (dfnum, dfden) = (check.positive("dfnum", dfnum)?, check.positive("dfden", dfden)?);
        let (numerator, denominator) = (Chisquare::unchecked(dfnum), Chisquare::unchecked(dfden));
        Ok(F { numerator, denominator, dfnum, dfden })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        let numerator = self.numerator.draw(pcg) * self.dfden;
        numerator / (self.denominator.draw(pcg) * self.dfnum)
    }
}

law!(F => f64);

/// [`F`] with a [`NoncentralChisquare`] above, on [0, ∞).
///
/// `dfnum > 0`, `dfden > 0`, `nonc >= 0`. Draws the numerator, then the denominator.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, NoncentralF}};
///
/// // >>> numpy.random.default_rng(42).noncentral_f(3.0, 7.0, 2.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(NoncentralF::new(3.0, 7.0, 2.0)?.sample(&mut rng), 1.2287014515919479);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoncentralF {
    numerator: NoncentralChisquare,
    denominator: Chisquare,
    dfnum: f64,
    dfden: f64,
}

impl NoncentralF {
    /// The law of so many degrees of freedom above and below, and the noncentrality above.
    ///
    /// # Errors
    ///
    /// Where a `df` is not positive, `nonc` is negative, or one is not finite.
    pub fn new(dfnum: f64, dfden: f64, nonc: f64) -> Result<Self, LawError> {
        let check = Check("noncentral_f");
        let (dfnum, dfden) = (check.positive("dfnum", dfnum)?, check.positive("dfden", dfden)?);
        let nonc = check.not_negative("nonc", nonc)?;
        check.that(
            dfnum > 1.0 || nonc / 2.0 <= poisson::LARGEST,
            "nonc",
            nonc,
            "at most 1.8e19 where dfnum <= 1",
        )?;
        let (numerator, denominator) =
            (NoncentralChisquare::unchecked(dfnum, nonc), Chisquare::unchecked(dfden));
        Ok(NoncentralF { numerator, denominator, dfnum, dfden })
    }

    #[inline]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        let numerator = self.numerator.draw(pcg) * self.dfden;
        numerator / (self.denominator.draw(pcg) * self.dfnum)
    }
}

law!(NoncentralF => f64);
