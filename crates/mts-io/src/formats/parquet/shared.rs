//! A file that several sources read at once.
//!
//! Copies of a `File` share one position, so that threads which read through them would read each
//! other's bytes: here, a position is set and read from as one.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::reader::{ChunkReader, Length};

/// Page headers, and with them most pages of index columns, are shorter.
const BUFFER: usize = 1 << 10;

#[derive(Clone)]
pub(super) struct SharedFile {
    file: Arc<Mutex<File>>,
    length: u64,
    /// Bytes that were read already, and where they begin.
    window: (u64, Bytes),
}

impl SharedFile {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(SharedFile { file: Arc::new(Mutex::new(file)), length, window: (0, Bytes::new()) })
    }

    /// The same file, of which the bytes in `range` are read now and once.
    pub(super) fn with_window(&self, range: Range<u64>) -> io::Result<Self> {
        let mut bytes = vec![0; (range.end - range.start) as usize];
        self.read_at(range.start, |file| file.read_exact(&mut bytes).map(|()| bytes.len()))?;
        Ok(SharedFile { window: (range.start, bytes.into()), ..self.clone() })
    }

    /// What the window has from `start` on.
    fn seen(&self, start: u64) -> Option<Bytes> {
        let (first, bytes) = &self.window;
        let skip = usize::try_from(start.checked_sub(*first)?).ok()?;
        (skip < bytes.len()).then(|| bytes.slice(skip..))
    }

    fn read_at(&self, at: u64, read: impl FnOnce(&mut File) -> io::Result<usize>) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        read(&mut file)
    }
}

impl Length for SharedFile {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for SharedFile {
    type T = BufReader<Cursor>;

    fn get_read(&self, start: u64) -> Parquet<Self::T> {
        Ok(BufReader::with_capacity(BUFFER, Cursor { file: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Parquet<Bytes> {
        let rest = self.length.saturating_sub(start);
        if length as u64 > rest {
            return Err(ParquetError::EOF(format!("the file ends {rest} bytes after byte {start}")));
        }
        if let Some(seen) = self.seen(start).filter(|seen| seen.len() >= length) {
            return Ok(seen.slice(..length));
        }
        let mut bytes = vec![0; length];
        self.read_at(start, |file| file.read_exact(&mut bytes).map(|()| length))?;
        Ok(bytes.into())
    }
}

/// A place in the file that is nobody else's.
pub(super) struct Cursor {
    file: SharedFile,
    at: u64,
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.file.seen(self.at) {
            Some(seen) => seen.as_ref().read(buffer)?,
            None => self.file.read_at(self.at, |file| file.read(buffer))?,
        };
        self.at += read as u64;
        Ok(read)
    }
}
