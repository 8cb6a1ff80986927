//! A zip archive of stored entries, written from its beginning to its end.
//!
//! By hand, for the library completes archives that break off when they are dropped, and says on the
//! standard error what stops it. Checksums follow the entries, and what needs more than 32 bits has 64.

use std::io::{self, Write};

use crc32fast::Hasher;
use mts_core::{Saved, State, StateError};

/// What does not fit is this, and stands elsewhere.
const BEYOND: u32 = u32::MAX;

/// 1980-01-01 00:00:00: the same bytes on any day.
const TIME: [u16; 2] = [0, 0x21];

/// Size and checksum follow the entry.
const FOLLOWS: u16 = 1 << 3;

/// On Unix, with the extensions to 64 bits.
const MADE_BY: u16 = 3 << 8 | 45;

/// A regular file that all read and its owner writes.
const PERMISSIONS: u32 = 0o100_644 << 16;

/// More than an archive of ours has.
const MAX_ENTRIES: usize = 16;

pub(super) struct Archive<W> {
    writer: W,
    /// Bytes so far.
    at: u64,
    entries: Vec<Entry>,
    /// Bytes of the current entry, and their checksum.
    written: u64,
    crc: Hasher,
}

struct Entry {
    name: String,
    start: u64,
    size: u64,
    crc: u32,
}

impl Entry {
    fn is_large(&self) -> bool {
        self.size >= u64::from(BEYOND)
    }

    fn version(&self) -> u16 {
        if self.is_large() || self.start >= u64::from(BEYOND) { 45 } else { 20 }
    }
}

impl<W: Write> Archive<W> {
    pub(super) fn new(writer: W) -> Self {
        Archive { writer, at: 0, entries: Vec::new(), written: 0, crc: Hasher::new() }
    }

    /// Behind `at` bytes, where another one of the same entries stopped within the last one.
    pub(super) fn resume(writer: W, at: u64, saved: &mut Saved) -> Result<Self, StateError> {
        let mut entries = Vec::new();
        for _ in 0..saved.index(MAX_ENTRIES)? {
            let name = String::from_utf8_lossy(saved.bytes()?).into_owned();
            let [mut start, mut size, mut crc] = [0; 3];
            for number in [&mut start, &mut size, &mut crc] {
                *number = saved.u64()?;
            }
            entries.push(Entry { name, start, size, crc: crc as u32 });
        }
        let (crc, written) = (saved.u64()?, saved.u64()?);
        let crc = Hasher::new_with_initial_len(crc as u32, written);
        Ok(Archive { writer, at, entries, written, crc })
    }

    /// Adds what another one must know to go on; returns the writer, which has all bytes.
    pub(super) fn save(&mut self, state: &mut State) -> &mut W {
        state.u64(self.entries.len() as u64);
        for Entry { name, start, size, crc } in &self.entries {
            state.bytes(name.as_bytes());
            state.u64(*start);
            state.u64(*size);
            state.u64((*crc).into());
        }
        state.u64(self.crc.clone().finalize().into());
        state.u64(self.written);
        &mut self.writer
    }

    /// Begins an entry of `size` bytes.
    pub(super) fn begin(&mut self, name: String, size: u64) -> io::Result<()> {
        let entry = Entry { name, start: self.at, size, crc: 0 };
        let mut block = Block::new(0x0403_4b50);
        // Sizes follow; here it only shows how many bits they have.
        let (extra, later) =
            if entry.is_large() { (&[1, 16, 0, 0, 0, 0, 0, 0, 0, 0][..], BEYOND) } else { (&[][..], 0) };
        block.u16([entry.version(), FOLLOWS, 0]).u16(TIME).u32([0, later, later]);
        block
            .u16([entry.name.len() as u16, 2 * extra.len() as u16])
            .text(&entry.name)
            .u16(extra.iter().copied());
        (self.written, self.crc) = (0, Hasher::new());
        self.entries.push(entry);
        self.put(&block.0)
    }

