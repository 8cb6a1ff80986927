#![doc = include_str!("../README.md")]

mod address;
mod attributes;
mod catalogue;
mod contents;
mod databases;
mod digest;
mod error;
mod file;
mod formats;
mod journal;
mod labels;
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
mod tables;
mod times;
mod truth;

pub use address::Address;
pub use catalogue::{Catalogue, CatalogueRow};
pub use contents::{Compression, Contents, Form};
#[cfg(feature = "postgres")]
pub use databases::{
    PostgresPlace, PostgresRows, PostgresSink, Written, check_postgres, holds_postgres, read_postgres,
};
pub use databases::{SqliteRows, SqliteSink, check_sqlite, read_sqlite};
pub use digest::{Digest, Digesting};
pub use error::{IoError, IoErrorKind};
pub use file::{begin, resume};
pub use formats::{Format, Part, create, open, open_checked, stream};
pub use journal::Journal;
pub use labels::{LabelRow, LabelsReader, LabelsWriter};
pub use pack::{FinishedPack, MemberSink, Pack, PackMember, PackWriter};
pub use places::{
    Entry, EntryKind, exists, is_file, kind, list, read_bytes, read_text, remove, stored_bytes,
};
pub use remote::is_remote;
pub use sidecar::{About, AboutSeries, Artefact, Sidecar};
pub use sink::{Finished, SlabSink};
pub use store::{Committed, Pending, Store};
pub use tables::{
    Encoder, FinishedTable, Misfit, PartitionReader, PartitionedTable, Partitions, Piece, Split, TableFile,
    TableFormat, TableReader, TableSink, begin_partitions, begin_table, open_partitions, open_table,
    partition_names,
};
pub use truth::TruthFiles;
