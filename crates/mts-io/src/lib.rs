#![doc = include_str!("../README.md")]

mod address;
mod attributes;
mod catalogue;
mod contents;
mod digest;
mod error;
mod file;
mod formats;
mod journal;
mod npy;
mod order;
mod pack;
mod places;
mod pool;
mod remote;
mod sidecar;
mod sink;
mod source;
mod store;
mod times;
mod truth;

pub use address::Address;
pub use catalogue::{Catalogue, CatalogueRow};
pub use contents::{Compression, Contents, Form};
pub use digest::{Digest, Digesting};
pub use error::{IoError, IoErrorKind};
pub use file::{begin, resume};
pub use formats::{Format, Part, create, open, open_checked, stream};
pub use journal::Journal;
pub use pack::{FinishedPack, MemberSink, Pack, PackMember, PackWriter};
pub use places::{
    Entry, EntryKind, exists, is_file, kind, list, read_bytes, read_text, remove, stored_bytes,
};
pub use remote::is_remote;
pub use sidecar::{Artefact, Sidecar};
pub use sink::{Finished, SlabSink};
pub use store::{Committed, Pending, Store};
pub use truth::TruthFiles;
