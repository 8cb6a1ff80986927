//! Files of records that are no datasets, through Arrow.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

use super::columns::ParquetFile;
use super::from_parquet;
use crate::IoError;
use crate::formats::guarded::guarded;

/// Rows of a row group, and of a batch that is written.
pub(crate) const GROUP_ROWS: usize = 1 << 17;

/// So much goes out at once.
const BUFFER: usize = 1 << 19;

/// Rows of a batch that is read: each may be long.
const READ_ROWS: usize = 1 << 10;

/// Values of lists that are read, where a file is small: those of a larger one may be more.
pub(super) const MAX_VALUES: u64 = 1 << 26;

/// Holds the writer until the file is complete: the library gives it back only by a way on which
/// the reason of a failure is lost.
struct Slot<W: Write>(Option<BufWriter<W>>);

impl<W: Write> Slot<W> {
    /// Gives the writer back, once.
    fn take(&mut self) -> Result<W, IoError> {
        let writer = self.0.take().ok_or_else(|| IoError::refused("the file is finished already"))?;
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

impl<W: Write> Write for Slot<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// Writes all batches, each of which is a row group. Columns in `sorted` have texts that begin as those
/// before them.
pub(crate) fn write<W: Write + Send>(
    writer: W,
    schema: &SchemaRef,
    entries: Vec<(&str, String)>,
    sorted: &[&str],
    batches: impl Iterator<Item = RecordBatch>,
) -> Result<W, IoError> {
    let mut file = RecordsWriter::begin(writer, schema, entries, sorted)?;
    for batch in batches {
        file.write(&batch)?;
    }
    file.finish()
}

/// A file that is written batch by batch.
pub(crate) struct RecordsWriter<W: Write + Send> {
    file: ArrowWriter<Slot<W>>,
}

impl<W: Write + Send> RecordsWriter<W> {
    /// As [`write()`] does.
    pub(crate) fn begin(
        writer: W,
        schema: &SchemaRef,
        entries: Vec<(&str, String)>,
        sorted: &[&str],
    ) -> Result<Self, IoError> {
        let entries = entries.into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value));
        // Everything is set here, so that defaults of a later version of the library cannot move a byte.
        let mut properties = WriterProperties::builder()
            .set_created_by("mts".to_owned())
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_key_value_metadata(Some(entries.collect()))
            .set_write_batch_size(1024)
            .set_data_page_size_limit(1 << 20)
            .set_data_page_row_count_limit(20_000)
            .set_dictionary_page_size_limit(1 << 20)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_statistics_truncate_length(None)
            .set_column_index_truncate_length(None)
            .set_write_page_header_statistics(false)
            .set_offset_index_disabled(true)
            .set_bloom_filter_enabled(false)
            .set_write_path_in_schema(true)
            .set_coerce_types(false)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(None)
            .set_dictionary_enabled(true)
            .set_compression(Compression::SNAPPY);
        for name in sorted {
            let path = ColumnPath::from(*name);
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BYTE_ARRAY);
        }
        // Types of Parquet say all, and Arrow's own description of them belongs to its version.
        let options =
            ArrowWriterOptions::new().with_properties(properties.build()).with_skip_arrow_metadata(true);
        let writer = Slot(Some(BufWriter::with_capacity(BUFFER, writer)));
        let file = ArrowWriter::try_new_with_options(writer, Arc::clone(schema), options);
        Ok(RecordsWriter { file: file.map_err(from_parquet)? })
    }

    /// Writes a row group.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), IoError> {
        self.file.write(batch).map_err(from_parquet)?;
        // The library ends row groups by rows alone.
        self.file.flush().map_err(from_parquet)
    }

    pub(crate) fn finish(mut self) -> Result<W, IoError> {
        self.file.finish().map_err(from_parquet)?;
        self.file.inner_mut().take()
    }
}

/// A file that is read batch by batch.
pub(crate) struct Records {
    file: ParquetFile,
}

impl Records {
    pub(crate) fn open(path: &Path) -> Result<Self, IoError> {
        Ok(Records { file: ParquetFile::open(path)? })
    }

    /// The text under a key of the metadata.
    pub(crate) fn entry(&self, key: &str) -> Option<&str> {
        let entries = self.file.metadata().key_value_metadata()?;
        entries.iter().find(|entry| entry.key == key)?.value.as_deref()
    }

    /// The length of the file.
    pub(crate) fn bytes(&self) -> u64 {
        self.file.bytes()
    }

    /// All records, where they can be as many as the file announces.
    pub(crate) fn batches(&self) -> Result<Batches, IoError> {
        // No two records are equal, so that each takes some bytes.
        let bytes = self.bytes();
        let columns = self.file.groups().iter().flat_map(|group| group.columns());
        let values = columns.map(|column| u64::try_from(column.num_values()).unwrap_or(u64::MAX));
        let most = values.fold(0, u64::max);
        if self.file.rows()? as u64 > bytes || most > bytes.saturating_mul(64).max(MAX_VALUES) {
            return Err(IoError::damaged("the file announces more than it can hold"));
        }
        Ok(Batches { reader: self.file.batches(READ_ROWS)? })
    }
}

/// Records in order.
pub(crate) struct Batches {
    pub(super) reader: ParquetRecordBatchReader,
}

impl Batches {
    /// The columns.
    pub(crate) fn schema(&self) -> Arc<Schema> {
        arrow_array::RecordBatchReader::schema(&self.reader)
    }

    /// The next ones, where there are more.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, IoError> {
        let batch = guarded(|| self.reader.next())?;
        batch.transpose().map_err(|error| IoError::damaged(error.to_string()))
    }
}
