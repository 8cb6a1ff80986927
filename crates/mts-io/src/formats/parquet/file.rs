//! Row groups after each other, and the footer that lists them.

use std::io::{BufWriter, Write};

use parquet::errors::Result as Parquet;
use parquet::file::metadata::{
    FileMetaData, KeyValue, ParquetMetaData, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::schema::types::SchemaDescPtr;

use super::chunk::Chunk;
use super::{from_parquet, recall};
use crate::IoError;

/// So much goes out at once, enough to be hashed and written at the same time.
const BUFFER: usize = 1 << 19;

/// What a file begins with.
const MAGIC: &[u8] = b"PAR1";

/// Of the footer's structure.
const VERSION: i32 = 1;

/// A file that grows by row groups.
pub(super) struct GroupWriter<W: Write> {
    writer: BufWriter<W>,
    schema: SchemaDescPtr,
    /// Those that are written.
    groups: Vec<RowGroupMetaData>,
    /// Bytes that are written.
    at: u64,
}

impl<W: Write> GroupWriter<W> {
    pub(super) fn new(writer: W, schema: SchemaDescPtr) -> Result<Self, IoError> {
        Self::with_buffer(BUFFER, writer, schema)
    }

    /// As [`new`](Self::new), with so many bytes for what is not yet written.
    pub(super) fn with_buffer(buffer: usize, writer: W, schema: SchemaDescPtr) -> Result<Self, IoError> {
        let mut writer = BufWriter::with_capacity(buffer, writer);
        writer.write_all(MAGIC)?;
        Ok(GroupWriter { writer, schema, groups: Vec::new(), at: MAGIC.len() as u64 })
    }

    /// Behind the row groups of `footer`, which have so many rows and end after so many bytes.
    pub(super) fn after(
        writer: W,
        schema: SchemaDescPtr,
        footer: &[u8],
        rows: u64,
        bytes: u64,
    ) -> Result<Self, IoError> {
        let groups = recall::groups(footer, &schema, rows, MAGIC.len() as u64..bytes)?;
        Ok(GroupWriter { writer: BufWriter::with_capacity(BUFFER, writer), schema, groups, at: bytes })
    }

    /// The number of row groups.
    pub(super) fn groups(&self) -> usize {
        self.groups.len()
    }

    pub(super) fn schema(&self) -> &SchemaDescPtr {
        &self.schema
    }

    /// Writes a row group of `rows` rows.
    pub(super) fn append(&mut self, rows: usize, columns: &[Chunk]) -> Result<(), IoError> {
        let start = self.at;
        let mut chunks = Vec::with_capacity(columns.len());
        for column in columns {
            column.parts.iter().try_for_each(|part| self.writer.write_all(part))?;
            chunks.push(column.metadata_at(self.at).map_err(from_parquet)?);
            self.at += column.len() as u64;
        }
        let uncompressed = columns.iter().map(|column| column.metadata.uncompressed_size()).sum();
        let group = RowGroupMetaData::builder(self.schema.clone())
            .set_column_metadata(chunks)
            .set_total_byte_size(uncompressed)
            .set_num_rows(rows as i64)
            .set_ordinal(self.groups.len() as i16)
            .set_file_offset(start as i64)
            .build();
        self.groups.push(group.map_err(from_parquet)?);
        Ok(())
    }

    /// Writes a row group that was encoded elsewhere; the offsets of `metadata` count from its first byte.
    pub(super) fn append_encoded(
        &mut self,
        bytes: &[u8],
        metadata: &RowGroupMetaData,
    ) -> Result<(), IoError> {
        let ordinal = i16::try_from(self.groups.len()).map_err(|_| {
            IoError::refused(
                "a Parquet file has at most 32767 row groups: make larger batches, or partitions",
            )
        })?;
        let start = self.at as i64;
        let chunks = metadata.columns().iter().map(|chunk| {
            let dictionary = chunk.dictionary_page_offset().map(|offset| start + offset);
            let data = start + chunk.data_page_offset();
            let moved = chunk.clone().into_builder().set_dictionary_page_offset(dictionary);
            moved.set_data_page_offset(data).build()
        });
        let chunks = chunks.collect::<Parquet<Vec<_>>>().map_err(from_parquet)?;
        let group = RowGroupMetaData::builder(self.schema.clone())
            .set_column_metadata(chunks)
            .set_total_byte_size(metadata.total_byte_size())
            .set_num_rows(metadata.num_rows())
            .set_ordinal(ordinal)
            .set_file_offset(start)
            .build();
        self.writer.write_all(bytes)?;
        self.at += bytes.len() as u64;
        self.groups.push(group.map_err(from_parquet)?);
        Ok(())
    }

    /// Passes on all bytes; returns where they went.
    pub(super) fn writer(&mut self) -> Result<&mut W, IoError> {
        self.writer.flush()?;
        Ok(self.writer.get_mut())
    }

    /// Completes the file.
    pub(super) fn finish(mut self, entries: Vec<KeyValue>) -> Result<W, IoError> {
        let footer = self.footer(Some(entries)).map_err(from_parquet)?;
        self.writer.write_all(&footer)?;
        self.writer.into_inner().map_err(|error| error.into_error().into())
    }

    /// Passes on all bytes; returns where they went, and the footer of a file that would end here and have no
    /// attributes.
    pub(super) fn pause(&mut self) -> Result<(&mut W, Vec<u8>), IoError> {
        self.writer.flush()?;
        let footer = self.footer(None).map_err(from_parquet)?;
        Ok((self.writer.get_mut(), footer))
    }

    fn footer(&mut self, entries: Option<Vec<KeyValue>>) -> Parquet<Vec<u8>> {
        let rows = self.groups.iter().map(|group| group.num_rows()).sum();
        let creator = entries.is_some().then(|| "mts".to_owned());
        let file = FileMetaData::new(VERSION, rows, creator, entries, self.schema.clone(), None);
        let metadata = ParquetMetaData::new(file, std::mem::take(&mut self.groups));
        let mut bytes = Vec::new();
        ParquetMetaDataWriter::new(&mut bytes, &metadata).finish()?;
        self.groups = metadata.into_builder().take_row_groups();
        Ok(bytes)
    }
}
