//! Arrays in NumPy's archive: a zip of `.npy` files.
//!
//! The header of an `.npy` file is one line of text that follows from type and shape, so that it is
//! written here and compared when reading: no announced size is believed.

use std::io::{Cursor, Read, Write};

use mts_hash::{Array, ArrayData};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::IoError;
use crate::npy::header;

const FLOAT: &str = "<f8";
const INT: &str = "<i8";
const BOOL: &str = "|b1";

/// An archive that grows.
pub(super) struct Writer {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    entries: usize,
}

impl Writer {
    pub(super) fn new() -> Self {
        Writer { zip: ZipWriter::new(Cursor::new(Vec::new())), entries: 0 }
    }

    pub(super) fn add(&mut self, name: &str, array: &Array) -> Result<(), IoError> {
        // The same bytes on any day and any system.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .large_file(array.data().len() >= 1 << 28);
        self.zip.start_file(format!("{name}.npy"), options).map_err(from_zip)?;
        self.zip.write_all(&npy(array))?;
        self.entries += 1;
        Ok(())
    }

    /// The archive; nothing without an entry.
    pub(super) fn finish(self) -> Result<Option<Vec<u8>>, IoError> {
        if self.entries == 0 {
            return Ok(None);
        }
        Ok(Some(self.zip.finish().map_err(from_zip)?.into_inner()))
    }
}

/// An archive in memory.
pub(super) struct Reader<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    bytes: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, IoError> {
        Ok(Reader { zip: ZipArchive::new(Cursor::new(bytes)).map_err(from_zip)?, bytes: bytes.len() })
    }

    /// The array `name`, which has this shape.
    pub(super) fn get(&mut self, name: &str, shape: &[usize]) -> Result<Array, IoError> {
        let entry = self.zip.by_name(&format!("{name}.npy")).map_err(from_zip)?;
        let mut bytes = Vec::new();
        // Entries are stored as they are: none is longer than the archive.
        entry.take(self.bytes as u64).read_to_end(&mut bytes)?;
        parse(&bytes, shape)
            .ok_or_else(|| IoError::damaged(format!("the entry {name:?} is not an array of shape {shape:?}")))
    }
}

fn from_zip(error: ZipError) -> IoError {
    match error {
        ZipError::Io(error) => error.into(),
        error => IoError::damaged(format!("the archive is damaged: {error}")),
    }
}

fn npy(array: &Array) -> Vec<u8> {
    let data = array.data();
    let mut bytes = header(type_of(data), array.shape());
    match data {
        ArrayData::Float(data) => data.iter().for_each(|x| bytes.extend_from_slice(&x.to_le_bytes())),
        ArrayData::Int(data) => data.iter().for_each(|x| bytes.extend_from_slice(&x.to_le_bytes())),
        ArrayData::Bool(data) => bytes.extend(data.iter().map(|x| u8::from(*x))),
    }
    bytes
}

fn type_of(data: &ArrayData) -> &'static str {
    match data {
        ArrayData::Float(_) => FLOAT,
        ArrayData::Int(_) => INT,
        ArrayData::Bool(_) => BOOL,
    }
}

fn parse(bytes: &[u8], shape: &[usize]) -> Option<Array> {
    let (kind, data) = [FLOAT, INT, BOOL]
        .into_iter()
        .find_map(|kind| Some((kind, bytes.strip_prefix(header(kind, shape).as_slice())?)))?;
    let words = || data.as_chunks::<8>().0.iter();
    let array = match kind {
        FLOAT if data.len().is_multiple_of(8) => {
            ArrayData::Float(words().map(|x| f64::from_le_bytes(*x)).collect())
        }
        INT if data.len().is_multiple_of(8) => {
            ArrayData::Int(words().map(|x| i64::from_le_bytes(*x)).collect())
        }
        BOOL if data.iter().all(|x| *x < 2) => ArrayData::Bool(data.iter().map(|x| *x == 1).collect()),
        _ => return None,
    };
    Array::new(shape.to_vec(), array)
}
