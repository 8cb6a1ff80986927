//! Slabs to row groups.

use std::io::Write;
use std::sync::Arc;

use mts_core::State;
use parquet::file::metadata::KeyValue;
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor};

use super::chunk::Chunk;
use super::file::GroupWriter;
use super::group::Encoder;
use super::{from_parquet, layout, metadata};
use crate::formats::table::{Groups, Table, rows};
use crate::sink::{Resumable, Stop, unfit};
use crate::{Contents, IoError, SlabSink, pool};

pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    let shape = contents.head.shape;
    let groups = Groups::new(shape, layout::group_steps(shape));
    let open = |schema| GroupWriter::new(writer, schema);
    Ok(Box::new(ParquetSink::new(contents, groups, open)?))
}

pub(in crate::formats) fn resume<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    stop: Stop,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    let shape = contents.head.shape;
    let groups = Groups::after(shape, layout::group_steps(shape), stop.steps).map_err(unfit)?;
    let mut saved = stop.saved;
    let footer = saved.bytes().map_err(unfit)?;
    saved.end().map_err(unfit)?;
    let rows = stop.steps * rows(shape, contents.form);
    let open = |schema| GroupWriter::after(writer, schema, footer, rows as u64, stop.bytes);
    Ok(Box::new(ParquetSink::new(contents, groups, open)?))
}

struct ParquetSink<W: Write> {
    groups: Groups,
    /// More than one, so that there is something to do at the same time.
    several: bool,
    file: GroupWriter<W>,
    encoder: Encoder,
    entries: Vec<KeyValue>,
    /// The group that is written while the next one is encoded.
    ready: Option<Group>,
}

/// A group that is encoded.
struct Group {
    rows: usize,
    columns: Vec<Chunk>,
}

impl<W: Write + Send> ParquetSink<W> {
    fn new(
        contents: &Contents,
        groups: Groups,
        open: impl FnOnce(SchemaDescPtr) -> Result<GroupWriter<W>, IoError>,
    ) -> Result<Self, IoError> {
        let shape = contents.head.shape;
        if let Some(objection) = layout::objection(shape, contents.form) {
            return Err(IoError::refused(objection));
        }
        let table = Table::of(contents);
        let entries = metadata::entries(&table.columns, &contents.attributes());
        let schema = Arc::new(SchemaDescriptor::new(layout::schema(&table)?));
        let file = open(schema.clone())?;
        let several = layout::group_steps(shape) < shape.steps();
        let encoder = Encoder::new(table, schema, contents);
        Ok(ParquetSink { groups, several, file, encoder, entries, ready: None })
    }
}

/// Writes a group and takes its buffers back.
fn append<W: Write + Send>(file: &mut GroupWriter<W>, group: Option<Group>) -> Result<Vec<Chunk>, IoError> {
    let Some(Group { rows, columns }) = group else { return Ok(Vec::new()) };
    file.append(rows, &columns)?;
    Ok(columns)
}

impl<W: Write + Send> SlabSink<W> for ParquetSink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let (file, encoder, ready) = (&mut self.file, &mut self.encoder, &mut self.ready);
        let together = self.several && pool::threads() > 1;
        self.groups.add(slabs, |first, slabs| {
            let rows = slabs.len() / encoder.table.shape.slab() * encoder.table.rows;
            let before = ready.take();
            let mut encode = || encoder.encode(first, slabs).map_err(from_parquet);
            let (written, columns) = if together {
                rayon::join(|| append(file, before), encode)
            } else {
                let columns = encode();
                (append(file, before), columns)
            };
            let group = Group { rows, columns: columns? };
            encoder.recycle(written?);
            if together {
                *ready = Some(group);
            } else {
                let columns = append(file, Some(group))?;
                encoder.recycle(columns);
            }
            Ok(())
        })
    }

    fn steps(&self) -> usize {
        self.groups.done()
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.groups.complete()?;
        append(&mut self.file, self.ready.take())?;
        self.file.finish(self.entries)
    }
}

impl<W: Write + Send> Resumable<W> for ParquetSink<W> {
    fn save(&mut self, state: &mut State) -> Result<Option<&mut W>, IoError> {
        if !self.groups.are_whole() {
            return Ok(None);
        }
        append(&mut self.file, self.ready.take())?;
        let (writer, footer) = self.file.pause()?;
        state.bytes(&footer);
        Ok(Some(writer))
    }
}
