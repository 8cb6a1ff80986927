use std::fmt;
use std::sync::Arc;

/// Where something stands in a document; the first character of a file is line 1, column 1.
///
/// Columns count characters, not bytes, as editors do. A byte-order mark does not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Name of the file for people, as the caller gave it.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The position `file:line:column`.
    #[must_use]
    pub fn new(file: Arc<str>, line: u32, column: u32) -> Self {
        Self { file, line, column }
    }

    /// The position behind `before`, the beginning of a file.
    pub(crate) fn behind(before: &str, file: Arc<str>) -> Self {
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        let last = before.rsplit('\n').next().unwrap_or_default();
        let whole = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Self::new(file, whole(before.matches('\n').count() + 1), whole(last.chars().count() + 1))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
