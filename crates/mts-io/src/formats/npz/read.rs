//! An archive to slabs.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use mts_core::{Shape, SlabSource};
use mts_hash::{Map, Value, parse};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::META;
use crate::formats::Check;
use crate::formats::arrays::{
    self, Arrays, CHANNEL, Column, DATA, Encoding, Endian, Kind, Meaning, REALIZATION, Strided, TIME, Unit,
};
use crate::npy::{self, Header, MAX_HEADER};
use crate::{IoError, IoErrorKind, places};

pub(in crate::formats) fn open(path: &Path, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    let file = places::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(IoErrorKind::IsFolder.into());
    }
    let zip = ZipArchive::new(BufReader::new(file.try_clone()?)).map_err(from_zip)?;
    let mut archive = Archive { zip, file: Arc::new(file), bytes: metadata.len() };
    if check == Check::Rows {
        for name in [DATA, TIME, CHANNEL, REALIZATION, META] {
            archive.verify(name)?;
        }
    }
    let attributes = archive.attributes()?;
    let data = archive.numbers(DATA)?;
    let [steps, channels, realizations] = data.shape[..] else {
        return Err(damaged(
            DATA,
            format!("has {} dimensions, not time, channel, realization", data.shape.len()),
        ));
    };
    let shape = Shape::new(channels, steps, realizations).map_err(|error| damaged(DATA, error))?;
    let time = archive.numbers(TIME)?;
    let arrays = Arrays {
        shape,
        meaning: time.meaning,
        data: data.column(shape.slab()),
        time: time.line(TIME)?,
        channel: archive.numbers(CHANNEL)?.line(CHANNEL)?,
        realization: archive.numbers(REALIZATION)?.line(REALIZATION)?,
        attributes,
    };
    arrays::open(path, arrays, check)
}

/// 2²⁶ letters of four bytes.
const MAX_META: u64 = 1 << 28;

struct Archive {
    zip: ZipArchive<BufReader<File>>,
    file: Arc<File>,
    /// Its length.
    bytes: u64,
}

/// Where the data of an entry are.
struct Place {
    header: Header,
    begin: u64,
    /// Bytes without the header.
    bytes: u64,
}

impl Archive {
    fn find(&self, name: &str) -> Option<usize> {
        self.zip.index_for_name(&format!("{name}.npy"))
    }

