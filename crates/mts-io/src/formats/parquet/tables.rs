//! Relational tables: batches to row groups, each encoded apart from the file.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::arrow_writer::{ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ARROW_SCHEMA_META_KEY, ArrowSchemaConverter, encode_arrow_schema};
use parquet::basic::{Compression as Codec, Encoding, Type as Physical, ZstdLevel};
use parquet::errors::Result as Parquet;
use parquet::file::metadata::{KeyValue, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr, WriterVersion};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::{ColumnPath, SchemaDescPtr};

use super::columns::ParquetFile;
use super::file::GroupWriter;
use super::from_parquet;
use super::records::{Batches, MAX_VALUES};
use crate::{Compression, IoError};

/// Texts of a batch that are looked at to see whether they repeat.
const SAMPLE: usize = 1 << 10;

/// How batches of one schema become row groups.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    arrow: SchemaRef,
    schema: SchemaDescPtr,
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
        Ok(Groups { arrow, schema, properties: Arc::new(properties) })
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
        let mut output = TrackedWrite::new(Vec::new());
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

    /// Those of all batches, and dictionaries for texts of this one that repeat.
    fn properties(&self, batch: &RecordBatch) -> WriterPropertiesPtr {
        let fields = self.arrow.fields().iter().zip(batch.columns());
        let mut texts = fields.filter(|(field, _)| *field.data_type() == DataType::Utf8).peekable();
        if texts.peek().is_none() {
            return Arc::clone(&self.properties);
        }
        let mut properties = self.properties.as_ref().clone().into_builder();
        for (field, column) in texts {
            let texts = column.as_string::<i32>();
            let step = texts.len().div_ceil(SAMPLE).max(1);
            let rows = (0..texts.len()).step_by(step).filter(|row| texts.is_valid(*row));
            let (mut seen, mut different) = (0, BTreeSet::new());
            for row in rows {
                seen += 1;
                different.insert(texts.value(row));
            }
            let path = ColumnPath::from(field.name().as_str());
            properties = properties.set_column_dictionary_enabled(path, 2 * different.len() <= seen);
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
