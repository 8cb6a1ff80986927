//! The gamma law, and its standard form that other laws are made of.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::math::nearest::{ln, pow};
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
}

law!(Gamma => f64);

/// The gamma law of scale 1 and of a shape that somebody else has checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum StandardGamma {
    Zero,
    One,
    Small { shape: f64, inverse: f64, complement: f64 },
    Large { b: f64, c: f64 },
}

impl StandardGamma {
    #[inline]
    pub(super) fn new(shape: f64) -> Self {
        if shape == 0.0 {
            StandardGamma::Zero
        } else if shape < 1.0 {
            StandardGamma::Small { shape, inverse: 1.0 / shape, complement: 1.0 - shape }
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
            StandardGamma::Small { shape, inverse, complement } => small(shape, inverse, complement, pcg),
            StandardGamma::Large { b, c } => large(b, c, pcg),
        }
    }
}

#[inline]
fn small(shape: f64, inverse: f64, complement: f64, pcg: &mut Pcg64) -> f64 {
    loop {
        let u = pcg.next_f64();
        let limit = exponential(pcg);
        if u <= complement {
            let x = pow(u, inverse);
            if x <= limit {
                return x;
            }
        } else {
            let y = -ln((1.0 - u) / shape);
            let x = pow(complement + shape * y, inverse);
            if x <= limit + y {
                return x;
            }
        }
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
