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
    thrift.fields(0, 0, &mut |_, _, _, _| {}).is_some()
}

/// Memory of a text in a dictionary, beside its letters.
const TEXT: u64 = 32;

/// Memory that the texts of any dictionary may take, and for each byte of a larger one.
const TEXTS: u64 = 1 << 26;
const TEXTS_RATIO: u64 = 256;

/// What a page header announces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PageHeader {
    /// Bytes of the header.
    pub(super) length: usize,
    pub(super) uncompressed: u64,
    pub(super) compressed: u64,
    pub(super) page: Page,
}

/// What is in a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Page {
    Data(Data),
    Index,
    /// With so many values.
    Dictionary(u64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Data {
    /// Missing ones included.
    pub(super) values: u64,
    /// As the format counts them.
    pub(super) encoding: u64,
    pub(super) levels: Levels,
}

/// What stands before the values of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Levels {
    /// Compressed with them; true where they tell their lengths.
    Inside(bool),
    /// So many bytes that are not compressed, and whether the rest is.
    Before(u64, bool),
}

/// The types of fields, as Thrift counts them.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const INTEGER: u8 = 5;
const STRUCTURE: u8 = 12;

/// How levels are written that tell their lengths.
const RLE: u64 = 3;

/// Fields of a page header, and of what it holds, by its number.
const DATA: i64 = 5;
const DICTIONARY: i64 = 7;
const DATA_V2: i64 = 8;

impl PageHeader {
    /// Reads the header at the beginning of `bytes`; `None` where it is malformed or longer.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut thrift = Thrift { bytes, at: 0 };
        let mut fields = [[None; 9]; 9];
        let mut sound = true;
        thrift.fields(0, 0, &mut |parent, field, kind, value| {
            // The library reads a field as what it must be, whatever the header calls it.
            let fits = match (parent, field) {
                (0, 1..=4) | (DATA, 1..=4) | (DICTIONARY, 1..=2) | (DATA_V2, 1..=6) => kind == INTEGER,
                (DICTIONARY, 3) | (DATA_V2, 7) => kind == TRUE || kind == FALSE,
                (0, 5..=8) | (DATA, 5) | (DATA_V2, 8) => kind == STRUCTURE,
                _ => return,
            };
            // Sizes are never negative; a checksum may be.
            let value = if (parent, field) == (0, 4) { Some(0) } else { u64::try_from(value).ok() };
            let value = value.filter(|value| *value <= i32::MAX as u64);
            // What is said twice may be read either way.
            let slot: &mut Option<u64> = &mut fields[parent as usize][field as usize];
            sound &= fits && value.is_some() && slot.is_none();
            *slot = value;
        })?;
        let of = |parent: i64, field: usize| fields[parent as usize][field];
        let page = match of(0, 1)? {
            0 => Page::Data(Data {
                values: of(DATA, 1)?,
                encoding: of(DATA, 2)?,
                levels: Levels::Inside(of(DATA, 3)? == RLE && of(DATA, 4)? == RLE),
            }),
            1 => Page::Index,
            2 => Page::Dictionary(of(DICTIONARY, 1)?),
            3 => Page::Data(Data {
                values: of(DATA_V2, 1)?,
                encoding: of(DATA_V2, 4)?,
                levels: Levels::Before(of(DATA_V2, 5)? + of(DATA_V2, 6)?, of(DATA_V2, 7).unwrap_or(1) == 1),
            }),
            _ => return None,
        };
        let (uncompressed, compressed) = (of(0, 2)?, of(0, 3)?);
        sound.then_some(PageHeader { length: thrift.at, uncompressed, compressed, page })
    }

    /// True where a page of values of at least `width` bytes, or texts, can be as announced.
    pub(super) fn is_plausible(&self, width: u64, texts: bool, codec: Compression) -> bool {
        // Even what is empty may be some bytes compressed.
        let (ratio, least) = match codec {
            Compression::SNAPPY => (SNAPPY_RATIO, 64),
            Compression::ZSTD(_) => (ZSTD_RATIO, 64),
            _ => (1, 0),
        };
        let Page::Dictionary(values) = self.page else {
            return self.uncompressed <= self.compressed * ratio + least;
        };
        let small = values * TEXT <= TEXTS + self.compressed * TEXTS_RATIO;
        self.uncompressed <= self.compressed * ratio + least
            && values * width <= self.uncompressed
            && (small || !texts)
    }
}

/// Passes over integers in Parquet's delta encoding, of which there may be `most`; returns how many bytes they
/// are. `None` where there are more, or they are malformed.
pub(super) fn skip_deltas(bytes: &[u8], most: u64) -> Option<usize> {
    let mut deltas = Thrift { bytes, at: 0 };
    let [block, parts, count, _] = [deltas.varint()?, deltas.varint()?, deltas.varint()?, deltas.varint()?];
    let part =
        block.checked_div(parts).filter(|part| part * parts == block && part % 32 == 0 && *part > 0)?;
    let mut left = count.min(most).saturating_sub(1);
    while left > 0 {
        deltas.varint()?;
        let widths = deltas.at;
        deltas.skip(parts)?;
        for width in &bytes[widths..deltas.at] {
            // What no integer is in has no bytes, whatever its width.
            if left == 0 {
                break;
            }
            deltas.skip(u64::from(*width).checked_mul(part / 8)?)?;
            left = left.saturating_sub(part);
        }
    }
    (count <= most).then_some(deltas.at)
}

