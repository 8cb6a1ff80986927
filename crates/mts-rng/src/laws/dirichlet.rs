//! The Dirichlet law.

use crate::Rng;
use crate::laws::beta::{Beta, LARGEST_SHAPE};
use crate::laws::error::Check;
use crate::laws::gamma::StandardGamma;
use crate::laws::{LawError, VectorLaw};

/// Shares that add up to 1: density proportional to `∏ xᵢ^(αᵢ-1)` on the simplex.
///
/// `0 <= αᵢ <= 10³⁰⁰`, not all 0. Draws: a gamma of shape αᵢ for each component in turn, divided by their sum; all αᵢ
/// below 0.1, where those would underflow, a [`Beta`] for each component but the last, of what is left.
///
/// ```
/// use mts_rng::{Rng, laws::{Dirichlet, VectorLaw}};
///
/// // >>> numpy.random.default_rng(42).dirichlet([1.0, 2.0, 3.0])
/// let mut rng = Rng::from_seed(42_u64);
/// let shares = Dirichlet::new(&[1.0, 2.0, 3.0])?.sample(&mut rng);
/// assert_eq!(shares, [0.3174762876184857, 0.08613712680247759, 0.5963865855790367]);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dirichlet(Method);

#[derive(Clone, Debug, PartialEq)]
enum Method {
    Gammas(Vec<StandardGamma>),
    /// The share of each component in what those before it left, as far as anything is left.
    Stick {
        breaks: Vec<Beta>,
        dimension: usize,
    },
}

impl Dirichlet {
    /// The law of these concentrations.
    ///
    /// # Errors
    ///
    /// Where one is not in [0, 10³⁰⁰], or all are 0.
    pub fn new(alpha: &[f64]) -> Result<Self, LawError> {
        let check = Check("dirichlet");
        for &alpha in alpha {
            check.not_negative("alpha", alpha)?;
            check.that(alpha <= LARGEST_SHAPE, "alpha", alpha, "at most 1e300")?;
        }
        check.that(alpha.iter().any(|&alpha| alpha > 0.0), "alpha", alpha, "above 0 somewhere")?;
        if alpha.iter().any(|&alpha| alpha >= 0.1) {
            return Ok(Dirichlet(Method::Gammas(alpha.iter().copied().map(StandardGamma::new).collect())));
        }

        let mut rests: Vec<f64> = Vec::with_capacity(alpha.len());
        for &alpha in alpha.iter().rev() {
            rests.push(rests.last().map_or(alpha, |rest| rest + alpha));
        }
        rests.reverse();
        let used = rests.iter().take_while(|&&rest| rest > 0.0).count().min(alpha.len() - 1);
        let breaks =
            alpha.iter().zip(&rests[1..]).take(used).map(|(&alpha, &rest)| Beta::unchecked(alpha, rest));
        Ok(Dirichlet(Method::Stick { breaks: breaks.collect(), dimension: alpha.len() }))
    }
}

impl VectorLaw for Dirichlet {
    type Value = f64;

    fn dimension(&self) -> usize {
        match &self.0 {
            Method::Gammas(gammas) => gammas.len(),
            Method::Stick { dimension, .. } => *dimension,
        }
    }

    fn draw_into(&self, rng: &mut Rng, row: &mut [f64]) {
        let pcg = &mut rng.words.pcg;
        match &self.0 {
            Method::Gammas(gammas) => {
                let mut sum = 0.0;
                for (share, gamma) in row.iter_mut().zip(gammas) {
                    *share = gamma.draw(pcg);
                    sum += *share;
                }
                let inverse = 1.0 / sum;
                row.iter_mut().for_each(|share| *share *= inverse);
            }
            Method::Stick { breaks, dimension } => {
                let mut left = 1.0;
                row.fill(0.0);
                for (share, part) in row.iter_mut().zip(breaks) {
                    let part = part.draw(pcg);
                    *share = left * part;
                    left *= 1.0 - part;
                }
                row[dimension - 1] = left;
            }
        }
    }
}
