//! What is spoilt, on purpose and on record.

use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use arrow_select::concat::concat_batches;
use mts_core::ColumnType;
use mts_rng::{Key, keyed};

use super::cells::Made;
use super::{Database, Table};
use crate::Rows;
use crate::masked::masked;
use crate::text::{text, texts};

/// How much is spoilt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// What the document says.
    #[default]
    Document,
    /// Nothing.
    Clean,
    /// 1 % of cells are missing and 0.5 % of rows have an outlier, whatever the document says.
    Realistic,
    /// 8 % of cells are missing and 3 % of rows have an outlier, whatever the document says.
    Dirty,
}

impl Profile {
    /// The names of those that can be asked for.
    pub const NAMES: [&'static str; 4] = ["clean", "fast", "realistic", "dirty"];

    /// Its name; that of what the document says is none that can be asked for.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Document => "document",
            Profile::Clean => "clean",
            Profile::Realistic => "realistic",
            Profile::Dirty => "dirty",
        }
    }

    /// Shares of missing cells and of rows with an outlier, where it replaces those of the document.
    pub(super) fn rates(self) -> Option<[f64; 2]> {
        match self {
            Profile::Document => None,
            Profile::Clean => Some([0.0, 0.0]),
            Profile::Realistic => Some([0.01, 0.005]),
            Profile::Dirty => Some([0.08, 0.03]),
        }
    }
}

impl FromStr for Profile {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "document" => Ok(Profile::Document),
            "clean" | "fast" => Ok(Profile::Clean),
            "realistic" => Ok(Profile::Realistic),
            "dirty" => Ok(Profile::Dirty),
            _ => Err(()),
        }
    }
}

/// One thing that was spoilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The row of the table as it is written, from 0.
    pub row: u64,
    /// The column, by place; none where the row is a copy.
    pub column: Option<usize>,
    /// missing, outlier, type_noise or duplicate.
    pub kind: &'static str,
    /// The value before, as text; none where there was none.
    pub before: Option<String>,
    /// The value after; of a copy, the row that it is one of.
    pub after: Option<String>,
}

/// What is spoilt in a table.
#[derive(Default)]
pub(crate) struct Dirt {
    /// Columns, in the order in which they lose values.
    pub(crate) missing: Vec<(usize, Key, f64)>,
    pub(crate) outliers: Option<Outliers>,
    pub(crate) noise: Vec<(usize, Key, f64, String)>,
    /// How many rows are copied.
    pub(crate) copies: Option<(Key, u64)>,
}

/// One number of a row grows.
pub(crate) struct Outliers {
    pub(crate) key: Key,
    pub(crate) rate: f64,
    pub(crate) columns: Vec<(usize, Key)>,
}

impl Dirt {
    pub(super) fn is_some(&self) -> bool {
        !self.missing.is_empty() || self.outliers.is_some() || !self.noise.is_empty() || self.copies.is_some()
    }

    pub(super) fn copies(&self) -> u64 {
        self.copies.map_or(0, |(_, copies)| copies)
    }

    pub(super) fn loses(&self, column: usize) -> bool {
        self.missing.iter().any(|(at, ..)| *at == column)
    }

    pub(crate) fn is_noisy(&self, column: usize) -> bool {
        self.noise.iter().any(|(at, ..)| *at == column)
    }

    pub(super) fn consequences(&self, table: &Table) -> Vec<String> {
        let noisy = self.noise.iter().filter(|(at, ..)| table.columns[*at].kind != ColumnType::Text);
        let mut told: Vec<String> = noisy
            .map(|(at, ..)| format!("{} becomes text: some of its values are", table.columns[*at].name))
            .collect();
        let key = table.lost.primary_key.iter().map(|group| ("the primary key any more", group));
        for (what, group) in key.chain(table.lost.unique.iter().map(|group| ("unique any more", group))) {
            let names: Vec<&str> = group.iter().map(|at| table.columns[*at].name.as_str()).collect();
            let why = if self.copies() > 0 {
                "some rows are copies"
            } else if group.iter().any(|at| self.is_noisy(*at)) {
                "text between its values repeats"
            } else {
                "some of its values go missing"
            };
            told.push(format!("{} is not {what}: {why}", names.join(", ")));
        }
        let no_key = |parent: &String| format!("no foreign key to {parent}: what is spoilt breaks it");
        told.extend(table.unbound.iter().map(no_key));
        told
    }
}

