use std::fmt;

use crate::Position;
use crate::describe::visible;

/// How many problems a [`Problems`] keeps; the rest is counted.
pub const MAX_PROBLEMS: usize = 100;

/// One thing that is wrong with a document, told so that it can be repaired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands, if it stands in a file.
    pub position: Option<Position>,
    /// Which value it is about, such as `configs[2].dt`; empty for the document as a whole.
    pub path: String,
    /// What was found and what is allowed, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem at `position` with the value at `path`.
    #[must_use]
    pub fn at(position: &Position, path: impl Into<String>, message: impl Into<String>) -> Self {
        let (path, message) = (visible(path.into()), visible(message.into()));
        Self { position: Some(position.clone()), path, message, hint: None }
    }

    /// A problem that stands at no place in a document, such as a missing file.
    #[must_use]
    pub fn general(message: impl Into<String>) -> Self {
        Self { position: None, path: String::new(), message: visible(message.into()), hint: None }
    }

    /// The same problem with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(visible(hint.into()));
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = &self.position {
            write!(f, "{position}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// All problems found so far, in the order found: the first [`MAX_PROBLEMS`] and a count of the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    kept: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// No problems.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        if self.kept.len() < MAX_PROBLEMS {
            self.kept.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Adds all of `others`, those only counted included.
    pub fn append(&mut self, others: Problems) {
        self.extend(others.kept);
        self.more += others.more;
    }

    /// How many were found, kept or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len() + self.more
    }

    /// Whether none was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many were found beyond those kept.
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    /// Those kept.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.kept.iter()
    }

    /// `value` if there is no problem.
    ///
    /// # Errors
    /// These problems, if there is one.
    pub fn into_result<T>(self, value: T) -> Result<T, Problems> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl Extend<Problem> for Problems {
    fn extend<I: IntoIterator<Item = Problem>>(&mut self, problems: I) {
        for problem in problems {
            self.push(problem);
        }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self { kept: vec![problem], more: 0 }
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.kept.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_place_path_message_and_hint() {
        let position = Position::new("a.yaml".into(), 3, 9);
        let problem = Problem::at(&position, "configs[2].dt", "must be > 0, found -0.1")
            .with_hint("time runs forwards");
        assert_eq!(
            problem.to_string(),
            "a.yaml:3:9: configs[2].dt: must be > 0, found -0.1\n  hint: time runs forwards"
        );
        assert_eq!(Problem::general("no such file").to_string(), "no such file");
    }

    #[test]
    fn keeps_a_hundred_and_counts_the_rest() {
        let mut problems = Problems::new();
        problems.extend((0..250).map(|index| Problem::general(index.to_string())));
        assert_eq!(problems.iter().count(), MAX_PROBLEMS);
        assert_eq!(problems.len(), 250);
        assert!(problems.to_string().ends_with("\n99\nand 150 more"));

        let mut all = Problems::from(Problem::general("first"));
        all.append(problems);
        assert_eq!(all.len(), 251);
        assert_eq!(all.more(), 151);
        assert!(Problems::new().into_result(1).is_ok());
    }
}
