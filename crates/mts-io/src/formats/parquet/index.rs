//! Index columns: encoded once, then copied.
//!
//! In every row group of the same number of steps, the pages of channels, realizations and names are
//! the same bytes, and they repeat from step to step within it. Dictionary-encoded times differ in
//! their dictionary alone: the pages count 0, 1, 2, … into it.

use std::iter::repeat_n;
use std::ops::Range;

use mts_core::{Time, TimeAxis};
use parquet::basic::PageType;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::Result as Parquet;
use parquet::file::metadata::PageEncodingStats;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};

use super::chunk::{Chunk, Column};
use super::guard::PageHeader;
use super::layout::time_in_dictionary;
use crate::formats::table::{Content, Table};

/// About so many rows share a page that is repeated: fewer cost headers, more cost small files
/// the encoding of rows.
const PERIOD: usize = 1 << 12;

/// The index columns of row groups of a certain number of steps.
pub(super) struct Index {
    pub(super) steps: usize,
    /// In the order of the columns of the table.
    parts: Vec<Part>,
}

enum Part {
    /// The same in every row group.
    Same(Chunk),
    Time(Column),
    /// Times in a dictionary: the chunk of the first group.
    Times(Chunk),
    Values,
}

impl Index {
    pub(super) fn new(
        table: &Table,
        schema: &SchemaDescriptor,
        properties: &WriterPropertiesPtr,
        steps: usize,
    ) -> Parquet<Self> {
        let part = |(description, content): (&ColumnDescPtr, Content)| {
            let column = Column { description: description.clone(), properties: properties.clone() };
            Ok(match content {
                Content::Time if time_in_dictionary(table) => Part::Times(times(&column, 0..steps, table)?),
                Content::Time => Part::Time(column),
                Content::Value(_) => Part::Values,
                Content::Name => {
                    let names: Vec<_> =
                        table.names.iter().map(|name| ByteArray::from(name.as_str())).collect();
                    let name = |row: usize| names[row % names.len()].clone();
                    Part::Same(repeated::<ByteArrayType>(&column, steps, table.rows, name)?)
                }
                Content::Channel | Content::Realization => {
                    let integer = |row| table.integer(content, row);
                    Part::Same(repeated::<Int64Type>(&column, steps, table.rows, integer)?)
                }
            })
        };
        let contents = table.columns.iter().map(|column| column.content);
        let parts = schema.columns().iter().zip(contents).map(part).collect::<Parquet<_>>()?;
        Ok(Index { steps, parts })
    }

    /// The chunk of a column in the row group that begins with step `first`; none for values.
    pub(super) fn chunk(&self, column: usize, first: usize, table: &Table) -> Parquet<Option<Chunk>> {
        let steps = first..first + self.steps;
        Ok(match &self.parts[column] {
            Part::Same(chunk) => Some(chunk.clone()),
            Part::Times(pages) if first == 0 => Some(pages.clone()),
            Part::Times(pages) => Some(with_dictionary(pages, steps, table.time)?),
            Part::Time(column) => Some(times(column, steps, table)?),
            Part::Values => None,
        })
    }
}

/// The chunk of `rows` rows that all hold `text`.
pub(super) fn constant(
    description: &ColumnDescPtr,
    properties: &WriterPropertiesPtr,
    rows: usize,
    text: &str,
) -> Parquet<Chunk> {
    let column = Column { description: description.clone(), properties: properties.clone() };
    let text = ByteArray::from(text);
    repeated::<ByteArrayType>(&column, rows, 1, |_| text.clone())
}

fn times(column: &Column, steps: Range<usize>, table: &Table) -> Parquet<Chunk> {
    let (axis, rows) = (table.time, table.rows);
    match axis {
        TimeAxis::Steps | TimeAxis::Instants(_) => {
            column.encode::<Int64Type>(steps.flat_map(|step| repeat_n(whole(axis, step), rows)))
        }
        TimeAxis::Seconds { .. } => {
            column.encode::<DoubleType>(steps.flat_map(|step| repeat_n(axis.at(step).as_f64(), rows)))
        }
    }
}

/// The coordinate of a step on an axis of integers.
fn whole(axis: TimeAxis, step: usize) -> i64 {
    match axis.at(step) {
        Time::Step(at) | Time::Instant(at) => at,
        Time::Second(_) => 0,
    }
}

