//! A file that several sources read at once.
//!
//! Copies of a `File` share one position, so that threads which read through them would read each
//! other's bytes: here, a position is set and read from as one.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
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
}

impl SharedFile {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(SharedFile { file: Arc::new(Mutex::new(file)), length })
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
        let read = self.file.read_at(self.at, |file| file.read(buffer))?;
        self.at += read as u64;
        Ok(read)
    }
}
