//! Relational tables: batches to row groups, each encoded apart from the file.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::arrow_writer::{ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ARROW_SCHEMA_META_KEY, ArrowSchemaConverter, encode_arrow_schema};
use parquet::basic::{Compression as Codec, Encoding, Type as Physical, ZstdLevel};
use parquet::errors::Result as Parquet;
use parquet::file::metadata::{KeyValue, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr, WriterVersion};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::{ColumnPath, SchemaDescPtr};
use snap::raw::Encoder as Snappy;

use super::columns::ParquetFile;
use super::file::GroupWriter;
use super::from_parquet;
use super::records::{Batches, MAX_VALUES};
use crate::{Compression, IoError};

/// Values of a batch that are looked at to see whether they repeat.
const SAMPLE: usize = 1 << 10;

/// Letters of a batch that are compressed to see whether it is worth while.
const PROBE: usize = 1 << 14;

/// How batches of one schema become row groups.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    arrow: SchemaRef,
    schema: SchemaDescPtr,
    compression: Compression,
    properties: WriterPropertiesPtr,
}

/// An encoded row group: offsets of its metadata count from its first byte.
pub(crate) struct Group {
    bytes: Vec<u8>,
    metadata: RowGroupMetaData,
}

/// A file that takes row groups.
pub(crate) struct TableWriter<W: Write> {
    file: GroupWriter<W>,
    arrow: SchemaRef,
}

impl Groups {
    pub(crate) fn new(arrow: SchemaRef, compression: Compression) -> Result<Self, IoError> {
        // Lists as the format wants them, rather than as Arrow's first versions had them.
        let schema =
            ArrowSchemaConverter::new().with_coerce_types(true).schema_root("schema").convert(&arrow);
        let schema = Arc::new(schema.map_err(from_parquet)?);
        let properties = properties(&schema, compression);
        Ok(Groups { arrow, schema, compression, properties: Arc::new(properties) })
    }

    /// Encodes a batch of the schema.
    pub(crate) fn encode(&self, batch: &RecordBatch) -> Result<Group, IoError> {
        self.try_encode(batch).map_err(from_parquet)
    }

    fn try_encode(&self, batch: &RecordBatch) -> Parquet<Group> {
        let properties = self.properties(batch);
        // The library makes writers of columns for a file alone.
        let file =
            SerializedFileWriter::new(io::sink(), self.schema.root_schema_ptr(), Arc::clone(&properties))?;
        let factory = ArrowRowGroupWriterFactory::new(&file, Arc::clone(&self.arrow));
        let mut writers = factory.create_column_writers(0)?.into_iter();
        let mut output = TrackedWrite::new(Vec::with_capacity(batch.get_array_memory_size()));
        let mut group =
            SerializedRowGroupWriter::new(Arc::clone(&self.schema), properties, &mut output, 0, None);
        for (field, column) in self.arrow.fields().iter().zip(batch.columns()) {
            for (leaf, mut writer) in compute_leaves(field, column)?.iter().zip(writers.by_ref()) {
                writer.write(leaf)?;
                writer.close()?.append_to_row_group(&mut group)?;
            }
        }
        let metadata = group.close()?.as_ref().clone();
        Ok(Group { bytes: output.into_inner()?, metadata })
    }

    /// Those of all batches, but with dictionaries for values of this one that repeat, and texts as they are where
    /// Snappy would not make them much shorter.
    fn properties(&self, batch: &RecordBatch) -> WriterPropertiesPtr {
        let mut properties = self.properties.as_ref().clone().into_builder();
        for (field, column) in self.arrow.fields().iter().zip(batch.columns()) {
            let path = || ColumnPath::from(field.name().as_str());
            match field.data_type() {
                DataType::Utf8 => {
                    let texts = column.as_string::<i32>();
                    let repeat = repeat(column, |row| texts.value(row));
                    properties = properties.set_column_dictionary_enabled(path(), repeat);
                    if !repeat && self.compression == Compression::Snappy && !shortens(texts) {
                        properties = properties.set_column_compression(path(), Codec::UNCOMPRESSED);
                    }
                }
                DataType::Float64 => {
                    let numbers = column.as_primitive::<Float64Type>();
                    let repeat = repeat(column, |row| numbers.value(row).to_bits());
                    properties = properties.set_column_dictionary_enabled(path(), repeat);
                }
                _ => {}
            }
        }
        Arc::new(properties.build())
    }

