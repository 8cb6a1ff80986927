//! Index columns: encoded once, then copied.
//!
//! In every row group of the same number of steps, the pages of channels, realizations and names are
//! the same bytes, and they repeat from step to step within it. Dictionary-encoded times differ in
//! their dictionary alone: the pages count 0, 1, 2, … into it.

use std::iter::{once, repeat_n};
use std::ops::Range;

use mts_core::{Dtype, TimeAxis};
use parquet::basic::Compression as Codec;
use parquet::errors::Result as Parquet;
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};

use super::chunk::Chunk;
use super::floats::Floats;
use super::layout::{self, MAX_DICTIONARY, MAX_DICTIONARY_OF_NAMES};
use super::page::Values;
use super::places::{Dictionary, Order, Places, whole};
use super::unrolled;
use crate::Compression;
use crate::formats::table::{Content, Table};

/// About so many rows share a page that is repeated: fewer cost headers, more cost small files
/// the encoding of rows.
const PERIOD: usize = 1 << 12;

/// How index columns are written.
pub(super) struct Writing<'a> {
    pub(super) table: &'a Table,
    pub(super) schema: &'a SchemaDescriptor,
    pub(super) compression: Compression,
}

/// The index columns of row groups of a certain number of steps.
pub(super) struct Index {
    pub(super) steps: usize,
    /// In the order of the columns of the table.
    parts: Vec<Part>,
}

enum Part {
    /// The same in every row group.
    Same(Box<Chunk>),
    /// Times in a dictionary.
    Times(Places),
    Time(ColumnDescPtr, Codec),
    Values,
}

fn same_chunk(chunk: Chunk) -> Part {
    Part::Same(Box::new(chunk))
}

impl Index {
    pub(super) fn new(writing: &Writing, steps: usize) -> Parquet<Self> {
        let contents = writing.table.columns.iter().map(|column| column.content);
        let part = |(description, content)| writing.part(description, content, steps);
        let parts = writing.schema.columns().iter().zip(contents).map(part).collect::<Parquet<_>>()?;
        Ok(Index { steps, parts })
    }

    /// The chunk of a column in the row group that begins with step `first`; none for values.
    pub(super) fn chunk(&self, column: usize, first: usize, table: &Table) -> Parquet<Option<Chunk>> {
        let steps = first..first + self.steps;
        Ok(match &self.parts[column] {
            Part::Same(chunk) => Some(Chunk::clone(chunk)),
            Part::Times(places) => Some(places.chunk(Dictionary::times(table.time, steps))?),
            Part::Time(description, codec) => Some(times(description, *codec, steps, table)?),
            Part::Values => None,
        })
    }
}

impl Writing<'_> {
    fn part(&self, description: &ColumnDescPtr, content: Content, steps: usize) -> Parquet<Part> {
        let (table, rows) = (self.table, steps * self.table.rows);
        let realizations = table.shape.realizations();
        let period = table.rows * (PERIOD / table.rows).clamp(1, steps);
        let codec = layout::codec(table, content, self.compression);
        let same = |order, dictionary| {
            Places::new(description, codec, (rows, period), order)?.chunk(dictionary).map(same_chunk)
        };
        let count = |places, run| {
            if places <= MAX_DICTIONARY / 8 {
                return same(Order { places, run }, Dictionary::counting(places));
            }
            let numbers = (0..rows).map(|row| table.integer(content, row % table.rows));
            unrolled::integers(description, codec, numbers).map(same_chunk)
        };
        match content {
            Content::Channel => count(table.shape.channels(), realizations),
            Content::Realization => count(realizations, 1),
            Content::Name
                if table.names.iter().map(String::len).sum::<usize>() <= MAX_DICTIONARY_OF_NAMES =>
            {
                let names = table.names.len();
                same(Order { places: names, run: 1 }, Dictionary::texts(&table.names, rows / names))
            }
            Content::Name => unrolled::texts(description, codec, &table.names, rows).map(same_chunk),
            Content::Time if layout::time_in_dictionary(table) => {
                let order = Order { places: steps, run: table.rows };
                Ok(Part::Times(Places::new(description, codec, (rows, rows), order)?))
            }
            Content::Time => Ok(Part::Time(description.clone(), codec)),
            Content::Value(_) => Ok(Part::Values),
        }
    }
}

/// The chunk of `rows` rows that all hold `text`.
pub(super) fn constant(
    description: &ColumnDescPtr,
    compression: Compression,
    rows: usize,
    text: &str,
) -> Parquet<Chunk> {
    let codec = layout::index_codec(compression);
    let order = Order { places: 1, run: 1 };
    let places = Places::new(description, codec, (rows, rows.min(PERIOD)), order)?;
    places.chunk(Dictionary::texts(&[text.to_owned()], rows))
}

fn times(description: &ColumnDescPtr, codec: Codec, steps: Range<usize>, table: &Table) -> Parquet<Chunk> {
    let (axis, rows) = (table.time, table.rows);
    match axis {
        TimeAxis::Steps | TimeAxis::Instants(_) => {
            let times = steps.flat_map(|step| repeat_n(whole(axis, step), rows));
            unrolled::integers(description, codec, times)
        }
        TimeAxis::Seconds { .. } => {
            let times = steps.flat_map(|step| repeat_n(axis.at(step).as_f64(), rows));
            let floats = Floats { dtype: Dtype::F64, values: Values::Split, compression: codec };
            let encoded = floats.encode_each(times)?;
            floats.chunk(description, once(encoded))
        }
    }
}
