//! Which cells are known to be spoilt.

use crate::{Change, Rows};

/// What was spoilt in a table, as its ledger says.
#[derive(Default)]
pub struct Ledger {
    /// In the order of rows and columns.
    changes: Vec<Change>,
    /// Rows that copies are copies of.
    sources: Vec<u64>,
}

/// Changes of one cell, as one.
pub(super) struct Spoilt<'a> {
    /// The place in the batch.
    pub(super) at: usize,
    pub(super) column: usize,
    pub(super) kind: &'static str,
    pub(super) before: Option<&'a str>,
    pub(super) after: Option<&'a str>,
}

impl Ledger {
    /// A ledger of changes in any order; those of one cell in theirs.
    pub fn new(mut changes: Vec<Change>) -> Self {
        changes.sort_by_key(|change| (change.row, change.column));
        let copies = changes.iter().filter(|change| change.column.is_none());
        let mut sources: Vec<u64> = copies.filter_map(source).collect();
        sources.sort_unstable();
        sources.dedup();
        Ledger { changes, sources }
    }

    /// All changes.
    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    fn of_row(&self, row: u64) -> &[Change] {
        let start = self.changes.partition_point(|change| change.row < row);
        let rest = &self.changes[start..];
        &rest[..rest.partition_point(|change| change.row == row)]
    }

    /// The cells of `rows` that are spoilt, in order.
    pub(super) fn spoilt(&self, rows: &Rows) -> Vec<Spoilt<'_>> {
        let mut spoilt: Vec<Spoilt> = Vec::new();
        if self.changes.is_empty() {
            return spoilt;
        }
        for (at, row) in rows.iter().enumerate() {
            for change in self.of_row(row) {
                let Some(column) = change.column else { continue };
                let (before, after) = (change.before.as_deref(), change.after.as_deref());
                match spoilt.last_mut() {
                    Some(last) if (last.at, last.column) == (at, column) => last.after = after,
                    _ => spoilt.push(Spoilt { at, column, kind: change.kind, before, after }),
                }
            }
        }
        spoilt
    }

    /// The row that `row` is a copy of.
    pub(super) fn original(&self, row: u64) -> Option<u64> {
        let copy = self.of_row(row).first().filter(|change| change.column.is_none());
        copy.map(|copy| source(copy).unwrap_or(u64::MAX))
    }

    pub(super) fn is_source(&self, row: u64) -> bool {
        self.sources.binary_search(&row).is_ok()
    }
}

fn source(change: &Change) -> Option<u64> {
    change.after.as_deref()?.parse().ok()
}
