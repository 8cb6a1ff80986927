//! Object stores through the S3 protocol.

mod append;
mod bucket;
mod conditional;
mod download;
mod error;
mod look;
mod object;
mod runtime;
mod upload;

pub(crate) use append::append;
pub(crate) use download::{open, read_into};
pub(crate) use look::{is_file, kind, list, remove, stored_bytes};
pub(crate) use upload::Upload;