impl Database {
    /// Rows of a table, copies of rows after the others, spoilt as the profile says.
    ///
    /// # Panics
    ///
    /// Where there are not so many tables or rows.
    pub fn rows(&self, table: usize, rows: Range<u64>) -> Made {
        let own = &self.tables[table];
        assert!(rows.start <= rows.end && rows.end <= own.rows(), "rows {rows:?} of {}", own.rows());
        let first = rows.start.min(own.rows)..rows.end.min(own.rows);
        let copied = rows.start.max(own.rows)..rows.end.max(own.rows);
        let mut changes = Vec::new();
        let mut records = self.spoilt(table, &Rows::Range(first.clone()), first.start, Some(&mut changes));
        if let (Some((key, _)), false) = (own.dirt.copies, copied.is_empty()) {
            let sources: Vec<u64> = copied.clone().map(|row| source(key, own.rows, row)).collect();
            changes.extend(copied.clone().zip(&sources).map(|(row, source)| Change {
                row,
                column: None,
                kind: "duplicate",
                before: None,
                after: Some(source.to_string()),
            }));
            let copies = self.spoilt(table, &Rows::Listed(&sources), 0, None);
            records = match first.is_empty() {
                true => copies,
                false => concat_batches(&own.schema, [&records, &copies]).expect("batches of the schema"),
            };
        }
        Made { records, changes }
    }

    /// Rows of a table in any order, as [`rows`](Self::rows) gives them.
    ///
    /// # Panics
    ///
    /// Where there are not so many tables or rows.
    pub fn listed(&self, table: usize, rows: &[u64]) -> RecordBatch {
        let own = &self.tables[table];
        let original = |row: &u64| match own.dirt.copies {
            Some((key, _)) if *row >= own.rows => source(key, own.rows, *row),
            _ => *row,
        };
        let rows: Vec<u64> = rows.iter().map(original).collect();
        assert!(rows.iter().all(|row| *row < own.rows), "a row beyond {}", own.rows());
        self.spoilt(table, &Rows::Listed(&rows), 0, None)
    }

    /// What became of `rows`, the first of which is written as row `first`.
    fn spoilt(
        &self,
        table: usize,
        rows: &Rows,
        first: u64,
        changes: Option<&mut Vec<Change>>,
    ) -> RecordBatch {
        let own = &self.tables[table];
        let mut arrays = self.clean(table, rows);
        let mut ledger = Ledger { first, changes: Vec::new(), keeps: changes.is_some() };
        for (column, key, rate) in &own.dirt.missing {
            let is_hit = |row: u64| keyed(*key, row).random() < *rate;
            let hits = hits(&arrays[*column], rows, is_hit);
            if !hits.is_empty() {
                let before = ledger.texts(&arrays[*column], &hits);
                let mut there = vec![true; rows.len()];
                hits.iter().for_each(|at| there[*at] = false);
                arrays[*column] = masked(&arrays[*column], NullBuffer::from(there));
                ledger.add(*column, "missing", &hits, before, vec![None; hits.len()]);
            }
        }
        if let Some(outliers) = &own.dirt.outliers {
            outliers.apply(&mut arrays, rows, &mut ledger);
        }
        for (column, key, rate, value) in &own.dirt.noise {
            let all: ArrayRef = Arc::new(texts(&arrays[*column]));
            let hits = hits(&all, rows, |row: u64| keyed(*key, row).random() < *rate);
            let before = ledger.texts(&all, &hits);
            ledger.add(*column, "type_noise", &hits, before, vec![Some(value.clone()); hits.len()]);
            arrays[*column] = if hits.is_empty() { all } else { replaced(&all, &hits, value) };
        }
        if let Some(changes) = changes {
            ledger.changes.sort_by_key(|change| (change.row, change.column));
            changes.append(&mut ledger.changes);
        }
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows.len()));
        match RecordBatch::try_new_with_options(own.schema.clone(), arrays, &options) {
            Ok(records) => records,
            Err(error) => unreachable!("columns are as the schema says: {error}"),
        }
    }
}

/// The row that `row`, one after all `rows`, is a copy of.
fn source(key: Key, rows: u64, row: u64) -> u64 {
    keyed(key, row - rows).bounded(rows - 1)
}

/// The places of rows that are hit and have a value.
fn hits(array: &ArrayRef, rows: &Rows, is_hit: impl Fn(u64) -> bool) -> Vec<usize> {
    let hits = rows.iter().enumerate().filter(|(_, row)| is_hit(*row)).map(|(at, _)| at);
    hits.filter(|at| array.is_valid(*at)).collect()
}

