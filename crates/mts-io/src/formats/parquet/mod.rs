//! Apache Parquet: the long form in columns.

mod columns;
mod guard;
mod index;
mod layout;
mod metadata;
mod read;
mod write;

pub(super) use read::open;
pub(super) use write::create;

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

pub(super) fn objection(shape: Shape, _: Form) -> Option<String> {
    layout::group_steps(shape).err().map(|error| error.to_string())
}

/// Values hardly compress; everything else is repetition.
pub(super) fn size(shape: Shape, _: Dtype, _: Form, _: &str) -> u64 {
    (shape.values() as u64).saturating_mul(8).saturating_add(8192)
}

/// The values of a row group, and their pages.
pub(super) fn memory(shape: Shape, _: Form) -> u64 {
    let steps = layout::group_steps(shape).unwrap_or(1);
    (shape.slab() as u64).saturating_mul(steps as u64).saturating_mul(4 * 8)
}

const TIME: &str = "time";
const CHANNEL: &str = "channel";
const REALIZATION: &str = "realization";
const VALUE: &str = "value";
const CONFIG_ID: &str = "config_id";

fn from_parquet(error: ParquetError) -> IoError {
    match error {
        ParquetError::External(inner) => unwrapped(inner),
        ParquetError::General(what) | ParquetError::EOF(what) => IoError::damaged(what),
        other => IoError::damaged(other.to_string()),
    }
}
