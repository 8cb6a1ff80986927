//! The beta law.

use crate::laws::LawError;
use crate::laws::batch::{self, Attempted, REJECTED};
use crate::laws::error::Check;
use crate::laws::gamma::StandardGamma;
use crate::math::nearest::{exp, ln, pow, pow_or_nan};
use crate::pcg64::Pcg64;

/// Density `x^(a-1)·(1-x)^(b-1) / B(a, b)` on [0, 1].
///
/// `a`, `b` above 0, at most 10³⁰⁰. Draws: both at most 1, pairs of uniforms until one fits (Jöhnk 1964,
/// Metrika 8, 5-15), one uniform where both are below 3·10⁻¹⁰³; else a gamma of shape a, then one of
/// shape b.
///
/// ```
/// use mts_rng::{Rng, laws::{Beta, Law}};
///
/// // >>> numpy.random.default_rng(42).beta(2.0, 5.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Beta::new(2.0, 5.0)?.sample(&mut rng), 0.24395464376443093);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta(Method);

/// Sums of gammas of larger shapes overflow.
pub(super) const LARGEST_SHAPE: f64 = 1e300;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Method {
    Ends { a: f64, b: f64 },
    Powers(Powers),
    Gammas { a: StandardGamma, b: StandardGamma },
}

impl Beta {
    /// The law of these exponents.
    ///
    /// # Errors
    ///
    /// Where one is not in (0, 10³⁰⁰].
    pub fn new(a: f64, b: f64) -> Result<Self, LawError> {
        let check = Check("beta");
        for (name, value) in [("a", a), ("b", b)] {
            check.positive(name, value)?;
            check.that(value <= LARGEST_SHAPE, name, value, "at most 1e300")?;
        }
        Ok(Self::unchecked(a, b))
    }

    pub(super) fn unchecked(a: f64, b: f64) -> Self {
        /// Below, a draw is 0 or 1 as far as doubles can tell.
        const TINY: f64 = 3e-103;

        Beta(if a < TINY && b < TINY {
            Method::Ends { a, b }
        } else if a <= 1.0 && b <= 1.0 {
            Method::Powers(Powers { a, b, inverse_a: 1.0 / a, inverse_b: 1.0 / b })
        } else {
            Method::Gammas { a: StandardGamma::new(a), b: StandardGamma::new(b) }
        })
    }

    #[inline(always)]
    pub(super) fn draw(&self, pcg: &mut Pcg64) -> f64 {
        match self.0 {
            Method::Ends { a, b } => f64::from((a + b) * pcg.next_f64() < a),
            Method::Powers(powers) => batch::attempt(&powers, pcg),
            Method::Gammas { a, b } => {
                let a = a.draw(pcg);
                a / (a + b.draw(pcg))
            }
        }
    }

    #[inline(always)]
    fn draw_all(&self, pcg: &mut Pcg64, out: &mut [f64]) {
        if let Method::Powers(powers) = &self.0 {
            batch::attempted(powers, pcg, out);
        } else {
            for value in out {
                *value = self.draw(pcg);
            }
        }
    }
}

law!(Beta => f64, draw_all);

/// Exponents of at most 1, by Jöhnk's method.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Powers {
    a: f64,
    b: f64,
    inverse_a: f64,
    inverse_b: f64,
}

impl Attempted for Powers {
    #[inline(always)]
    fn source(&self, pcg: &mut Pcg64) -> (f64, f64) {
        (pcg.next_f64(), pcg.next_f64())
    }

    #[inline(always)]
    fn judge(&self, (u, v): (f64, f64)) -> f64 {
        let (x, y) = (pow_or_nan(u, self.inverse_a), pow_or_nan(v, self.inverse_b));
        let sum = x + y;
        if sum > 1.0 { REJECTED } else { x / sum }
    }

    #[inline(always)]
    fn exact(&self, (u, v): (f64, f64)) -> f64 {
        let (x, y) = (pow(u, self.inverse_a), pow(v, self.inverse_b));
        let sum = x + y;
        if !(sum <= 1.0 && u + v > 0.0) {
            REJECTED
        } else if x > 0.0 && y > 0.0 {
            x / sum
        } else {
            underflown(ln(u) / self.a, ln(v) / self.b)
        }
    }
}

/// `x/(x + y)` from the logarithms.
#[cold]
#[inline(never)]
fn underflown(ln_x: f64, ln_y: f64) -> f64 {
    let largest = if ln_x > ln_y { ln_x } else { ln_y };
    let (ln_x, ln_y) = (ln_x - largest, ln_y - largest);
    exp(ln_x - ln(exp(ln_x) + exp(ln_y)))
}