    /// Bytes of the entry.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.crc.update(bytes);
        self.written += bytes.len() as u64;
        self.put(bytes)
    }

    /// Ends the entry, which has all its bytes.
    pub(super) fn end(&mut self) -> io::Result<()> {
        let crc = self.crc.clone().finalize();
        let Some(entry) = self.entries.last_mut() else { return Ok(()) };
        entry.crc = crc;
        let mut block = Block::new(0x0807_4b50);
        block.u32([crc]);
        if entry.is_large() {
            block.u64([entry.size, entry.size]);
        } else {
            block.u32([entry.size as u32, entry.size as u32]);
        }
        self.put(&block.0)
    }

    /// Writes the directory, and gives the writer back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let start = self.at;
        let count = self.entries.len();
        for entry in std::mem::take(&mut self.entries) {
            self.put(&directory(&entry).0)?;
        }
        let size = self.at - start;
        let end = self.at;
        let mut block = Block(Vec::new());
        if start >= u64::from(BEYOND) {
            block.u32([0x0606_4b50]).u64([44]).u16([MADE_BY, 45]).u32([0, 0]);
            block.u64([count as u64, count as u64, size, start]);
            block.u32([0x0706_4b50, 0]).u64([end]).u32([1]);
        }
        block
            .u32([0x0605_4b50])
            .u16([0, 0, count as u16, count as u16])
            .u32([size as u32, short(start)])
            .u16([0]);
        self.put(&block.0)?;
        Ok(self.writer)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.writer.write_all(bytes)
    }
}

fn short(whole: u64) -> u32 {
    u32::try_from(whole).unwrap_or(BEYOND)
}

/// The entry as the directory has it.
fn directory(entry: &Entry) -> Block {
    let mut long = Vec::new();
    if entry.is_large() {
        long.extend([entry.size, entry.size]);
    }
    if entry.start >= u64::from(BEYOND) {
        long.push(entry.start);
    }
    let extra = if long.is_empty() { 0 } else { 4 + 8 * long.len() as u16 };
    let mut block = Block::new(0x0201_4b50);
    block.u16([MADE_BY, entry.version(), FOLLOWS, 0]).u16(TIME);
    block.u32([entry.crc, short(entry.size), short(entry.size)]);
    block
        .u16([entry.name.len() as u16, extra, 0, 0, 0])
        .u32([PERMISSIONS, short(entry.start)])
        .text(&entry.name);
    if extra > 0 {
        block.u16([1, extra - 4]).u64(long);
    }
    block
}

/// Little-endian numbers after each other.
struct Block(Vec<u8>);

impl Block {
    fn new(signature: u32) -> Self {
        Block(signature.to_le_bytes().to_vec())
    }

    fn u16(&mut self, numbers: impl IntoIterator<Item = u16>) -> &mut Self {
        numbers.into_iter().for_each(|number| self.0.extend(number.to_le_bytes()));
        self
    }

    fn u32(&mut self, numbers: impl IntoIterator<Item = u32>) -> &mut Self {
        numbers.into_iter().for_each(|number| self.0.extend(number.to_le_bytes()));
        self
    }

    fn u64(&mut self, numbers: impl IntoIterator<Item = u64>) -> &mut Self {
        numbers.into_iter().for_each(|number| self.0.extend(number.to_le_bytes()));
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.0.extend(text.as_bytes());
        self
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use zip::ZipArchive;

    use super::*;

    #[test]
    fn entries_read_back() {
        let mut archive = Archive::new(Vec::new());
        for name in ["a", "bc"] {
            archive.begin(name.to_owned(), 6).unwrap();
            archive.write(b"one").unwrap();
            archive.write(b"two").unwrap();
            archive.end().unwrap();
        }
        let bytes = archive.finish().unwrap();
        let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
        for name in ["a", "bc"] {
            let mut text = String::new();
            zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "onetwo");
        }
    }

    #[test]
    fn what_is_beyond_32_bits_is_found() {
        // Far into a file, as if four gibibytes had been written.
        let far = 1 << 32;
        let mut archive = Archive { at: far, ..Archive::new(Vec::new()) };
        archive.begin("a".to_owned(), far + 1).unwrap();
        archive.end().unwrap();
        let end = archive.at;
        let bytes = archive.finish().unwrap();
        let has = |numbers: &[u64]| {
            let wanted: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            bytes.windows(wanted.len()).any(|window| window == wanted)
        };
        assert!(has(&[far + 1, far + 1, far]));
        assert!(has(&[1, 1, 75, end]));
        assert!(has(&[end + 75]));
    }
}
