//! A column of a row group, encoded apart from the file.

use bytes::Bytes;
use parquet::column::writer::{ColumnCloseResult, get_column_writer, get_typed_column_writer};
use parquet::data_type::DataType;
use parquet::errors::Result as Parquet;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

/// Rows that are encoded at once.
const BATCH: usize = 1 << 14;

/// One for each row of a batch: no value is missing.
static PRESENT: [i16; BATCH] = [1; BATCH];

/// The bytes of a column in a row group, and what its metadata say.
#[derive(Clone)]
pub(super) struct Chunk {
    pub(super) bytes: Bytes,
    pub(super) close: ColumnCloseResult,
}

/// A column's description and how it is written.
pub(super) struct Column {
    pub(super) description: ColumnDescPtr,
    pub(super) properties: WriterPropertiesPtr,
}

/// The chunk of some rows.
pub(super) fn encode<T: DataType>(column: &Column, mut rows: impl Iterator<Item = T::T>) -> Parquet<Chunk> {
    let mut values = Vec::with_capacity(BATCH);
    encode_batches::<T>(column, |write| {
        loop {
            values.clear();
            values.extend(rows.by_ref().take(BATCH));
            if values.is_empty() {
                return Ok(());
            }
            write(&values)?;
        }
    })
}

/// The chunk of values that lie beside each other.
pub(super) fn encode_slice<T: DataType>(column: &Column, values: &[T::T]) -> Parquet<Chunk> {
    encode_batches::<T>(column, |write| values.chunks(BATCH).try_for_each(write))
}

/// The chunk of batches of at most [`BATCH`] rows, each of which `batches` passes on.
fn encode_batches<T: DataType>(
    column: &Column,
    batches: impl FnOnce(&mut dyn FnMut(&[T::T]) -> Parquet<()>) -> Parquet<()>,
) -> Parquet<Chunk> {
    let mut sink = TrackedWrite::new(Vec::new());
    let page_writer = Box::new(SerializedPageWriter::new(&mut sink));
    let writer = get_column_writer(column.description.clone(), column.properties.clone(), page_writer);
    let mut writer = get_typed_column_writer::<T>(writer);
    batches(&mut |values| writer.write_batch(values, Some(&PRESENT[..values.len()]), None).map(drop))?;
    let close = writer.close()?;
    Ok(Chunk { bytes: sink.into_inner()?.into(), close })
}
