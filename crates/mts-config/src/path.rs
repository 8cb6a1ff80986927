//! Paths of values for messages, such as `configs[2].noise.sigma`.

use std::fmt;

use crate::describe::abbreviate;

/// The path of the value under `key` in the mapping at `path`.
#[must_use]
pub fn child(path: &str, key: &str) -> String {
    let root = Trail::root(path);
    root.child(key).to_string()
}

/// The path of element `index` of the list at `path`.
#[must_use]
pub fn item(path: &str, index: usize) -> String {
    let root = Trail::root(path);
    root.item(index).to_string()
}

/// A path that is written out only when a problem needs it: checks walk millions of values.
#[derive(Clone, Copy)]
pub(crate) struct Trail<'a> {
    parent: Option<&'a Trail<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root(&'a str),
    Key(&'a str),
    Index(usize),
}

impl<'a> Trail<'a> {
    pub(crate) fn root(path: &'a str) -> Self {
        let step = Step::Root(path);
        Self { parent: None, step }
    }

    pub(crate) fn child(&'a self, key: &'a str) -> Self {
        let step = Step::Key(key);
        Self { parent: Some(self), step }
    }

    pub(crate) fn item(&'a self, index: usize) -> Self {
        let step = Step::Index(index);
        Self { parent: Some(self), step }
    }

    /// Whether it leads to an element of a list.
    pub(crate) fn is_item(&self) -> bool {
        matches!(self.step, Step::Index(_))
    }

    fn is_empty(&self) -> bool {
        matches!(self.step, Step::Root(""))
    }
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root(path) => f.write_str(path),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Key(key) if is_plain(key) => {
                let dot = if self.parent.is_some_and(Trail::is_empty) { "" } else { "." };
                write!(f, "{dot}{key}")
            }
            Step::Key(key) => write!(f, "[{:?}]", abbreviate(key)),
        }
    }
}

fn is_plain(key: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    !key.is_empty() && key.len() <= 64 && key.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_steps() {
        assert_eq!(child("", "configs"), "configs");
        assert_eq!(child(&item("configs", 2), "dt"), "configs[2].dt");
        assert_eq!(item("", 0), "[0]");
        assert_eq!(child("a", "b c"), "a[\"b c\"]");
        assert_eq!(child("", ""), "[\"\"]");
        assert!(child("", &"x".repeat(100_000)).len() < 100);
    }
}
