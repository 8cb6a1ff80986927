//! NetCDF-3 with 64-bit offsets: a header, two fixed variables, and one record per step.

mod clock;
mod header;
mod parse;
mod read;
mod write;

pub(super) use read::open;
pub(super) use write::{create, resume};

use mts_core::{Dtype, Shape};

use super::{About, arrays};
use crate::Form;

pub(super) const ABOUT: About = About {
    name: "netcdf",
    extension: "nc",
    summary: "NetCDF-3 with 64-bit offsets; attributes as far as it knows their types, else as JSON.",
    table: false,
    folder: false,
    streams: false,
};

/// What a list in the header begins with; zero where it is empty.
const DIMENSION: u32 = 10;
const VARIABLE: u32 = 11;
const ATTRIBUTE: u32 = 12;

/// Types.
const BYTE: u32 = 1;
const CHAR: u32 = 2;
const SHORT: u32 = 3;
const INT: u32 = 4;
const FLOAT: u32 = 5;
const DOUBLE: u32 = 6;

/// Everything is padded to a multiple of this.
const ALIGN: usize = 4;

/// Records are counted with 31 bits.
const MAX_STEPS: usize = (1 << 31) - 1;

/// The part of a variable in one record is measured with 32 bits, and padded.
const MAX_RECORD: u64 = (1 << 32) - 4;

pub(super) fn objection(shape: Shape, _: Form) -> Option<String> {
    let (m, t, r) = (shape.channels(), shape.steps(), shape.realizations());
    if t > MAX_STEPS {
        return Some(format!("netcdf holds at most {MAX_STEPS} steps, found T={t}: use zarr"));
    }
    let bytes = shape.slab() as u64 * 8;
    (bytes > MAX_RECORD).then(|| {
        format!("netcdf holds at most {MAX_RECORD} bytes per step, found M={m} · n_realizations={r} · 8 = {bytes}: use zarr")
    })
}

pub(super) fn size(shape: Shape, dtype: Dtype, _: Form, _: &str) -> u64 {
    arrays::bytes(shape, dtype, 8).saturating_add(4096)
}

/// Records on their way.
pub(super) fn memory(_: Shape, _: Form) -> u64 {
    1 << 20
}

/// Records end anywhere.
pub(super) fn boundary(_: Shape, _: Form) -> usize {
    1
}
