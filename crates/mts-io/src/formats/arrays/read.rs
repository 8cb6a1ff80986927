//! Arrays to a dataset.

use std::path::Path;

use mts_core::{Dtype, Head, Shape, SlabSource, TimeAxis};
use mts_hash::{Map, Value};

use super::column::Column;
use super::dates::Meaning;
use super::number::{Kind, Number};
use super::{CHANNEL, REALIZATION, TIME};
use crate::IoError;
use crate::attributes::dates;
use crate::formats::Check;
use crate::source::{FileSource, Values};
use crate::times::Times;

/// Dates that may be of several axes are of one of them after so many, and nothing is lost by it.
const HEAD_STEPS: usize = 64;

/// What a file of arrays holds; its sizes were found to be true.
pub(in crate::formats) struct Arrays {
    pub(in crate::formats) shape: Shape,
    pub(in crate::formats) data: Column,
    pub(in crate::formats) time: Column,
    pub(in crate::formats) meaning: Meaning,
    pub(in crate::formats) channel: Column,
    pub(in crate::formats) realization: Column,
    pub(in crate::formats) attributes: Map,
}

/// The dataset in `arrays`.
pub(in crate::formats) fn open(
    path: &Path,
    mut arrays: Arrays,
    check: Check,
) -> Result<Box<dyn SlabSource>, IoError> {
    let shape = arrays.shape;
    let sizes = [
        (TIME, arrays.time.length(), shape.steps()),
        (CHANNEL, arrays.channel.length(), shape.channels()),
        (REALIZATION, arrays.realization.length(), shape.realizations()),
    ];
    for (name, found, expected) in sizes {
        if found != expected {
            return Err(IoError::damaged(format!(
                "{name} has {found} coordinates, and the data have {expected}"
            )));
        }
    }
    let dtype = match arrays.data.encoding().kind {
        Kind::F64 => Dtype::F64,
        Kind::F32 => Dtype::F32,
        _ => return Err(IoError::refused("the data are integers: only floats are read")),
    };
    let time = axis(&mut arrays, check)?;
    if check == Check::Rows {
        counted(CHANNEL, &mut arrays.channel)?;
        counted(REALIZATION, &mut arrays.realization)?;
    }
    let head = Head { shape, time, dtype, attributes: arrays.attributes, truth: None };
    Ok(FileSource::boxed(path, head, ArrayValues { data: arrays.data, done: 0 }))
}

struct ArrayValues {
    data: Column,
    /// Steps that were read.
    done: usize,
}

impl Values for ArrayValues {
    fn fill(&mut self, slabs: &mut [f64]) -> Result<(), IoError> {
        self.data.fill(self.done, slabs)?;
        self.done += slabs.len() / self.data.width();
        Ok(())
    }

    fn skip(&mut self, steps: usize) -> Result<(), IoError> {
        self.done += steps;
        Ok(())
    }

    fn restart(&mut self) -> Result<(), IoError> {
        self.done = 0;
        Ok(())
    }
}

fn axis(arrays: &mut Arrays, check: Check) -> Result<TimeAxis, IoError> {
    let (steps, meaning) = (arrays.shape.steps(), arrays.meaning);
    let declared = if meaning == Meaning::Plain { None } else { dates(&arrays.attributes, steps) };
    let mut times = declared.map_or_else(Times::unknown, |dates| Times::known(TimeAxis::Instants(dates)));
    let count = if check == Check::Rows { steps } else { steps.min(HEAD_STEPS) };
    arrays.time.each(count, |step, number| {
        let wrong = |what: String| IoError::damaged(format!("the time of step {step} {what}"));
        let found = meaning.time(number).ok_or_else(|| wrong(format!("is no date: {number}")))?;
        times.take(found).map_err(|expected| wrong(format!("is {found}, expected {expected}")))
    })?;
    Ok(match times.axis() {
        TimeAxis::Seconds { dt } if steps == 1 => {
            let said = arrays.attributes.get("dt").and_then(Value::as_f64);
            TimeAxis::Seconds { dt: said.filter(|dt| dt.is_finite() && *dt > 0.0).unwrap_or(dt) }
        }
        axis => axis,
    })
}

/// Channels and realizations are counted from 0.
fn counted(name: &str, column: &mut Column) -> Result<(), IoError> {
    column.each(column.length(), |place, found| {
        let as_expected = match found {
            Number::Whole(found) => found == place as i64,
            Number::Real(found) => found == place as f64,
        };
        if as_expected {
            return Ok(());
        }
        Err(IoError::damaged(format!("the {name} {found} stands where {place} is expected")))
    })
}

/// Refuses what would turn numbers into others: scales, and numbers that stand for missing ones.
pub(in crate::formats) fn expect_plain(attributes: &Map) -> Result<(), IoError> {
    for key in ["scale_factor", "add_offset"] {
        if attributes.get(key).is_some() {
            return Err(IoError::refused(format!("the data have the attribute {key}, which is not read")));
        }
    }
    for key in ["_FillValue", "missing_value"] {
        // Zarr encodes the bytes of NaN.
        let nan = |value: &Value| match value {
            Value::Str(text) => ["NaN", "AAAAAAAA+H8=", "AADAfw=="].contains(&text.as_str()),
            value => value.as_f64().is_some_and(f64::is_nan),
        };
        if attributes.get(key).is_some_and(|value| !nan(value)) {
            return Err(IoError::refused(format!("missing values other than NaN are not read, see {key}")));
        }
    }
    Ok(())
}
