//! Poisson's law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::laws::special::ln_gamma;
use crate::math::nearest::{exp, ln};
use crate::pcg64::Pcg64;

/// Largest mean whose draws fit NumPy's integers: 2⁶³ - 1 less ten standard deviations.
pub(super) const LARGEST: f64 = 9_223_372_006_484_771_328.0;

/// 2⁶³.
const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;

/// Number of events: probability `lam^k·exp(-lam)/k!`.
///
/// `0 <= lam <= 9.22·10¹⁸`. Draws: below 10, uniforms until their product is below `exp(-lam)`, so `lam + 1` on
/// average; from 10 on, pairs of uniforms until one fits, 1.33 on average at most (Hörmann 1993,
/// doi:10.1016/0167-6687(93)90997-4); 0, none.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Poisson}};
///
/// // >>> numpy.random.default_rng(42).poisson(40.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Poisson::new(40.0)?.sample(&mut rng), 45);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poisson(Method);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Method {
    Zero,
    Product { limit: f64 },
    Rejection { hat: Hat, ln_lam: f64, ln_inverse_alpha: f64 },
}

impl Poisson {
    /// The law of this mean.
    ///
    /// # Errors
    ///
    /// Where it is negative, not finite, or so large that draws do not fit.
    pub fn new(lam: f64) -> Result<Self, LawError> {
        let check = Check("poisson");
        check.not_negative("lam", lam)?;
        check.that(lam <= LARGEST, "lam", lam, "at most 9223372006484771328")?;
        Ok(Poisson(if lam >= 10.0 {
            let hat = Hat::new(lam);
            Method::Rejection { hat, ln_lam: ln(lam), ln_inverse_alpha: ln(hat.inverse_alpha) }
        } else if lam == 0.0 {
            Method::Zero
        } else {
            Method::Product { limit: exp(-lam) }
        }))
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> u64 {
        match self.0 {
            Method::Zero => 0,
            Method::Product { limit } => product(limit, pcg),
            Method::Rejection { hat, ln_lam, ln_inverse_alpha } => {
                hat.draw(|| (ln_lam, ln_inverse_alpha), pcg)
            }
        }
    }
}

law!(Poisson => u64);

/// One draw of a mean that is not used again, at most [`LARGEST`].
#[inline]
pub(super) fn once(lam: f64, pcg: &mut Pcg64) -> u64 {
    if lam >= 10.0 {
        let hat = Hat::new(lam);
        hat.draw(|| (ln(lam), ln(hat.inverse_alpha)), pcg)
    } else if lam == 0.0 {
        0
    } else {
        product(exp(-lam), pcg)
    }
}

/// How many uniforms can be multiplied before the product falls to `limit`.
#[inline(always)]
fn product(limit: f64, pcg: &mut Pcg64) -> u64 {
    let mut count = 0;
    let mut product = pcg.next_f64();
    while product > limit {
        count += 1;
        product *= pcg.next_f64();
    }
    count
}

/// Hörmann's transformed rejection with squeeze, PTRS.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hat {
    lam: f64,
    a: f64,
    b: f64,
    inverse_alpha: f64,
    v_r: f64,
}

impl Hat {
    #[inline]
    fn new(lam: f64) -> Self {
        let b = 0.931 + 2.53 * lam.sqrt();
        let a = -0.059 + 0.02483 * b;
        Hat { lam, a, b, inverse_alpha: 1.1239 + 1.1328 / (b - 3.4), v_r: 0.9277 - 3.6224 / (b - 2.0) }
    }

    /// `logarithms` are those of the mean and of 1/α.
    #[inline(always)]
    fn draw(&self, logarithms: impl Fn() -> (f64, f64), pcg: &mut Pcg64) -> u64 {
        loop {
            let u = pcg.next_f64() - 0.5;
            let v = pcg.next_f64();
            let us = 0.5 - u.abs();
            let k = ((2.0 * self.a / us + self.b) * u + self.lam + 0.43).floor();
            if us >= 0.07 && v <= self.v_r {
                return k as i64 as u64;
            }
            if !(0.0..TOO_LARGE).contains(&k) || (us < 0.013 && v > us) {
                continue;
            }
            let (ln_lam, ln_inverse_alpha) = logarithms();
            if self.below_mass(k, v, us, ln_lam, ln_inverse_alpha) {
                return k as i64 as u64;
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn below_mass(&self, k: f64, v: f64, us: f64, ln_lam: f64, ln_inverse_alpha: f64) -> bool {
        let hat = ln(v) + ln_inverse_alpha - ln(self.a / (us * us) + self.b);
        hat <= -self.lam + k * ln_lam - ln_gamma(k + 1.0)
    }
}
