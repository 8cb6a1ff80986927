//! Slabs to row groups.

use std::io::Write;
use std::mem;

use mts_core::Dtype;
use parquet::errors::Result as Parquet;
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;

use super::chunk::{Chunk, Column};
use super::index::Index;
use super::pieces::{Joined, PIECE, Piece};
use super::{from_parquet, layout, metadata};
use crate::formats::table::{Content, Groups, Table};
use crate::{Contents, IoError, SlabSink, pool};

pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
) -> Result<Box<dyn SlabSink<W>>, IoError> {
    let shape = contents.head.shape;
    if let Some(objection) = layout::objection(shape, contents.form) {
        return Err(IoError::refused(objection));
    }
    let table = Table::of(contents);
    let entries = metadata::entries(&table.columns, &contents.attributes());
    let properties = layout::properties(&table, contents.compression, entries);
    let file = SerializedFileWriter::new(Vec::new(), layout::schema(&table)?, properties);
    let file = file.map_err(from_parquet)?;
    let groups = Groups::new(shape, layout::group_steps(shape));
    let rows = RowGroups { file, table, dtype: contents.head.dtype, index: None };
    Ok(Box::new(ParquetSink { writer, ready: Vec::new(), groups, rows }))
}

struct ParquetSink<W> {
    writer: W,
    /// What is to be written next: it is, while what follows it is encoded.
    ready: Vec<u8>,
    groups: Groups,
    rows: RowGroups,
}

impl<W: Write + Send> SlabSink<W> for ParquetSink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let (writer, ready, rows) = (&mut self.writer, &mut self.ready, &mut self.rows);
        self.groups.add(slabs, |first, slabs| {
            let (written, encoded) =
                pool::join(|| writer.write_all(ready), || rows.encode(first, slabs).map_err(from_parquet));
            written?;
            ready.clear();
            encoded?;
            rows.swap(ready).map_err(from_parquet)
        })
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.groups.complete()?;
        self.writer.write_all(&self.ready)?;
        self.rows.file.finish().map_err(from_parquet)?;
        self.writer.write_all(self.rows.file.inner_mut())?;
        Ok(self.writer)
    }
}

/// Row groups, in memory.
struct RowGroups {
    file: SerializedFileWriter<Vec<u8>>,
    table: Table,
    dtype: Dtype,
    index: Option<Index>,
}

impl RowGroups {
    /// Exchanges what is encoded for an empty buffer.
    fn swap(&mut self, empty: &mut Vec<u8>) -> Parquet<()> {
        self.file.flush()?;
        mem::swap(self.file.inner_mut(), empty);
        Ok(())
    }

    /// Encodes the group that begins with step `first`.
    fn encode(&mut self, first: usize, slabs: &[f64]) -> Parquet<()> {
        let steps = slabs.len() / self.table.shape.slab();
        let index = self.index.take().filter(|index| index.steps == steps);
        let pieces = self.pieces(steps);
        let this = &*self;
        let (indexed, values) =
            pool::join(|| this.index_columns(index, first, steps), || this.values(&pieces, slabs));
        let ((index, columns), values) = (indexed?, values?);
        let mut values = values.into_iter();
        let of_column = (steps * self.table.rows).div_ceil(PIECE);
        let mut group = self.file.next_row_group()?;
        for column in columns {
            if let Some(chunk) = column {
                group.append_column(&chunk.bytes, chunk.close)?;
            } else {
                let joined = Joined::new(values.by_ref().take(of_column).collect());
                group.append_column(&joined, joined.close()?)?;
            }
        }
        group.close()?;
        self.index = Some(index);
        Ok(())
    }

    /// The columns of values in a group of so many steps, in pieces.
    fn pieces(&self, steps: usize) -> Vec<Piece> {
        let columns = self.table.columns.iter().enumerate();
        let values = columns.filter_map(|(column, found)| match found.content {
            Content::Value(place) => Some((column, place)),
            _ => None,
        });
        let firsts = (0..steps * self.table.rows).step_by(PIECE);
        let pieces = |(column, place)| firsts.clone().map(move |first| Piece { column, place, first });
        values.flat_map(pieces).collect()
    }

    /// All columns, those of values left out, and what they were made of.
    fn index_columns(
        &self,
        index: Option<Index>,
        first: usize,
        steps: usize,
    ) -> Parquet<(Index, Vec<Option<Chunk>>)> {
        let index = match index {
            Some(index) => index,
            None => Index::new(&self.table, self.file.schema_descr(), self.file.properties(), steps)?,
        };
        let columns = 0..self.table.columns.len();
        let columns =
            columns.map(|column| index.chunk(column, first, &self.table)).collect::<Parquet<_>>()?;
        Ok((index, columns))
    }

    fn values(&self, pieces: &[Piece], slabs: &[f64]) -> Parquet<Vec<Chunk>> {
        let encode = |piece: &Piece| {
            let description = self.file.schema_descr().column(piece.column);
            let column = Column { description, properties: self.file.properties().clone() };
            piece.encode(&column, &self.table, self.dtype, slabs)
        };
        if pool::threads() > 1 {
            pieces.par_iter().map(encode).collect()
        } else {
            pieces.iter().map(encode).collect()
        }
    }
}
