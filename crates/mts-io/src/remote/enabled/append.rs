//! Lines at the end of an object.

use std::io::Write as _;
use std::path::Path;

use super::{Upload, read_into};
use crate::journal::MAX_TEXT;
use crate::{IoError, IoErrorKind};

/// Writers that came first.
const ATTEMPTS: usize = 32;

/// Adds whole lines at the end of an object: it is written again, with those that others added meanwhile.
pub(crate) fn append(path: &Path, lines: &[u8]) -> Result<(), IoError> {
    let mut tried = 0;
    loop {
        tried += 1;
        match attempt(path, lines) {
            Err(error) if matches!(error.kind(), IoErrorKind::Taken) && tried < ATTEMPTS => {}
            other => return other,
        }
    }
}

fn attempt(path: &Path, lines: &[u8]) -> Result<(), IoError> {
    // Begun before it is read: what is read is what the condition speaks of, or the condition fails.
    let mut file = Upload::begin(path)?;
    let mut text = Vec::new();
    match read_into(path, MAX_TEXT, &mut text) {
        Err(error) if !matches!(error.kind(), IoErrorKind::NotFound) => return Err(error),
        _ => {}
    }
    if text.last().is_some_and(|last| *last != b'\n') {
        text.push(b'\n');
    }
    file.write_all(&text)?;
    file.write_all(lines)?;
    file.publish()
}
