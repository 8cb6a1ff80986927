//! Index columns whose rows are written one by one: those for which a dictionary would be too large.

use parquet::basic::Compression;
use parquet::data_type::ByteArray;
use parquet::errors::Result as Parquet;
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::schema::types::ColumnDescPtr;

use super::chunk::{Chunk, Content, extremes};
use super::codec::Codec;
use super::deltas;
use super::layout::PAGE_ROWS;
use super::page::{PageWriter, Pages, Values};

/// A column of integers.
pub(super) fn integers(
    description: &ColumnDescPtr,
    compression: Compression,
    mut rows: impl Iterator<Item = i64>,
) -> Parquet<Chunk> {
    let mut writer = PageWriter::new(Codec::new(compression)?);
    let (mut pages, mut page) = (Pages::default(), Vec::with_capacity(PAGE_ROWS));
    let (mut least, mut greatest) = (i64::MAX, i64::MIN);
    loop {
        page.clear();
        page.extend(rows.by_ref().take(PAGE_ROWS));
        if page.is_empty() {
            break;
        }
        (least, greatest) = page.iter().fold((least, greatest), |(a, b), row| (a.min(*row), b.max(*row)));
        writer.data(&mut pages, Values::Deltas, page.len(), |body| deltas::write(&page, body))?;
    }
    let statistics = Statistics::Int64(extremes(Some(least), Some(greatest)));
    chunk(description, compression, pages, (Values::Deltas, statistics, None))
}

/// A column of texts over and over.
pub(super) fn texts(
    description: &ColumnDescPtr,
    compression: Compression,
    texts: &[String],
    rows: usize,
) -> Parquet<Chunk> {
    let mut writer = PageWriter::new(Codec::new(compression)?);
    let mut pages = Pages::default();
    for first in (0..rows).step_by(PAGE_ROWS) {
        let page = first..rows.min(first + PAGE_ROWS);
        writer.data(&mut pages, Values::Plain, page.len(), |body| {
            page.for_each(|row| plain(&texts[row % texts.len()], body));
        })?;
    }
    let end = |text: Option<&String>| text.map(|text| ByteArray::from(text.as_str()));
    let statistics =
        ValueStatistics::new(end(texts.iter().min()), end(texts.iter().max()), None, Some(0), false);
    let bytes = (0..rows).map(|row| texts[row % texts.len()].len()).sum();
    chunk(description, compression, pages, (Values::Plain, Statistics::ByteArray(statistics), Some(bytes)))
}

/// Appends a text behind its length.
pub(super) fn plain(text: &str, body: &mut Vec<u8>) {
    body.extend((text.len() as u32).to_le_bytes());
    body.extend(text.bytes());
}

fn chunk(
    description: &ColumnDescPtr,
    compression: Compression,
    pages: Pages,
    (values, statistics, text): (Values, Statistics, Option<usize>),
) -> Parquet<Chunk> {
    let Pages { bytes, uncompressed, rows, count } = pages;
    let content = Content { values, dictionary: 0, pages: count, rows, uncompressed, statistics, text };
    Chunk::new(description, compression, vec![bytes.into()], content)
}
