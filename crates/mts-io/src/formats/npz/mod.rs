//! NumPy's archive: a zip of `.npy` files, one per array.

mod archive;
mod read;
mod write;

pub(super) use read::open;
pub(super) use write::{create, resume};

use mts_core::{Dtype, Shape};

use super::{About, arrays};
use crate::Form;

pub(super) const ABOUT: About = About {
    name: "npz",
    extension: "npz",
    summary: "Arrays of NumPy; attributes as JSON in the array meta.",
    table: false,
    folder: false,
    streams: false,
};

/// The array with the attributes.
const META: &str = "meta";

/// Any shape fits: sizes and offsets have 64 bits.
pub(super) fn objection(_: Shape, _: Form) -> Option<String> {
    None
}

pub(super) fn size(shape: Shape, dtype: Dtype, _: Form, _: &str) -> u64 {
    arrays::bytes(shape, dtype, 8).saturating_add(4096)
}

/// Numbers on their way.
pub(super) fn memory(_: Shape, _: Form) -> u64 {
    1 << 20
}

/// Steps end anywhere.
pub(super) fn boundary(_: Shape, _: Form) -> usize {
    1
}
