//! What the formats of arrays share: the variable `data` and its coordinates.

mod column;
mod dates;
mod json;
mod number;
mod read;

use mts_core::{Dtype, Shape, Time};

pub(super) use column::{Column, Rows, Strided};
pub(super) use dates::{CALENDAR, Meaning, Unit};
pub(super) use json::{object, quoted};
pub(super) use number::{Encoding, Endian, Kind};
pub(super) use read::{Arrays, expect_plain, open};

pub(super) const TIME: &str = "time";
pub(super) const CHANNEL: &str = "channel";
pub(super) const REALIZATION: &str = "realization";
pub(super) const DATA: &str = "data";

/// The dimensions of the data, in order.
pub(super) const DIMENSIONS: [&str; 3] = [TIME, CHANNEL, REALIZATION];

/// Numbers that are encoded at once.
pub(super) const BLOCK: usize = 1 << 15;

/// Bytes of values and coordinates; `step` for the time of a step.
pub(super) fn bytes(shape: Shape, dtype: Dtype, step: u64) -> u64 {
    let values = (shape.values() as u64).saturating_mul(dtype.size() as u64);
    let indices = (shape.channels() as u64).saturating_add(shape.realizations() as u64).saturating_mul(8);
    (shape.steps() as u64).saturating_mul(step).saturating_add(values).saturating_add(indices)
}

/// A time coordinate in 64 bits.
pub(super) fn word(time: Time) -> [u8; 8] {
    match time {
        Time::Step(whole) | Time::Instant(whole) => whole.to_le_bytes(),
        Time::Second(seconds) => seconds.to_le_bytes(),
    }
}

/// The type of values of this precision.
pub(super) fn kind(dtype: Dtype) -> Kind {
    match dtype {
        Dtype::F64 => Kind::F64,
        Dtype::F32 => Kind::F32,
    }
}
