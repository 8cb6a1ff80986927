//! Members to row groups.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;
use std::{iter, mem};

use mts_core::{Shape, TimeAxis};
use mts_hash::{Map, Value};
use parquet::errors::Result as Parquet;
use parquet::schema::types::SchemaDescriptor;

use super::super::chunk::Chunk;
use super::super::file::GroupWriter;
use super::super::floats::Floats;
use super::super::index::{Index, Writing, constant};
use super::super::{from_parquet, layout, metadata};
use super::{MAX_ROW_GROUPS, MEMBERS_KEY, MODEL_KEY, VERSION, VERSION_KEY, column_name, row_groups};
use crate::formats::table::{Column, Content, Groups, Stored, Table};
use crate::{Compression, Contents, Form, IoError};

/// Grids go through their shapes one after the other or in turn; there are seldom many.
const REMEMBERED: usize = 8;

/// A file that takes members one after the other.
pub(crate) struct PackWriter<W: Write> {
    file: GroupWriter<W>,
    rows: Rows,
    /// The member that has begun.
    member: Option<Groups>,
    first_group: usize,
}

/// What turns slabs into row groups.
struct Rows {
    columns: Vec<Column>,
    floats: Floats,
    compression: Compression,
    shape: Shape,
    time: TimeAxis,
    /// The constant columns of the current member.
    texts: Vec<String>,
    encoded: Option<(usize, Vec<Chunk>)>,
    /// The last one is the latest.
    shapes: Vec<SameShape>,
    /// For values.
    spare: Vec<u8>,
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
        let schema = SchemaDescriptor::new(layout::schema(&table)?);
        let file = GroupWriter::new(writer, Arc::new(schema))?;
        let rows = Rows {
            columns: table.columns,
            floats: layout::floats(contents.head.dtype, contents.compression),
            compression: contents.compression,
            shape: contents.head.shape,
            time: contents.head.time,
            texts: Vec::new(),
            encoded: None,
            shapes: Vec::new(),
            spare: Vec::new(),
        };
        Ok(PackWriter { file, rows, member: None, first_group: 0 })
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
        let first = self.file.groups();
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
        member.add(slabs, |first, slabs| rows.write(file, first, slabs))
    }

    /// Completes the member, and says in which row groups it is.
    pub(crate) fn end(&mut self) -> Result<Range<usize>, IoError> {
        self.member.take().ok_or_else(no_member)?.complete()?;
        Ok(self.first_group..self.file.groups())
    }

    /// Completes the file.
    pub(crate) fn finish(self, model: &str, members: usize) -> Result<W, IoError> {
        let said = [
            (VERSION_KEY, Value::from(VERSION)),
            (MODEL_KEY, model.into()),
            (MEMBERS_KEY, Value::from(members)),
        ];
        let entries = metadata::entries(&self.rows.columns, &said.into_iter().collect::<Map>());
        self.file.finish(entries)
    }
}

fn no_member() -> IoError {
    IoError::refused("no member of the pack has begun")
}

impl Rows {
    /// Writes the group that begins with step `first`.
    fn write<W: Write>(
        &mut self,
        file: &mut GroupWriter<W>,
        first: usize,
        slabs: &[f64],
    ) -> Result<(), IoError> {
        let columns = self.encode(file.schema(), first, slabs).map_err(from_parquet)?;
        file.append(slabs.len(), &columns)?;
        let mut written = columns.into_iter().flat_map(|chunk| chunk.parts);
        self.spare = written.find_map(Arc::into_inner).unwrap_or_default();
        Ok(())
    }

    fn encode(&mut self, schema: &SchemaDescriptor, first: usize, slabs: &[f64]) -> Parquet<Vec<Chunk>> {
        let steps = slabs.len() / self.shape.slab();
        self.recall(schema, steps)?;
        self.encode_texts(schema, slabs.len())?;
        let (Some(same), Some((_, texts))) = (self.shapes.last_mut(), &self.encoded) else {
            return Ok(Vec::new());
        };
        let mut texts = texts.iter();
        let mut columns = Vec::with_capacity(self.columns.len());
        for (place, column) in self.columns.iter().enumerate() {
            columns.extend(match column.content {
                Content::Value(_) => {
                    let values = self.floats.encode(slabs, mem::take(&mut self.spare))?;
                    Some(self.floats.chunk(&schema.columns()[place], iter::once(values))?)
                }
                Content::Name => texts.next().cloned(),
                _ => same.chunk(place, first)?,
            });
        }
        Ok(columns)
    }

    /// Makes the index columns of `steps` steps of the current member the last ones of `shapes`.
    fn recall(&mut self, schema: &SchemaDescriptor, steps: usize) -> Parquet<()> {
        let slab = (self.shape.channels(), self.shape.realizations());
        let known = |same: &SameShape| (same.slab, same.steps, same.table.time) == (slab, steps, self.time);
        if let Some(place) = self.shapes.iter().position(known) {
            self.shapes[place..].rotate_left(1);
            return Ok(());
        }
        let index = &self.columns[..self.columns.iter().take_while(|column| is_index(column)).count()];
        let (shape, time, columns) = (self.shape, self.time, index.to_vec());
        let table = Table { shape, time, columns, rows: shape.slab(), names: Vec::new() };
        let writing = Writing { table: &table, schema, compression: self.compression };
        let index = Index::new(&writing, steps)?;
        if self.shapes.len() == REMEMBERED {
            self.shapes.remove(0);
        }
        self.shapes.push(SameShape { slab, steps, table, index, times: None });
        Ok(())
    }

    fn encode_texts(&mut self, schema: &SchemaDescriptor, rows: usize) -> Parquet<()> {
        if self.encoded.as_ref().is_some_and(|(encoded, _)| *encoded == rows) {
            return Ok(());
        }
        let columns = &schema.columns()[schema.columns().len() - self.texts.len()..];
        let chunks = columns.iter().zip(&self.texts);
        let chunks = chunks.map(|(column, text)| constant(column, self.compression, rows, text));
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
