//! Batches to pieces of a file.

use std::fmt;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::{TableFormat, csv, json, schema};
use crate::formats::tables::{Group, Groups};
use crate::{Compression, IoError};

/// Makes pieces of a table's file out of batches, on any thread: one batch is one piece, and a piece the same
/// bytes wherever it is made.
///
/// ```
/// use std::sync::Arc;
///
/// use arrow_array::{Int64Array, RecordBatch, StringArray};
/// use arrow_schema::{DataType, Field, Schema};
/// use mts_io::{Compression, Encoder, TableFormat, TableSink};
///
/// let fields = vec![Field::new("id", DataType::Int64, false), Field::new("name", DataType::Utf8, true)];
/// let schema = Arc::new(Schema::new(fields));
/// let names = StringArray::from(vec![Some("a, b"), Some(""), None]);
/// let batch = RecordBatch::try_new(
///     Arc::clone(&schema),
///     vec![Arc::new(Int64Array::from(vec![1, 2, 3])), Arc::new(names)],
/// )?;
///
/// let encoder = Encoder::new(TableFormat::Csv, schema, Compression::default())?;
/// let mut sink = TableSink::create(Vec::new(), &encoder)?;
/// sink.append(encoder.encode(&batch)?)?;
/// assert_eq!(sink.finish()?, b"id,name\n1,\"a, b\"\n2,\"\"\n3,\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Encoder {
    format: TableFormat,
    schema: SchemaRef,
    pub(super) rows: Rows,
}

/// How rows are encoded.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    Csv,
    /// With what stands before each value.
    Json(Arc<[Vec<u8>]>),
    Ndjson(Arc<[Vec<u8>]>),
    Parquet(Groups),
    Arrow,
}

/// A part of a table's file, which [`TableSink`](crate::TableSink) takes: a block of lines, a row group of Parquet,
/// a record batch of Arrow.
pub struct Piece {
    rows: usize,
    pub(super) content: Content,
}

pub(super) enum Content {
    Text(Vec<u8>),
    Group(Group),
    Batch(RecordBatch),
}

impl Encoder {
    /// For tables of `schema`; `compression` is that of Parquet.
    ///
    /// # Errors
    ///
    /// Where the schema has no columns, two of one name, or such as not every format holds.
    pub fn new(format: TableFormat, schema: SchemaRef, compression: Compression) -> Result<Self, IoError> {
        schema::check(&schema)?;
        let rows = match format {
            TableFormat::Csv => Rows::Csv,
            TableFormat::Json => Rows::Json(json::keys(&schema).into()),
            TableFormat::Ndjson => Rows::Ndjson(json::keys(&schema).into()),
            TableFormat::Parquet => Rows::Parquet(Groups::new(Arc::clone(&schema), compression)?),
            TableFormat::Arrow => Rows::Arrow,
        };
        Ok(Encoder { format, schema, rows })
    }

    /// The format.
    pub fn format(&self) -> TableFormat {
        self.format
    }

    /// The columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Encodes a batch. Its rows stand together in the file: in Parquet they are a row group, so that some
    /// ten thousand are a good number.
    ///
    /// # Errors
    ///
    /// Where the batch has other columns, or, as text, dates outside of the years 1 to 9999.
    pub fn encode(&self, batch: &RecordBatch) -> Result<Piece, IoError> {
        schema::check_batch(&self.schema, batch)?;
        let content = match &self.rows {
            Rows::Csv => Content::Text(csv::encode(batch)?),
            Rows::Json(keys) => Content::Text(json::encode(batch, keys, b"},\n")?),
            Rows::Ndjson(keys) => Content::Text(json::encode(batch, keys, b"}\n")?),
            Rows::Parquet(groups) => Content::Group(groups.encode(batch)?),
            Rows::Arrow => Content::Batch(batch.clone()),
        };
        Ok(Piece { rows: batch.num_rows(), content })
    }
}

impl Piece {
    /// The number of rows in it.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Bytes of memory that it takes, roughly.
    pub fn memory(&self) -> usize {
        match &self.content {
            Content::Text(text) => text.len(),
            Content::Group(group) => group.bytes(),
            Content::Batch(batch) => batch.get_array_memory_size(),
        }
    }
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Piece").field("rows", &self.rows).field("memory", &self.memory()).finish()
    }
}

/// All rows as text, into memory that is reserved by the first ones.
pub(super) fn lines(rows: usize, mut write: impl FnMut(usize, &mut Vec<u8>)) -> Result<Vec<u8>, IoError> {
    const FIRST: usize = 64;
    let mut text = Vec::new();
    let first = rows.min(FIRST);
    (0..first).for_each(|row| write(row, &mut text));
    if rows > first {
        let expected = text.len() / FIRST * (rows - first);
        text.reserve(expected + expected / 16 + 1024);
        (first..rows).for_each(|row| write(row, &mut text));
    }
    Ok(text)
}
