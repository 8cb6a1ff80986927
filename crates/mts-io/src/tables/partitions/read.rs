//! A folder of files to one table.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Schema, SchemaRef};

use super::{MAX_PARTITIONS, name, rest};
use crate::tables::TableFormat;
use crate::tables::read::{Misfit, TableReader, constant, nullable, open_table};
use crate::tables::sink::from_arrow;
use crate::{EntryKind, IoError, list};

/// The files of a partitioned table, one after the other in the order of their paths, with the columns that
/// the folders name. Rows are counted through all files.
pub struct PartitionReader {
    format: TableFormat,
    schema: SchemaRef,
    inner: Schema,
    columns: Vec<usize>,
    files: std::vec::IntoIter<Partition>,
    open: Option<(Partition, TableReader)>,
    row: u64,
    ended: bool,
}

/// A file, and what its folders say of each column.
struct Partition {
    path: PathBuf,
    values: Vec<Option<String>>,
}

/// Opens the folder of a table that is partitioned by the columns at these places of `schema`.
///
/// # Errors
///
/// Where the folder cannot be read, or has other folders and files than such a table.
pub fn open_partitions(
    path: &Path,
    format: TableFormat,
    schema: &Schema,
    columns: &[usize],
) -> Result<PartitionReader, IoError> {
    let inner = schema.project(&rest(schema, columns)?).map_err(from_arrow)?;
    let names: Vec<&str> = columns.iter().map(|place| schema.field(*place).name().as_str()).collect();
    let mut files = Vec::new();
    walk(path, format, &names, &mut Vec::new(), &mut files)?;
    Ok(PartitionReader {
        format,
        schema: Arc::new(nullable(schema)),
        inner,
        columns: columns.to_vec(),
        files: files.into_iter(),
        open: None,
        row: 0,
        ended: false,
    })
}

/// Finds all files below a folder; `names` are the columns whose folders are not yet passed.
fn walk(
    folder: &Path,
    format: TableFormat,
    names: &[&str],
    values: &mut Vec<Option<String>>,
    files: &mut Vec<Partition>,
) -> Result<(), IoError> {
    for entry in list(folder)? {
        let unexpected = |expected: &str| {
            Err(IoError::damaged(format!("this is no part of the table: expected {expected}"))
                .at(&entry.path))
        };
        let file = entry.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some((column, rest)) = names.split_first() else {
            let part = file.starts_with("part-") && file.ends_with(&format!(".{}", format.extension()));
            if !part || entry.kind != EntryKind::File {
                return unexpected(&format!("a file part-00000.{}", format.extension()));
            }
            if files.len() == MAX_PARTITIONS {
                return Err(IoError::damaged(format!("more than {MAX_PARTITIONS} partitions")).at(folder));
            }
            files.push(Partition { path: entry.path.clone(), values: values.clone() });
            continue;
        };
        match name::parse(file) {
            Some((found, value)) if found == *column && entry.kind == EntryKind::Folder => {
                values.push(value);
                walk(&entry.path, format, rest, values, files)?;
                values.pop();
            }
            _ => return unexpected(&format!("a folder {column}=…")),
        }
    }
    Ok(())
}

impl PartitionReader {
    /// The columns of all batches.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn read(&mut self) -> Result<Option<(RecordBatch, Vec<Misfit>)>, IoError> {
        loop {
            if self.open.is_none() {
                let Some(file) = self.files.next() else { return Ok(None) };
                let reader = open_table(&file.path, self.format, &self.inner)?;
                self.open = Some((file, reader));
            }
            let Some((file, reader)) = &mut self.open else { return Ok(None) };
            let first = reader.row();
            let Some(read) = reader.next() else {
                self.row += reader.row();
                self.open = None;
                continue;
            };
            let (batch, mut misfits) = read?;
            misfits.iter_mut().for_each(|misfit| misfit.row += self.row);
            let rows = batch.num_rows();
            let mut own = batch.columns().iter();
            let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
            for (place, field) in self.schema.fields().iter().enumerate() {
                let by = self.columns.iter().position(|column| *column == place);
                let Some(by) = by else {
                    columns.extend(own.next().map(Arc::clone));
                    continue;
                };
                let text = file.values.get(by).and_then(Option::as_deref);
                let (column, fits) = constant(field, text, rows)?;
                if !fits {
                    let found = text.unwrap_or_default();
                    let row = |row| Misfit { row, column: field.name().clone(), found: found.to_owned() };
                    misfits.extend((0..rows as u64).map(|i| row(self.row + first + i)));
                }
                columns.push(column);
            }
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(from_arrow)?;
            return Ok(Some((batch, misfits)));
        }
    }
}

impl Iterator for PartitionReader {
    type Item = Result<(RecordBatch, Vec<Misfit>), IoError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read();
        self.ended = !matches!(read, Ok(Some(_)));
        read.transpose()
    }
}
