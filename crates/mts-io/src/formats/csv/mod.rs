//! Comma-separated values: the long form as text.

mod read;
mod write;

use mts_core::Shape;

pub(super) use read::open;
pub(super) use write::create;

pub(super) const NAME: &str = "csv";
pub(super) const EXTENSION: &str = "csv";
pub(super) const SUMMARY: &str =
    "Comma-separated values, the long form as text; the shortest floats that read back exactly.";

pub(super) fn objection(_: Shape) -> Option<String> {
    None
}

/// In every row: the name, and about 35 bytes of time, indices, digits and commas.
pub(super) fn size(shape: Shape, name: &str) -> u64 {
    (shape.values() as u64).saturating_mul(35 + name.len() as u64)
}

pub(super) fn memory(_: Shape) -> u64 {
    1 << 20
}

const HEADER: &str = "time,channel,realization,value,config_id";
