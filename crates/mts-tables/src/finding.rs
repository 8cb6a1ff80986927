//! What is wrong with a specification.

use std::fmt::{self, Display};

/// One thing wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The path of the value in the document: `tables.lines.columns[3].min`.
    pub path: String,
    /// What is wrong: what was found, what is allowed.
    pub message: String,
    /// What would help.
    pub hint: Option<String>,
}

impl Finding {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Finding { path: path.into(), message: message.into(), hint: None }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, "\n  hint: {hint}"))
    }
}

/// The name among `known` that somebody who wrote `found` may have meant.
pub(crate) fn nearest<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.map(|name| (strsim::jaro_winkler(found, name), name)).filter(|(near, _)| *near > 0.75);
    near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}
