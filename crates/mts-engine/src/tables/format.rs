//! How tables can be written.

use mts_io::TableFormat;

use crate::artefacts::SQLITE;

/// The format of tables on a server.
pub(super) const POSTGRES: &str = "postgres";

/// A format of tables: a file for each, or one for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Files(TableFormat),
    Sqlite,
    Postgres,
}

/// The names of all formats of tables, with what they are.
pub const FORMATS: [(&str, &str); 7] = [
    ("csv", "Comma-separated values; missing ones are empty, empty text is \"\"."),
    ("json", "One JSON array, with an object per row and line."),
    ("ndjson", "JSON, one object per row and line."),
    ("parquet", "Apache Parquet; folders of partitions where the schema asks for them."),
    ("arrow", "Arrow IPC: record batches, uncompressed."),
    (SQLITE, "One SQLite database of all tables, with keys, checks and indexes."),
    (POSTGRES, "Tables on a PostgreSQL server, in one transaction: --url says where."),
];

impl Output {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            SQLITE => Some(Output::Sqlite),
            POSTGRES => Some(Output::Postgres),
            _ => name.parse().ok().map(Output::Files),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Output::Files(format) => format.name(),
            Output::Sqlite => SQLITE,
            Output::Postgres => POSTGRES,
        }
    }

    /// Whether it leaves nothing in the folder.
    pub(super) fn is_server(self) -> bool {
        self == Output::Postgres
    }
}
