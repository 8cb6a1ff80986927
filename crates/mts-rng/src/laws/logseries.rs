//! The logarithmic series law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::math::nearest::ln;
use crate::pcg64::Pcg64;

/// Probability `-p^k / (k·ln(1-p))` of k = 1, 2, …
///
/// `0 <= p < 1`. Draws a uniform, and where that is below p another (Kemp 1981, doi:10.2307/2346348).
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Logseries}};
///
/// // >>> numpy.random.default_rng(42).logseries(0.6)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Logseries::new(0.6)?.sample(&mut rng), 1);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logseries {
    p: f64,
    /// ln(1 - p).
    r: f64,
}

impl Logseries {
    /// The law of this parameter.
    ///
    /// # Errors
    ///
    /// Where it is not in [0, 1).
    pub fn new(p: f64) -> Result<Self, LawError> {
        Check("logseries").that((0.0..1.0).contains(&p), "p", p, "in [0, 1)")?;
        Ok(Logseries { p, r: libm::log1p(-p) })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> u64 {
        loop {
            let v = pcg.next_f64();
            if v >= self.p {
                return 1;
            }
            let u = pcg.next_f64();
            let q = -libm::expm1(self.r * u);
            if v <= q * q {
                let k = (1.0 + ln(v) / ln(q)).floor();
                if k < 1.0 || v == 0.0 {
                    continue;
                }
                return k as i64 as u64;
            }
            return if v >= q { 1 } else { 2 };
        }
    }
}

law!(Logseries => u64);
