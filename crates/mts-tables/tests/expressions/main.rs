//! Computed columns: values, types, refusals, and what holds for all of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod draws;
mod hostile;
mod properties;
mod refusals;
mod rounding;
mod table;
mod values;
