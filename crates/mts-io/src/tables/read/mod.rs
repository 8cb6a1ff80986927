//! Files of tables to record batches.

mod arrow;
mod builder;
mod csv;
mod json;
mod retype;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use self::arrow::ArrowTable;
use self::builder::Builder;
use self::csv::Records;
use self::json::{Names, Objects};
use super::{TableFormat, schema};
use crate::formats::{records, tables};
use crate::{IoError, places};

/// Rows of a batch that is made of text or Parquet.
const ROWS: usize = 1 << 13;

/// Bytes of text that become a batch, whatever its rows.
const BYTES: usize = 1 << 22;

/// Longer rows are none; a file without line ends must not fill the memory.
const MAX_ROW: usize = 1 << 24;

/// Letters of a misfit that are shown.
const MAX_FOUND: usize = 100;

/// A text that is no value of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The row of the table, from 0 on.
    pub row: u64,
    /// The column, with the fields of structures behind points.
    pub column: String,
    /// What stands there, shortened.
    pub found: String,
}

/// A table's file, read batch by batch in constant memory: an iterator over batches, each with the texts that are
/// no values of their columns, where the batch has null.
///
/// Columns and types of the batches are those of the schema, all of them nullable: what may be missing is
/// for the caller to judge.
pub struct TableReader {
    path: PathBuf,
    schema: SchemaRef,
    source: Source,
    row: u64,
    ended: bool,
}

enum Source {
    Csv(Records, Vec<Builder>),
    Json(Objects, Names, Vec<Builder>),
    Parquet(records::Batches),
    Arrow(ArrowTable),
}

/// Opens the file of a table with the columns of `schema`.
///
/// # Errors
///
/// Where the file is missing, unreadable, damaged, or has other columns. Damage further on shows when rows are
/// read.
pub fn open_table(path: &Path, format: TableFormat, schema: &Schema) -> Result<TableReader, IoError> {
    schema::check(schema)?;
    let nullable = Arc::new(nullable(schema));
    let source = open(path, format, &nullable).map_err(|error| error.at(path))?;
    Ok(TableReader { path: path.to_owned(), schema: nullable, source, row: 0, ended: false })
}

fn open(path: &Path, format: TableFormat, schema: &SchemaRef) -> Result<Source, IoError> {
    let builders = || schema.fields().iter().map(|field| Builder::of(field, "")).collect();
    Ok(match format {
        TableFormat::Csv => {
            let mut records = Records::new(places::open_regular(path)?);
            if !records.next()? {
                return Err(IoError::damaged("the file is empty: a header is missing"));
            }
            let found: Vec<&str> = records.fields()?.map(|(name, _)| name).collect();
            expect(&found, schema)?;
            Source::Csv(records, builders())
        }
        TableFormat::Json | TableFormat::Ndjson => {
            let objects = Objects::new(places::open_regular(path)?, format == TableFormat::Json);
            Source::Json(objects, Names::of(schema.fields()), builders())
        }
        TableFormat::Parquet => {
            let batches = tables::read(path, ROWS)?;
            expect_types(&batches.schema(), schema)?;
            Source::Parquet(batches)
        }
        TableFormat::Arrow => {
            let table = ArrowTable::open(places::open_regular(path)?)?;
            expect_types(table.schema(), schema)?;
            Source::Arrow(table)
        }
    })
}

impl TableReader {
    /// The columns of all batches.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Rows that were read.
    pub(in crate::tables) fn row(&self) -> u64 {
        self.row
    }

    fn read(&mut self) -> Result<Option<(RecordBatch, Vec<Misfit>)>, IoError> {
        let mut misfits = Vec::new();
        let start = self.row;
        let mut rows = 0;
        let columns: Vec<ArrayRef> = match &mut self.source {
            Source::Parquet(batches) => {
                let Some(batch) = batches.next()? else { return Ok(None) };
                return Ok(Some((retype::batch(&batch, &self.schema)?, misfits)));
            }
            Source::Arrow(table) => {
                let Some(batch) = table.next()? else { return Ok(None) };
                return Ok(Some((retype::batch(&batch, &self.schema)?, misfits)));
            }
            Source::Csv(records, builders) => {
                let mut bytes = 0;
                while rows < ROWS && bytes < BYTES {
                    let row = start + rows as u64;
                    if !records.next().map_err(|error| at_row(row, error))? {
                        break;
                    }
                    bytes += records.bytes();
                    if records.len() != builders.len() {
                        let (expected, found) = (builders.len(), records.len());
                        let what = format!("row {row}: expected {expected} fields, found {found}");
                        return Err(IoError::damaged(what));
                    }
                    let fields = records.fields().map_err(|error| at_row(row, error))?;
                    for (builder, (text, quoted)) in builders.iter_mut().zip(fields) {
                        let missing = text.is_empty() && !quoted;
                        builder.push_text((!missing).then_some(text), row, &mut misfits);
                    }
                    rows += 1;
                }
                builders.iter_mut().map(Builder::finish).collect::<Result<_, _>>()?
            }
            Source::Json(objects, names, builders) => {
                let mut bytes = 0;
                while rows < ROWS && bytes < BYTES {
                    let row = start + rows as u64;
                    let Some(object) = objects.next().map_err(|error| at_row(row, error))? else { break };
                    bytes += object.len();
                    let values = names
                        .values(object)
                        .map_err(|what| IoError::damaged(format!("row {row}: {what}")))?;
                    for (builder, value) in builders.iter_mut().zip(values) {
                        builder.push_json(value, row, &mut misfits);
                    }
                    rows += 1;
                }
                builders.iter_mut().map(Builder::finish).collect::<Result<_, _>>()?
            }
        };
        if rows == 0 {
            return Ok(None);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options);
        Ok(Some((batch.map_err(super::sink::from_arrow)?, misfits)))
    }
}

