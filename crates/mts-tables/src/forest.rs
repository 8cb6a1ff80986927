//! Rows that belong to earlier rows of their own table.

use std::ops::Range;

use mts_hash::SeedSequence;
use mts_rng::{Key, keyed};

use crate::shuffle::Shuffle;
use crate::{Children, CountLaw, Infeasible, Rows};

/// Trees of rows: each row is a root, or has a parent among the rows before it.
///
/// ```
/// use mts_hash::SeedSequence;
/// use mts_tables::Forest;
///
/// // A thousand employees, nobody with more than eight under them.
/// let seed = SeedSequence::new(42_u64).named("employees").named("manager");
/// let staff = Forest::new(&seed, 1000, 0.0, Some(8))?;
/// assert_eq!(staff.parent(0), None);
/// assert!((1..1000).all(|row| staff.parent(row).is_some_and(|parent| parent < row)));
///
/// let error = Forest::new(&seed, 10, 0.5, Some(0)).unwrap_err();
/// assert_eq!(error.to_string(), "10 parents × at most 0 children = 0 < 5 rows");
/// # Ok::<(), mts_tables::Infeasible>(())
/// ```
#[derive(Debug)]
pub struct Forest {
    rows: u64,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    /// Any earlier row is a parent as likely as another.
    Free { key: Key, root_share: f64 },
    /// The first rows are roots, and each has one child at most: what follows are their generations.
    Lines { roots: u64 },
    /// The first rows are roots; each generation belongs to the one before.
    Generations { roots: u64, generations: Vec<Generation> },
}

#[derive(Debug)]
struct Generation {
    start: u64,
    parents: u64,
    /// Whose children they are, by slot.
    slots: Children,
    /// The slot of a row.
    order: Shuffle,
}

impl Forest {
    /// A forest of `rows` rows.
    ///
    /// Without `max_children` a row is a root with probability `root_share`, row 0 always, and its parent is any row
    /// before it, so that rows have the fewer children the later they come. With it, the first rows are the roots,
    /// as many as this share, one at least, and generations follow, each by half of what `max_children` allows larger
    /// than the one before.
    ///
    /// # Errors
    ///
    /// Where `root_share` is no share, or no row may have children and not all are roots.
    pub fn new(
        seed: &SeedSequence,
        rows: u64,
        root_share: f64,
        max_children: Option<u64>,
    ) -> Result<Self, Infeasible> {
        if !(0.0..=1.0).contains(&root_share) {
            return Err(Infeasible::Parameter { name: "root_share", value: root_share, rule: "from 0 to 1" });
        }
        let roots = ((root_share * rows as f64).round() as u64).clamp(rows.min(1), rows);
        let shape = match max_children {
            None => Shape::Free { key: Key::from(seed), root_share },
            Some(0) if roots < rows => {
                return Err(Infeasible::TooMany { parents: rows, max: 0, children: rows - roots });
            }
            Some(0 | 1) => Shape::Lines { roots },
            Some(max) => Shape::Generations { roots, generations: generations(seed, rows, roots, max)? },
        };
        Ok(Forest { rows, shape })
    }

    /// The same, remembering no more than about so many bytes.
    #[must_use]
    pub fn with_budget(self, bytes: u64) -> Self {
        let share = |rows: u64| (u128::from(bytes) * u128::from(rows) / u128::from(self.rows.max(1))) as u64;
        let shape = match self.shape {
            Shape::Generations { roots, generations } => {
                let smaller = |generation: Generation| {
                    let share = share(generation.slots.len());
                    Generation { slots: generation.slots.with_budget(share), ..generation }
                };
                Shape::Generations { roots, generations: generations.into_iter().map(smaller).collect() }
            }
            shape => shape,
        };
        Forest { shape, ..self }
    }

    /// Bytes that it remembers without a budget, about.
    pub fn memory(&self) -> u64 {
        match self.shape {
            Shape::Free { .. } | Shape::Lines { .. } => 0,
            Shape::Generations { .. } => self.rows.saturating_mul(6),
        }
    }

    /// The parents of rows, none of roots.
    pub(crate) fn parents(&self, rows: &Rows) -> Vec<Option<u64>> {
        let (Shape::Generations { roots, generations }, Rows::Range(range)) = (&self.shape, rows) else {
            return rows.iter().map(|row| self.parent(row)).collect();
        };
        let mut parents = vec![None; range.end.min(*roots).saturating_sub(range.start) as usize];
        for generation in generations {
            let end = generation.start + generation.slots.len();
            let own = range.start.max(generation.start)..range.end.min(end);
            if !own.is_empty() {
                generation.parents(own, &mut parents);
            }
        }
        parents
    }

