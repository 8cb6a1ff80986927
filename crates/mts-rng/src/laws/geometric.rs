//! The geometric law.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::pcg64::Pcg64;
use crate::ziggurat::exponential;

/// Number of the first success: probability `p·(1-p)^(k-1)` of k = 1, 2, …
///
/// `0 < p <= 1`. Draws: `p >= 1/3`, one uniform that walks up the distribution function; below, one exponential.
/// Draws beyond 2⁶³ - 1 become that.
///
/// ```
/// use mts_rng::{Rng, laws::{Geometric, Law}};
///
/// // >>> numpy.random.default_rng(42).geometric(0.2)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Geometric::new(0.2)?.sample(&mut rng), 11);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometric(Method);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Method {
    Search { p: f64 },
    Inversion { ln_q: f64 },
}

impl Geometric {
    /// The law of this probability of success.
    ///
    /// # Errors
    ///
    /// Where it is not in (0, 1].
    pub fn new(p: f64) -> Result<Self, LawError> {
        Check("geometric").that(p > 0.0 && p <= 1.0, "p", p, "a probability in (0, 1]")?;
        Ok(Geometric(if p >= 1.0 / 3.0 {
            Method::Search { p }
        } else {
            Method::Inversion { ln_q: libm::log1p(-p) }
        }))
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> u64 {
        match self.0 {
            Method::Search { p } => {
                let u = pcg.next_f64();
                let (mut count, mut mass, mut sum) = (1, p, p);
                // Rounding may keep the sum below the largest u: the mass ends the walk then.
                while u > sum && mass > 0.0 {
                    mass *= 1.0 - p;
                    sum += mass;
                    count += 1;
                }
                count
            }
            // The conversion takes what is too large to the largest i64, as NumPy does.
            Method::Inversion { ln_q } => (-exponential(pcg) / ln_q).ceil() as i64 as u64,
        }
    }
}

law!(Geometric => u64);
