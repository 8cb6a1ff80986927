//! The multivariate hypergeometric law.

use crate::Rng;
use crate::laws::error::Check;
use crate::laws::hypergeometric::Hypergeometric;
use crate::laws::{LawError, VectorLaw};

/// Counts of each colour among `nsample` taken at once: probability `∏ C(colorsᵢ, kᵢ) / C(∑ colors, nsample)`.
///
/// Fewer than 10⁹ in all. NumPy's `method="marginals"`: draws a hypergeometric of what is left for each colour but
/// the last, until nothing is left; where more than half are taken, of those not taken.
///
/// ```
/// use mts_rng::{Rng, laws::{MultivariateHypergeometric, VectorLaw}};
///
/// // >>> numpy.random.default_rng(42).multivariate_hypergeometric([16, 8, 4], 6)
/// let mut rng = Rng::from_seed(42_u64);
/// let law = MultivariateHypergeometric::new(&[16, 8, 4], 6)?;
/// assert_eq!(law.sample(&mut rng), [6, 0, 0]);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MultivariateHypergeometric {
    colors: Vec<u64>,
    total: u64,
    nsample: u64,
}

impl MultivariateHypergeometric {
    /// The law of so many of each colour and of those taken.
    ///
    /// # Errors
    ///
    /// Where there is no colour, 10⁹ or more in all, or `nsample` exceeds that.
    pub fn new(colors: &[u64], nsample: u64) -> Result<Self, LawError> {
        let check = Check("multivariate_hypergeometric");
        check.that(!colors.is_empty(), "colors", colors, "at least one colour")?;
        let total = colors.iter().fold(0, |sum: u64, &count| sum.saturating_add(count));
        check.that(total < 1_000_000_000, "colors", colors, "below 10^9 together")?;
        check.that(nsample <= total, "nsample", nsample, "at most the sum of colors")?;
        Ok(MultivariateHypergeometric { colors: colors.to_vec(), total, nsample })
    }
}

impl VectorLaw for MultivariateHypergeometric {
    type Value = u64;

    fn dimension(&self) -> usize {
        self.colors.len()
    }

    fn draw_into(&self, rng: &mut Rng, row: &mut [u64]) {
        let leave = self.nsample > self.total / 2;
        let mut turns = if leave { self.total - self.nsample } else { self.nsample };
        let mut rest = self.total;
        let last = self.colors.len() - 1;
        row.fill(0);
        for (count, &color) in row.iter_mut().zip(&self.colors[..last]) {
            if turns == 0 {
                break;
            }
            rest -= color;
            *count = Hypergeometric::unchecked(color, rest, turns).draw(&mut rng.words);
            turns -= *count;
        }
        row[last] = turns;
        if leave {
            row.iter_mut().zip(&self.colors).for_each(|(count, color)| *count = color - *count);
        }
    }
}
