//! What the footer will say of row groups that are in the file already.

use std::ops::Range;

use bytes::Bytes;
use mts_core::StateError;
use parquet::errors::Result as Parquet;
use parquet::file::metadata::{
    ColumnChunkMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, RowGroupMetaData,
};
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::schema::types::SchemaDescriptor;

use super::chunk::extremes;
use super::from_parquet;
use super::guard::footer_is_plausible;
use crate::IoError;
use crate::formats::guarded::guarded;
use crate::sink::unfit;

/// Behind a footer: its length, and what every file ends with.
const TAIL: usize = 8;

/// The row groups of `footer`, which have these columns and so many rows, and stand at these bytes of the file.
pub(super) fn groups(
    footer: &[u8],
    schema: &SchemaDescriptor,
    rows: u64,
    bytes: Range<u64>,
) -> Result<Vec<RowGroupMetaData>, IoError> {
    let foreign = || unfit(StateError::Foreign);
    if !footer.len().checked_sub(TAIL).is_some_and(|length| footer_is_plausible(&footer[..length])) {
        return Err(foreign());
    }
    // Else it keeps only which encodings pages have, and not how many.
    let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
    let reader = ParquetMetaDataReader::new().with_metadata_options(Some(options));
    let footer = Bytes::copy_from_slice(footer);
    let metadata = guarded(|| reader.parse_and_finish(&footer))?.map_err(from_parquet)?;
    let same_columns = metadata.file_metadata().schema_descr().columns() == schema.columns();
    let groups = metadata.into_builder().take_row_groups();
    let mut chunks = groups.iter().flat_map(|group| group.columns());
    let end = chunks.try_fold(bytes.start, |end, chunk| {
        let first = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
        let size = u64::try_from(chunk.compressed_size()).ok().filter(|_| u64::try_from(first) == Ok(end))?;
        end.checked_add(size)
    });
    let counted =
        groups.iter().try_fold(0_u64, |sum, group| sum.checked_add(u64::try_from(group.num_rows()).ok()?));
    if !same_columns || end != Some(bytes.end) || counted != Some(rows) {
        return Err(foreign());
    }
    let group = |mut group: RowGroupMetaData| {
        for chunk in group.columns_mut() {
            *chunk = as_written(chunk)?;
        }
        Ok(group)
    };
    groups.into_iter().map(group).collect::<Parquet<_>>().map_err(from_parquet)
}

/// What the writer said of a chunk that was read back: that old readers too understand its extremes, so that
/// they stand in the footer twice, is lost on the way.
fn as_written(chunk: &ColumnChunkMetaData) -> Parquet<ColumnChunkMetaData> {
    let statistics = match chunk.statistics() {
        Some(Statistics::Int64(found)) => Statistics::Int64(compatible(found)),
        Some(Statistics::Double(found)) => Statistics::Double(compatible(found)),
        Some(Statistics::Float(found)) => Statistics::Float(compatible(found)),
        _ => return Ok(chunk.clone()),
    };
    chunk.clone().into_builder().set_statistics(statistics).build()
}

fn compatible<T: Copy>(found: &ValueStatistics<T>) -> ValueStatistics<T> {
    extremes(found.min_opt().copied(), found.max_opt().copied())
}
