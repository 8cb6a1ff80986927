//! The file formats of tables.

use std::fmt;
use std::str::FromStr;

/// A file format of relational tables.
///
/// ```
/// use mts_io::TableFormat;
///
/// assert_eq!("ndjson".parse(), Ok(TableFormat::Ndjson));
/// assert_eq!(TableFormat::Parquet.extension(), "parquet");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableFormat {
    /// Comma-separated values.
    Csv,
    /// One JSON array, with an object per row.
    Json,
    /// A JSON object per row and line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC: record batches as they are in memory.
    Arrow,
}

impl TableFormat {
    /// All formats.
    pub const ALL: [TableFormat; 5] =
        [TableFormat::Csv, TableFormat::Json, TableFormat::Ndjson, TableFormat::Parquet, TableFormat::Arrow];

    /// The names of all formats, as documents have them.
    pub const NAMES: [&'static str; 5] = ["csv", "json", "ndjson", "parquet", "arrow"];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The extension of its files, without the dot.
    pub fn extension(self) -> &'static str {
        self.name()
    }

    /// In one line.
    pub fn summary(self) -> &'static str {
        match self {
            TableFormat::Csv => "Comma-separated values; missing ones are empty, empty text is \"\".",
            TableFormat::Json => "One JSON array, with an object per row and line.",
            TableFormat::Ndjson => "JSON, one object per row and line.",
            TableFormat::Parquet => "Apache Parquet, a row group per batch.",
            TableFormat::Arrow => "Arrow IPC: record batches, uncompressed.",
        }
    }

    /// Whether a table may be many files, in folders that say what some columns hold: see
    /// [`Partitions`](crate::Partitions).
    pub fn partitions(self) -> bool {
        matches!(self, TableFormat::Csv | TableFormat::Ndjson | TableFormat::Parquet)
    }
}

impl fmt::Display for TableFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TableFormat {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or(())
    }
}
