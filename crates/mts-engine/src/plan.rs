//! All tasks of a document, checked.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use mts_config::kind::DocumentKind;
use mts_config::{Problem, Problems};
use mts_hash::Int;
use mts_io::Format;

use crate::Task;

/// All tasks of a document, in its order. Nothing in it can be refused any more, except by the
/// machine that runs it.
pub struct Plan {
    kind: DocumentKind,
    tasks: Vec<Box<dyn Task>>,
    entropy: Int,
    drawn: bool,
    formats: Option<Vec<Format>>,
}

impl Plan {
    /// Refuses tasks that would write to one path.
    pub(crate) fn new(
        kind: DocumentKind,
        tasks: Vec<Box<dyn Task>>,
        entropy: Int,
        drawn: bool,
        formats: Option<Vec<Format>>,
    ) -> Result<Self, Problems> {
        refuse_collisions(&tasks)?;
        Ok(Plan { kind, tasks, entropy, drawn, formats })
    }

    /// The formats that were asked for by the request or the document, if any were.
    pub fn formats(&self) -> Option<&[Format]> {
        self.formats.as_deref()
    }

    /// The kind of the document.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The tasks in the order of the document.
    pub fn tasks(&self) -> impl ExactSizeIterator<Item = &dyn Task> {
        self.tasks.iter().map(AsRef::as_ref)
    }

    /// The task at `index`, counted from 0.
    ///
    /// # Panics
    ///
    /// Where there are not so many tasks.
    pub fn task(&self, index: usize) -> &dyn Task {
        self.tasks[index].as_ref()
    }

    /// The number of tasks.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// True without tasks.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The root seed.
    pub fn entropy(&self) -> &Int {
        &self.entropy
    }

    /// True where neither the document nor the request gave a seed, and a task needed one.
    pub fn entropy_was_drawn(&self) -> bool {
        self.drawn
    }

    /// The number of values of all tasks.
    pub fn values(&self) -> u64 {
        self.tasks.iter().map(|task| task.values()).fold(0, u64::saturating_add)
    }

    /// Bytes that all files take, roughly.
    pub fn disk(&self) -> u64 {
        self.tasks.iter().map(|task| task.disk()).fold(0, u64::saturating_add)
    }
}

fn refuse_collisions(tasks: &[Box<dyn Task>]) -> Result<(), Problems> {
    let mut owners: BTreeMap<PathBuf, &dyn Task> = BTreeMap::new();
    let mut problems = Problems::new();
    for task in tasks.iter().filter(|task| !task.formats().is_empty()) {
        if let Some(first) = owners.insert(plain(&task.sidecar()), task.as_ref()) {
            let message = format!(
                "writes to {}, and so does the record at {}",
                task.path().display(),
                first.position()
            );
            let hint = "change a parameter, or write the seeds of one record as an axis: `seed: [1, 2]`";
            problems.push(Problem::at(task.position(), "", message).with_hint(hint));
        }
    }
    problems.into_result(())
}

/// One spelling for one path, without asking the file system.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}
