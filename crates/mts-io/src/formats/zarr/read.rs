//! A folder to slabs.

use std::fs;
use std::path::Path;

use mts_core::{Shape, SlabSource};
use mts_hash::{Map, Value};

use super::chunks::Chunks;
use super::{metadata, parse};
use crate::formats::Check;
use crate::formats::arrays::{
    self, Arrays, CHANNEL, Column, DATA, DIMENSIONS, Meaning, REALIZATION, TIME, expect_plain,
};
use crate::{IoError, IoErrorKind};

pub(in crate::formats) fn open(path: &Path, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    if !fs::metadata(path)?.is_dir() {
        return Err(IoErrorKind::NotFolder.into());
    }
    let attributes = parse::group(path)?;
    let attributes: Map = attributes.iter().map(|(key, value)| (key, metadata::infinite(value))).collect();
    let folder = path.join(DATA);
    let spec = parse::array(&folder, &DIMENSIONS)?;
    expect_plain(&spec.attributes)?;
    let shape = Shape::new(spec.shape[1], spec.shape[0], spec.shape[2]);
    let shape = shape.map_err(|error| IoError::damaged(format!("the data are impossible: {error}")))?;
    let chunks = Chunks::new(&folder, &spec)?;
    chunks.expect_all()?;
    let data = Column::new(chunks, spec.encoding, shape.steps(), shape.slab());
    let (time, of_time) = line(path, TIME)?;
    let text = |key: &str| of_time.get(key).and_then(Value::as_str);
    let meaning = Meaning::of(text("units"), text("calendar")).map_err(IoError::refused)?;
    let (channel, realization) = (line(path, CHANNEL)?.0, line(path, REALIZATION)?.0);
    arrays::open(path, Arrays { shape, data, time, meaning, channel, realization, attributes }, check)
}

/// A coordinate, and its attributes.
fn line(path: &Path, name: &str) -> Result<(Column, Map), IoError> {
    let folder = path.join(name);
    let spec = parse::array(&folder, &[name])?;
    let column = Column::new(Chunks::sparse(&folder, &spec)?, spec.encoding, spec.shape[0], 1);
    Ok((column, spec.attributes))
}
