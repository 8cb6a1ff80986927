//! A file to a source.

use std::path::Path;

use mts_core::{Dtype, SlabSource};

use super::message::ArrowFile;
use super::rows::Rows;
use super::schema::Kind;
use super::values::ValueColumns;
use crate::IoError;
use crate::formats::Check;
use crate::formats::table::{Layout, Said, head};
use crate::source::FileSource;

/// Rows that are read at once.
pub(super) const BATCH: usize = 1 << 13;

pub(in crate::formats) fn open(path: &Path, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    let file = ArrowFile::open(path)?;
    let names: Vec<&str> = file.columns.iter().map(|(name, _)| name.as_str()).collect();
    let layout = Layout::of(&names).map_err(IoError::damaged)?;
    let dtype = match file.columns[layout.values[0]].1 {
        Kind::Single => Dtype::F32,
        _ => Dtype::F64,
    };
    let (kind, wanted) = match dtype {
        Dtype::F64 => (Kind::Double, "Float64"),
        Dtype::F32 => (Kind::Single, "Float32"),
    };
    for place in &layout.values {
        if file.columns[*place].1 != kind {
            return Err(refused(&file, *place, wanted));
        }
    }
    let rows = file.batches.iter().try_fold(0_usize, |sum, batch| sum.checked_add(batch.rows));
    let rows = rows.ok_or_else(|| IoError::damaged("the file announces more rows than it can hold"))?;
    let mut index = Rows::new(&file, &layout)?;
    let said = Said { rows, clock: index.clock(), dtype, attributes: file.attributes.clone() };
    let head = head(&mut index, &layout, said, check)?;
    let shape = head.shape;
    Ok(FileSource::boxed(path, head, ValueColumns::new(file, shape, layout.values)))
}

/// Where a column is not what it has to be.
pub(super) fn refused(file: &ArrowFile, place: usize, wanted: &str) -> IoError {
    let (name, kind) = &file.columns[place];
    IoError::damaged(format!("the column {name} must hold {wanted}, found {}", kind.name()))
}
