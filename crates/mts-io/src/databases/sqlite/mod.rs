//! SQLite: one file for all tables of a dataset.

mod affinity;
mod bind;
mod check;
mod ddl;
mod read;
mod sink;

use std::io;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

pub use check::check_sqlite;
pub use read::{SqliteRows, read_sqlite};
pub use sink::SqliteSink;

use super::relations::quoted;
use crate::remote::is_remote;
use crate::{IoError, IoErrorKind};

/// What SQLite says, in our words where we have some.
fn failed(error: rusqlite::Error) -> IoError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => IoErrorKind::Full.into(),
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            IoErrorKind::Denied(io::Error::other(error)).into()
        }
        Some(ErrorCode::NotADatabase) => IoError::damaged("this is no SQLite database"),
        Some(ErrorCode::DatabaseCorrupt) => IoError::damaged(format!("the database is damaged: {error}")),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            IoErrorKind::Busy("the database".to_owned()).into()
        }
        _ => IoErrorKind::System(io::Error::other(error)).into(),
    }
}

/// Opens a database that is there, to be read. What its schema says is not believed.
fn open(path: &Path) -> Result<Connection, IoError> {
    if is_remote(path) {
        return Err(IoError::refused(NOT_REMOTE).at(path));
    }
    let found = std::fs::metadata(path).map_err(|error| IoError::from(error).at(path))?;
    if found.is_dir() {
        return Err(IoError::from(IoErrorKind::IsFolder).at(path));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
        Ok(connection)
    });
    opened.map_err(|error| failed(error).at(path))
}

/// Why a path on an object store is refused.
const NOT_REMOTE: &str = "a database is written and read in place, which no object store lets: use another format, or \
     a disk and copy it";

/// The values of some columns as one text.
fn shown(columns: &[&str]) -> String {
    let quoted: Vec<String> = columns.iter().map(|name| format!("quote({})", quoted(name))).collect();
    quoted.join(" || ', ' || ")
}
