//! Which files of a task hold its data.

use mts_io::{Format, TableFormat};

/// The format of one file with all tables.
pub(crate) const SQLITE: &str = "sqlite";

/// Whether a file whose sidecar calls its format so holds data, rather than truth or checkpoints.
pub(crate) fn is_data(format: &str) -> bool {
    format.parse::<Format>().is_ok() || format.parse::<TableFormat>().is_ok() || format == SQLITE
}
