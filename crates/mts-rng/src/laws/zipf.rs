//! Zipf's law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::math::nearest::pow;
use crate::pcg64::Pcg64;

/// The zeta law: probability `k^-a / ζ(a)` of k = 1, 2, …
///
/// `a > 1`. Draws pairs of uniforms until one fits, among the k below 2⁶³ (Devroye 1986,
/// doi:10.1007/978-1-4613-8643-8, chapter X.6); from 1025 on, none. Beyond 2⁵³ draws are doubles made by `pow`, and
/// may differ from NumPy's in the last bit of those.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Zipf}};
///
/// // >>> numpy.random.default_rng(42).zipf(2.2)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Zipf::new(2.2)?.sample(&mut rng), 3);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zipf {
    /// a - 1.
    exponent: f64,
    inverse: f64,
    /// 2^(a-1).
    b: f64,
    /// The uniform that belongs to the largest integer.
    lowest: f64,
}

/// 2⁶³ - 1, rounded to a double.
const LARGEST: f64 = 9_223_372_036_854_775_808.0;

impl Zipf {
    /// The law of this exponent.
    ///
    /// # Errors
    ///
    /// Where it is not above 1 or not finite.
    pub fn new(a: f64) -> Result<Self, LawError> {
        Check("zipf").that(a > 1.0 && a.is_finite(), "a", a, "a finite number above 1")?;
        let exponent = a - 1.0;
        Ok(Zipf {
            exponent,
            inverse: -1.0 / exponent,
            b: pow(2.0, exponent),
            lowest: pow(LARGEST, -exponent),
        })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> u64 {
        if self.exponent >= 1024.0 {
            return 1;
        }
        loop {
            let u = pcg.next_f64();
            let u = u * self.lowest + (1.0 - u);
            let v = pcg.next_f64();
            let x = pow(u, self.inverse).floor();
            if !(1.0..=LARGEST).contains(&x) {
                continue;
            }
            let t = pow(1.0 + 1.0 / x, self.exponent);
            if v * x * (t - 1.0) / (self.b - 1.0) <= t / self.b {
                return (x as u64).min(i64::MAX as u64);
            }
        }
    }
}

law!(Zipf => u64);
