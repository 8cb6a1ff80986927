//! Drawing from a population without replacement.

use crate::Rng;
use crate::laws::choice::{check_weights, cumulated, find};
use crate::laws::error::Check;
use crate::laws::{LawError, VectorLaw};
use crate::words::Words;

/// Different indices below `population`: NumPy's `choice(a, size, replace=False)`, with `p` or without.
///
/// Draws without probabilities: the first `size` of a shuffle where `size` is a large part of more than 10000, else
/// Floyd's method (Bentley & Floyd 1987, doi:10.1145/30401.315746), one bounded integer for each, and another where
/// shuffled. With probabilities: as many uniforms as are still missing, repeated hits dropped, until all are found.
///
/// ```
/// use mts_rng::{Rng, laws::{ChoiceWithoutReplacement, VectorLaw}};
///
/// // >>> numpy.random.default_rng(42).choice(20, 8, replace=False)
/// let mut rng = Rng::from_seed(42_u64);
/// let drawn = ChoiceWithoutReplacement::new(20, 8, true)?.sample(&mut rng);
/// assert_eq!(drawn, [18, 13, 15, 9, 16, 7, 1, 10]);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceWithoutReplacement {
    size: usize,
    from: Urn,
}

#[derive(Clone, Debug, PartialEq)]
enum Urn {
    Equal { population: usize, shuffle: bool },
    Given(Vec<f64>),
}

impl ChoiceWithoutReplacement {
    /// `size` of `population`, all with the same probability. Without `shuffle` faster, but not in random order.
    ///
    /// # Errors
    ///
    /// Where `size` exceeds the population.
    pub fn new(population: usize, size: usize, shuffle: bool) -> Result<Self, LawError> {
        Check("choice").that(size <= population, "size", size, "at most the population")?;
        Ok(ChoiceWithoutReplacement { size, from: Urn::Equal { population, shuffle } })
    }

    /// `size` indices, each with its probability among those not yet drawn.
    ///
    /// # Errors
    ///
    /// As [`Choice::weighted`](crate::laws::Choice::weighted); and where fewer than `size` probabilities are above 0.
    pub fn weighted(p: &[f64], size: usize) -> Result<Self, LawError> {
        let check = check_weights(p)?;
        let possible = p.iter().filter(|&&p| p > 0.0).count();
        check.that(size <= possible, "size", size, "at most the number of probabilities above 0")?;
        Ok(ChoiceWithoutReplacement { size, from: Urn::Given(p.to_vec()) })
    }
}

impl VectorLaw for ChoiceWithoutReplacement {
    type Value = usize;

    fn dimension(&self) -> usize {
        self.size
    }

    fn draw_into(&self, rng: &mut Rng, row: &mut [usize]) {
        match &self.from {
            Urn::Given(p) => by_weight(p, rng, row),
            &Urn::Equal { population, shuffle } => {
                let part = if shuffle { 50 } else { 20 };
                if population > 10_000 && self.size > population / part {
                    let mut all: Vec<usize> = (0..population).collect();
                    let first = population - self.size;
                    shuffle_from(&mut rng.words, first.max(1), &mut all);
                    row.copy_from_slice(&all[first..]);
                } else {
                    floyd(population, &mut rng.words, row);
                    if shuffle {
                        shuffle_from(&mut rng.words, 1, row);
                    }
                }
            }
        }
    }
}

fn by_weight(p: &[f64], rng: &mut Rng, row: &mut [usize]) {
    let mut p = p.to_vec();
    let mut found = 0;
    while found < row.len() {
        for &taken in &row[..found] {
            p[taken] = 0.0;
        }
        let sums = cumulated(&p);
        let mut fresh = vec![true; p.len()];
        for _ in 0..row.len() - found {
            let index = find(&sums, rng.random());
            if std::mem::take(&mut fresh[index]) {
                row[found] = index;
                found += 1;
            }
        }
    }
}

/// Durstenfeld's shuffle of what stands from `first` on.
fn shuffle_from(words: &mut Words, first: usize, items: &mut [usize]) {
    for i in (first..items.len()).rev() {
        items.swap(i, words.bounded(i as u64) as usize);
    }
}

/// A uniformly chosen set, not in random order.
fn floyd(population: usize, words: &mut Words, row: &mut [usize]) {
    let mut seen = Seen::of(row.len());
    for (j, chosen) in (population - row.len()..population).zip(row) {
        let candidate = words.bounded(j as u64) as usize;
        *chosen = if seen.insert(candidate) { candidate } else { j };
        if *chosen == j && candidate != j {
            seen.insert(j);
        }
    }
}

/// A set of indices with open addressing.
struct Seen(Vec<usize>);

impl Seen {
    const EMPTY: usize = usize::MAX;

    fn of(size: usize) -> Self {
        Seen(vec![Self::EMPTY; (size + size / 2 + 1).next_power_of_two()])
    }

    /// Whether the index is new.
    fn insert(&mut self, index: usize) -> bool {
        let mask = self.0.len() - 1;
        let mut place = index & mask;
        while self.0[place] != Self::EMPTY {
            if self.0[place] == index {
                return false;
            }
            place = (place + 1) & mask;
        }
        self.0[place] = index;
        true
    }
}
