//! Tables in many files: folders say what some columns hold, as Hive has it.

mod name;
mod read;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use arrow_array::{RecordBatch, UInt32Array};
use arrow_schema::{DataType, Schema, SchemaRef};
use arrow_select::take::take_record_batch;

use self::name::Namer;
use super::encoder::{Content, Rows};
use super::{Encoder, TableFormat, schema};
use crate::{Compression, IoError};

pub use self::read::{PartitionReader, open_partitions};
pub use self::write::{FinishedTable, PartitionedTable, begin_partitions};

/// The most partitions of a table.
pub(super) const MAX_PARTITIONS: usize = 10_000;

/// A table in many files: rows that are equal in some columns go to `<column>=<value>/…/part-00000.<extension>`,
/// which does not hold these columns.
///
/// Batches are split on any thread; what [`split`](Self::split) returns goes to a [`PartitionedTable`] in
/// order.
#[derive(Clone, Debug)]
pub struct Partitions {
    schema: SchemaRef,
    columns: Vec<usize>,
    /// All other columns.
    rest: Vec<usize>,
    encoder: Encoder,
}

/// The folders of each row's partition, joined by `/`, below that of a table; the columns of `batch` are those
/// that it is partitioned by.
///
/// # Errors
///
/// Where a column holds what cannot be the name of a folder.
pub fn partition_names(batch: &RecordBatch) -> Result<Vec<String>, IoError> {
    let namer = Namer::of(batch)?;
    let name = |row| {
        let mut name = String::new();
        namer.write(row, &mut name)?;
        Ok(name)
    };
    (0..batch.num_rows()).map(name).collect()
}

/// The rows of a batch by their partition.
pub struct Split {
    parts: BTreeMap<String, Part>,
}

/// Rows of one partition.
enum Part {
    Text(Vec<u8>),
    /// Many of them make a row group.
    Rows(RecordBatch),
}

impl Partitions {
    /// Of tables of `schema`, by the columns at these places.
    ///
    /// # Errors
    ///
    /// Where the format has no partitions, nothing is left beside the columns, one is there twice or no
    /// column at all, or holds floats, structures or lists.
    pub fn new(
        format: TableFormat,
        schema: SchemaRef,
        columns: &[usize],
        compression: Compression,
    ) -> Result<Self, IoError> {
        if !format.partitions() {
            let what = format!("{format} cannot be partitioned: use csv, ndjson or parquet");
            return Err(IoError::refused(what));
        }
        let rest = rest(&schema, columns)?;
        let inner = schema.project(&rest).map_err(super::sink::from_arrow)?;
        let encoder = Encoder::new(format, Arc::new(inner), compression)?;
        Ok(Partitions { schema, columns: columns.to_vec(), rest, encoder })
    }

    /// The columns of batches.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Splits a batch.
    ///
    /// # Errors
    ///
    /// Where the batch has other columns, or too many partitions.
    pub fn split(&self, batch: &RecordBatch) -> Result<Split, IoError> {
        schema::check_batch(&self.schema, batch)?;
        let mut rows: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let by = batch.project(&self.columns).map_err(super::sink::from_arrow)?;
        let namer = Namer::of(&by)?;
        let (mut name, mut last) = (String::new(), String::new());
        let mut some = Vec::new();
        for row in 0..batch.num_rows() {
            name.clear();
            namer.write(row, &mut name)?;
            // Rows of one partition often follow each other.
            if name != last && !some.is_empty() {
                rows.entry(std::mem::take(&mut last)).or_default().append(&mut some);
            }
            if some.is_empty() {
                last.clone_from(&name);
            }
            some.push(row as u32);
        }
        if !some.is_empty() {
            rows.entry(last).or_default().append(&mut some);
        }
        if rows.len() > MAX_PARTITIONS {
            return Err(self.too_many());
        }
        let rest = batch.project(&self.rest).map_err(super::sink::from_arrow)?;
        let part = |(name, rows): (String, Vec<u32>)| {
            let some = take_record_batch(&rest, &UInt32Array::from(rows)).map_err(super::sink::from_arrow)?;
            Ok((name, self.part(some)?))
        };
        Ok(Split { parts: rows.into_iter().map(part).collect::<Result<_, IoError>>()? })
    }

    fn part(&self, rows: RecordBatch) -> Result<Part, IoError> {
        if let Rows::Parquet(_) = self.encoder.rows {
            return Ok(Part::Rows(rows));
        }
        match self.encoder.encode(&rows)?.content {
            Content::Text(text) => Ok(Part::Text(text)),
            Content::Group(_) | Content::Batch(_) => Ok(Part::Rows(rows)),
        }
    }

    fn too_many(&self) -> IoError {
        let names: Vec<&str> = self.columns.iter().map(|i| self.schema.field(*i).name().as_str()).collect();
        IoError::refused(format!(
            "more than {MAX_PARTITIONS} partitions by {}: choose columns with fewer different values",
            names.join(", ")
        ))
    }
}

/// The places of the columns that files hold; refuses columns that cannot be partitioned by.
fn rest(schema: &Schema, columns: &[usize]) -> Result<Vec<usize>, IoError> {
    schema::check(schema)?;
    if columns.is_empty() {
        return Err(IoError::refused("a partitioned table needs a column to be partitioned by"));
    }
    for (i, place) in columns.iter().enumerate() {
        let Some(field) = schema.fields().get(*place) else {
            return Err(IoError::refused(format!("there is no column {place} to partition by")));
        };
        let name = field.name();
        if columns[..i].contains(place) {
            return Err(IoError::refused(format!("the table is partitioned by {name} twice")));
        }
        if matches!(field.data_type(), DataType::Float64 | DataType::Struct(_) | DataType::List(_)) {
            let kind = field.data_type();
            return Err(IoError::refused(format!(
                "the column {name} holds {kind}, which names no folder: partition by text, integers, decimals, \
                 truth values, dates or times"
            )));
        }
    }
    let rest: Vec<usize> = (0..schema.fields().len()).filter(|place| !columns.contains(place)).collect();
    if rest.is_empty() {
        return Err(IoError::refused("a table partitioned by all its columns has none left for its files"));
    }
    Ok(rest)
}

impl fmt::Debug for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.keys()).finish()
    }
}
