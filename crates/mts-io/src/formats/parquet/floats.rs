//! Columns of values.

use std::io;
use std::sync::Arc;

use mts_core::Dtype;
use parquet::basic::Compression;
use parquet::errors::Result as Parquet;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;

use super::chunk::{Chunk, Content, wide_extremes};
use super::codec::Codec;
use super::layout::PAGE_ROWS;
use super::page::{PageWriter, Pages, Values};

/// Encodes values.
#[derive(Clone, Copy)]
pub(super) struct Floats {
    pub(super) dtype: Dtype,
    pub(super) values: Values,
    pub(super) compression: Compression,
}

/// Some values of a column.
pub(super) struct Encoded {
    pages: Pages,
    extremes: Extremes,
}

impl Encoded {
    fn new(buffer: Vec<u8>) -> Self {
        Encoded { pages: Pages { bytes: buffer, ..Pages::default() }, extremes: Extremes::new() }
    }
}

impl Floats {
    /// The pages of some values, in a buffer whose contents do not matter.
    pub(super) fn encode(self, values: &[f64], mut buffer: Vec<u8>) -> io::Result<Encoded> {
        buffer.clear();
        // Pages have heads, and may become longer than what they hold.
        buffer.reserve(values.len() * self.dtype.size() * 65 / 64 + 1024);
        let mut encoded = Encoded::new(buffer);
        let mut writer = PageWriter::new(Codec::new(self.compression)?);
        values.chunks(PAGE_ROWS).try_for_each(|page| self.page(page, &mut writer, &mut encoded))?;
        Ok(encoded)
    }

    /// The pages of values that come one by one.
    pub(super) fn encode_each(self, mut values: impl Iterator<Item = f64>) -> io::Result<Encoded> {
        let mut encoded = Encoded::new(Vec::new());
        let mut writer = PageWriter::new(Codec::new(self.compression)?);
        let mut page = Vec::with_capacity(PAGE_ROWS);
        loop {
            page.clear();
            page.extend(values.by_ref().take(PAGE_ROWS));
            if page.is_empty() {
                return Ok(encoded);
            }
            self.page(&page, &mut writer, &mut encoded)?;
        }
    }

    fn page(self, values: &[f64], writer: &mut PageWriter, encoded: &mut Encoded) -> io::Result<()> {
        encoded.extremes.add(values);
        writer.data(&mut encoded.pages, self.values, values.len(), |body| match (self.values, self.dtype) {
            (Values::Split, Dtype::F64) => {
                split(values, body, |value, byte| (value.to_bits() >> (8 * byte)) as u8, 8);
            }
            (Values::Split, Dtype::F32) => {
                split(values, body, |value, byte| ((value as f32).to_bits() >> (8 * byte)) as u8, 4);
            }
            (_, Dtype::F64) => plain(values, body, f64::to_le_bytes),
            (_, Dtype::F32) => plain(values, body, |value| (value as f32).to_le_bytes()),
        })
    }

    /// A column of values that follow each other.
    pub(super) fn chunk(
        self,
        description: &ColumnDescPtr,
        pieces: impl Iterator<Item = Encoded>,
    ) -> Parquet<Chunk> {
        let (mut parts, mut all, mut extremes) = (Vec::new(), Pages::default(), Extremes::new());
        for Encoded { pages, extremes: more } in pieces {
            all.rows += pages.rows;
            all.count += pages.count;
            all.uncompressed += pages.uncompressed;
            parts.push(Arc::new(pages.bytes));
            extremes.join(&more.least, &more.greatest);
        }
        let content = Content {
            values: self.values,
            dictionary: 0,
            pages: all.count,
            rows: all.rows,
            uncompressed: all.uncompressed,
            statistics: extremes.statistics(self.dtype),
            text: None,
        };
        Chunk::new(description, self.compression, parts, content)
    }
}

fn plain<const N: usize>(values: &[f64], body: &mut Vec<u8>, bytes: impl Fn(f64) -> [u8; N]) {
    let start = body.len();
    body.resize(start + N * values.len(), 0);
    let words = body[start..].as_chunks_mut().0;
    words.iter_mut().zip(values).for_each(|(word, value)| *word = bytes(*value));
}

fn split(values: &[f64], body: &mut Vec<u8>, byte: impl Fn(f64, usize) -> u8, size: usize) {
    (0..size).for_each(|place| body.extend(values.iter().map(|value| byte(*value, place))));
}

/// The least and the greatest of numbers, NaN aside. Lanes do not wait for each other.
struct Extremes {
    least: [f64; LANES],
    greatest: [f64; LANES],
}

const LANES: usize = 16;

impl Extremes {
    fn new() -> Self {
        Extremes { least: [f64::INFINITY; LANES], greatest: [f64::NEG_INFINITY; LANES] }
    }

    fn add(&mut self, values: &[f64]) {
        let (lanes, rest) = values.as_chunks::<LANES>();
        for values in lanes {
            self.join(values, values);
        }
        for value in rest {
            self.least[0] = less(*value, self.least[0]);
            self.greatest[0] = more(*value, self.greatest[0]);
        }
    }

    /// Takes what may be less, and what may be greater.
    fn join(&mut self, least: &[f64; LANES], greatest: &[f64; LANES]) {
        self.least.iter_mut().zip(least).for_each(|(least, value)| *least = less(*value, *least));
        self.greatest
            .iter_mut()
            .zip(greatest)
            .for_each(|(greatest, value)| *greatest = more(*value, *greatest));
    }

    fn statistics(&self, dtype: Dtype) -> Statistics {
        let least = self.least.into_iter().fold(f64::INFINITY, |one, other| less(other, one));
        let greatest = self.greatest.into_iter().fold(f64::NEG_INFINITY, |one, other| more(other, one));
        // No number at all leaves them where they began.
        let found = least <= greatest;
        let (least, greatest) = (found.then_some(least), found.then_some(greatest));
        match dtype {
            Dtype::F64 => Statistics::Double(wide_extremes(least, greatest)),
            Dtype::F32 => {
                Statistics::Float(wide_extremes(least.map(|x| x as f32), greatest.map(|x| x as f32)))
            }
        }
    }
}

fn less(value: f64, least: f64) -> f64 {
    if value < least { value } else { least }
}

fn more(value: f64, greatest: f64) -> f64 {
    if value > greatest { value } else { greatest }
}
