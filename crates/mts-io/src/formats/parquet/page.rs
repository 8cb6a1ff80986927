//! Pages of a column: a head in Thrift's compact protocol, levels, values.

use std::cell::Cell;
use std::{io, mem};

use parquet::basic::Encoding;

use super::codec::{Codec, varint};
use super::hybrid::Hybrid;

/// Pages after each other, as they stand in a file.
#[derive(Default)]
pub(super) struct Pages {
    pub(super) bytes: Vec<u8>,
    /// Bytes before compression, heads included.
    pub(super) uncompressed: usize,
    /// Rows of the pages of data.
    pub(super) rows: usize,
    /// The number of pages of data.
    pub(super) count: usize,
}

impl Pages {
    pub(super) fn append(&mut self, other: &Pages) {
        self.bytes.extend_from_slice(&other.bytes);
        self.uncompressed += other.uncompressed;
        self.rows += other.rows;
        self.count += other.count;
    }
}

/// What makes pages.
pub(super) struct PageWriter {
    codec: Codec,
    body: Vec<u8>,
}

/// A longer body is an exception, whose memory is given back.
const MAX_KEPT: usize = 1 << 19;

thread_local! {
    /// The memory of the last body: there is a writer for every few pages.
    static BODY: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl Drop for PageWriter {
    fn drop(&mut self) {
        if self.body.capacity() <= MAX_KEPT {
            BODY.set(mem::take(&mut self.body));
        }
    }
}

/// How the values of a page are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    Plain,
    /// All first bytes, then all second ones.
    Split,
    /// What each adds to the one before it.
    Deltas,
    /// Their places in a dictionary.
    Places,
}

impl Values {
    pub(super) fn encoding(self) -> Encoding {
        match self {
            Values::Plain => Encoding::PLAIN,
            Values::Split => Encoding::BYTE_STREAM_SPLIT,
            Values::Deltas => Encoding::DELTA_BINARY_PACKED,
            Values::Places => Encoding::RLE_DICTIONARY,
        }
    }

    /// As the format counts them.
    fn number(self) -> u64 {
        match self {
            Values::Plain => PLAIN,
            Values::Deltas => 5,
            Values::Places => 8,
            Values::Split => 9,
        }
    }
}

/// As the format counts encodings.
const PLAIN: u64 = 0;
const RLE: u64 = 3;

/// Types of pages and of fields, as Thrift counts them.
const DATA: u64 = 0;
const DICTIONARY: u64 = 2;
const INTEGER: u8 = 5;
const STRUCTURE: u8 = 12;

impl PageWriter {
    pub(super) fn new(codec: Codec) -> Self {
        PageWriter { codec, body: BODY.take() }
    }

    /// A page of `rows` rows, none of which is missing; `write` appends their values.
    pub(super) fn data(
        &mut self,
        pages: &mut Pages,
        values: Values,
        rows: usize,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> io::Result<()> {
        self.body.clear();
        // The length of the levels, and one run of them.
        self.body.extend([0; 4]);
        let mut levels = Hybrid::new(1, &mut self.body);
        levels.run(1, rows);
        levels.end();
        let length = (self.body.len() - 4) as u32;
        self.body[..4].copy_from_slice(&length.to_le_bytes());
        write(&mut self.body);
        self.page(pages, DATA, &[rows as u64, values.number(), RLE, RLE], &[])?;
        pages.rows += rows;
        pages.count += 1;
        Ok(())
    }

    /// The page of `count` values that pages of data count, one after the other in `values`.
    pub(super) fn dictionary(&mut self, pages: &mut Pages, count: usize, values: &[u8]) -> io::Result<()> {
        const NOT_SORTED: u8 = 0x12;
        self.body.clear();
        self.body.extend_from_slice(values);
        self.page(pages, DICTIONARY, &[count as u64, PLAIN], &[NOT_SORTED])
    }

    /// Appends what `body` holds.
    fn page(&mut self, pages: &mut Pages, kind: u64, about: &[u64], more: &[u8]) -> io::Result<()> {
        let body = self.codec.compress(&self.body)?;
        let bytes = &mut pages.bytes;
        let start = bytes.len();
        for field in [kind, self.body.len() as u64, body.len() as u64] {
            integer(field, bytes);
        }
        // The next field but one, or that of dictionaries, two later.
        let step = if kind == DATA { 2 } else { 4 };
        bytes.push(step << 4 | STRUCTURE);
        about.iter().for_each(|field| integer(*field, bytes));
        bytes.extend_from_slice(more);
        bytes.extend([0, 0]);
        pages.uncompressed += bytes.len() - start + self.body.len();
        body.append_to(bytes);
        Ok(())
    }
}

/// The next field, which holds an integer.
fn integer(value: u64, bytes: &mut Vec<u8>) {
    bytes.push(1 << 4 | INTEGER);
    varint(value << 1, bytes);
}
