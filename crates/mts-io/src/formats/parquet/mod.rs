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

use crate::IoError;
use crate::error::unwrapped;

pub(super) const NAME: &str = "parquet";
pub(super) const EXTENSION: &str = "parquet";

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
