use std::sync::Arc;

use crate::limits::Budget;
use crate::{Node, Position, Problem, Problems, json, yaml};

/// A document that was read: its root value and the names of the files it came from.
#[derive(Clone, Debug)]
pub struct Document {
    root: Node,
    files: Vec<Arc<str>>,
}

impl Document {
    pub(crate) fn new(root: Node, files: Vec<Arc<str>>) -> Self {
        Self { root, files }
    }

    /// The outermost value; null if the document is empty.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The outermost value, by itself.
    #[must_use]
    pub fn into_root(self) -> Node {
        self.root
    }

    /// The names of the files that were read: the document first, then what it includes, in the
    /// order read.
    #[must_use]
    pub fn files(&self) -> &[Arc<str>] {
        &self.files
    }
}

/// Reads a document from text; `name` stands in messages where a file's name would.
///
/// A `name` that ends in `.json` must be JSON. Other text is YAML, or JSON if it is JSON: the two
/// give the same values where both apply. The key `include` has no meaning here, as the text lies
/// in no folder; [`load`](crate::load) resolves it.
///
/// # Errors
/// All problems found, up to the first that leaves no way to go on reading.
pub fn parse(text: &str, name: &str) -> Result<Document, Problems> {
    let file: Arc<str> = Arc::from(name);
    let mut budget = Budget::new();
    let position = Position::new(file.clone(), 1, 1);
    let bytes = text.len() as u64;
    let counted = budget.text(bytes);
    counted.map_err(|message| Problem::at(&position, "", message))?;
    let root = read(text, &file, &mut budget)?;
    Ok(Document::new(root, vec![file]))
}

pub(crate) fn read(text: &str, file: &Arc<str>, budget: &mut Budget) -> Result<Node, Problems> {
    // A YAML parser takes a NUL for the end of the text, so what stands behind it would be lost.
    if let Some(offset) = text.find('\0') {
        let position = Position::behind(&text[..offset], file.clone());
        return Err(Problem::at(&position, "", "not a text: a NUL character").into());
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if file.to_ascii_lowercase().ends_with(".json") {
        return json::read(text, file, budget).map_err(Problems::from);
    }
    if text.trim_start().starts_with(['{', '[']) {
        let mut attempt = budget.clone();
        match json::read(text, file, &mut attempt) {
            Ok(root) => {
                *budget = attempt;
                return Ok(root);
            }
            Err(json::Refused::NotAllowed(problems)) => return Err(problems),
            Err(json::Refused::NotJson(_)) => {}
        }
    }
    yaml::read(text, file, budget)
}
