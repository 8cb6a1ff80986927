//! The multinomial law.

use crate::Rng;
use crate::laws::binomial::Chance;
use crate::laws::error::Check;
use crate::laws::{LawError, VectorLaw};

/// Counts of `n` trials with more than two outcomes: probability `n!·∏ pᵢ^kᵢ/kᵢ!`.
///
/// `n < 2⁶³`; probabilities whose sum without the last is at most 1 (the last takes what they leave). Draws a
/// binomial of what is left for each outcome but the last, until nothing is left.
///
/// ```
/// use mts_rng::{Rng, laws::{Multinomial, VectorLaw}};
///
/// // >>> numpy.random.default_rng(42).multinomial(20, [0.1, 0.2, 0.3, 0.25, 0.15])
/// let mut rng = Rng::from_seed(42_u64);
/// let law = Multinomial::new(20, &[0.1, 0.2, 0.3, 0.25, 0.15])?;
/// assert_eq!(law.sample(&mut rng), [3, 3, 8, 3, 3]);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Multinomial {
    n: u64,
    /// The probability of each outcome but the last, given none of those before it.
    conditional: Vec<Chance>,
}

impl Multinomial {
    /// The law of so many trials with these probabilities.
    ///
    /// # Errors
    ///
    /// Where `n` is 2⁶³ or more, there is no probability, one is not in [0, 1], or all but the last add up to more
    /// than 1 (by more than 10⁻¹²).
    pub fn new(n: u64, pvals: &[f64]) -> Result<Self, LawError> {
        let check = Check("multinomial");
        check.that(n <= i64::MAX as u64, "n", n, "below 2^63")?;
        check.probabilities("pvals", pvals)?;
        let (_, most) = pvals.split_last().unwrap_or((&1.0, &[]));
        if !most.is_empty() {
            let sum = check.probabilities("pvals", most)?;
            check.that(sum <= 1.0 + 1e-12, "pvals", sum, "a sum of at most 1 without the last")?;
        }
        let mut left = 1.0;
        let conditional = most.iter().map(|&p| {
            let given = p / left;
            left -= p;
            Chance::new(given)
        });
        Ok(Multinomial { n, conditional: conditional.collect() })
    }
}

impl VectorLaw for Multinomial {
    type Value = u64;

    fn dimension(&self) -> usize {
        self.conditional.len() + 1
    }

    fn draw_into(&self, rng: &mut Rng, row: &mut [u64]) {
        let mut left = self.n;
        row.fill(0);
        for (count, chance) in row.iter_mut().zip(&self.conditional) {
            *count = chance.draw(left, &mut rng.words.pcg);
            left -= *count;
            if left == 0 {
                return;
            }
        }
        row[self.conditional.len()] = left;
    }
}
