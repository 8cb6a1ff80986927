//! From slabs to what a picture shows, in memory that does not grow with length.

mod columns;
mod fourier;
mod selection;
mod survey;

pub(crate) use columns::{Column, Columns, range};
pub(crate) use fourier::power;
pub(crate) use selection::Selection;
pub(crate) use survey::Survey;
