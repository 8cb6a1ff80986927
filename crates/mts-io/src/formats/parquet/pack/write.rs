//! Members to row groups.

use std::io::Write;
use std::ops::Range;

use mts_core::{Dtype, Shape, TimeAxis};
use mts_hash::{Map, Value};
use parquet::errors::Result as Parquet;
use parquet::file::writer::SerializedFileWriter;

use super::super::chunk::{Chunk, write_values};
use super::super::index::{Index, constant};
use super::super::write::Slot;
use super::super::{from_parquet, layout, metadata};
use super::{MAX_ROW_GROUPS, MEMBERS_KEY, MODEL_KEY, VERSION, VERSION_KEY, column_name, row_groups};
use crate::formats::table::{Column, Content, Groups, Stored, Table};
use crate::{Compression, Contents, Form, IoError};

/// Grids go through their shapes one after the other or in turn; there are seldom many.
const REMEMBERED: usize = 8;

/// A file that takes members one after the other.
pub(crate) struct PackWriter<W: Write> {
    file: SerializedFileWriter<Slot<W>>,
    rows: Rows,
    /// The member that has begun.
    member: Option<Groups>,
    first_group: usize,
}

/// What turns slabs into row groups.
struct Rows {
    columns: Vec<Column>,
    dtype: Dtype,
    compression: Compression,
    shape: Shape,
    time: TimeAxis,
    /// The constant columns of the current member.
    texts: Vec<String>,
    encoded: Option<(usize, Vec<Chunk>)>,
    /// The last one is the latest.
    shapes: Vec<SameShape>,
}

/// The index columns of row groups that have the same steps of the same slabs.
struct SameShape {
    slab: (usize, usize),
    steps: usize,
    table: Table,
    index: Index,
    /// Times from the first step on, with which every member begins.
    times: Option<Chunk>,
}

impl<W: Write + Send> PackWriter<W> {
    /// Begins a file of members that have the columns of this one, and constant columns of these names.
    pub(crate) fn new(writer: W, contents: &Contents, keys: &[&str]) -> Result<Self, IoError> {
        let mut table = Table::of(contents);
        for key in keys {
            let name = column_name(key);
            table.columns.push(Column { name, content: Content::Name, stored: Stored::Text });
        }
        let properties = layout::properties(&table, contents.compression, Vec::new());
        let slot = Slot::new(writer);
        let file = SerializedFileWriter::new(slot, layout::schema(&table)?, properties);
        let rows = Rows {
            columns: table.columns,
            dtype: contents.head.dtype,
            compression: contents.compression,
            shape: contents.head.shape,
            time: contents.head.time,
            texts: Vec::new(),
            encoded: None,
            shapes: Vec::new(),
        };
        Ok(PackWriter { file: file.map_err(from_parquet)?, rows, member: None, first_group: 0 })
    }

    /// Begins a member; `texts` are those of its constant columns.
    pub(crate) fn begin(&mut self, contents: &Contents, texts: Vec<String>) -> Result<(), IoError> {
        let (head, rows) = (contents.head, &mut self.rows);
        let columns = Table::of(contents).columns;
        let same = columns.iter().zip(&rows.columns).all(|(a, b)| (&a.name, a.stored) == (&b.name, b.stored));
        if contents.form != Form::Long || !same || columns.len() + texts.len() != rows.columns.len() + 1 {
            return Err(IoError::refused(
                "the members of a pack are in the long form, and have the same precision, kind of time axis and \
                 levels of folders",
            ));
        }
        if let Some(objection) = layout::objection(head.shape, Form::Long) {
            return Err(IoError::refused(objection));
        }
        let first = self.file.flushed_row_groups().len();
        if first + row_groups(head.shape) > MAX_ROW_GROUPS {
            return Err(IoError::refused(format!(
                "a Parquet file holds at most {MAX_ROW_GROUPS} row groups, each member of a pack one or more: begin \
                 another pack"
            )));
        }
        (rows.shape, rows.time, rows.texts, rows.encoded) = (head.shape, head.time, texts, None);
        self.member = Some(Groups::new(head.shape, layout::group_steps(head.shape)));
        self.first_group = first;
        Ok(())
    }