    /// Compares the checksum of an entry, where there is one.
    fn verify(&mut self, name: &str) -> Result<(), IoError> {
        let Some(index) = self.find(name) else { return Ok(()) };
        // Whether it can be read at all is said elsewhere.
        self.place(name)?;
        let mut entry = self.zip.by_index(index).map_err(from_zip)?;
        io::copy(&mut entry, &mut io::sink()).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
                damaged(name, format!("is damaged: {error}"))
            }
            _ => error.into(),
        })?;
        Ok(())
    }

    fn place(&mut self, name: &str) -> Result<Option<Place>, IoError> {
        let Some(index) = self.find(name) else { return Ok(None) };
        let entry = self.zip.by_index_raw(index).map_err(from_zip)?;
        if entry.compression() != CompressionMethod::Stored || entry.encrypted() {
            let what = "compressed entries are not read; numpy.savez writes uncompressed ones";
            return Err(IoError::refused(format!("the array {name:?} is compressed: {what}")));
        }
        let (start, size) = (entry.data_start(), entry.size());
        let end = start.checked_add(size).filter(|end| *end <= self.bytes);
        if end.is_none() || entry.compressed_size() != size {
            return Err(damaged(name, "is longer than the file"));
        }
        drop(entry);
        let mut bytes = Vec::new();
        let mut file = self.file.as_ref();
        file.seek(SeekFrom::Start(start))?;
        file.take(size.min(MAX_HEADER as u64)).read_to_end(&mut bytes)?;
        let header = npy::parse(&bytes).map_err(|what| damaged(name, format!("is none of NumPy: {what}")))?;
        let length = header.length as u64;
        Ok(Some(Place { header, begin: start + length, bytes: size - length }))
    }

    fn numbers(&mut self, name: &str) -> Result<Numbers, IoError> {
        let place =
            self.place(name)?.ok_or_else(|| IoError::damaged(format!("there is no array {name:?}")))?;
        let Place { header, begin, bytes } = place;
        let (encoding, meaning) = kind(&header.kind)
            .ok_or_else(|| IoError::refused(format!("the array {name:?} has the type {:?}", header.kind)))?;
        let count = header.shape.iter().try_fold(1_u64, |count, size| count.checked_mul(*size as u64));
        if count.and_then(|count| count.checked_mul(encoding.kind.size() as u64)) != Some(bytes) {
            let shape = &header.shape;
            return Err(damaged(
                name,
                format!("has the shape {shape:?} of {}, and {bytes} bytes", header.kind),
            ));
        }
        Ok(Numbers { shape: header.shape, encoding, meaning, begin, file: self.file.clone() })
    }

    fn attributes(&mut self) -> Result<Map, IoError> {
        let Some(place) = self.place(META)? else { return Ok(Map::new()) };
        let wrong = |what: &str| damaged(META, what);
        let count = place.header.kind.strip_prefix("<U").and_then(|count| count.parse::<u64>().ok());
        let size = count.and_then(|count| count.checked_mul(4));
        if size != Some(place.bytes) || !place.header.shape.is_empty() {
            return Err(wrong("is not one text"));
        }
        if place.bytes > MAX_META {
            return Err(wrong("is longer than any attributes"));
        }
        let mut bytes = Vec::new();
        let mut file = self.file.as_ref();
        file.seek(SeekFrom::Start(place.begin))?;
        file.take(place.bytes).read_to_end(&mut bytes)?;
        let text = bytes.as_chunks().0.iter().map(|c| char::from_u32(u32::from_le_bytes(*c)));
        let text = text.collect::<Option<String>>().ok_or_else(|| wrong("is no text"))?;
        match parse(&text) {
            Ok(Value::Map(attributes)) => Ok(attributes),
            Ok(_) => Err(wrong("is no JSON object")),
            Err(error) => Err(wrong(&format!("is no JSON: {error}"))),
        }
    }
}

/// An array of numbers; all its bytes are in the file.
struct Numbers {
    shape: Vec<usize>,
    encoding: Encoding,
    meaning: Meaning,
    begin: u64,
    file: Arc<File>,
}

impl Numbers {
    fn column(self, width: usize) -> Column {
        let row = width * self.encoding.kind.size();
        let rows = Strided { file: self.file, begin: self.begin, row, stride: row as u64, span: Vec::new() };
        Column::new(rows, self.encoding, self.shape[0], width)
    }

    fn line(self, name: &str) -> Result<Column, IoError> {
        if self.shape.len() != 1 {
            return Err(damaged(name, format!("has {} dimensions, not one", self.shape.len())));
        }
        Ok(self.column(1))
    }
}

/// The type that NumPy calls so.
fn kind(text: &str) -> Option<(Encoding, Meaning)> {
    let endian = match text.chars().next()? {
        '<' => Endian::Little,
        '>' => Endian::Big,
        _ => return None,
    };
    let plain = |kind| Some((Encoding { kind, endian }, Meaning::Plain));
    match &text[1..] {
        "f8" => plain(Kind::F64),
        "f4" => plain(Kind::F32),
        "i8" => plain(Kind::I64),
        "i4" => plain(Kind::I32),
        "i2" => plain(Kind::I16),
        dates => {
            let unit = dates.strip_prefix("M8[")?.strip_suffix(']')?;
            let meaning = Meaning::Since(Unit { origin: 0, nanoseconds: Unit::of_numpy(unit)? });
            Some((Encoding { kind: Kind::I64, endian }, meaning))
        }
    }
}

fn damaged(name: &str, what: impl std::fmt::Display) -> IoError {
    IoError::damaged(format!("the array {name:?} {what}"))
}

fn from_zip(error: ZipError) -> IoError {
    match error {
        ZipError::Io(error) => error.into(),
        error => IoError::damaged(format!("the archive is damaged: {error}")),
    }
}
