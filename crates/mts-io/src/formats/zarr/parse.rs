//! What describes an array, understood.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use mts_hash::{Map, Value, parse};

use super::METADATA;
use crate::IoError;
use crate::formats::arrays::{Encoding, Endian, Kind};

/// Longer texts describe no dataset.
const MAX_TEXT: u64 = 1 << 26;

/// What is known of an array.
pub(super) struct Spec {
    pub(super) shape: Vec<usize>,
    pub(super) chunk: Vec<usize>,
    pub(super) encoding: Encoding,
    /// Between the numbers of a chunk.
    pub(super) separator: &'static str,
    /// Whether what is not stored is zero.
    pub(super) zeros: bool,
    pub(super) attributes: Map,
}

/// The attributes of the group in `folder`.
pub(super) fn group(folder: &Path) -> Result<Map, IoError> {
    let node = node(folder, "group")?;
    match node.get("attributes") {
        None => Ok(Map::new()),
        Some(Value::Map(attributes)) => Ok(attributes.clone()),
        Some(_) => Err(IoError::damaged("the attributes are no object")),
    }
}

/// The array in `folder`, whose dimensions are these.
pub(super) fn array(folder: &Path, dimensions: &[&str]) -> Result<Spec, IoError> {
    let node = node(folder, "array")?;
    spec(&node, dimensions).map_err(|error| error.at(&folder.join(METADATA)))
}

fn node(folder: &Path, kind: &str) -> Result<Map, IoError> {
    let path = folder.join(METADATA);
    let read = || {
        let file = regular(&path)?;
        let mut text = String::new();
        if file.take(MAX_TEXT + 1).read_to_string(&mut text)? as u64 > MAX_TEXT {
            return Err(IoError::damaged(format!("is longer than {MAX_TEXT} bytes")));
        }
        let node = parse(&text).map_err(|error| IoError::damaged(format!("this is no JSON: {error}")))?;
        let Value::Map(node) = node else { return Err(IoError::damaged("this is no object")) };
        let version = node.get("zarr_format").and_then(Value::as_int).and_then(|version| version.to_u64());
        if version != Some(3) || node.get("node_type").and_then(Value::as_str) != Some(kind) {
            return Err(IoError::damaged(format!("expected the description of a zarr {kind}, version 3")));
        }
        Ok(node)
    };
    read().map_err(|error| error.at(&path))
}

/// Opens a file; what is none may never end.
pub(super) fn regular(path: &Path) -> Result<File, IoError> {
    if !fs::metadata(path)?.is_file() {
        return Err(IoError::damaged("is no regular file"));
    }
    Ok(File::open(path)?)
}

fn spec(node: &Map, dimensions: &[&str]) -> Result<Spec, IoError> {
    let names = node.get("dimension_names").and_then(Value::as_list).unwrap_or_default();
    if !names.is_empty() && !names.iter().map(Value::as_str).eq(dimensions.iter().copied().map(Some)) {
        return Err(IoError::damaged(format!("the dimensions must be {}", dimensions.join(", "))));
    }
    let named = |key: &str, name: &str| {
        let found = node.get(key).map(name_of);
        if found != Some(name) {
            let found = found.unwrap_or("none");
            return Err(IoError::refused(format!("the {key} {found:?} is not read, only {name:?}")));
        }
        Ok(node.get(key).and_then(|extension| extension.get("configuration")))
    };
    let grid = named("chunk_grid", "regular")?.and_then(|grid| grid.get("chunk_shape"));
    let (shape, chunk) = (sizes(node.get("shape"), dimensions)?, sizes(grid, dimensions)?);
    let separator = named("chunk_key_encoding", "default")?.and_then(|keys| keys.get("separator"));
    let separator = match separator.and_then(Value::as_str) {
        None | Some("/") => "/",
        Some(".") => ".",
        Some(other) => return Err(IoError::refused(format!("the separator {other:?} is not read"))),
    };
    if node.get("storage_transformers").and_then(Value::as_list).is_some_and(|list| !list.is_empty()) {
        return Err(IoError::refused("storage transformers are not read"));
    }
    let attributes = node.get("attributes").and_then(Value::as_map).cloned().unwrap_or_default();
    let encoding = Encoding { kind: kind(node.get("data_type"))?, endian: endian(node.get("codecs"))? };
    let zeros = node.get("fill_value").and_then(Value::as_f64) == Some(0.0);
    Ok(Spec { shape, chunk, encoding, separator, zeros, attributes })
}

/// An extension is its name, or an object with it.
fn name_of(extension: &Value) -> &str {
    extension.as_str().or_else(|| extension.get("name")?.as_str()).unwrap_or_default()
}

/// As many sizes as dimensions, none of them zero.
fn sizes(list: Option<&Value>, dimensions: &[&str]) -> Result<Vec<usize>, IoError> {
    let size = |value: &Value| usize::try_from(value.as_int()?.to_u64()?).ok().filter(|size| *size > 0);
    let list = list.and_then(Value::as_list).unwrap_or_default();
    let sizes: Option<Vec<usize>> = list.iter().map(size).collect();
    sizes.filter(|sizes| sizes.len() == dimensions.len()).ok_or_else(|| {
        IoError::damaged(format!("shape and chunks need a size of at least 1 for {}", dimensions.join(", ")))
    })
}

fn kind(name: Option<&Value>) -> Result<Kind, IoError> {
    match name.map(name_of).unwrap_or_default() {
        "float64" => Ok(Kind::F64),
        "float32" => Ok(Kind::F32),
        "int64" => Ok(Kind::I64),
        "int32" => Ok(Kind::I32),
        "int16" => Ok(Kind::I16),
        other => Err(IoError::refused(format!("the data type {other:?} is not read"))),
    }
}

fn endian(codecs: Option<&Value>) -> Result<Endian, IoError> {
    let codecs = codecs.and_then(Value::as_list).unwrap_or_default();
    if let Some(other) = codecs.iter().map(name_of).find(|name| *name != "bytes") {
        return Err(IoError::refused(format!("the codec {other:?} is not read: write without compressors")));
    }
    let [codec] = codecs else { return Err(IoError::damaged("there must be one codec, bytes")) };
    match codec.get("configuration").and_then(|configuration| configuration.get("endian")?.as_str()) {
        None | Some("little") => Ok(Endian::Little),
        Some("big") => Ok(Endian::Big),
        Some(other) => Err(IoError::damaged(format!("the byte order {other:?} is not known"))),
    }
}