fn replaced(text: &ArrayRef, hits: &[usize], value: &str) -> ArrayRef {
    let text = text.as_string::<i32>();
    let mut out = StringBuilder::with_capacity(text.len(), text.value_data().len());
    let mut next = hits.iter().peekable();
    for (at, old) in text.iter().enumerate() {
        if next.next_if_eq(&&at).is_some() { out.append_value(value) } else { out.append_option(old) }
    }
    Arc::new(out.finish())
}

impl Outliers {
    fn apply(&self, arrays: &mut [ArrayRef], rows: &Rows, ledger: &mut Ledger) {
        let mut hits: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.columns.len()];
        for (at, row) in rows.iter().enumerate() {
            if keyed(self.key, row).random() < self.rate {
                // The least of their draws: where a column comes to the others, those that it takes are its own.
                let draw = |which: usize| {
                    let (column, key) = self.columns[which];
                    let mut rng = keyed(key, row);
                    let draw = rng.next_u64();
                    can_grow(&arrays[column], at).then_some((draw, which, rng))
                };
                let least = (0..self.columns.len()).filter_map(draw).min_by_key(|(draw, ..)| *draw);
                if let Some((_, which, mut rng)) = least {
                    hits[which].push((at, rng.uniform(4.0, 10.0)));
                }
            }
        }
        for ((column, _), hits) in self.columns.iter().zip(hits).filter(|(_, hits)| !hits.is_empty()) {
            let places: Vec<usize> = hits.iter().map(|(at, _)| *at).collect();
            let before = ledger.texts(&arrays[*column], &places);
            arrays[*column] = grown(&arrays[*column], &hits);
            let after = ledger.texts(&arrays[*column], &places);
            ledger.add(*column, "outlier", &places, before, after);
        }
    }
}

/// Whether there is a number that a factor changes.
fn can_grow(array: &ArrayRef, at: usize) -> bool {
    array.is_valid(at)
        && match array.data_type() {
            DataType::Int64 => array.as_primitive::<Int64Type>().value(at) != 0,
            DataType::Float64 => array.as_primitive::<Float64Type>().value(at) != 0.0,
            DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value(at) != 0,
            _ => false,
        }
}

/// The numbers at some places times a factor.
fn grown(array: &ArrayRef, hits: &[(usize, f64)]) -> ArrayRef {
    let nulls = array.nulls().cloned();
    match array.data_type() {
        DataType::Int64 => {
            let mut values = array.as_primitive::<Int64Type>().values().to_vec();
            hits.iter().for_each(|(at, factor)| {
                values[*at] = (values[*at] as f64 * factor).round_ties_even() as i64
            });
            Arc::new(arrow_array::Int64Array::new(values.into(), nulls))
        }
        DataType::Float64 => {
            let mut values = array.as_primitive::<Float64Type>().values().to_vec();
            let grow = |value: f64, factor: f64| (value * factor).clamp(f64::MIN, f64::MAX);
            hits.iter().for_each(|(at, factor)| values[*at] = grow(values[*at], *factor));
            Arc::new(arrow_array::Float64Array::new(values.into(), nulls))
        }
        DataType::Decimal128(precision, _) => {
            let most = 10_i128.pow(u32::from(*precision)) - 1;
            let mut values = array.as_primitive::<Decimal128Type>().values().to_vec();
            let grow = |value: i128, factor: f64| ((value as f64 * factor) as i128).clamp(-most, most);
            hits.iter().for_each(|(at, factor)| values[*at] = grow(values[*at], *factor));
            let grown = arrow_array::Decimal128Array::new(values.into(), nulls);
            Arc::new(grown.with_data_type(array.data_type().clone()))
        }
        _ => array.clone(),
    }
}

/// Changes of rows that follow each other, where somebody wants them.
struct Ledger {
    first: u64,
    changes: Vec<Change>,
    keeps: bool,
}

impl Ledger {
    fn texts(&self, array: &ArrayRef, places: &[usize]) -> Vec<Option<String>> {
        if !self.keeps {
            return vec![None; places.len()];
        }
        places.iter().map(|at| text(array, *at)).collect()
    }

    fn add(
        &mut self,
        column: usize,
        kind: &'static str,
        places: &[usize],
        before: Vec<Option<String>>,
        after: Vec<Option<String>>,
    ) {
        if self.keeps {
            let changes = places.iter().zip(before).zip(after).map(|((at, before), after)| Change {
                row: self.first + *at as u64,
                column: Some(column),
                kind,
                before,
                after,
            });
            // The greatest number grows no further.
            self.changes.extend(changes.filter(|change| change.before != change.after));
        }
    }
}
