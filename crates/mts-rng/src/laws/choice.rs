//! Drawing from a population with replacement.

use crate::Rng;
use crate::laws::error::Check;
use crate::laws::{Law, LawError};

/// An index below `population`, or one with given probabilities: NumPy's `choice(a)`, `choice(a, p=p)`.
///
/// Draws: without probabilities, one bounded integer; with them, one uniform that is searched in their sums.
///
/// ```
/// use mts_rng::{Rng, laws::{Choice, Law}};
///
/// // >>> numpy.random.default_rng(42).choice(5, size=4, p=[0.1, 0.2, 0.3, 0.25, 0.15])
/// let mut drawn = [0; 4];
/// Choice::weighted(&[0.1, 0.2, 0.3, 0.25, 0.15])?.fill(&mut Rng::from_seed(42_u64), &mut drawn);
/// assert_eq!(drawn, [3, 2, 4, 3]);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Choice(Weights);

#[derive(Clone, Debug, PartialEq)]
enum Weights {
    Equal {
        last: u64,
    },
    /// Sums of the probabilities, the last one 1.
    Given(Vec<f64>),
}

impl Choice {
    /// All of `population` with the same probability.
    ///
    /// # Errors
    ///
    /// Where it is 0.
    pub fn new(population: usize) -> Result<Self, LawError> {
        Check("choice").that(population > 0, "a", population, "at least 1")?;
        Ok(Choice(Weights::Equal { last: population as u64 - 1 }))
    }

    /// Each index with its probability.
    ///
    /// # Errors
    ///
    /// Where there is none, one is not in [0, 1], or they do not add up to 1 (to 1.5·10⁻⁸).
    pub fn weighted(p: &[f64]) -> Result<Self, LawError> {
        check_weights(p)?;
        Ok(Choice(Weights::Given(cumulated(p))))
    }
}

impl Law for Choice {
    type Value = usize;

    fn sample(&self, rng: &mut Rng) -> usize {
        match &self.0 {
            &Weights::Equal { last } => rng.words.bounded(last) as usize,
            Weights::Given(sums) => find(sums, rng.words.pcg.next_f64()),
        }
    }

    fn fill(&self, rng: &mut Rng, out: &mut [usize]) {
        match &self.0 {
            &Weights::Equal { last } => rng.words.fill_bounded(last, out, |index| index as usize),
            Weights::Given(sums) => rng.fill_with(out, |pcg| find(sums, pcg.next_f64())),
        }
    }
}

/// Checks that these are probabilities that add up to 1.
pub(super) fn check_weights(p: &[f64]) -> Result<Check, LawError> {
    let check = Check("choice");
    let sum = check.probabilities("p", p)?;
    check.that((sum - 1.0).abs() <= f64::EPSILON.sqrt(), "p", sum, "a sum of 1")?;
    Ok(check)
}

/// Sums divided by the last of them.
pub(super) fn cumulated(p: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let sums = p.iter().map(|p| {
        sum += p;
        sum
    });
    let mut sums: Vec<f64> = sums.collect();
    sums.iter_mut().for_each(|part| *part /= sum);
    sums
}

/// The number of sums up to `u`.
#[inline]
pub(super) fn find(sums: &[f64], u: f64) -> usize {
    if sums.len() <= 16 {
        sums.iter().map(|&sum| usize::from(sum <= u)).sum()
    } else {
        sums.partition_point(|&sum| sum <= u)
    }
}