    /// Takes the next steps of the member.
    pub(crate) fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let (file, rows) = (&mut self.file, &mut self.rows);
        let member = self.member.as_mut().ok_or_else(no_member)?;
        member.add(slabs, |first, slabs| rows.write(file, first, slabs).map_err(from_parquet))
    }

    /// Completes the member, and says in which row groups it is.
    pub(crate) fn end(&mut self) -> Result<Range<usize>, IoError> {
        self.member.take().ok_or_else(no_member)?.complete()?;
        Ok(self.first_group..self.file.flushed_row_groups().len())
    }

    /// Completes the file.
    pub(crate) fn finish(mut self, model: &str, members: usize) -> Result<W, IoError> {
        let said = [
            (VERSION_KEY, Value::from(VERSION)),
            (MODEL_KEY, model.into()),
            (MEMBERS_KEY, Value::from(members)),
        ];
        for entry in metadata::entries(&self.rows.columns, &said.into_iter().collect::<Map>()) {
            self.file.append_key_value_metadata(entry);
        }
        self.file.finish().map_err(from_parquet)?;
        self.file.inner_mut().take()
    }
}

fn no_member() -> IoError {
    IoError::refused("no member of the pack has begun")
}

impl Rows {
    /// Writes the group that begins with step `first`.
    fn write<W: Write + Send>(
        &mut self,
        file: &mut SerializedFileWriter<Slot<W>>,
        first: usize,
        slabs: &[f64],
    ) -> Parquet<()> {
        let steps = slabs.len() / self.shape.slab();
        self.recall(file, steps)?;
        self.encode_texts(file, slabs.len())?;
        let (Some(same), Some((_, texts))) = (self.shapes.last_mut(), &self.encoded) else { return Ok(()) };
        let mut texts = texts.iter();
        let mut group = file.next_row_group()?;
        for (place, column) in self.columns.iter().enumerate() {
            let chunk = match column.content {
                Content::Value(_) => {
                    if let Some(mut column) = group.next_column()? {
                        write_values(column.untyped(), self.dtype, slabs)?;
                        column.close()?;
                    }
                    continue;
                }
                Content::Name => texts.next().cloned(),
                _ => same.chunk(place, first)?,
            };
            if let Some(chunk) = chunk {
                group.append_column(&chunk.bytes, chunk.close)?;
            }
        }
        group.close()?;
        Ok(())
    }

    /// Makes the index columns of `steps` steps of the current member the last ones of `shapes`.
    fn recall<W: Write + Send>(&mut self, file: &SerializedFileWriter<Slot<W>>, steps: usize) -> Parquet<()> {
        let slab = (self.shape.channels(), self.shape.realizations());
        let known = |same: &SameShape| (same.slab, same.steps, same.table.time) == (slab, steps, self.time);
        if let Some(place) = self.shapes.iter().position(known) {
            self.shapes[place..].rotate_left(1);
            return Ok(());
        }
        let index = &self.columns[..self.columns.iter().take_while(|column| is_index(column)).count()];
        let (shape, time, columns) = (self.shape, self.time, index.to_vec());
        let table = Table { shape, time, columns, rows: shape.slab(), names: Vec::new() };
        let properties = layout::properties(&table, self.compression, Vec::new());
        let index = Index::new(&table, file.schema_descr(), &properties, steps)?;
        if self.shapes.len() == REMEMBERED {
            self.shapes.remove(0);
        }
        self.shapes.push(SameShape { slab, steps, table, index, times: None });
        Ok(())
    }

    fn encode_texts<W: Write + Send>(
        &mut self,
        file: &SerializedFileWriter<Slot<W>>,
        rows: usize,
    ) -> Parquet<()> {
        if self.encoded.as_ref().is_some_and(|(encoded, _)| *encoded == rows) {
            return Ok(());
        }
        let columns = file.schema_descr().columns();
        let columns = &columns[columns.len() - self.texts.len()..];
        let chunks = columns.iter().zip(&self.texts);
        let chunks = chunks.map(|(column, text)| constant(column, file.properties(), rows, text));
        self.encoded = Some((rows, chunks.collect::<Parquet<_>>()?));
        Ok(())
    }
}

fn is_index(column: &Column) -> bool {
    matches!(column.content, Content::Time | Content::Channel | Content::Realization)
}

impl SameShape {
    fn chunk(&mut self, place: usize, first: usize) -> Parquet<Option<Chunk>> {
        if self.table.columns[place].content != Content::Time || first > 0 {
            return self.index.chunk(place, first, &self.table);
        }
        if self.times.is_none() {
            self.times = self.index.chunk(place, first, &self.table)?;
        }
        Ok(self.times.clone())
    }
}
