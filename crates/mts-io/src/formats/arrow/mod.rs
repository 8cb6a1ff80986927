//! Arrow IPC: record batches as they are in memory. A file is the IPC file format, a stream the IPC
//! stream format; the reader takes both.

mod layout;
mod message;
mod numbers;
mod parts;
mod read;
mod rows;
mod schema;
mod texts;
mod values;
mod write;

pub(super) use layout::objection;
pub(super) use read::open;
pub(super) use write::{create, resume, stream};

use mts_core::{Dtype, Shape};

use super::About;
use super::table::rows;
use crate::Form;

pub(super) const ABOUT: About = About {
    name: "arrow",
    extension: "arrow",
    summary: "Arrow IPC: record batches, uncompressed; attributes as metadata of the schema.",
    table: true,
    folder: false,
    streams: true,
};

/// Values, and numbers in all other columns.
pub(super) fn size(shape: Shape, dtype: Dtype, form: Form, name: &str) -> u64 {
    let values = (shape.values() as u64).saturating_mul(dtype.size() as u64);
    let (index, names) = match form {
        Form::Long => (8 + 8 + 8 + 4, 0),
        Form::Wide => (8 + 8, 0),
        Form::Panel => (8 + 4, (name.len() + 12) as u64 * shape.slab() as u64),
    };
    let rows = (rows(shape, form) as u64).saturating_mul(shape.steps() as u64);
    let headers = layout::batches(shape, form).saturating_mul(layout::header(shape, form));
    [rows.saturating_mul(index), names, headers, 4096].into_iter().fold(values, u64::saturating_add)
}

/// A record batch, its values twice while steps arrive one by one, and the names of a step.
pub(super) fn memory(shape: Shape, form: Form) -> u64 {
    let steps = layout::batch_steps(shape, form) as u64;
    let rows = steps.saturating_mul(rows(shape, form) as u64);
    let values = steps.saturating_mul(shape.slab() as u64);
    let names = if form == Form::Panel { 256 * shape.slab() as u64 } else { 0 };
    let batches = layout::batches(shape, form).saturating_mul(24);
    let parts = [rows.saturating_mul(28), names, batches, 1 << 16];
    parts.into_iter().fold(values.saturating_mul(16), u64::saturating_add)
}

/// Batches are written as a whole.
pub(super) fn boundary(shape: Shape, form: Form) -> usize {
    layout::batch_steps(shape, form)
}
