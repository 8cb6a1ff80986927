//! Comma-separated values: the long form as text.

mod read;
mod write;

pub(super) use read::open;
pub(super) use write::create;

pub(super) const NAME: &str = "csv";
pub(super) const EXTENSION: &str = "csv";

const HEADER: &str = "time,channel,realization,value,config_id";
