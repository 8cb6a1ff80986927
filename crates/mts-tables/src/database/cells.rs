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
use super::{Database, Source, Table, TableColumn};
use crate::masked::masked;
use crate::{Rows, data_type};

/// Rows that are made at a time where all values of a column are kept.
const CHUNK: u64 = 1 << 16;

impl Database {
    /// The cells of rows of a table before anything is spoilt.
    pub(super) fn clean(&self, table: usize, rows: &Rows) -> Vec<ArrayRef> {
        let evaluation = Evaluation::new(self, table, rows);
        (0..self.tables[table].columns.len()).map(|column| evaluation.cells(column)).collect()
    }

    /// The cells of a column in rows that other tables refer to.
    fn referred(&self, evaluation: &Evaluation, column: usize) -> ArrayRef {
        let (table, column) = (evaluation.table, (column, &evaluation.of().columns[column]));
        match &column.1.kept {
            Some(kept) => gather(self.all(table, column.0, kept), evaluation.rows),
            None => evaluation.cells(column.0),
        }
    }

    /// All values of a column.
    fn all<'a>(&self, table: usize, column: usize, kept: &'a OnceLock<ArrayRef>) -> &'a ArrayRef {
        kept.get_or_init(|| {
            let all = self.tables[table].rows;
            let chunk = |start: u64| {
                let rows = Rows::Range(start..(start + CHUNK).min(all));
                Evaluation::new(self, table, &rows).cells(column)
            };
            let chunks: Vec<ArrayRef> = (0..all.div_ceil(CHUNK)).map(|at| chunk(at * CHUNK)).collect();
            let parts: Vec<&dyn Array> = chunks.iter().map(|chunk| &**chunk).collect();
            let kind = data_type(&self.tables[table].columns[column].kind);
            concat(&parts).unwrap_or_else(|_| new_null_array(&kind, 0))
        })
    }
}

fn gather(all: &ArrayRef, rows: &Rows) -> ArrayRef {
    match rows {
        Rows::Range(Range { start, end }) => all.slice(*start as usize, (end - start) as usize),
        Rows::Listed(rows) => {
            let places = UInt64Array::from(rows.to_vec());
            take(all, &places, None).unwrap_or_else(|_| new_null_array(all.data_type(), rows.len()))
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
