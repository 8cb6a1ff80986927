//! Row groups: encoded apart from the file, by as many threads as there are.

use std::sync::Arc;

use parquet::errors::Result as Parquet;
use parquet::schema::types::SchemaDescPtr;
use rayon::prelude::*;

use super::chunk::Chunk;
use super::floats::{Encoded, Floats};
use super::index::{Index, Writing};
use super::layout;
use super::pieces::{self, Piece};
use crate::formats::table::{Content, Table};
use crate::{Compression, Contents, pool};

/// Encodes row groups.
pub(super) struct Encoder {
    pub(super) table: Table,
    schema: SchemaDescPtr,
    compression: Compression,
    floats: Floats,
    /// Of groups as long as the last one.
    index: Option<Index>,
    /// Buffers of groups that are written: memory that is new costs more than what is done with it.
    spare: Vec<Vec<u8>>,
}

impl Encoder {
    pub(super) fn new(table: Table, schema: SchemaDescPtr, contents: &Contents) -> Self {
        let compression = contents.compression;
        let floats = layout::floats(contents.head.dtype, compression);
        Encoder { table, schema, compression, floats, index: None, spare: Vec::new() }
    }

    /// The columns of the group of `slabs`, which begin with step `first`.
    pub(super) fn encode(&mut self, first: usize, slabs: &[f64]) -> Parquet<Vec<Chunk>> {
        let steps = slabs.len() / self.table.shape.slab();
        let rows = steps * self.table.rows;
        let pieces = pieces::pieces(&self.table, rows);
        let buffers = pieces.iter().map(|_| self.spare.pop().unwrap_or_default()).collect();
        let index = self.index.take();
        let this = &*self;
        let (indexed, values) =
            pool::join(|| this.index_columns(index, first, steps), || this.values(pieces, buffers, slabs));
        let ((index, columns), values) = (indexed?, values?);
        self.index = Some(index);
        let mut values = values.into_iter();
        let columns = columns.into_iter().zip(self.schema.columns());
        let column = |(chunk, description)| match chunk {
            Some(chunk) => Ok(chunk),
            None => self.floats.chunk(description, values.by_ref().take(pieces::count(rows))),
        };
        columns.map(column).collect()
    }

    /// Takes the buffers of values that are written.
    pub(super) fn recycle(&mut self, columns: Vec<Chunk>) {
        let columns = columns.into_iter().zip(&self.table.columns);
        let values = columns.filter(|(_, column)| matches!(column.content, Content::Value(_)));
        let parts = values.flat_map(|(chunk, _)| chunk.parts);
        self.spare.extend(parts.filter_map(Arc::into_inner));
    }

    /// All columns of a group, those of values left out, and what they are made of.
    fn index_columns(
        &self,
        index: Option<Index>,
        first: usize,
        steps: usize,
    ) -> Parquet<(Index, Vec<Option<Chunk>>)> {
        let Encoder { table, schema, compression, .. } = self;
        let index = match index {
            Some(index) if index.steps == steps => index,
            _ => Index::new(&Writing { table, schema, compression: *compression }, steps)?,
        };
        let columns = 0..table.columns.len();
        let columns = columns.map(|column| index.chunk(column, first, table)).collect::<Parquet<_>>()?;
        Ok((index, columns))
    }

    fn values(&self, pieces: Vec<Piece>, buffers: Vec<Vec<u8>>, slabs: &[f64]) -> Parquet<Vec<Encoded>> {
        let encode = |(piece, buffer)| {
            let values = pieces::values(&self.table, slabs, &piece);
            Ok(self.floats.encode(&values, buffer)?)
        };
        pieces.into_par_iter().zip(buffers).map(encode).collect()
    }
}
