//! The law of Pareto's second kind.

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::pcg64::Pcg64;
use crate::ziggurat::exponential;

/// Lomax's law, Pareto's shifted to begin at 0: density `a / (1 + x)^(a+1)` on [0, ∞).
///
/// `a > 0`. For the classical law with scale m take `m·(1 + x)`. Draws one exponential E: `exp(E/a) - 1`.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Pareto}};
///
/// // >>> numpy.random.default_rng(42).pareto(3.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Pareto::new(3.0)?.sample(&mut rng), 1.228665259618174);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pareto {
    a: f64,
}

impl Pareto {
    /// The law of this exponent.
    ///
    /// # Errors
    ///
    /// Where it is not positive or not finite.
    pub fn new(a: f64) -> Result<Self, LawError> {
        Ok(Pareto { a: Check("pareto").positive("a", a)? })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        libm::expm1(exponential(pcg) / self.a)
    }
}

law!(Pareto => f64);