impl Iterator for TableReader {
    type Item = Result<(RecordBatch, Vec<Misfit>), IoError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read().map_err(|error| error.at(&self.path));
        match &read {
            Ok(Some((batch, _))) => self.row += batch.num_rows() as u64,
            _ => self.ended = true,
        }
        read.transpose()
    }
}

fn at_row(row: u64, error: IoError) -> IoError {
    match error.kind() {
        crate::IoErrorKind::Damaged(what) => IoError::damaged(format!("row {row}: {what}")),
        _ => error,
    }
}

/// The same columns, where every value may be missing.
pub(in crate::tables) fn nullable(schema: &Schema) -> Schema {
    Schema::new(schema.fields().iter().map(|field| nullable_field(field)).collect::<Vec<_>>())
}

fn nullable_field(field: &Field) -> Field {
    let kind = match field.data_type() {
        DataType::Struct(fields) => {
            DataType::Struct(fields.iter().map(|field| nullable_field(field)).collect())
        }
        DataType::List(item) => DataType::List(Arc::new(nullable_field(item))),
        other => other.clone(),
    };
    Field::new(field.name(), kind, true)
}

/// Refuses other columns than those of `schema`, or another order.
fn expect(found: &[&str], schema: &Schema) -> Result<(), IoError> {
    let expected: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    if found == expected {
        return Ok(());
    }
    let without = |some: &[&str], others: &[&str]| {
        let rest: Vec<String> =
            some.iter().filter(|name| !others.contains(name)).map(|name| format!("{name:?}")).collect();
        rest.join(", ")
    };
    let (missing, unknown) = (without(&expected, found), without(found, &expected));
    let what = match (missing.as_str(), unknown.as_str()) {
        ("", "") if found.len() > expected.len() => "a column stands there twice".to_owned(),
        ("", "") => "the columns are in another order".to_owned(),
        (missing, "") => format!("missing: {missing}"),
        ("", unknown) => format!("unknown: {unknown}"),
        (missing, unknown) => format!("missing: {missing}; unknown: {unknown}"),
    };
    let (expected, found) = (expected.join(", "), found.join(", "));
    Err(IoError::damaged(format!(
        "its columns are not those of the table: {what}; expected {expected}; found {found}"
    )))
}

/// Refuses other columns, or types that do not become those of `schema`.
fn expect_types(found: &Schema, schema: &Schema) -> Result<(), IoError> {
    let names: Vec<&str> = found.fields().iter().map(|field| field.name().as_str()).collect();
    expect(&names, schema)?;
    for (found, expected) in found.fields().iter().zip(schema.fields()) {
        if !retype::is_possible(found.data_type(), expected.data_type()) {
            let (name, expected, found) = (found.name(), expected.data_type(), found.data_type());
            return Err(IoError::damaged(format!("the column {name} must hold {expected}, found {found}")));
        }
    }
    Ok(())
}

/// The beginning of what was found.
fn shortened(found: &str) -> String {
    match found.char_indices().nth(MAX_FOUND) {
        Some((end, _)) => format!("{}…", &found[..end]),
        None => found.to_owned(),
    }
}

/// One value, many times.
pub(in crate::tables) fn constant(
    field: &Field,
    text: Option<&str>,
    rows: usize,
) -> Result<(ArrayRef, bool), IoError> {
    let (mut builder, mut misfits) = (Builder::of(field, ""), Vec::new());
    for _ in 0..rows {
        builder.push_text(text, 0, &mut misfits);
    }
    let array = builder.finish()?;
    debug_assert_eq!(array.len(), rows);
    Ok((array, misfits.is_empty()))
}

/// Where a file ends within a row.
fn cut_off() -> IoError {
    IoError::damaged("no line end: the file is cut off")
}

fn too_long() -> io::Error {
    IoError::damaged(format!("the row is longer than {MAX_ROW} bytes")).into_io()
}
