//! Apache Parquet: tables in columns.

mod chunk;
mod codec;
mod columns;
mod deltas;
mod file;
mod floats;
mod group;
mod guard;
mod hybrid;
mod index;
mod layout;
mod metadata;
pub(crate) mod pack;
mod page;
mod pages;
mod pieces;
mod places;
mod read;
mod recall;
pub(crate) mod records;
mod rows;
mod shared;
pub(crate) mod tables;
#[cfg(test)]
mod tests;
mod types;
mod unrolled;
mod values;
mod write;

pub(super) use layout::objection;
pub(super) use read::open;
pub(super) use write::{create, resume};

use ::parquet::errors::ParquetError;
use mts_core::{Dtype, Shape};

use super::About;
use crate::error::unwrapped;
use crate::{Form, IoError};

pub(super) const ABOUT: About = About {
    name: "parquet",
    extension: "parquet",
    summary: "Apache Parquet; attributes as key-value metadata.",
    table: true,
    folder: false,
    streams: false,
};

/// Values hardly compress; everything else is repetition, and what the footer says of each column of
/// each row group.
pub(super) fn size(shape: Shape, dtype: Dtype, form: Form, _: &str) -> u64 {
    let values = (shape.values() as u64).saturating_mul(dtype.size() as u64);
    values.saturating_add(chunks(shape, form).saturating_mul(200)).saturating_add(8192)
}

/// The values of a row group and their pages, the names of a step, and the footer.
pub(super) fn memory(shape: Shape, form: Form) -> u64 {
    let values = (shape.slab() as u64).saturating_mul(layout::group_steps(shape) as u64);
    let names = if form == Form::Panel { 256 * shape.slab() as u64 } else { 0 };
    values
        .saturating_mul(4 * 8)
        .saturating_add(names)
        .saturating_add(chunks(shape, form).saturating_mul(1300))
}

/// Row groups are written as a whole.
pub(super) fn boundary(shape: Shape, _: Form) -> usize {
    layout::group_steps(shape)
}

/// Column chunks, index columns aside.
fn chunks(shape: Shape, form: Form) -> u64 {
    let groups = shape.steps().div_ceil(layout::group_steps(shape)) as u64;
    if form == Form::Wide { groups.saturating_mul(shape.channels() as u64) } else { groups }
}

fn from_parquet(error: ParquetError) -> IoError {
    match error {
        ParquetError::External(inner) => unwrapped(inner),
        ParquetError::NYI(what) => IoError::refused(what),
        ParquetError::General(what) | ParquetError::EOF(what) => IoError::damaged(what),
        other => IoError::damaged(other.to_string()),
    }
}
