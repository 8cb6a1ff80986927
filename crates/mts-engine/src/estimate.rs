//! What files take, before they are written.

use mts_core::Shape;
use mts_io::Format;

/// Values that a Parquet row group holds back until it is complete.
const ROW_GROUP: u64 = 1 << 20;

/// Bytes that the file takes on disk, roughly.
pub(crate) fn disk(format: Format, shape: Shape, name: &str) -> u64 {
    let values = shape.values() as u64;
    let per_value = match format {
        Format::Parquet => 8,
        // time, channel, realization, 18 digits, commas and the name in every row
        Format::Csv => 35 + name.len() as u64,
    };
    values.saturating_mul(per_value).saturating_add(8192)
}

/// Bytes of memory that writing takes.
pub(crate) fn memory(format: Format, shape: Shape) -> u64 {
    match format {
        Format::Parquet => 4 * 8 * ROW_GROUP.min(shape.values() as u64).max(shape.slab() as u64),
        Format::Csv => 1 << 20,
    }
}
