#![doc = include_str!("../README.md")]

mod attributes;
mod digest;
mod error;
mod formats;
mod order;
mod sidecar;
mod sink;
mod store;
mod truth;

pub use digest::{Digest, Digesting};
pub use error::{IoError, IoErrorKind};
pub use formats::{Format, create, open, open_checked};
pub use sidecar::{Artefact, Sidecar};
pub use sink::SlabSink;
pub use store::{Committed, Pending, Store};
pub use truth::TruthFiles;
