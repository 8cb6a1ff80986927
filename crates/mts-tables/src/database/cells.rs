//! Making cells.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use arrow_array::{Array, ArrayRef, RecordBatch, UInt64Array, new_null_array};
use arrow_buffer::NullBuffer;
use arrow_select::concat::concat;
use arrow_select::take::take;
use mts_rng::keyed;

use super::links::Parents;
use super::{Database, KEPT, Source, Table, TableColumn};
use crate::masked::masked;
use crate::{Rows, data_type};

/// Rows that are made at a time where all values of a column are kept, and how many of them at first: nobody knows
/// how long texts are before there are some.
const CHUNK: u64 = 1 << 16;
const FIRST: u64 = 64;

impl Database {
    /// The cells of rows of a table before anything is spoilt.
    pub(super) fn clean(&self, table: usize, rows: &Rows) -> Vec<ArrayRef> {
        let evaluation = Evaluation::new(self, table, rows);
        (0..self.tables[table].columns.len()).map(|column| evaluation.cells(column)).collect()
    }

    /// The cells of a column in rows that other tables refer to.
    fn referred(&self, evaluation: &Evaluation, column: usize) -> ArrayRef {
        let (table, column) = (evaluation.table, (column, &evaluation.of().columns[column]));
        let kept = column.1.kept.as_ref().and_then(|kept| self.all(table, column.0, kept));
        match kept {
            Some(all) => gather(all, evaluation.rows),
            None => evaluation.cells(column.0),
        }
    }

    /// All values of a column, unless they turn out to be larger than may be kept.
    fn all<'a>(
        &self,
        table: usize,
        column: usize,
        kept: &'a OnceLock<Option<ArrayRef>>,
    ) -> Option<&'a ArrayRef> {
        let make = || {
            let all = self.tables[table].rows;
            let mut chunks: Vec<ArrayRef> = Vec::new();
            let (mut start, mut bytes, mut size) = (0, 0, FIRST);
            while start < all {
                let rows = Rows::Range(start..(start + size).min(all));
                let chunk = Evaluation::new(self, table, &rows).cells(column);
                start += rows.len() as u64;
                let own = chunk.get_array_memory_size() as u64;
                bytes += own;
                if bytes > KEPT {
                    return None;
                }
                // As many as a small part of the whole has room for.
                size = (size * (KEPT / 16) / own.max(1)).clamp(FIRST, CHUNK);
                chunks.push(chunk);
            }
            let parts: Vec<&dyn Array> = chunks.iter().map(|chunk| &**chunk).collect();
            concat(&parts).ok()
        };
        kept.get_or_init(make).as_ref()
    }
}

fn gather(all: &ArrayRef, rows: &Rows) -> ArrayRef {
    match rows {
        Rows::Range(Range { start, end }) => all.slice(*start as usize, (end - start) as usize),
        Rows::Listed(rows) => {
            let places = UInt64Array::from(rows.to_vec());
            take(all, &places, None).expect("rows of the table, whose texts an array holds")
        }
    }
}

/// Rows of one table, of which columns are made once each.
struct Evaluation<'a> {
    database: &'a Database,
    table: usize,
    rows: &'a Rows<'a>,
    cells: Vec<OnceCell<ArrayRef>>,
    /// By link.
    parents: Vec<OnceCell<Arc<Parents>>>,
}

impl<'a> Evaluation<'a> {
    fn new(database: &'a Database, table: usize, rows: &'a Rows<'a>) -> Self {
        let columns = database.tables[table].columns.len();
        Evaluation {
            database,
            table,
            rows,
            cells: (0..columns).map(|_| OnceCell::new()).collect(),
            parents: (0..database.links.len()).map(|_| OnceCell::new()).collect(),
        }
    }

    fn of(&self) -> &'a Table {
        &self.database.tables[self.table]
    }

    fn cells(&self, column: usize) -> ArrayRef {
        self.cells[column].get_or_init(|| self.make(&self.of().columns[column])).clone()
    }

    fn make(&self, column: &TableColumn) -> ArrayRef {
        let array = match &column.source {
            Source::Own { values, inputs } => {
                let inputs: Vec<ArrayRef> = inputs.iter().map(|input| self.cells(*input)).collect();
                values.values(self.rows, &inputs)
            }
            Source::Parent { link, column } => self.of_parents(*link, *column),
        };
        match column.nulls {
            None => array,
            Some((key, rate)) => {
                let there = self.rows.iter().map(|row| keyed(key, row).random() >= rate);
                masked(&array, NullBuffer::from_iter(there))
            }
        }
    }

    /// A column of the parents.
    fn of_parents(&self, link: usize, column: usize) -> ArrayRef {
        let parents = self.parents(link);
        let (rows, parent) = (Rows::Listed(&parents.rows), self.database.links[link].parent);
        let array = if self.database.tables[parent].rows == 0 {
            new_null_array(&data_type(&self.database.tables[parent].columns[column].kind), rows.len())
        } else {
            self.database.referred(&Evaluation::new(self.database, parent, &rows), column)
        };
        match &parents.there {
            Some(there) => masked(&array, there.clone()),
            None => array,
        }
    }

    fn parents(&self, link: usize) -> Arc<Parents> {
        let make = || Arc::new(self.database.links[link].parents(self.rows));
        self.parents[link].get_or_init(make).clone()
    }
}

/// Rows of a table, and what was spoilt in them.
pub struct Made {
    /// The rows.
    pub records: RecordBatch,
    /// What was changed, in the order of rows, columns and kinds of change.
    pub changes: Vec<super::Change>,
}