    /// The parent of a row, none of a root.
    ///
    /// # Panics
    ///
    /// Where there is no such row.
    pub fn parent(&self, row: u64) -> Option<u64> {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        match &self.shape {
            Shape::Free { key, root_share } => {
                let mut rng = keyed(*key, row);
                let root = rng.random() < *root_share;
                let last = row.checked_sub(1)?;
                (!root).then(|| rng.bounded(last))
            }
            Shape::Lines { roots } => row.checked_sub(*roots),
            Shape::Generations { roots, generations } => {
                if row < *roots {
                    return None;
                }
                let after = generations.partition_point(|generation| generation.start <= row);
                generations.get(after - 1).map(|generation| generation.parent(row))
            }
        }
    }
}

impl Generation {
    fn parent(&self, row: u64) -> u64 {
        self.parents + self.slots.parent(self.order.at(row - self.start))
    }

    /// Adds the parents of consecutive rows.
    fn parents(&self, rows: Range<u64>, out: &mut Vec<Option<u64>>) {
        let mut slots = vec![0; (rows.end - rows.start) as usize];
        self.order.fill(rows.start - self.start, &mut slots);
        let mut parents = Vec::with_capacity(slots.len());
        self.slots.parents_of(&slots, &mut parents);
        out.extend(parents.into_iter().map(|parent| Some(self.parents + parent)));
    }
}

fn generations(seed: &SeedSequence, rows: u64, roots: u64, max: u64) -> Result<Vec<Generation>, Infeasible> {
    let mut generations = Vec::new();
    let (mut parents, mut start) = (0, roots);
    while start < rows {
        let size = start - parents;
        // Between one and as many as there can be: the least that makes few generations.
        let larger = (u128::from(size) * (u128::from(max) + 1)).div_ceil(2);
        let children = larger.min((rows - start).into()) as u64;
        let seed = seed.child(generations.len() as u32);
        let slots = Children::new(&seed, size, children, 0, Some(max), CountLaw::Fit)?;
        let order = Shuffle::new(&seed.child(3), children, size);
        generations.push(Generation { start, parents, slots, order });
        (parents, start) = (start, start + children);
    }
    Ok(generations)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parents(forest: &Forest) -> Vec<Option<u64>> {
        (0..forest.rows).map(|row| forest.parent(row)).collect()
    }

    #[test]
    fn parents_come_first_and_have_no_more_children_than_they_may() {
        for seed in 0..5_u64 {
            let seed = SeedSequence::new(seed);
            for rows in [0, 1, 2, 3, 10, 1000, 9000] {
                for root_share in [0.0, 0.01, 0.3, 1.0] {
                    for max in [None, Some(1), Some(2), Some(3), Some(100), Some(u64::MAX)] {
                        let parents = parents(&Forest::new(&seed, rows, root_share, max).unwrap());
                        let mut counts = vec![0; rows as usize];
                        for (row, parent) in parents.iter().enumerate() {
                            assert!(parent.is_none_or(|parent| parent < row as u64));
                            parent.iter().for_each(|&parent| counts[parent as usize] += 1);
                        }
                        assert!(counts.iter().all(|&count| max.is_none_or(|max| count <= max)));
                        assert!(rows == 0 || parents[0].is_none());
                        let roots = parents.iter().filter(|parent| parent.is_none()).count() as f64;
                        let expected = (root_share * rows as f64).max(1.0_f64.min(rows as f64));
                        let most = if max.is_none() { 5.0 * expected.sqrt() + 1.0 } else { 0.5 };
                        assert!((roots - expected).abs() <= most, "{roots} roots, not {expected}");
                    }
                }
            }
        }
    }

    #[test]
    fn two_children_are_enough_for_few_generations() {
        let forest = Forest::new(&SeedSequence::new(1_u64), 1_000_000, 0.0, Some(2)).unwrap();
        let some = 300_000..700_000;
        assert!(
            forest.parents(&Rows::Range(some.clone())).into_iter().eq(some.map(|row| forest.parent(row)))
        );
        assert!(forest.parents(&Rows::Range(0..3)).into_iter().eq((0..3).map(|row| forest.parent(row))));
        let depth = std::iter::successors(Some(999_999), |&row| forest.parent(row)).count();
        assert!(depth < 40, "{depth}");
    }

    #[test]
    fn a_share_is_a_share() {
        let error = Forest::new(&SeedSequence::new(1_u64), 10, 1.5, None).unwrap_err();
        assert_eq!(error.to_string(), "root_share = 1.5 must be from 0 to 1");
        let error = Forest::new(&SeedSequence::new(1_u64), 10, 0.0, Some(0)).unwrap_err();
        assert_eq!(error.to_string(), "10 parents × at most 0 children = 0 < 9 rows");
    }
}
