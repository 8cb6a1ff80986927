//! Columns of few different values: a dictionary of them, and for each row its place there.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use mts_core::{Time, TimeAxis};
use parquet::basic::Compression;
use parquet::data_type::ByteArray;
use parquet::errors::Result as Parquet;
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::schema::types::ColumnDescPtr;

use super::chunk::{Chunk, Content, extremes, wide_extremes};
use super::codec::Codec;
use super::hybrid::{Hybrid, width};
use super::layout::PAGE_ROWS;
use super::page::{PageWriter, Pages, Values};
use super::unrolled::plain;

/// The different values of a column.
pub(super) struct Dictionary {
    values: Vec<u8>,
    count: usize,
    statistics: Statistics,
    /// Bytes of the texts of all rows, where they are texts.
    text: Option<usize>,
}

impl Dictionary {
    /// 0, 1, 2, …
    pub(super) fn counting(count: usize) -> Self {
        let numbers = 0..count as i64;
        let statistics = Statistics::Int64(extremes(Some(0), Some(count as i64 - 1)));
        Dictionary { values: numbers.flat_map(i64::to_le_bytes).collect(), count, statistics, text: None }
    }

    pub(super) fn times(axis: TimeAxis, steps: Range<usize>) -> Self {
        let (count, ends) = (steps.len(), (steps.start, steps.end - 1));
        let (values, statistics) = match axis {
            TimeAxis::Steps | TimeAxis::Instants(_) => {
                let at = |step| whole(axis, step);
                let statistics = Statistics::Int64(extremes(Some(at(ends.0)), Some(at(ends.1))));
                (steps.flat_map(|step| at(step).to_le_bytes()).collect(), statistics)
            }
            TimeAxis::Seconds { .. } => {
                let at = |step| axis.at(step).as_f64();
                let statistics = Statistics::Double(wide_extremes(Some(at(ends.0)), Some(at(ends.1))));
                (steps.flat_map(|step| at(step).to_le_bytes()).collect(), statistics)
            }
        };
        Dictionary { values, count, statistics, text: None }
    }

    /// Texts, each of which stands in `rows` rows.
    pub(super) fn texts(texts: &[String], rows: usize) -> Self {
        let mut values = Vec::new();
        texts.iter().for_each(|text| plain(text, &mut values));
        let end = |text: Option<&String>| text.map(|text| ByteArray::from(text.as_str()));
        let ends = (end(texts.iter().min()), end(texts.iter().max()));
        let statistics = ValueStatistics::new(ends.0, ends.1, None, Some(0), false);
        let bytes = (values.len() - 4 * texts.len()) * rows;
        Dictionary {
            values,
            count: texts.len(),
            statistics: Statistics::ByteArray(statistics),
            text: Some(bytes),
        }
    }
}

/// Pages of places.
pub(super) struct Places {
    description: ColumnDescPtr,
    compression: Compression,
    pages: Pages,
    /// Their bytes.
    bytes: Arc<Vec<u8>>,
}

/// In which order places follow each other in a step.
#[derive(Clone, Copy)]
pub(super) struct Order {
    /// The number of places.
    pub(super) places: usize,
    /// Rows after each other that have the same.
    pub(super) run: usize,
}

impl Order {
    fn write(self, rows: Range<usize>, body: &mut Vec<u8>) {
        // They come in order: no later one is in this page.
        let seen = self.places.min(rows.end.div_ceil(self.run));
        let width = width(seen as u64 - 1);
        body.push(width as u8);
        let mut hybrid = Hybrid::new(width, body);
        if self.places == 1 {
            hybrid.run(0, rows.len());
        } else {
            let (mut place, mut done) = (rows.start / self.run % self.places, rows.start % self.run);
            let mut left = rows.len();
            while left > 0 {
                let run = left.min(self.run - done);
                hybrid.run(place as u32, run);
                place = if place + 1 == self.places { 0 } else { place + 1 };
                (left, done) = (left - run, 0);
            }
        }
        hybrid.end();
    }
}

impl Places {
    /// Of `rows` rows, which repeat after `period` rows.
    pub(super) fn new(
        description: &ColumnDescPtr,
        compression: Compression,
        (rows, period): (usize, usize),
        order: Order,
    ) -> io::Result<Self> {
        let mut writer = PageWriter::new(Codec::new(compression)?);
        let mut some = |rows: usize| {
            let mut pages = Pages::default();
            for first in (0..rows).step_by(PAGE_ROWS) {
                let page = first..rows.min(first + PAGE_ROWS);
                writer.data(&mut pages, Values::Places, page.len(), |body| order.write(page, body))?;
            }
            io::Result::Ok(pages)
        };
        let mut pages = some(rows % period)?;
        if rows >= period {
            let last = pages;
            let one = some(period)?;
            pages = Pages::default();
            (0..rows / period).for_each(|_| pages.append(&one));
            pages.append(&last);
        }
        let bytes = Arc::new(std::mem::take(&mut pages.bytes));
        Ok(Places { description: description.clone(), compression, pages, bytes })
    }

    /// The column of what `dictionary` has at these places.
    pub(super) fn chunk(&self, dictionary: Dictionary) -> Parquet<Chunk> {
        let mut head = Pages::default();
        PageWriter::new(Codec::new(self.compression)?).dictionary(
            &mut head,
            dictionary.count,
            &dictionary.values,
        )?;
        let content = Content {
            values: Values::Places,
            dictionary: head.bytes.len(),
            pages: self.pages.count,
            rows: self.pages.rows,
            uncompressed: head.uncompressed + self.pages.uncompressed,
            statistics: dictionary.statistics,
            text: dictionary.text,
        };
        let parts = vec![Arc::new(head.bytes), Arc::clone(&self.bytes)];
        Chunk::new(&self.description, self.compression, parts, content)
    }
}

/// The coordinate of a step on an axis of integers.
pub(super) fn whole(axis: TimeAxis, step: usize) -> i64 {
    match axis.at(step) {
        Time::Step(at) | Time::Instant(at) => at,
        Time::Second(_) => 0,
    }
}
