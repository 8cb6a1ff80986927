//! What the footer will say of row groups that are in the file already.

use std::io::{self, Read, Write};
use std::sync::Arc;

use bytes::Bytes;
use mts_core::StateError;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetMetaDataWriter,
};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::file::writer::SerializedFileWriter;

use super::from_parquet;
use super::guard::footer_is_plausible;
use crate::IoError;
use crate::formats::guarded::guarded;
use crate::sink::unfit;

/// Behind a footer: its length, and what every file ends with.
const TAIL: usize = 8;

/// The row groups that `file` has so far, as the footer of a file that ends here and has no attributes.
pub(super) fn footer<W: Write + Send>(file: &SerializedFileWriter<W>) -> Parquet<Vec<u8>> {
    let groups = file.flushed_row_groups().to_vec();
    let rows = groups.iter().map(|group| group.num_rows()).sum();
    let schema = Arc::new(file.schema_descr().clone());
    let metadata = ParquetMetaData::new(FileMetaData::new(1, rows, None, None, schema, None), groups);
    let mut bytes = Vec::new();
    ParquetMetaDataWriter::new(&mut bytes, &metadata).finish()?;
    Ok(bytes)
}

/// Lets `file`, which is empty and whose bytes go nowhere, pass over the row groups of `footer`: so many rows,
/// and with what stands before them so many bytes.
pub(super) fn groups<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    footer: &[u8],
    rows: u64,
    bytes: u64,
) -> Result<(), IoError> {
    let foreign = || unfit(StateError::Foreign);
    if !footer.len().checked_sub(TAIL).is_some_and(|length| footer_is_plausible(&footer[..length])) {
        return Err(foreign());
    }
    // Else it keeps only which encodings pages have, and not how many.
    let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
    let reader = ParquetMetaDataReader::new().with_metadata_options(Some(options));
    let footer = Bytes::copy_from_slice(footer);
    let metadata = guarded(|| reader.parse_and_finish(&footer))?.map_err(from_parquet)?;
    let groups = metadata.row_groups();
    let chunks = || groups.iter().flat_map(|group| group.columns());
    let total = chunks().try_fold(file.bytes_written() as u64, |total, chunk| {
        total.checked_add(u64::try_from(chunk.compressed_size()).ok()?)
    });
    let counted =
        groups.iter().try_fold(0_u64, |sum, group| sum.checked_add(u64::try_from(group.num_rows()).ok()?));
    if total != Some(bytes) || counted != Some(rows) {
        return Err(foreign());
    }
    guarded(|| {
        for passed in groups {
            let mut group = file.next_row_group()?;
            for chunk in passed.columns() {
                let close = ColumnCloseResult {
                    bytes_written: chunk.compressed_size() as u64,
                    rows_written: passed.num_rows() as u64,
                    metadata: as_written(chunk)?,
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                group.append_column(&Anything(close.bytes_written), close)?;
            }
            group.close()?;
        }
        Ok(file.flush()?)
    })?
    .map_err(from_parquet)
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
    let (least, greatest) = (found.min_opt().copied(), found.max_opt().copied());
    let statistics =
        ValueStatistics::new(least, greatest, found.distinct_count(), found.null_count_opt(), false);
    statistics.with_backwards_compatible_min_max(true)
}

/// As many bytes as a chunk has; nobody looks at them.
struct Anything(u64);

impl Length for Anything {
    fn len(&self) -> u64 {
        self.0
    }
}

impl ChunkReader for Anything {
    type T = io::Take<io::Repeat>;

    fn get_read(&self, _start: u64) -> Parquet<Self::T> {
        Ok(io::repeat(0).take(self.0))
    }

    fn get_bytes(&self, _start: u64, _length: usize) -> Parquet<Bytes> {
        Err(ParquetError::General("bytes that nobody looks at are read one after the other".to_owned()))
    }
}
