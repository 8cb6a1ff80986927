//! A column of a row group, encoded apart from the file.

use bytes::Bytes;
use mts_core::Dtype;
use parquet::column::writer::{
    ColumnCloseResult, ColumnWriter, get_column_writer, get_typed_column_writer_mut,
};
use parquet::data_type::{DataType, DoubleType, FloatType};
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

impl Column {
    /// The chunk of what `write` writes, for which `capacity` bytes are about enough.
    fn chunk(&self, capacity: usize, write: impl FnOnce(&mut ColumnWriter) -> Parquet<()>) -> Parquet<Chunk> {
        let mut sink = TrackedWrite::new(Vec::with_capacity(capacity));
        let page_writer = Box::new(SerializedPageWriter::new(&mut sink));
        let mut writer = get_column_writer(self.description.clone(), self.properties.clone(), page_writer);
        write(&mut writer)?;
        let close = writer.close()?;
        Ok(Chunk { bytes: sink.into_inner()?.into(), close })
    }

    /// The chunk of some rows.
    pub(super) fn encode<T: DataType>(&self, mut rows: impl Iterator<Item = T::T>) -> Parquet<Chunk> {
        self.chunk(0, |writer| {
            let mut batch = Vec::with_capacity(BATCH);
            loop {
                batch.clear();
                batch.extend(rows.by_ref().take(BATCH));
                if batch.is_empty() {
                    return Ok(());
                }
                write_batch::<T>(writer, &batch)?;
            }
        })
    }

    /// The chunk of some values.
    pub(super) fn encode_values(&self, dtype: Dtype, values: &[f64]) -> Parquet<Chunk> {
        // Pages have headers, and may become longer than what they hold.
        let capacity = values.len() * dtype.size() * 65 / 64 + 1024;
        self.chunk(capacity, |writer| write_values(writer, dtype, values))
    }
}

/// Writes some values.
pub(super) fn write_values(writer: &mut ColumnWriter, dtype: Dtype, values: &[f64]) -> Parquet<()> {
    let mut single = Vec::new();
    for values in values.chunks(BATCH) {
        match dtype {
            Dtype::F64 => write_batch::<DoubleType>(writer, values)?,
            Dtype::F32 => {
                single.clear();
                single.extend(values.iter().map(|value| *value as f32));
                write_batch::<FloatType>(writer, &single)?;
            }
        }
    }
    Ok(())
}

fn write_batch<T: DataType>(writer: &mut ColumnWriter, values: &[T::T]) -> Parquet<()> {
    let writer = get_typed_column_writer_mut::<T>(writer);
    writer.write_batch(values, Some(&PRESENT[..values.len()]), None).map(drop)
}
