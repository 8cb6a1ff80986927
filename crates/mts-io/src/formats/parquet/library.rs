//! Columns that the library encodes: those that are neither values nor places in a dictionary.

use std::sync::Arc;

use parquet::column::writer::{get_column_writer, get_typed_column_writer_mut};
use parquet::data_type::DataType;
use parquet::errors::Result as Parquet;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::chunk::Chunk;

/// Rows that are encoded at once.
const BATCH: usize = 1 << 14;

/// One for each row of a batch: no value is missing.
static PRESENT: [i16; BATCH] = [1; BATCH];

/// The chunk of some rows.
pub(super) fn encode<T: DataType>(
    description: &ColumnDescPtr,
    properties: &WriterPropertiesPtr,
    mut rows: impl Iterator<Item = T::T>,
) -> Parquet<Chunk> {
    let mut sink = TrackedWrite::new(Vec::new());
    let pages = Box::new(SerializedPageWriter::new(&mut sink));
    let mut writer = get_column_writer(description.clone(), properties.clone(), pages);
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        batch.clear();
        batch.extend(rows.by_ref().take(BATCH));
        if batch.is_empty() {
            break;
        }
        let writer = get_typed_column_writer_mut::<T>(&mut writer);
        writer.write_batch(&batch, Some(&PRESENT[..batch.len()]), None)?;
    }
    let metadata = writer.close()?.metadata;
    Ok(Chunk { parts: vec![Arc::new(sink.into_inner()?)], metadata })
}
