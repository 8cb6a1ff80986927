//! Relational tables in files: record batches in, record batches out.

mod columns;
mod csv;
mod dates;
mod decimal;
mod digits;
mod encoder;
mod format;
mod json;
mod partitions;
mod read;
mod schema;
mod sink;

pub use encoder::{Encoder, Piece};
pub use format::TableFormat;
pub use partitions::{
    FinishedTable, PartitionReader, PartitionedTable, Partitions, Split, begin_partitions, open_partitions,
    partition_names,
};
pub use read::{Misfit, TableReader, open_table};
pub use sink::{TableFile, TableSink, begin_table};
