//! What a document describes.

use std::fmt;

use crate::describe::names;
use crate::{Node, Problem, nearest};

/// The kinds of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentKind {
    /// Records of models and parameters, expanded to datasets.
    Grid,
    /// A schema of relational tables.
    Tables,
    /// A stream of events.
    Stream,
    /// Stages that run any of the others.
    Run,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [DocumentKind; 4] = [Self::Grid, Self::Tables, Self::Stream, Self::Run];

    /// The name that the key `kind` gives it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Tables => "tables",
            Self::Stream => "stream",
            Self::Run => "run",
        }
    }

    /// The root keys that tell a document of this kind from others.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Grid => &["configs", "model"],
            Self::Tables => &["tables"],
            Self::Stream => &["arrivals", "source", "dataset"],
            Self::Run => &["run_id", "backend"],
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The kind of the document with this root: what its key `kind` says, or what its other keys tell.
///
/// `configs`, `model`, or a list of records make a grid; `tables` makes tables; `arrivals`, `source`,
/// or `dataset` where there are no `tables` make a stream; `run_id` or `backend` make a run.
///
/// # Errors
/// An unknown `kind`, and keys of no kind or of two.
pub fn kind(root: &Node) -> Result<DocumentKind, Problem> {
    if let Some(items) = root.as_list() {
        return match items.iter().enumerate().find(|(_, item)| item.as_map().is_none()) {
            None => Ok(DocumentKind::Grid),
            Some((index, item)) => {
                let message = format!("must be a mapping, found {}", item.describe());
                Err(Problem::at(&item.position, crate::path::item("", index), message))
            }
        };
    }
    let Some(entries) = root.as_map() else {
        let message = match root.is_null() {
            true => "the document is empty".to_owned(),
            false => format!("must be a mapping or a list of mappings, found {}", root.describe()),
        };
        return Err(Problem::at(&root.position, "", message));
    };
    if let Some(stated) = root.get("kind") {
        return explicit(stated);
    }
    let mut seen: Vec<(DocumentKind, &str)> = Vec::new();
    for kind in DocumentKind::ALL {
        let there = kind.keys().iter().filter(|key| root.entry(key).is_some());
        seen.extend(there.map(|key| (kind, *key)));
    }
    // Tables may belong to a dataset with a name.
    if root.entry("tables").is_some() {
        seen.retain(|(_, key)| *key != "dataset");
    }
    let mut kinds: Vec<DocumentKind> = seen.iter().map(|(kind, _)| *kind).collect();
    kinds.dedup();
    match kinds.as_slice() {
        [kind] => Ok(*kind),
        [] => {
            let keys = names(entries.iter().map(|entry| entry.key.as_str()));
            let keys = if keys.is_empty() { "none".to_owned() } else { keys };
            let message = format!("no key tells what kind of document this is; keys seen: {keys}");
            Err(Problem::at(&root.position, "", message).with_hint(
                "a grid has `configs` or `model`, tables have `tables`, a stream has `arrivals`, \
                 `source` or `dataset`, a run has `run_id` or `backend`; or say `kind: grid`",
            ))
        }
        _ => {
            let told: Vec<String> = seen.iter().map(|(kind, key)| format!("`{key}` ({kind})")).collect();
            let message = format!("keys of more than one kind of document: {}", told.join(", "));
            let hint = "split the document, or say which one it is with `kind:`";
            Err(Problem::at(&root.position, "", message).with_hint(hint))
        }
    }
}

fn explicit(stated: &Node) -> Result<DocumentKind, Problem> {
    let all = DocumentKind::ALL;
    let known = || all.iter().map(|kind| kind.name());
    let text = stated.as_str().unwrap_or_default();
    if let Some(kind) = all.into_iter().find(|kind| kind.name() == text) {
        return Ok(kind);
    }
    let message = format!("must be one of {}, found {}", names(known()), stated.describe());
    let problem = Problem::at(&stated.position, "kind", message);
    Err(match nearest(text, known()) {
        Some(meant) => problem.with_hint(format!("did you mean `{meant}`?")),
        None => problem,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn of(text: &str) -> Result<DocumentKind, String> {
        let document = parse(text, "t.yaml").expect("parses");
        kind(document.root()).map_err(|problem| problem.to_string())
    }

    #[test]
    fn tells_kinds() {
        for (text, expected) in [
            ("configs: []", DocumentKind::Grid),
            ("model: ou", DocumentKind::Grid),
            ("[{model: ou}]", DocumentKind::Grid),
            ("[]", DocumentKind::Grid),
            ("tables: {}", DocumentKind::Tables),
            ("{tables: {}, dataset: shop}", DocumentKind::Tables),
            ("dataset: clicks", DocumentKind::Stream),
            ("arrivals: {}", DocumentKind::Stream),
            ("source: x", DocumentKind::Stream),
            ("{run_id: a, backend: local}", DocumentKind::Run),
            ("{kind: run, configs: []}", DocumentKind::Run),
        ] {
            assert_eq!(of(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn names_keys_seen() {
        let two = of("{model: ou, tables: {}}").unwrap_err();
        assert!(two.contains("`model` (grid), `tables` (tables)"), "{two}");
        let none = of("{a: 1, b: 2}").unwrap_err();
        assert!(none.contains("keys seen: `a`, `b`"), "{none}");
        let slip = of("\nkind: gird").unwrap_err();
        assert!(slip.starts_with("t.yaml:2:7: kind: ") && slip.contains("`grid`?"), "{slip}");
        assert!(of("").unwrap_err().contains("empty"));
        assert!(of("hello").unwrap_err().contains("found \"hello\""));
        assert!(of("[{model: ou}, 3]").unwrap_err().starts_with("t.yaml:1:15: [1]: "));
        assert!(of("kind: 3").unwrap_err().contains("found 3"));
    }
}
