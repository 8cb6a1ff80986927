//! A look at sizes before the Parquet library believes them.
//!
//! The library reserves what a file announces: a list of two billion row groups, a page or a
//! dictionary of gigabytes, and an allocation that fails cannot be caught. Footer and page headers
//! are in Thrift's compact protocol, whose structure shows without knowing the fields.

use parquet::basic::Compression;

/// Where announced sizes cannot be true.
pub(super) const IMPLAUSIBLE: &str = "announces more than it can hold";

/// Deeper than any Parquet structure.
const MAX_DEPTH: usize = 24;

/// Snappy's longest copy is 64 bytes for 3.
const SNAPPY_RATIO: u64 = 32;

/// Zstandard's longest block is 128 KiB of one byte, in 4.
const ZSTD_RATIO: u64 = 1 << 15;

/// True where every list and string of a footer fits into it.
pub(super) fn footer_is_plausible(bytes: &[u8]) -> bool {
    let mut thrift = Thrift { bytes, at: 0 };
    thrift.fields(0, 0, &mut |_, _, _| {}).is_some()
}

/// What a page header announces.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct PageHeader {
    /// Bytes of the header.
    pub(super) length: usize,
    pub(super) uncompressed: u64,
    pub(super) compressed: u64,
    /// Of a page of data, missing ones included.
    pub(super) values: u64,
    dictionary_values: u64,
}

impl PageHeader {
    /// Reads the header at the beginning of `bytes`; `None` where it is malformed or longer.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut thrift = Thrift { bytes, at: 0 };
        let mut header = PageHeader::default();
        let mut negative = false;
        thrift.fields(0, 0, &mut |parent, field, value| {
            let slot = match (parent, field) {
                (0, 2) => &mut header.uncompressed,
                (0, 3) => &mut header.compressed,
                (5 | 8, 1) => &mut header.values,
                (7, 1) => &mut header.dictionary_values,
                _ => return,
            };
            negative |= value < 0;
            *slot = value.unsigned_abs();
        })?;
        header.length = thrift.at;
        (!negative).then_some(header)
    }

    /// True where a page of values of at least `width` bytes can be as announced.
    pub(super) fn is_plausible(&self, width: u64, codec: Compression) -> bool {
        let ratio = match codec {
            Compression::SNAPPY => SNAPPY_RATIO,
            Compression::ZSTD(_) => ZSTD_RATIO,
            _ => u64::MAX,
        };
        let fits = self.uncompressed <= self.compressed.saturating_mul(ratio).saturating_add(64);
        fits && self.dictionary_values.saturating_mul(width) <= self.uncompressed
    }
}

struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Thrift<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip(&mut self, count: u64) -> Option<()> {
        let count = usize::try_from(count).ok()?;
        self.at = self.at.checked_add(count).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// Walks a structure that the field `parent` holds. `visit` sees (parent, field, value) of the
    /// integers in the outermost structure, which is in field 0, and of those directly in it.
    fn fields(&mut self, depth: usize, parent: i64, visit: &mut dyn FnMut(i64, i64, i64)) -> Option<()> {
        let mut field = 0_i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            field = match head >> 4 {
                0 => self.zigzag()?,
                step => field.checked_add(i64::from(step))?,
            };
            match head & 15 {
                // The value of a truth value is its type.
                1 | 2 => {}
                4..=6 => {
                    let value = self.zigzag()?;
                    if depth < 2 {
                        visit(parent, field, value);
                    }
                }
                kind => self.value(kind, depth + 1, field, visit)?,
            }
        }
    }

    fn value(
        &mut self,
        kind: u8,
        depth: usize,
        field: i64,
        visit: &mut dyn FnMut(i64, i64, i64),
    ) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match kind {
            1..=3 => self.skip(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.skip(8),
            8 => {
                let length = self.varint()?;
                self.skip(length)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                // Each element takes a byte at least: the walk ends with the bytes.
                (0..count).try_for_each(|_| self.value(head & 15, depth + 1, -1, visit))
            }
            11 => {
                let count = self.varint()?;
                let kinds = if count > 0 { self.byte()? } else { 0 };
                (0..count).try_for_each(|_| {
                    self.value(kinds >> 4, depth + 1, -1, visit)?;
                    self.value(kinds & 15, depth + 1, -1, visit)
                })
            }
            12 => self.fields(depth, field, visit),
            13 => self.skip(16),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// type 2 (dictionary), uncompressed 800, compressed 40, dictionary header of 100 values.
    const DICTIONARY: [u8; 15] = [0x15, 4, 0x15, 0xc0, 0x0c, 0x15, 80, 0x4c, 0x15, 0xc8, 0x01, 0x15, 0, 0, 0];

    #[test]
    fn reads_page_headers() {
        let header = PageHeader::parse(&DICTIONARY).unwrap();
        let expected =
            PageHeader { length: 15, uncompressed: 800, compressed: 40, values: 0, dictionary_values: 100 };
        assert_eq!(header, expected);
        assert!(header.is_plausible(8, Compression::SNAPPY));
        assert!(!header.is_plausible(9, Compression::SNAPPY));
        assert!(!PageHeader { compressed: 10, ..header }.is_plausible(8, Compression::SNAPPY));
        let zstd = Compression::ZSTD(Default::default());
        assert!(PageHeader { compressed: 10, ..header }.is_plausible(8, zstd));
        assert!(!PageHeader { uncompressed: 1 << 30, ..header }.is_plausible(8, zstd));
        // type 0 (data), uncompressed 800, compressed 40, data page header of 100 values.
        let data = [0x15, 0, 0x15, 0xc0, 0x0c, 0x15, 80, 0x2c, 0x15, 0xc8, 0x01, 0x15, 0, 0, 0];
        let header = PageHeader::parse(&data).unwrap();
        assert_eq!((header.values, header.dictionary_values), (100, 0));
        assert!((0..15).all(|end| PageHeader::parse(&DICTIONARY[..end]).is_none()));
    }

    #[test]
    fn refuses_lists_that_do_not_fit() {
        assert!(footer_is_plausible(&[0x19, 0x35, 2, 2, 2, 0]));
        assert!(!footer_is_plausible(&[0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 7, 2, 2, 0]));
        assert!(!footer_is_plausible(&[0x18, 0xff, 0xff, 0x03, b'a', 0]));
        assert!(!footer_is_plausible(&[0x1c; 1000]));
    }
}
