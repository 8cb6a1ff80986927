//! Rows as they were read, with what is known to be spoilt in them.

use std::cell::OnceCell;

use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};

use super::ledger::{Ledger, Spoilt};
use crate::{Rows, texts};

/// Rows of a table as they were read.
pub(super) struct Batch<'a> {
    /// Their numbers.
    pub(super) rows: Vec<u64>,
    pub(super) columns: &'a [ArrayRef],
    texts: Vec<OnceCell<StringArray>>,
    /// The spoilt cells of each column.
    pub(super) spoilt: Vec<Vec<Spoilt<'a>>>,
    /// The rows that copies are copies of.
    pub(super) originals: Vec<Option<u64>>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(rows: &Rows, records: &'a RecordBatch, ledger: &'a Ledger) -> Self {
        let columns = records.columns();
        let mut spoilt: Vec<Vec<Spoilt>> = columns.iter().map(|_| Vec::new()).collect();
        for cell in ledger.spoilt(rows) {
            if let Some(column) = spoilt.get_mut(cell.column) {
                column.push(cell);
            }
        }
        let original = |row| if ledger.changes().is_empty() { None } else { ledger.original(row) };
        Batch {
            rows: rows.iter().collect(),
            columns,
            texts: columns.iter().map(|_| OnceCell::new()).collect(),
            spoilt,
            originals: rows.iter().map(original).collect(),
        }
    }

    /// The cells of a column as text.
    pub(super) fn texts(&self, column: usize) -> &StringArray {
        self.texts[column].get_or_init(|| texts(&self.columns[column]))
    }

    /// The text of a cell.
    pub(super) fn text(&self, column: usize, at: usize) -> Option<&str> {
        let texts = self.texts(column);
        texts.is_valid(at).then(|| texts.value(at))
    }

    /// A cell in words.
    pub(super) fn shown(&self, column: usize, at: usize) -> &str {
        self.text(column, at).unwrap_or("nothing")
    }

    /// The cells of a column as text, as they were before they were spoilt.
    pub(super) fn before(&self, column: usize) -> Vec<Option<&str>> {
        let mut cells: Vec<Option<&str>> = self.texts(column).iter().collect();
        self.spoilt[column].iter().for_each(|cell| cells[cell.at] = cell.before);
        cells
    }

    /// Which cells of a column are neither spoilt nor those of a copy.
    pub(super) fn sound(&self, column: usize) -> Vec<bool> {
        let mut sound: Vec<bool> = self.originals.iter().map(Option::is_none).collect();
        self.spoilt[column].iter().for_each(|cell| sound[cell.at] = false);
        sound
    }
}