    /// Begins a file of such row groups.
    pub(crate) fn create<W: Write>(&self, writer: W) -> Result<TableWriter<W>, IoError> {
        let file = GroupWriter::new(writer, Arc::clone(&self.schema))?;
        Ok(TableWriter { file, arrow: Arc::clone(&self.arrow) })
    }

    /// Begins a file in memory, one of many: what is there goes elsewhere soon.
    pub(crate) fn create_in_memory(&self) -> Result<TableWriter<Vec<u8>>, IoError> {
        let file = GroupWriter::with_buffer(0, Vec::new(), Arc::clone(&self.schema))?;
        Ok(TableWriter { file, arrow: Arc::clone(&self.arrow) })
    }
}

/// Whether at most half of some values, evenly spread over all, differ.
fn repeat<T: Ord>(column: &dyn Array, value: impl Fn(usize) -> T) -> bool {
    let step = column.len().div_ceil(SAMPLE).max(1);
    let rows = (0..column.len()).step_by(step).filter(|row| column.is_valid(*row));
    let mut values: Vec<T> = rows.map(value).collect();
    let seen = values.len();
    values.sort_unstable();
    values.dedup();
    2 * values.len() <= seen
}

/// Whether Snappy takes away an eighth of some letters.
fn shortens(texts: &StringArray) -> bool {
    let letters = texts.value_data();
    let probe = &letters[..letters.len().min(PROBE)];
    let shortened = Snappy::new().compress_vec(probe);
    shortened.is_ok_and(|shortened| shortened.len() <= probe.len() - probe.len() / 8)
}

impl Group {
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

impl<W: Write> TableWriter<W> {
    pub(crate) fn append(&mut self, group: &Group) -> Result<(), IoError> {
        self.file.append_encoded(&group.bytes, &group.metadata)
    }

    /// Hands everything so far to the writer.
    pub(crate) fn writer(&mut self) -> Result<&mut W, IoError> {
        self.file.writer()
    }

    pub(crate) fn finish(self) -> Result<W, IoError> {
        // The names of zones are nowhere else.
        let arrow = KeyValue::new(ARROW_SCHEMA_META_KEY.to_owned(), encode_arrow_schema(&self.arrow));
        self.file.finish(vec![arrow])
    }
}

/// All rows of a table's file, so many at once. Types are those of Parquet: Arrow's own are not looked at.
pub(crate) fn read(path: &Path, rows: usize) -> Result<Batches, IoError> {
    let file = ParquetFile::open(path)?;
    let columns = file.groups().iter().flat_map(|group| group.columns());
    let repeated = columns.filter(|column| column.column_descr().max_rep_level() > 0);
    let most =
        repeated.map(|column| u64::try_from(column.num_values()).unwrap_or(u64::MAX)).fold(0, u64::max);
    // All values of a list are read at once.
    if most > file.bytes().saturating_mul(64).max(MAX_VALUES) {
        return Err(IoError::damaged("the file announces more than it can hold"));
    }
    Ok(Batches { reader: file.batches(rows)? })
}

/// Everything is set here, so that defaults of a later version of the library cannot move a byte.
fn properties(schema: &SchemaDescPtr, compression: Compression) -> WriterProperties {
    let codec = match compression {
        Compression::None => Codec::UNCOMPRESSED,
        Compression::Snappy => Codec::SNAPPY,
        Compression::Zstd => Codec::ZSTD(ZstdLevel::default()),
    };
    let mut properties = WriterProperties::builder()
        .set_created_by("mts".to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_write_batch_size(1024)
        .set_data_page_size_limit(1 << 20)
        .set_data_page_row_count_limit(20_000)
        .set_dictionary_page_size_limit(1 << 20)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_statistics_truncate_length(Some(64))
        .set_column_index_truncate_length(None)
        .set_write_page_header_statistics(false)
        .set_offset_index_disabled(true)
        .set_bloom_filter_enabled(false)
        .set_write_path_in_schema(true)
        .set_coerce_types(true)
        .set_max_row_group_row_count(None)
        .set_max_row_group_bytes(None)
        .set_dictionary_enabled(false)
        .set_compression(codec);
    for column in schema.columns() {
        let path = column.path().clone();
        properties = match column.physical_type() {
            Physical::INT32 | Physical::INT64 => {
                properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
            }
            Physical::DOUBLE if compression == Compression::Zstd => {
                properties.set_column_encoding(path, Encoding::BYTE_STREAM_SPLIT)
            }
            Physical::BYTE_ARRAY => properties.set_column_dictionary_enabled(path, true),
            _ => properties,
        };
    }
    properties.build()
}
