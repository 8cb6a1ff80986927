//! Times as NetCDF has them.

use mts_core::{Head, Time, TimeAxis};

use super::{DOUBLE, INT};
use crate::IoError;
use crate::formats::arrays::{CALENDAR, Unit};

/// Integers up to this are floats.
const EXACT: i64 = 1 << 53;

/// How the coordinates of an axis are written: integers with 32 bits, or, where they do not fit, floats.
pub(super) struct Clock {
    axis: TimeAxis,
    /// The first date and the unit, in microseconds.
    since: (i64, i64),
    kind: u32,
    attributes: Vec<(&'static str, String)>,
}

impl Clock {
    pub(super) fn of(head: &Head) -> Result<Self, IoError> {
        let clock = |kind, attributes| Clock { axis: head.time, since: (0, 1), kind, attributes };
        let axis = match head.time {
            TimeAxis::Steps => return Ok(clock(INT, vec![])),
            TimeAxis::Seconds { .. } => return Ok(clock(DOUBLE, vec![("units", "s".to_owned())])),
            TimeAxis::Instants(axis) => axis,
        };
        // In whole units, for readers multiply: months and business days are whole days apart.
        let (start, last) = (axis.at(0), head.shape.steps() - 1);
        let distance = if last > 0 { axis.at(1) - start } else { 0 };
        let (name, unit) = Unit::coarsest(distance);
        let units = format!("{name} since {}", axis.start().replace('T', " "));
        let attributes = vec![("units", units), ("calendar", CALENDAR.to_owned())];
        let count = (axis.at(last) - start) / unit;
        if count > EXACT {
            return Err(IoError::refused(format!(
                "the last time is {count} {name} after the first, and netcdf counts to {EXACT}: use zarr"
            )));
        }
        let kind = if i32::try_from(count).is_ok() { INT } else { DOUBLE };
        Ok(Clock { since: (start, unit), ..clock(kind, attributes) })
    }

    /// The type of the coordinates.
    pub(super) fn kind(&self) -> u32 {
        self.kind
    }

    /// What says how they are understood.
    pub(super) fn attributes(&self) -> &[(&'static str, String)] {
        &self.attributes
    }

    /// Appends the coordinate of a step.
    pub(super) fn put(&self, step: usize, bytes: &mut Vec<u8>) {
        let whole = match self.axis.at(step) {
            Time::Second(seconds) => return bytes.extend(seconds.to_be_bytes()),
            Time::Step(step) => step,
            Time::Instant(at) => (at - self.since.0) / self.since.1,
        };
        if self.kind == INT {
            bytes.extend((whole as i32).to_be_bytes());
        } else {
            bytes.extend((whole as f64).to_be_bytes());
        }
    }
}
