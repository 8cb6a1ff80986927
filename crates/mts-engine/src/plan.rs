//! All tasks of a document, checked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mts_config::kind::DocumentKind;
use mts_config::{Problem, Problems};
use mts_hash::Int;

use crate::{Task, resources};

/// All tasks of a document, in its order. Nothing in it can be refused any more, except by the
/// machine that runs it.
pub struct Plan {
    kind: DocumentKind,
    tasks: Vec<Box<dyn Task>>,
    entropy: Int,
    drawn: bool,
}

impl Plan {
    /// Refuses tasks that would write to one path.
    pub(crate) fn new(
        kind: DocumentKind,
        tasks: Vec<Box<dyn Task>>,
        entropy: Int,
        drawn: bool,
    ) -> Result<Self, Problems> {
        refuse_collisions(&tasks)?;
        Ok(Plan { kind, tasks, entropy, drawn })
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

    /// True where neither the document nor the request gave a seed.
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

    /// Bytes of memory that `jobs` of the hungriest tasks take together.
    pub fn memory(&self, jobs: usize) -> u64 {
        let mut needs: Vec<u64> = self.tasks.iter().map(|task| task.memory()).collect();
        needs.sort_unstable_by(|a, b| b.cmp(a));
        needs.into_iter().take(jobs).fold(0, u64::saturating_add)
    }

    /// What this machine cannot provide: memory for `jobs` tasks at once, and room on the disk.
    pub fn check_machine(&self, jobs: usize) -> Problems {
        let mut problems = Problems::new();
        let available = resources::memory();
        for task in &self.tasks {
            let need = task.memory();
            if available.is_some_and(|available| need > available) {
                let message = format!(
                    "{}: needs {} of memory, {} are available",
                    task.name(),
                    resources::size(need),
                    resources::size(available.unwrap_or_default())
                );
                problems.push(
                    Problem::at(task.position(), "", message).with_hint("fewer channels or realizations"),
                );
            }
        }
        if let (true, Some(available)) = (problems.is_empty(), available)
            && self.memory(jobs) > available
        {
            let message = format!(
                "{jobs} jobs need {} of memory, {} are available",
                resources::size(self.memory(jobs)),
                resources::size(available)
            );
            problems.push(Problem::general(message).with_hint("fewer --jobs"));
        }
        problems.append(self.check_disk());
        problems
    }

    fn check_disk(&self) -> Problems {
        let mut needs: BTreeMap<PathBuf, u64> = BTreeMap::new();
        for task in &self.tasks {
            let need = needs.entry(task.outdir().to_owned()).or_default();
            *need = need.saturating_add(task.disk());
        }
        let mut problems = Problems::new();
        for (outdir, need) in needs {
            if let Some(free) = resources::disk(&outdir)
                && need > free
            {
                let message = format!(
                    "{}: about {} are needed ({} values), {} are free",
                    outdir.display(),
                    resources::size(need),
                    self.values(),
                    resources::size(free)
                );
                problems
                    .push(Problem::general(message).with_hint("--outdir on another disk, or fewer values"));
            }
        }
        problems
    }
}

fn refuse_collisions(tasks: &[Box<dyn Task>]) -> Result<(), Problems> {
    let mut owners: BTreeMap<PathBuf, &dyn Task> = BTreeMap::new();
    let mut problems = Problems::new();
    for task in tasks.iter().filter(|task| !task.formats().is_empty()) {
        if let Some(first) = owners.insert(task.sidecar(), task.as_ref()) {
            let message = format!(
                "writes to {}, and so does the record at {}",
                task.path().display(),
                first.position()
            );
            let hint = "change a parameter, write the seeds of one record as an axis (`seed: [1, 2]`), or give one \
                        record its own `outdir`";
            problems.push(Problem::at(task.position(), "", message).with_hint(hint));
        }
    }
    problems.into_result(())
}
