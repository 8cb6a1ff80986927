//! Row groups: what of them is encoded apart from the file, and on how many threads.

use mts_core::Dtype;
use parquet::errors::Result as Parquet;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::schema::types::SchemaDescriptor;
use rayon::prelude::*;

use super::chunk::{Chunk, Column};
use super::index::Index;
use super::joined::Joined;
use super::pieces::{self, Piece};
use crate::formats::table::Table;
use crate::pool;

/// The columns of a group, in order.
pub(super) type Encoded = Vec<Joined>;

/// Encodes row groups.
pub(super) struct Encoder {
    pub(super) table: Table,
    pub(super) dtype: Dtype,
    pub(super) schema: SchemaDescriptor,
    pub(super) properties: WriterPropertiesPtr,
    /// Of groups as long as the last one.
    pub(super) index: Option<Index>,
}

impl Encoder {
    /// The group of `slabs`, which begin with step `first`.
    pub(super) fn encode(&mut self, first: usize, slabs: &[f64]) -> Parquet<Encoded> {
        let steps = slabs.len() / self.table.shape.slab();
        let rows = steps * self.table.rows;
        let index = self.index.take();
        let this = &*self;
        let (indexed, values) =
            pool::join(|| this.index_columns(index, first, steps), || this.values(rows, slabs));
        let ((index, columns), values) = (indexed?, values?);
        self.index = Some(index);
        let mut values = values.into_iter();
        let column = |chunk: Option<Chunk>| match chunk {
            Some(chunk) => Joined::new(vec![chunk]),
            None => Joined::new(values.by_ref().take(pieces::count(rows)).collect()),
        };
        Ok(columns.into_iter().map(column).collect())
    }

    /// All columns of a group, those of values left out, and what they are made of.
    fn index_columns(
        &self,
        index: Option<Index>,
        first: usize,
        steps: usize,
    ) -> Parquet<(Index, Vec<Option<Chunk>>)> {
        let index = self.index_of(index, steps)?;
        let columns = 0..self.table.columns.len();
        let columns =
            columns.map(|column| index.chunk(column, first, &self.table)).collect::<Parquet<_>>()?;
        Ok((index, columns))
    }

    /// `before` if it is one of so many steps, and otherwise another one.
    pub(super) fn index_of(&self, before: Option<Index>, steps: usize) -> Parquet<Index> {
        match before {
            Some(index) if index.steps == steps => Ok(index),
            _ => Index::new(&self.table, &self.schema, &self.properties, steps),
        }
    }

    fn values(&self, rows: usize, slabs: &[f64]) -> Parquet<Vec<Chunk>> {
        let encode = |piece: Piece| {
            let description = self.schema.column(piece.column);
            let column = Column { description, properties: self.properties.clone() };
            let values = pieces::values(&self.table, slabs, piece.place, piece.rows);
            column.encode_values(self.dtype, &values)
        };
        pieces::pieces(&self.table, rows).into_par_iter().map(encode).collect()
    }
}
