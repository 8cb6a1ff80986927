//! The chi-square laws.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::laws::gamma::StandardGamma;
use crate::laws::poisson;
use crate::pcg64::Pcg64;
use crate::ziggurat::normal;

/// Sum of `df` squared standard normals: density `x^(df/2-1)·exp(-x/2) / (2^(df/2)·Γ(df/2))` on [0, ∞).
///
/// `df > 0`, fractions allowed. Draws twice a standard gamma of shape df/2, as [`Gamma`](crate::laws::Gamma).
///
/// ```
/// use mts_rng::{Rng, laws::{Chisquare, Law}};
///
/// // >>> numpy.random.default_rng(42).chisquare(4.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Chisquare::new(4.0)?.sample(&mut rng), 4.183634540999899);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chisquare {
    gamma: StandardGamma,
}

impl Chisquare {
    /// The law of so many degrees of freedom.
    ///
    /// # Errors
    ///
    /// Where `df` is not positive or not finite.
    pub fn new(df: f64) -> Result<Self, LawError> {
        Ok(Self::unchecked(Check("chisquare").positive("df", df)?))
    }

    #[inline]
    pub(super) fn unchecked(df: f64) -> Self {
        Chisquare { gamma: StandardGamma::new(df / 2.0) }
    }

    #[inline(always)]
    pub(super) fn draw(&self, pcg: &mut Pcg64) -> f64 {
        2.0 * self.gamma.draw(pcg)
    }

    #[inline(always)]
    fn draw_all(&self, pcg: &mut Pcg64, out: &mut [f64]) {
        self.gamma.draw_all(2.0, pcg, out);
    }
}

law!(Chisquare => f64, draw_all);

/// Sum of `df` squared normals of variance 1 whose squared means add up to `nonc`, on [0, ∞): a mixture of
/// chi-square laws of `df + 2i` degrees of freedom with Poisson weights of mean `nonc/2`.
///
/// `df > 0`, `nonc >= 0`. Draws: `df > 1`, a chi-square of `df - 1` and a normal; else a Poisson count and a
/// chi-square; `nonc = 0`, a chi-square (Johnson, Kotz & Balakrishnan 1995, chapter 29).
///
/// ```
/// use mts_rng::{Rng, laws::{Law, NoncentralChisquare}};
///
/// // >>> numpy.random.default_rng(42).noncentral_chisquare(3.0, 2.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(NoncentralChisquare::new(3.0, 2.0)?.sample(&mut rng), 4.948464893769291);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoncentralChisquare(Noncentral);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Noncentral {
    Central(Chisquare),
    Shifted { rest: Chisquare, mean: f64 },
    Mixture { df: f64, half: f64 },
}

impl NoncentralChisquare {
    /// The law of so many degrees of freedom and this noncentrality.
    ///
    /// # Errors
    ///
    /// Where `df` is not positive, `nonc` is negative, or one is not finite.
    pub fn new(df: f64, nonc: f64) -> Result<Self, LawError> {
        let check = Check("noncentral_chisquare");
        let (df, nonc) = (check.positive("df", df)?, check.not_negative("nonc", nonc)?);
        check.that(
            df > 1.0 || nonc / 2.0 <= poisson::LARGEST,
            "nonc",
            nonc,
            "at most 1.8e19 where df <= 1",
        )?;
        Ok(Self::unchecked(df, nonc))
    }

    pub(super) fn unchecked(df: f64, nonc: f64) -> Self {
        NoncentralChisquare(if nonc == 0.0 {
            Noncentral::Central(Chisquare::unchecked(df))
        } else if df > 1.0 {
            Noncentral::Shifted { rest: Chisquare::unchecked(df - 1.0), mean: nonc.sqrt() }
        } else {
            Noncentral::Mixture { df, half: nonc / 2.0 }
        })
    }

    #[inline]
    pub(super) fn draw(&self, pcg: &mut Pcg64) -> f64 {
        match self.0 {
            Noncentral::Central(law) => law.draw(pcg),
            Noncentral::Shifted { rest, mean } => {
                let rest = rest.draw(pcg);
                let one = normal(pcg) + mean;
                rest + one * one
            }
            Noncentral::Mixture { df, half } => {
                let count = poisson::once(half, pcg) as f64;
                Chisquare::unchecked(df + 2.0 * count).draw(pcg)
            }
        }
    }
}

law!(NoncentralChisquare => f64);