type Visit<'a> = &'a mut dyn FnMut(i64, i64, u8, i64);

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

    /// Walks a structure that the field `parent` holds. `visit` sees (parent, field, type, value) of the fields
    /// of the outermost structure, which is in field 0, and of those directly in it; the value is that of an
    /// integer, or 1 for true, and otherwise 0.
    fn fields(&mut self, depth: usize, parent: i64, visit: Visit) -> Option<()> {
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
            let kind = head & 15;
            let value = match kind {
                // The value of a truth value is its type.
                TRUE | FALSE => i64::from(kind == TRUE),
                4..=6 => self.zigzag()?,
                _ => 0,
            };
            if depth < 2 {
                visit(parent, field, kind, value);
            }
            if !matches!(kind, TRUE | FALSE | 4..=6) {
                self.value(kind, depth + 1, field, visit)?;
            }
        }
    }

    fn value(&mut self, kind: u8, depth: usize, field: i64, visit: Visit) -> Option<()> {
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

    /// type 0 (data), uncompressed 800, compressed 40, data page header of 100 values, PLAIN, RLE, RLE.
    const DATA: [u8; 19] =
        [0x15, 0, 0x15, 0xc0, 0x0c, 0x15, 80, 0x2c, 0x15, 0xc8, 1, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0];

    #[test]
    fn reads_page_headers() {
        let header = PageHeader::parse(&DICTIONARY).unwrap();
        let expected =
            PageHeader { length: 15, uncompressed: 800, compressed: 40, page: Page::Dictionary(100) };
        assert_eq!(header, expected);
        assert!((0..15).all(|end| PageHeader::parse(&DICTIONARY[..end]).is_none()));
        let header = PageHeader::parse(&DATA).unwrap();
        let data = Data { values: 100, encoding: 0, levels: Levels::Inside(true) };
        assert_eq!((header.length, header.page), (19, Page::Data(data)));
        // type 3 (data of version 2), with levels of 0 and 7 bytes, not compressed.
        let v2 = [
            0x15, 6, 0x15, 80, 0x15, 80, 0x5c, 0x15, 20, 0x15, 0, 0x15, 20, 0x15, 14, 0x15, 14, 0x15, 0,
            0x12, 0, 0,
        ];
        let data = Data { values: 10, encoding: 7, levels: Levels::Before(7, false) };
        assert_eq!(PageHeader::parse(&v2).unwrap().page, Page::Data(data));
    }

    #[test]
    fn refuses_sizes_that_cannot_be() {
        let header = PageHeader::parse(&DICTIONARY).unwrap();
        let zstd = Compression::ZSTD(Default::default());
        let is =
            |compressed, width, codec| PageHeader { compressed, ..header }.is_plausible(width, false, codec);
        assert!(is(40, 8, Compression::SNAPPY) && !is(40, 9, Compression::SNAPPY));
        assert!(!is(10, 8, Compression::SNAPPY) && is(10, 8, zstd));
        assert!(is(800, 8, Compression::UNCOMPRESSED) && !is(799, 8, Compression::UNCOMPRESSED));
        assert!(!PageHeader { uncompressed: 1 << 30, ..header }.is_plausible(8, false, zstd));
        let many = PageHeader { uncompressed: 1 << 29, compressed: 1 << 16, ..header };
        let many = PageHeader { page: Page::Dictionary(1 << 27), ..many };
        assert!(many.is_plausible(4, false, zstd) && !many.is_plausible(4, true, zstd));
        assert!(PageHeader { page: Page::Dictionary(1 << 21), ..many }.is_plausible(4, true, zstd));
    }

    #[test]
    fn refuses_headers_that_may_be_read_in_two_ways() {
        assert_eq!(PageHeader::parse(&[0; 100]), None);
        for at in [0, 2, 5, 8, 11] {
            // An integer that calls itself a number of 64 bits, or truth.
            for kind in [0x16, 0x11] {
                let mut header = DATA;
                header[at] = kind;
                assert_eq!(PageHeader::parse(&header), None, "{at}");
            }
        }
        // The number of values again.
        let twice = [&DATA[..17], &[0x05, 2, 2], &DATA[17..]].concat();
        assert_eq!(PageHeader::parse(&twice), None);
        // A page of data that describes a dictionary.
        let mut header = DICTIONARY;
        header[1] = 0;
        assert_eq!(PageHeader::parse(&header), None);
    }

    #[test]
    fn passes_over_deltas() {
        use super::super::deltas;

        for count in [1, 2, 65, 256, 257, 258, 1000] {
            let numbers: Vec<i64> = (0..count).map(|i| i * i % 37 - 5).collect();
            let mut bytes = Vec::new();
            deltas::write(&numbers, &mut bytes);
            let length = bytes.len();
            bytes.extend([0xff; 9]);
            assert_eq!(skip_deltas(&bytes, count as u64), Some(length), "{count}");
            assert_eq!(skip_deltas(&bytes, count as u64 - 1), None, "{count}");
            assert!((0..length).all(|end| skip_deltas(&bytes[..end], count as u64).is_none()), "{count}");
        }
        assert_eq!(skip_deltas(&[0x80, 1, 0, 9, 0], 100), None);
        assert_eq!(skip_deltas(&[0x80, 1, 5, 9, 0], 100), None);
        assert_eq!(skip_deltas(&[0x80, 1, 4, 0, 0], 0), Some(5));
    }

    #[test]
    fn refuses_lists_that_do_not_fit() {
        assert!(footer_is_plausible(&[0x19, 0x35, 2, 2, 2, 0]));
        assert!(!footer_is_plausible(&[0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 7, 2, 2, 0]));
        assert!(!footer_is_plausible(&[0x18, 0xff, 0xff, 0x03, b'a', 0]));
        assert!(!footer_is_plausible(&[0x1c; 1000]));
    }
}
