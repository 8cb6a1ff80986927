//! Slabs to row groups.

use std::io::{self, BufWriter, Write};

use mts_core::State;
use parquet::errors::Result as Parquet;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::SchemaDescriptor;

use super::chunk::write_values;
use super::group::{Encoded, Encoder};
use super::{from_parquet, layout, metadata, pieces, recall};
use crate::formats::table::{Content, Groups, Table};
use crate::sink::{Resumable, Stop, unfit};
use crate::{Contents, IoError, SlabSink, pool};

/// So much goes out at once, enough to be hashed and written at the same time.
const BUFFER: usize = 1 << 19;

pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    let shape = contents.head.shape;
    let groups = Groups::new(shape, layout::group_steps(shape));
    Ok(Box::new(ParquetSink::new(Slot::new(writer), contents, groups)?))
}

/// The library lists the row groups for the footer while it writes them, and cannot be told of others: it
/// copies as many bytes again, into nothing.
pub(in crate::formats) fn resume<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    stop: Stop,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    let shape = contents.head.shape;
    let groups = Groups::after(shape, layout::group_steps(shape), stop.steps).map_err(unfit)?;
    let mut sink = ParquetSink::new(Slot::closed(writer), contents, groups)?;
    let mut saved = stop.saved;
    let footer = saved.bytes().map_err(unfit)?;
    saved.end().map_err(unfit)?;
    let rows = stop.steps as u64 * sink.encoder.table.rows as u64;
    recall::groups(&mut sink.file, footer, rows, stop.bytes)?;
    sink.file.inner_mut().open = true;
    Ok(Box::new(sink))
}

impl<W: Write + Send> ParquetSink<W> {
    fn new(writer: Slot<W>, contents: &Contents, groups: Groups) -> Result<Self, IoError> {
        let shape = contents.head.shape;
        if let Some(objection) = layout::objection(shape, contents.form) {
            return Err(IoError::refused(objection));
        }
        let table = Table::of(contents);
        let entries = metadata::entries(&table.columns, &contents.attributes());
        let properties = layout::properties(&table, contents.compression, entries);
        let schema = layout::schema(&table)?;
        let encoder = Encoder {
            table,
            dtype: contents.head.dtype,
            schema: SchemaDescriptor::new(schema.clone()),
            properties: properties.clone(),
            index: None,
        };
        let file = SerializedFileWriter::new(writer, schema, properties).map_err(from_parquet)?;
        let several = layout::group_steps(shape) < shape.steps();
        Ok(ParquetSink { groups, several, file, encoder, ready: None })
    }
}

/// Holds the writer until the file is complete: the library gives it back only by a way on which
/// the reason of a failure is lost.
pub(super) struct Slot<W: Write> {
    writer: Option<BufWriter<W>>,
    /// Whether it gets anything.
    open: bool,
}

impl<W: Write> Slot<W> {
    pub(super) fn new(writer: W) -> Self {
        Slot { writer: Some(BufWriter::with_capacity(BUFFER, writer)), open: true }
    }

    fn closed(writer: W) -> Self {
        Slot { open: false, ..Slot::new(writer) }
    }

    /// Gives the writer back, once.
    pub(super) fn take(&mut self) -> Result<W, IoError> {
        let writer = self.writer.take().ok_or_else(|| IoError::refused("the file is finished already"))?;
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

impl<W: Write> Write for Slot<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.open {
            return Ok(bytes.len());
        }
        self.writer.as_mut().map_or(Ok(0), |writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

struct ParquetSink<W: Write> {
    groups: Groups,
    /// More than one, so that there is something to do at the same time.
    several: bool,
    file: SerializedFileWriter<Slot<W>>,
    encoder: Encoder,
    /// The group that is written while the next one is encoded.
    ready: Option<Encoded>,
}

impl<W: Write + Send> SlabSink<W> for ParquetSink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let (file, encoder, ready) = (&mut self.file, &mut self.encoder, &mut self.ready);
        let together = self.several && pool::threads() > 1;
        let mut write = |first, slabs: &[f64]| {
            let before = ready.take();
            if !together {
                append(file, before)?;
                return alone(file, encoder, first, slabs);
            }
            let (written, encoded) = rayon::join(|| append(file, before), || encoder.encode(first, slabs));
            *ready = Some(encoded?);
            written
        };
        self.groups.add(slabs, |first, slabs| write(first, slabs).map_err(from_parquet))
    }

    fn steps(&self) -> usize {
        self.groups.done()
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.groups.complete()?;
        append(&mut self.file, self.ready.take()).map_err(from_parquet)?;
        self.file.finish().map_err(from_parquet)?;
        self.file.inner_mut().take()
    }
}

impl<W: Write + Send> Resumable<W> for ParquetSink<W> {
    fn save(&mut self, state: &mut State) -> Result<Option<&mut W>, IoError> {
        if !self.groups.are_whole() {
            return Ok(None);
        }
        append(&mut self.file, self.ready.take()).map_err(from_parquet)?;
        self.file.flush()?;
        state.bytes(&recall::footer(&self.file).map_err(from_parquet)?);
        Ok(self.file.inner_mut().writer.as_mut().map(BufWriter::get_mut))
    }
}

/// Writes a group that is encoded.
fn append<W: Write + Send>(
    file: &mut SerializedFileWriter<Slot<W>>,
    encoded: Option<Encoded>,
) -> Parquet<()> {
    let Some(columns) = encoded else { return Ok(()) };
    let mut group = file.next_row_group()?;
    for column in columns {
        group.append_column(&column, column.close()?)?;
    }
    group.close().map(drop)
}

/// Writes the group that begins with step `first`, values straight into the file.
fn alone<W: Write + Send>(
    file: &mut SerializedFileWriter<Slot<W>>,
    encoder: &mut Encoder,
    first: usize,
    slabs: &[f64],
) -> Parquet<()> {
    let steps = slabs.len() / encoder.table.shape.slab();
    let index = encoder.index.take();
    let index = encoder.index.insert(encoder.index_of(index, steps)?);
    let table = &encoder.table;
    let mut group = file.next_row_group()?;
    for (place, column) in table.columns.iter().enumerate() {
        if let Content::Value(channel) = column.content {
            if let Some(mut column) = group.next_column()? {
                let values = pieces::values(table, slabs, channel, 0..steps * table.rows);
                write_values(column.untyped(), encoder.dtype, &values)?;
                column.close()?;
            }
        } else if let Some(chunk) = index.chunk(place, first, table)? {
            group.append_column(&chunk.bytes, chunk.close)?;
        }
    }
    group.close().map(drop)
}
