//! A file to a source.

use std::path::Path;

use mts_core::{Dtype, SlabSource};
use mts_hash::Map;
use parquet::basic::Type as Physical;
use parquet::data_type::{DoubleType, FloatType};
use parquet::schema::types::ColumnDescriptor;

use super::columns::ParquetFile;
use super::rows::{Rows, is_plain};
use super::values::ValueColumns;
use super::{metadata, pack};
use crate::IoError;
use crate::attributes::to_text;
use crate::formats::Check;
use crate::formats::table::{Layout, Said, head};
use crate::source::FileSource;

/// Rows that are read at once.
pub(super) const BATCH: usize = 1 << 13;

pub(in crate::formats) fn open(path: &Path, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    let file = ParquetFile::open(path)?;
    let attributes = attributes(&file);
    if let Some(members) = attributes.get(pack::VERSION_KEY).and(attributes.get(pack::MEMBERS_KEY)) {
        let members = to_text(members);
        return Err(IoError::refused(format!(
            "this is a pack of {members} datasets: name one of them behind a #, as in x.parquet#ou__5600ad7a"
        )));
    }
    let layout = layout(&file)?;
    source(path, file, &layout, attributes, check)
}

/// The attributes among the metadata.
pub(super) fn attributes(file: &ParquetFile) -> Map {
    metadata::attributes(file.metadata().key_value_metadata().map_or(&[], Vec::as_slice))
}

/// The columns of a table, each of which holds one value per row.
pub(super) fn layout(file: &ParquetFile) -> Result<Layout, IoError> {
    let paths: Vec<String> = file.columns().iter().map(|column| column.path().string()).collect();
    let names: Vec<&str> = paths.iter().map(String::as_str).collect();
    let layout = Layout::of(&names).map_err(IoError::damaged)?;
    for place in layout.places() {
        let column = &file.columns()[place];
        if column.max_rep_level() > 0 || column.max_def_level() > 1 {
            return Err(refused(column, "one value per row"));
        }
    }
    Ok(layout)
}

/// The dataset whose rows are those of `file`.
pub(super) fn source(
    path: &Path,
    file: ParquetFile,
    layout: &Layout,
    attributes: Map,
    check: Check,
) -> Result<Box<dyn SlabSource>, IoError> {
    let dtype = dtype(&file, layout)?;
    let mut rows = Rows::new(&file, layout)?;
    let said = Said { rows: file.rows()?, clock: rows.clock(), dtype, attributes };
    let head = head(&mut rows, layout, said, check)?;
    let shape = head.shape;
    Ok(match dtype {
        Dtype::F64 => {
            FileSource::boxed(path, head, ValueColumns::<DoubleType>::new(file, shape, &layout.values))
        }
        Dtype::F32 => {
            FileSource::boxed(path, head, ValueColumns::<FloatType>::new(file, shape, &layout.values))
        }
    })
}

/// The precision that all columns of values have.
fn dtype(file: &ParquetFile, layout: &Layout) -> Result<Dtype, IoError> {
    let (dtype, physical, wanted) = match file.columns()[layout.values[0]].physical_type() {
        Physical::FLOAT => (Dtype::F32, Physical::FLOAT, "plain FLOAT"),
        _ => (Dtype::F64, Physical::DOUBLE, "plain DOUBLE"),
    };
    for place in &layout.values {
        let column = &file.columns()[*place];
        if column.physical_type() != physical || !is_plain(column) {
            return Err(refused(column, wanted));
        }
    }
    Ok(dtype)
}

/// Where a column is not what it has to be.
pub(super) fn refused(column: &ColumnDescriptor, wanted: &str) -> IoError {
    let logical = column.logical_type_ref().map(|logical| format!(" {logical:?}")).unwrap_or_default();
    let (name, found) = (column.path().string(), column.physical_type());
    IoError::damaged(format!("the column {name} must hold {wanted}, found {found}{logical}"))
}
