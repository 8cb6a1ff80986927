//! A file of lines, any of which is read when it is asked for.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::formats::pack::MAX_ROW_GROUPS;
use crate::sidecar::MAX_TEXT;
use crate::{IoError, places};

/// An open file and the places of its lines.
pub(super) struct Lines {
    path: PathBuf,
    file: Mutex<File>,
    /// Of each line, and of the end.
    starts: Vec<u64>,
}

impl Lines {
    /// Finds all lines of a file, and shows each to `see`.
    pub(super) fn open(path: &Path, see: impl FnMut(&str) -> Result<(), IoError>) -> Result<Self, IoError> {
        Lines::scan(path, see).map_err(|error| error.at(path))
    }

    fn scan(path: &Path, mut see: impl FnMut(&str) -> Result<(), IoError>) -> Result<Self, IoError> {
        let mut reader = BufReader::with_capacity(1 << 18, places::open_regular(path)?);
        let (mut starts, mut line) = (vec![0], Vec::new());
        loop {
            line.clear();
            let read = reader.by_ref().take(MAX_TEXT).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(Lines { path: path.to_owned(), file: Mutex::new(reader.into_inner()), starts });
            }
            if starts.len() > MAX_ROW_GROUPS {
                return Err(IoError::damaged(format!(
                    "has more than {MAX_ROW_GROUPS} lines, the most of any pack"
                )));
            }
            let text = text(&line).and_then(&mut see);
            text.map_err(|error| within(starts.len(), &error))?;
            starts.push(starts[starts.len() - 1] + read as u64);
        }
    }

    /// The number of lines.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// What `read` makes of a line, counted from 0.
    pub(super) fn read<T>(
        &self,
        line: usize,
        read: impl FnOnce(&str) -> Result<T, IoError>,
    ) -> Result<T, IoError> {
        let bytes = self.bytes(line).map_err(|error| error.at(&self.path))?;
        let value = text(&bytes).and_then(read);
        value.map_err(|error| within(line + 1, &error).at(&self.path))
    }

    fn bytes(&self, line: usize) -> Result<Vec<u8>, IoError> {
        let (start, end) = (self.starts[line], self.starts[line + 1]);
        let mut bytes = vec![0; (end - start) as usize];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Names a line, counted from 1.
fn within(line: usize, error: &IoError) -> IoError {
    IoError::damaged(format!("line {line}: {error}"))
}

fn text(line: &[u8]) -> Result<&str, IoError> {
    let line = line.strip_suffix(b"\n");
    let line = line.ok_or_else(|| IoError::damaged("no line end: the file is cut off"))?;
    str::from_utf8(line).map_err(|_| IoError::damaged("this is no text"))
}
