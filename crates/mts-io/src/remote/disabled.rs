//! A program without object stores: whatever is asked is refused.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::objection;
use crate::{Entry, EntryKind, IoError};

/// There is none.
#[derive(Debug)]
pub(crate) enum Upload {}

impl Upload {
    pub(crate) fn begin(path: &Path) -> Result<Self, IoError> {
        Err(refused(path))
    }

    pub(crate) fn retract(&mut self) -> Result<(), IoError> {
        match *self {}
    }

    pub(crate) fn publish(self) -> Result<(), IoError> {
        match self {}
    }
}

impl Write for Upload {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        match *self {}
    }

    fn flush(&mut self) -> io::Result<()> {
        match *self {}
    }
}

pub(crate) fn kind(path: &Path) -> Result<Option<EntryKind>, IoError> {
    Err(refused(path))
}

pub(crate) fn is_file(path: &Path) -> Result<bool, IoError> {
    Err(refused(path))
}

pub(crate) fn list(path: &Path) -> Result<Vec<Entry>, IoError> {
    Err(refused(path))
}

pub(crate) fn stored_bytes(path: &Path) -> Result<u64, IoError> {
    Err(refused(path))
}

pub(crate) fn remove(path: &Path) -> Result<(), IoError> {
    Err(refused(path))
}

pub(crate) fn read_into(path: &Path, _: u64, _: &mut dyn Write) -> Result<(), IoError> {
    Err(refused(path))
}

pub(crate) fn open(path: &Path) -> Result<File, IoError> {
    Err(refused(path))
}

pub(crate) fn append(path: &Path, _: &[u8]) -> Result<(), IoError> {
    Err(refused(path))
}

fn refused(path: &Path) -> IoError {
    IoError::refused(objection().unwrap_or_default()).at(path)
}
