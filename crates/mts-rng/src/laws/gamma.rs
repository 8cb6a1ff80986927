//! The gamma law, and its standard form that other laws are made of.

use std::hint::select_unpredictable;

use crate::laws::LawError;
use crate::laws::batch::{self, Attempted, REJECTED};
use crate::laws::error::Check;
use crate::math::nearest::{ln, ln_plain, pow, pow_or_nan};
use crate::pcg64::Pcg64;
use crate::ziggurat::{exponential, normal};

/// Density `x^(shape-1)·exp(-x/scale) / (Γ(shape)·scale^shape)` on [0, ∞).
///
/// `shape >= 0` (0 is the constant 0), `scale >= 0`. NumPy's `standard_gamma(shape)` is the scale 1.
///
/// Draws: shape above 1, a normal and a uniform until a pair fits, 1.05 on average at most (Marsaglia & Tsang
/// 2000, doi:10.1145/358407.358414); shape 1, one exponential; below, a uniform and an exponential until a pair
/// fits (Devroye 1986, doi:10.1007/978-1-4613-8643-8, chapter IX.3); shape 0, none.
///
/// ```
/// use mts_rng::{Rng, laws::{Gamma, Law}};
///
/// // >>> numpy.random.default_rng(42).gamma(2.0, 3.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Gamma::new(2.0, 3.0)?.sample(&mut rng), 6.275451811499848);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gamma {
    standard: StandardGamma,
    scale: f64,
}

impl Gamma {
    /// The law of this shape and scale.
    ///
    /// # Errors
    ///
    /// Where one is negative or not finite.
    pub fn new(shape: f64, scale: f64) -> Result<Self, LawError> {
        let check = Check("gamma");
        let standard = StandardGamma::new(check.not_negative("shape", shape)?);
        Ok(Gamma { standard, scale: check.not_negative("scale", scale)? })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        self.scale * self.standard.draw(pcg)
    }

    #[inline(always)]
    fn draw_all(&self, pcg: &mut Pcg64, out: &mut [f64]) {
        self.standard.draw_all(self.scale, pcg, out);
    }
}

law!(Gamma => f64, draw_all);

/// The gamma law of scale 1 and of a shape that somebody else has checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum StandardGamma {
    Zero,
    One,
    Small(Small),
    Large { b: f64, c: f64 },
}

/// A shape below 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Small {
    shape: f64,
    inverse: f64,
    complement: f64,
}

impl StandardGamma {
    #[inline]
    pub(super) fn new(shape: f64) -> Self {
        if shape == 0.0 {
            StandardGamma::Zero
        } else if shape < 1.0 {
            StandardGamma::Small(Small { shape, inverse: 1.0 / shape, complement: 1.0 - shape })
        } else if shape == 1.0 {
            StandardGamma::One
        } else {
            let b = shape - 1.0 / 3.0;
            StandardGamma::Large { b, c: 1.0 / (9.0 * b).sqrt() }
        }
    }

    #[inline(always)]
    pub(super) fn draw(&self, pcg: &mut Pcg64) -> f64 {
        match *self {
            StandardGamma::Zero => 0.0,
            StandardGamma::One => exponential(pcg),
            StandardGamma::Small(small) => batch::attempt(&small, pcg),
            StandardGamma::Large { b, c } => large(b, c, pcg),
        }
    }

    /// Fills with draws times `scale`.
    #[inline(always)]
    pub(super) fn draw_all(&self, scale: f64, pcg: &mut Pcg64, out: &mut [f64]) {
        if let StandardGamma::Small(small) = self {
            batch::attempted(small, pcg, out);
            out.iter_mut().for_each(|value| *value *= scale);
        } else {
            for value in out {
                *value = scale * self.draw(pcg);
            }
        }
    }
}

impl Attempted for Small {
    #[inline(always)]
    fn source(&self, pcg: &mut Pcg64) -> (f64, f64) {
        let u = pcg.next_f64();
        (u, exponential(pcg))
    }

    #[inline(always)]
    fn judge(&self, (u, limit): (f64, f64)) -> f64 {
        let Small { shape, inverse, complement } = *self;
        // Of a number between 2⁻⁵³ and little more than 1, where it is needed.
        let y = -ln_plain((1.0 - u) / shape);
        let left = u <= complement;
        let x = pow_or_nan(select_unpredictable(left, u, complement + shape * y), inverse);
        if x > limit + select_unpredictable(left, 0.0, y) { REJECTED } else { x }
    }

    #[inline(always)]
    fn exact(&self, (u, limit): (f64, f64)) -> f64 {
        let Small { shape, inverse, complement } = *self;
        let (x, limit) = if u <= complement {
            (pow(u, inverse), limit)
        } else {
            let y = -ln((1.0 - u) / shape);
            (pow(complement + shape * y, inverse), limit + y)
        };
        if x <= limit { x } else { REJECTED }
    }
}

#[inline(always)]
fn large(b: f64, c: f64, pcg: &mut Pcg64) -> f64 {
    loop {
        let x = normal(pcg);
        let v = 1.0 + c * x;
        if v <= 0.0 {
            continue;
        }
        let v = v * v * v;
        let u = pcg.next_f64();
        if u < 1.0 - 0.0331 * (x * x) * (x * x) || below_density(u, x, v, b) {
            return b * v;
        }
    }
}

/// The exact test, after the squeeze.
#[cold]
#[inline(never)]
fn below_density(u: f64, x: f64, v: f64, b: f64) -> bool {
    ln(u) < 0.5 * x * x + b * (1.0 - v + ln(v))
}
