//! Which rows of a table are wanted.

use std::ops::Range;

/// Rows of one table, by number: consecutive ones, or any, in any order and repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows<'a> {
    /// Consecutive ones.
    Range(Range<u64>),
    /// These.
    Listed(&'a [u64]),
}

impl Rows<'_> {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Rows::Range(range) => (range.end - range.start) as usize,
            Rows::Listed(rows) => rows.len(),
        }
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Their numbers, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        (0..self.len()).map(|at| match self {
            Rows::Range(range) => range.start + at as u64,
            Rows::Listed(rows) => rows[at],
        })
    }
}