/// The chunk of `steps` steps that are all the same; `value` takes the row within a step.
fn repeated<T: DataType>(
    column: &Column,
    steps: usize,
    slab: usize,
    value: impl Fn(usize) -> T::T,
) -> Parquet<Chunk> {
    let some = (PERIOD / slab).clamp(1, steps);
    let rows = |steps: usize| (0..steps).flat_map(|_| (0..slab).map(&value));
    let period = column.encode::<T>(rows(some))?;
    if some == steps {
        return Ok(period);
    }
    // Every step holds every value, so that the dictionary of the rest is that of the period.
    let rest = column.encode::<T>(rows(steps % some))?;
    splice(&period, steps / some, &rest)
}

/// The pages of `period` `times` times, then those of `rest`, behind one dictionary.
fn splice(period: &Chunk, times: usize, rest: &Chunk) -> Parquet<Chunk> {
    let (pages, more) = (&period.close.metadata, &rest.close.metadata);
    let data = pages.data_page_offset() as usize;
    let mut bytes = period.bytes[..data].to_vec();
    let dictionary =
        PageHeader::parse(&bytes).map_or(0, |header| header.length as i64 + header.uncompressed as i64);
    (0..times).for_each(|_| bytes.extend_from_slice(&period.bytes[data..]));
    let rest_is_empty = more.num_values() == 0;
    if !rest_is_empty {
        bytes.extend_from_slice(&rest.bytes[more.data_page_offset() as usize..]);
    }

    let times = times as i64;
    let uncompressed = |size: i64| size - dictionary;
    let rest_uncompressed = if rest_is_empty { 0 } else { uncompressed(more.uncompressed_size()) };
    let values = pages.num_values() * times + more.num_values();
    let mut stats: Vec<PageEncodingStats> = pages.page_encoding_stats().cloned().unwrap_or_default();
    for stat in stats.iter_mut().filter(|stat| stat.page_type == PageType::DATA_PAGE) {
        let also = more.page_encoding_stats().into_iter().flatten();
        let also = also.filter(|also| also.page_type == stat.page_type && also.encoding == stat.encoding);
        stat.count = stat.count * times as i32 + also.map(|also| also.count).sum::<i32>();
    }
    let text = pages.unencoded_byte_array_data_bytes().map(|n| n * times);
    let metadata = pages
        .clone()
        .into_builder()
        .set_num_values(values)
        .set_total_compressed_size(bytes.len() as i64)
        .set_total_uncompressed_size(
            dictionary + uncompressed(pages.uncompressed_size()) * times + rest_uncompressed,
        )
        .set_page_encoding_stats(stats)
        .set_unencoded_byte_array_data_bytes(
            text.map(|n| n + more.unencoded_byte_array_data_bytes().unwrap_or(0)),
        )
        .set_definition_level_histogram(Some(vec![0, values].into()))
        .build()?;
    let close = ColumnCloseResult {
        bytes_written: bytes.len() as u64,
        rows_written: values as u64,
        metadata,
        ..period.close.clone()
    };
    Ok(Chunk { bytes: bytes.into(), close })
}

/// `pages` with another dictionary of as many values: its page is the last before the data, and
/// neither compressed nor of another size.
fn with_dictionary(pages: &Chunk, steps: Range<usize>, axis: TimeAxis) -> Parquet<Chunk> {
    let (first, last) = (steps.start, steps.end - 1);
    let mut bytes = pages.bytes.to_vec();
    let end = pages.close.metadata.data_page_offset() as usize;
    let slots = bytes[end - 8 * steps.len()..end].chunks_exact_mut(8);
    for (slot, step) in slots.zip(steps) {
        slot.copy_from_slice(&match axis {
            TimeAxis::Steps | TimeAxis::Instants(_) => whole(axis, step).to_le_bytes(),
            TimeAxis::Seconds { .. } => axis.at(step).as_f64().to_le_bytes(),
        });
    }
    let statistics = match axis {
        TimeAxis::Steps | TimeAxis::Instants(_) => Statistics::Int64(
            ValueStatistics::new(Some(whole(axis, first)), Some(whole(axis, last)), None, Some(0), false)
                .with_backwards_compatible_min_max(true),
        ),
        TimeAxis::Seconds { .. } => Statistics::Double(
            ValueStatistics::new(
                Some(axis.at(first).as_f64()),
                Some(axis.at(last).as_f64()),
                None,
                Some(0),
                false,
            )
            .with_backwards_compatible_min_max(true),
        ),
    };
    let metadata = pages.close.metadata.clone().into_builder().set_statistics(statistics).build()?;
    Ok(Chunk { bytes: bytes.into(), close: ColumnCloseResult { metadata, ..pages.close.clone() } })
}
