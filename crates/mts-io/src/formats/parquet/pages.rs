//! The pages of a column, looked at before the library reads them.

use std::io::Read as _;
use std::ops::Range;

use parquet::basic::{Compression, Type as Physical};
use parquet::errors::Result as Parquet;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader as _;

use super::guard::{Data, Levels, Page, PageHeader, skip_deltas};
use super::shared::SharedFile;

/// Headers hold a few numbers, and at most two extremes.
const HEADERS: [u64; 3] = [64, 4096, 1 << 20];

/// Encodings of texts whose lengths are integers by what each adds to the one before it, as the format counts.
const DELTA_LENGTH_BYTE_ARRAY: u64 = 6;
const DELTA_BYTE_ARRAY: u64 = 7;

/// True where the pages in `extent` can be as they announce, and hold as many values as the column.
pub(super) fn are_plausible(
    file: &SharedFile,
    column: &ColumnChunkMetaData,
    extent: Range<u64>,
    width: u64,
) -> Parquet<bool> {
    let Range { start: mut at, end } = extent;
    let texts = column.column_type() == Physical::BYTE_ARRAY;
    let mut values = 0_u64;
    while at < end {
        let mut header = None;
        for size in HEADERS {
            let bytes = file.get_bytes(at, size.min(end - at) as usize)?;
            header = PageHeader::parse(&bytes);
            if header.is_some() {
                break;
            }
        }
        let Some(header) = header.filter(|header| header.is_plausible(width, texts, column.compression()))
        else {
            return Ok(false);
        };
        at = at.saturating_add(header.length as u64);
        if header.compressed > end.saturating_sub(at) {
            return Ok(false);
        }
        if let Page::Data(data) = header.page {
            values += data.values;
            if matches!(data.encoding, DELTA_LENGTH_BYTE_ARRAY | DELTA_BYTE_ARRAY) {
                let body = file.get_bytes(at, header.compressed as usize)?;
                if lengths_are_plausible(&body, &header, data, column).is_none() {
                    return Ok(false);
                }
            }
        }
        at += header.compressed;
    }
    Ok(i64::try_from(values) == Ok(column.num_values()))
}

/// The library reserves memory for as many lengths as stand before texts. Those of integers, it reads one
/// after the other.
fn lengths_are_plausible(
    body: &[u8],
    header: &PageHeader,
    data: Data,
    column: &ColumnChunkMetaData,
) -> Option<()> {
    let (levels, compressed) = match data.levels {
        Levels::Inside(_) => (0, true),
        Levels::Before(levels, compressed) => (usize::try_from(levels).ok()?, compressed),
    };
    let codec = if compressed { column.compression() } else { Compression::UNCOMPRESSED };
    let page = decompressed(body.get(levels..)?, header.uncompressed, codec)?;
    let mut texts = &page[..];
    if let Levels::Inside(lengths) = data.levels {
        let about = column.column_descr();
        for max in [about.max_rep_level(), about.max_def_level()] {
            if max > 0 {
                let (length, rest) = texts.split_first_chunk::<4>().filter(|_| lengths)?;
                texts = rest.get(u32::from_le_bytes(*length) as usize..)?;
            }
        }
    }
    // What texts share with those before them is counted first.
    if data.encoding == DELTA_BYTE_ARRAY {
        texts = texts.get(skip_deltas(texts, data.values)?..)?;
    }
    skip_deltas(texts, data.values).map(drop)
}

/// A page, whose memory grows with what is there.
fn decompressed(body: &[u8], length: u64, codec: Compression) -> Option<Vec<u8>> {
    let mut page = Vec::new();
    match codec {
        Compression::SNAPPY => {
            if snap::raw::decompress_len(body).ok()? as u64 > length {
                return None;
            }
            page = snap::raw::Decoder::new().decompress_vec(body).ok()?;
        }
        Compression::ZSTD(_) => {
            let decoder = zstd::stream::read::Decoder::with_buffer(body).ok()?;
            decoder.take(length).read_to_end(&mut page).ok()?;
        }
        _ => page.extend_from_slice(body),
    }
    Some(page)
}
