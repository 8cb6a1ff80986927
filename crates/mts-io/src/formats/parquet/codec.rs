//! Compression of pages.

use std::io;

use parquet::basic::Compression;
use snap::raw::{Encoder, max_compress_len};
use zstd::bulk::Compressor;

/// So many bytes at the beginning of a page show whether Snappy makes it shorter.
const PROBE: usize = 1 << 14;

/// Snappy's own blocks, and with two bytes of length the longest literal that every reader knows.
const LITERAL: usize = 1 << 16;

/// Compresses one page after the other.
pub(super) struct Codec {
    kind: Kind,
    compressed: Vec<u8>,
}

enum Kind {
    Uncompressed,
    Snappy(Box<Encoder>),
    Zstd(Compressor<'static>),
}

/// What a page becomes.
pub(super) enum Compressed<'a> {
    Bytes(&'a [u8]),
    /// Of Snappy, where nothing is gained: copied as it is between lengths.
    Literals(&'a [u8]),
}

impl Codec {
    pub(super) fn new(compression: Compression) -> io::Result<Self> {
        let kind = match compression {
            Compression::SNAPPY => Kind::Snappy(Box::new(Encoder::new())),
            Compression::ZSTD(level) => Kind::Zstd(Compressor::new(level.compression_level())?),
            _ => Kind::Uncompressed,
        };
        Ok(Codec { kind, compressed: Vec::new() })
    }

    pub(super) fn compress<'a>(&'a mut self, page: &'a [u8]) -> io::Result<Compressed<'a>> {
        let compressed = &mut self.compressed;
        match &mut self.kind {
            Kind::Uncompressed => Ok(Compressed::Bytes(page)),
            Kind::Snappy(encoder) => {
                let mut shorten = |bytes: &[u8]| {
                    compressed.resize(compressed.len().max(max_compress_len(bytes.len())), 0);
                    encoder.compress(bytes, compressed).map_err(io::Error::from)
                };
                if let Some(probe) = page.get(..PROBE).filter(|probe| probe.len() < page.len())
                    && shorten(probe)? > PROBE - PROBE / 64
                {
                    return Ok(Compressed::Literals(page));
                }
                let length = shorten(page)?;
                Ok(Compressed::Bytes(&compressed[..length]))
            }
            Kind::Zstd(compressor) => {
                compressed.clear();
                compressed.reserve(zstd::zstd_safe::compress_bound(page.len()));
                compressor.compress_to_buffer(page, compressed)?;
                Ok(Compressed::Bytes(compressed))
            }
        }
    }
}

impl Compressed<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Compressed::Bytes(bytes) => bytes.len(),
            Compressed::Literals(page) => {
                let mut heads = Vec::new();
                varint(page.len() as u64, &mut heads);
                page.chunks(LITERAL).for_each(|literal| literal_head(literal.len(), &mut heads));
                heads.len() + page.len()
            }
        }
    }

    pub(super) fn append_to(&self, bytes: &mut Vec<u8>) {
        match self {
            Compressed::Bytes(page) => bytes.extend_from_slice(page),
            Compressed::Literals(page) => {
                varint(page.len() as u64, bytes);
                for literal in page.chunks(LITERAL) {
                    literal_head(literal.len(), bytes);
                    bytes.extend_from_slice(literal);
                }
            }
        }
    }
}

/// What stands before a literal of 1 to 2¹⁶ bytes.
fn literal_head(length: usize, bytes: &mut Vec<u8>) {
    let last = (length - 1) as u16;
    match last {
        0..60 => bytes.push((last as u8) << 2),
        60..256 => bytes.extend([60 << 2, last as u8]),
        _ => {
            bytes.push(61 << 2);
            bytes.extend(last.to_le_bytes());
        }
    }
}

/// Seven bits in each byte, the lowest first.
pub(super) fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compressed(compression: Compression, page: &[u8]) -> Vec<u8> {
        let mut codec = Codec::new(compression).unwrap();
        let compressed = codec.compress(page).unwrap();
        let mut bytes = Vec::new();
        compressed.append_to(&mut bytes);
        assert_eq!(bytes.len(), compressed.len());
        bytes
    }

    /// Bytes that nothing compresses.
    fn noise(length: usize) -> Vec<u8> {
        let words = (1_u64..).map(|word| word.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29));
        words.map(|word| (word.wrapping_mul(word) >> 40) as u8).take(length).collect()
    }

    #[test]
    fn literals_are_what_snappy_writes_where_it_gains_nothing() {
        for length in [1, 60, 61, 256, 257, PROBE, PROBE + 1, LITERAL - 1, LITERAL, LITERAL + 1, 200_000] {
            let page = noise(length);
            let mut literals = Vec::new();
            Compressed::Literals(&page).append_to(&mut literals);
            assert_eq!(snap::raw::Decoder::new().decompress_vec(&literals).unwrap(), page, "{length}");
            let bytes = compressed(Compression::SNAPPY, &page);
            assert_eq!(bytes, snap::raw::Encoder::new().compress_vec(&page).unwrap(), "{length}");
        }
    }

    #[test]
    fn what_repeats_is_compressed() {
        let page: Vec<u8> = (0..100_000_u32).map(|i| (i / 100) as u8).collect();
        let bytes = compressed(Compression::SNAPPY, &page);
        assert!(bytes.len() < page.len() / 10);
        assert_eq!(snap::raw::Decoder::new().decompress_vec(&bytes).unwrap(), page);
        let bytes = compressed(Compression::ZSTD(Default::default()), &page);
        assert_eq!(zstd::bulk::decompress(&bytes, page.len()).unwrap(), page);
        assert_eq!(compressed(Compression::UNCOMPRESSED, &page), page);
    }
}
