//! The header, understood.

use std::io::Read;

use mts_hash::{Map, Value};

use super::{ALIGN, ATTRIBUTE, BYTE, CHAR, DIMENSION, DOUBLE, FLOAT, INT, SHORT, VARIABLE};
use crate::IoError;
use crate::attributes::from_text;

/// Longer lists are no header of a dataset, and reading them is quadratic.
const MAX_ENTRIES: u32 = 1 << 12;

/// Attributes describe; what is longer is something else.
const MAX_TEXT: u64 = 1 << 26;
const MAX_NUMBERS: u64 = 1 << 16;

/// Dimensions of a variable: more than other libraries know.
const MAX_DIMENSIONS: u32 = 1 << 10;

/// Says that the number of records follows from the length of the file.
const STREAMING: u32 = u32::MAX;

pub(super) struct Header {
    /// Where it is known.
    pub(super) records: Option<u64>,
    /// Names and sizes; that of records has size 0.
    pub(super) dimensions: Vec<(String, u64)>,
    pub(super) attributes: Map,
    pub(super) variables: Vec<Variable>,
}

pub(super) struct Variable {
    pub(super) name: String,
    pub(super) dimensions: Vec<usize>,
    pub(super) attributes: Map,
    pub(super) kind: u32,
    pub(super) begin: u64,
}

/// Reads the header of a file of `length` bytes.
pub(super) fn parse(file: impl Read, length: u64) -> Result<Header, IoError> {
    let mut words = Words { file, left: length };
    let magic = words.bytes(4)?;
    let wide = match magic.as_slice() {
        b"CDF\x01" => false,
        b"CDF\x02" => true,
        b"CDF\x05" => {
            return Err(IoError::refused("NetCDF with 64-bit data is not read, but with 64-bit offsets"));
        }
        b"\x89HDF" => return Err(IoError::refused("NetCDF-4 (HDF5) is not read, but NetCDF-3")),
        _ => return Err(IoError::damaged("the file does not begin as NetCDF-3 does")),
    };
    let records = Some(words.u32()?).filter(|records| *records != STREAMING).map(u64::from);
    let mut dimensions = Vec::new();
    for _ in 0..words.list(DIMENSION)? {
        dimensions.push((words.name()?, u64::from(words.u32()?)));
    }
    let attributes = words.attributes()?;
    let mut variables = Vec::new();
    for _ in 0..words.list(VARIABLE)? {
        let name = words.name()?;
        let count = words.u32()?;
        if count > MAX_DIMENSIONS {
            return Err(IoError::damaged(format!("the variable {name:?} has {count} dimensions")));
        }
        let ids = (0..count).map(|_| Ok(words.u32()? as usize)).collect::<Result<Vec<_>, IoError>>()?;
        if ids.iter().any(|id| *id >= dimensions.len()) {
            return Err(IoError::damaged(format!("the variable {name:?} has a dimension that there is not")));
        }
        let attributes = words.attributes()?;
        let kind = words.u32()?;
        // The size follows from the dimensions, and is wrong where it does not fit.
        words.u32()?;
        let begin = if wide { words.u64()? } else { u64::from(words.u32()?) };
        variables.push(Variable { name, dimensions: ids, attributes, kind, begin });
    }
    Ok(Header { records, dimensions, attributes, variables })
}

/// Bytes of a number of this type.
pub(super) fn size(kind: u32) -> Result<u64, IoError> {
    match kind {
        BYTE | CHAR => Ok(1),
        SHORT => Ok(2),
        INT | FLOAT => Ok(4),
        DOUBLE => Ok(8),
        other => Err(IoError::damaged(format!("the type {other} is not known"))),
    }
}

struct Words<R> {
    file: R,
    /// Bytes that the file still has.
    left: u64,
}

impl<R: Read> Words<R> {
    /// So many bytes, which are there.
    fn bytes(&mut self, count: u64) -> Result<Vec<u8>, IoError> {
        let left = self.left.checked_sub(count);
        self.left = left.ok_or_else(|| IoError::damaged("the header is cut off"))?;
        let mut bytes = Vec::new();
        self.file.by_ref().take(count).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != count {
            return Err(IoError::damaged("the file became shorter while it was read"));
        }
        Ok(bytes)
    }

    fn padded(&mut self, count: u64) -> Result<Vec<u8>, IoError> {
        let mut bytes = self.bytes(count.next_multiple_of(ALIGN as u64))?;
        bytes.truncate(count as usize);
        Ok(bytes)
    }

    fn u64(&mut self) -> Result<u64, IoError> {
        Ok(self.bytes(8)?.into_iter().fold(0, |word, byte| word << 8 | u64::from(byte)))
    }

    fn u32(&mut self) -> Result<u32, IoError> {
        Ok(self.bytes(4)?.into_iter().fold(0, |word, byte| word << 8 | u32::from(byte)))
    }

    /// How many entries of a list follow.
    fn list(&mut self, expected: u32) -> Result<u32, IoError> {
        let (tag, length) = (self.u32()?, self.u32()?);
        if tag != expected && (tag, length) != (0, 0) {
            return Err(IoError::damaged(format!(
                "found a list of {tag} in the header, expected {expected}"
            )));
        }
        if length > MAX_ENTRIES {
            return Err(IoError::damaged(format!("a list in the header has {length} entries")));
        }
        Ok(length)
    }

    fn name(&mut self) -> Result<String, IoError> {
        let length = self.u32()?.into();
        String::from_utf8(self.padded(length)?).map_err(|_| IoError::damaged("a name is no text"))
    }

    fn attributes(&mut self) -> Result<Map, IoError> {
        let mut attributes = Map::new();
        for _ in 0..self.list(ATTRIBUTE)? {
            let name = self.name()?;
            let value = self.value(&name)?;
            if attributes.insert(name.as_str(), value).is_some() {
                return Err(IoError::damaged(format!("there are two attributes {name:?}")));
            }
        }
        Ok(attributes)
    }

    fn value(&mut self, name: &str) -> Result<Value, IoError> {
        let (kind, count) = (self.u32()?, u64::from(self.u32()?));
        let size = size(kind)?;
        if count > if kind == CHAR { MAX_TEXT } else { MAX_NUMBERS } {
            return Err(IoError::damaged(format!("the attribute {name:?} announces {count} values")));
        }
        let bytes = self.padded(count * size)?;
        if kind == CHAR {
            let text = String::from_utf8(bytes);
            let text = text.map_err(|_| IoError::damaged(format!("the attribute {name:?} is no text")))?;
            return Ok(from_text(name, text.trim_end_matches('\0')));
        }
        let mut numbers = bytes.chunks_exact(size as usize).map(|bytes| number(kind, bytes));
        match (count, numbers.next()) {
            (1, Some(number)) => Ok(number),
            (_, first) => Ok(Value::List(first.into_iter().chain(numbers).collect())),
        }
    }
}

fn number(kind: u32, bytes: &[u8]) -> Value {
    let bits = bytes.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
    match kind {
        BYTE => i32::from(bits as i8).into(),
        SHORT => i32::from(bits as i16).into(),
        INT => (bits as i32).into(),
        FLOAT => f64::from(f32::from_bits(bits as u32)).into(),
        _ => f64::from_bits(bits).into(),
    }
}
