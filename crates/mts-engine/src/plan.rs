//! All tasks of a document, checked.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use mts_config::kind::DocumentKind;
use mts_config::{Problem, Problems};
use mts_hash::Int;

use crate::unit::Unit;
use crate::{Shard, Task};

/// All tasks of a document, in its order. Nothing in it can be refused any more, except by the
/// machine that runs it.
pub struct Plan {
    kind: DocumentKind,
    /// Of all shards.
    tasks: Vec<Box<dyn Task>>,
    /// Of all shards too.
    units: Vec<Unit>,
    /// The units of this shard.
    own: Vec<usize>,
    /// Its tasks, in the order of the document.
    own_tasks: Vec<usize>,
    entropy: Int,
    drawn: bool,
    run: Run,
}

/// How a document is to be run, beside its tasks.
pub(crate) struct Run {
    /// As asked for.
    pub(crate) formats: Option<Vec<&'static str>>,
    pub(crate) shard: Option<Shard>,
    /// Bytes that it may take.
    pub(crate) memory: Option<u64>,
}

impl Plan {
    /// Refuses tasks that would write to one path.
    pub(crate) fn new(
        kind: DocumentKind,
        tasks: Vec<Box<dyn Task>>,
        entropy: Int,
        drawn: bool,
        run: Run,
    ) -> Result<Self, Problems> {
        refuse_collisions(&tasks)?;
        let units = Unit::of(&tasks);
        let own: Vec<usize> = match run.shard {
            Some(shard) => shard.of(&units.iter().map(|unit| unit.cost(&tasks)).collect::<Vec<_>>()),
            None => (0..units.len()).collect(),
        };
        let mut own_tasks: Vec<usize> = own.iter().flat_map(|unit| &units[*unit].tasks).copied().collect();
        own_tasks.sort_unstable();
        Ok(Plan { kind, tasks, units, own, own_tasks, entropy, drawn, run })
    }

    /// The part of the document that is planned, where it is not all of it.
    pub fn shard(&self) -> Option<Shard> {
        self.run.shard
    }

    /// Bytes of memory that the run may take, where the document or the request says so.
    pub fn memory(&self) -> Option<u64> {
        self.run.memory
    }

    /// The formats that were asked for by the request or the document, if any were.
    pub fn formats(&self) -> Option<&[&'static str]> {
        self.run.formats.as_deref()
    }

    /// The kind of the document.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The tasks in the order of the document: those of the shard, where there is one.
    pub fn tasks(&self) -> impl ExactSizeIterator<Item = &dyn Task> {
        self.own_tasks.iter().map(|index| self.tasks[*index].as_ref())
    }

    /// The task at `index`, counted from 0.
    ///
    /// # Panics
    ///
    /// Where there are not so many tasks.
    pub fn task(&self, index: usize) -> &dyn Task {
        self.tasks[self.own_tasks[index]].as_ref()
    }

    /// The units of all shards.
    pub(crate) fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The units of this shard, by their place among all.
    pub(crate) fn own(&self) -> &[usize] {
        &self.own
    }

    /// The tasks of a unit.
    pub(crate) fn tasks_of(&self, unit: usize) -> Vec<&dyn Task> {
        self.units[unit].tasks.iter().map(|task| self.tasks[*task].as_ref()).collect()
    }

    /// The number of tasks.
    pub fn len(&self) -> usize {
        self.own_tasks.len()
    }

    /// True without tasks.
    pub fn is_empty(&self) -> bool {
        self.own_tasks.is_empty()
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
        self.tasks().map(|task| task.values()).fold(0, u64::saturating_add)
    }

    /// Time of one core that all tasks take, roughly.
    pub fn cost(&self) -> Duration {
        let nanoseconds: f64 = self.tasks().map(|task| task.cost()).sum();
        Duration::try_from_secs_f64(nanoseconds / 1e9).unwrap_or(Duration::MAX)
    }

    /// The folders that it writes below.
    pub fn outdirs(&self) -> Vec<PathBuf> {
        let writing = self.tasks().filter(|task| task.is_saved());
        let mut outdirs: Vec<PathBuf> = writing.map(|task| task.outdir().to_owned()).collect();
        outdirs.sort_unstable();
        outdirs.dedup();
        outdirs
    }

    /// Bytes that all files take, roughly.
    pub fn disk(&self) -> u64 {
        self.tasks().map(|task| task.disk()).fold(0, u64::saturating_add)
    }
}

/// Tasks that write to one path have one member, so that few paths are compared.
fn refuse_collisions(tasks: &[Box<dyn Task>]) -> Result<(), Problems> {
    let mut order: Vec<usize> = (0..tasks.len()).filter(|at| tasks[*at].is_saved()).collect();
    order.sort_by_key(|at| tasks[*at].member());
    let mut collisions: Vec<(usize, usize)> = Vec::new();
    for alike in order.chunk_by(|a, b| tasks[*a].member() == tasks[*b].member()).filter(|a| a.len() > 1) {
        let mut owners: BTreeMap<PathBuf, usize> = BTreeMap::new();
        for at in alike {
            let first = owners.insert(plain(&tasks[*at].sidecar()), *at);
            collisions.extend(first.map(|first| (*at, first)));
        }
    }
    collisions.sort_unstable();
    let mut problems = Problems::new();
    for (task, first) in collisions.into_iter().map(|(at, first)| (&tasks[at], &tasks[first])) {
        let message =
            format!("writes to {}, and so does the record at {}", task.path().display(), first.position());
        let hint = if task.overridden_outdir() == first.overridden_outdir() {
            "change a parameter, or write the seeds of one record as an axis: `seed: [1, 2]`"
        } else {
            "--outdir goes before the `outdir` of a record: leave it out, or change a parameter"
        };
        problems.push(Problem::at(task.position(), "", message).with_hint(hint));
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
