//! Running a plan.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mts_config::Problems;
use mts_core::SourceError;
use mts_hash::Map;
use mts_io::{Artefact, Committed, IoErrorKind, Pending, Store};

use crate::budget::Budget;
use crate::manifest::{Line, Manifests};
use crate::pipe::Interrupted;
use crate::survey::{Found, survey, survey_all};
use crate::{Observer, Plan, Statistics, Task, Written, jobs, machine, resources};

/// How to run a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether other data under the same name are replaced.
    pub overwrite: bool,
    /// Whether what is there is read and checked against its checksums, what is damaged made again, and
    /// what earlier runs left half done cleared away.
    pub resume: bool,
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// Its files were written.
    Written,
    /// Its files were there already.
    Present,
    /// It was generated without saving.
    Summarised(Statistics),
    /// It could not be finished.
    Failed(String),
    /// The run was interrupted before it was finished.
    Interrupted,
}

/// What became of a task, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The task.
    pub name: String,
    /// What became of it.
    pub status: Status,
    /// Its files, the sidecar last; empty where none was written.
    pub files: Vec<PathBuf>,
    /// Their size together.
    pub bytes: u64,
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Of each task, in the order of the plan.
    pub outcomes: Vec<Outcome>,
    /// What else went wrong: records of the run that could not be written.
    pub failures: Vec<String>,
}

/// How often a task looks whether another run has left its files.
const PATIENCE: Duration = Duration::from_millis(50);

/// Why [`generate`] would refuse `plan` now: other data under a task's name, or more memory or disk than
/// there is. Nothing is touched.
pub fn objections(plan: &Plan, options: &Options) -> Problems {
    let (found, mut problems) = survey_all(plan, options);
    problems.append(machine::resources(&work(plan, &found)));
    problems
}

fn work<'a>(plan: &'a Plan, found: &[Found]) -> Vec<&'a dyn Task> {
    plan.tasks().zip(found).filter(|(_, found)| found.is_work()).map(|(task, _)| task).collect()
}

/// Runs all tasks of `plan` on the threads of the current pool: see [`with_jobs`](crate::with_jobs). A task
/// that fails does not stop the others.
///
/// # Errors
///
/// What is refused before anything is written: other data under a task's name, and what the machine
/// cannot provide.
pub fn generate(plan: &Plan, options: &Options, observer: &dyn Observer) -> Result<Run, Problems> {
    let (found, mut problems) = survey_all(plan, options);
    let unfinished = work(plan, &found);
    problems.append(machine::check(&unfinished));
    problems.into_result(())?;
    let running = Running::new(plan, options, observer);
    if options.resume {
        running.clear_stale();
    }
    observer.begin(plan.len(), plan.values());
    let mut outcomes = jobs::run(plan.len(), |index| running.first(index, &found[index]));
    // Other runs may be waiting for files of this one.
    running.publish();
    let waiting: Vec<usize> = (0..outcomes.len()).filter(|index| outcomes[*index].is_none()).collect();
    let late = jobs::run(waiting.len(), |at| running.wait(waiting[at]));
    for (index, outcome) in waiting.into_iter().zip(late) {
        outcomes[index] = Some(outcome);
    }
    running.publish();
    observer.end();
    Ok(running.finish(outcomes.into_iter().flatten().collect()))
}

type Published = Result<Vec<PathBuf>, String>;

/// A run under way. Watches its tasks for the caller's observer.
struct Running<'a> {
    plan: &'a Plan,
    options: &'a Options,
    observer: &'a dyn Observer,
    store: Store<usize>,
    budget: Budget,
    manifests: Manifests,
    /// Of tasks whose files are on their way to their names.
    made: Mutex<BTreeMap<usize, Made>>,
    /// Of tasks by index: their files, or why they are not there.
    visible: Mutex<Vec<(usize, Published)>>,
    failures: Mutex<Vec<String>>,
}

/// What was made of a task.
struct Made {
    bytes: u64,
    seconds: f64,
    /// What its files replace.
    replaced: Vec<PathBuf>,
}

impl<'a> Running<'a> {
    fn new(plan: &'a Plan, options: &'a Options, observer: &'a dyn Observer) -> Self {
        let outdirs = plan.outdirs();
        Running {
            plan,
            options,
            observer,
            store: Store::new(),
            budget: Budget::new(plan.memory().or_else(resources::memory).unwrap_or(u64::MAX)),
            manifests: Manifests::read(outdirs.iter().map(PathBuf::as_path), plan.shard()),
            made: Mutex::default(),
            visible: Mutex::default(),
            failures: Mutex::default(),
        }
    }

    /// What writers that died left beside the files of the plan.
    fn clear_stale(&self) {
        let mut folders: Vec<PathBuf> =
            self.plan.tasks().map(Task::path).chain(self.plan.outdirs()).collect();
        folders.sort_unstable();
        folders.dedup();
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            // What cannot go does no harm, and whoever writes there next says so.
            let _ = self.store.remove_stale(folder);
        }
    }

    /// The outcome of a task; none where another run is at work on it.
    fn first(&self, index: usize, found: &Found) -> Option<Outcome> {
        let task = self.plan.task(index);
        if self.observer.is_interrupted() {
            return Some(outcome(task, Status::Interrupted, 0));
        }
        let done = match found {
            Found::Everything(artefacts) if !self.options.resume || task.is_intact() => {
                Some(self.present(task, artefacts))
            }
            _ if task.formats().is_empty() => Some(self.summarise(task)),
            _ => self.attempt(index),
        };
        if done.is_some() {
            self.observer.task_done(task.name());
        }
        done
    }

    fn summarise(&self, task: &dyn Task) -> Outcome {
        let Some(_share) = self.budget.take(task.memory(), self.observer) else {
            return outcome(task, Status::Interrupted, 0);
        };
        match task.summarise(self) {
            Ok(statistics) => outcome(task, Status::Summarised(statistics), 0),
            Err(error) => outcome(task, failure(&error), 0),
        }
    }

    /// Waits until the files of a task can be had, or are there.
    fn wait(&self, index: usize) -> Outcome {
        let task = self.plan.task(index);
        self.observer.waits(task.name());
        loop {
            if self.observer.is_interrupted() {
                return outcome(task, Status::Interrupted, 0);
            }
            if let Some(outcome) = self.attempt(index) {
                self.observer.task_done(task.name());
                self.publish();
                return outcome;
            }
            std::thread::sleep(PATIENCE);
        }
    }

    /// Makes the files of a task, unless another run is at work on them. The sidecar is begun first: whoever
    /// has it has the dataset.
    fn attempt(&self, index: usize) -> Option<Outcome> {
        let task = self.plan.task(index);
        let Some(_share) = self.budget.take(task.memory(), self.observer) else {
            return Some(outcome(task, Status::Interrupted, 0));
        };
        let claim = match self.store.create(&task.sidecar()) {
            Err(error) if matches!(error.kind(), IoErrorKind::Busy(_)) => return None,
            Err(error) => return Some(outcome(task, Status::Failed(error.to_string()), 0)),
            Ok(claim) => claim,
        };
        let begun = Instant::now();
        // Another run may have been here since everything was looked at.
        let (written, replaced) = match survey(task, self.options) {
            Found::Everything(artefacts) if !self.options.resume || task.is_intact() => {
                return Some(self.present(task, &artefacts));
            }
            Found::Other(problem) => return Some(outcome(task, Status::Failed(problem.message), 0)),
            Found::Lacking(formats, sidecar) if !self.options.resume => {
                (task.write(&formats, Some(&sidecar), claim, &self.store, self), Vec::new())
            }
            Found::Replaced(files) => (self.write(task, claim), files),
            _ => (self.write(task, claim), Vec::new()),
        };
        Some(match written {
            Ok(Written { files, bytes }) => {
                let made = Made { bytes, seconds: begun.elapsed().as_secs_f64(), replaced };
                lock(&self.made).insert(index, made);
                self.collect(self.store.commit(index, files));
                outcome(task, Status::Written, bytes)
            }
            Err(error) => outcome(task, failure(&error), 0),
        })
    }

    fn write(&self, task: &dyn Task, claim: Pending) -> Result<Written, SourceError> {
        task.write(task.formats(), None, claim, &self.store, self)
    }

    fn present(&self, task: &dyn Task, artefacts: &[Artefact]) -> Outcome {
        let bytes = artefacts.iter().map(|artefact| artefact.digest.bytes).sum();
        self.observer.advance(task.values());
        self.record(task, bytes, None);
        outcome(task, Status::Present, bytes)
    }

    fn record(&self, task: &dyn Task, bytes: u64, seconds: Option<f64>) {
        let line = Line { path: task.folder(), data_id: task.data_id(), bytes, seconds };
        if let Err(error) = self.manifests.record(task.outdir(), &line) {
            self.manifest_failed(&error);
        }
    }

    fn manifest_failed(&self, error: &io::Error) {
        let failure = format!("the manifest of the run: {error}");
        let mut failures = lock(&self.failures);
        if !failures.contains(&failure) {
            failures.push(failure);
        }
    }

    fn publish(&self) {
        self.collect(self.store.flush());
    }

    fn collect(&self, committed: Vec<Committed<usize>>) {
        for Committed { tag: index, outcome } in committed {
            let made = lock(&self.made).remove(&index);
            if let (Ok(files), Some(made)) = (&outcome, made) {
                remove_replaced(&made.replaced, files);
                self.record(self.plan.task(index), made.bytes, Some(made.seconds));
            }
            lock(&self.visible).push((index, outcome.map_err(|error| error.to_string())));
        }
    }

    fn finish(self, mut outcomes: Vec<Outcome>) -> Run {
        for (index, published) in self.visible.into_inner().unwrap_or_else(PoisonError::into_inner) {
            match published {
                Ok(files) => outcomes[index].files = files,
                Err(error) => outcomes[index].status = Status::Failed(error),
            }
        }
        let mut failures = self.failures.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = self.manifests.sync() {
            failures.push(format!("the manifest of the run: {error}"));
        }
        Run { outcomes, failures }
    }
}

/// What is complete becomes visible while a long task goes on.
impl Observer for Running<'_> {
    fn advance(&self, values: u64) {
        self.observer.advance(values);
        self.collect(self.store.flush_due());
    }

    fn is_interrupted(&self) -> bool {
        self.observer.is_interrupted()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn outcome(task: &dyn Task, status: Status, bytes: u64) -> Outcome {
    Outcome { name: task.name().to_owned(), status, files: Vec::new(), bytes }
}

fn failure(error: &SourceError) -> Status {
    if error.is::<Interrupted>() { Status::Interrupted } else { Status::Failed(error.to_string()) }
}

/// What was replaced by other data goes where nothing new has its name: beside the new sidecar it
/// would look like part of the new data.
fn remove_replaced(replaced: &[PathBuf], written: &[PathBuf]) {
    for file in replaced.iter().filter(|file| !written.contains(file)) {
        // One that is gone already, or cannot go, is no part of the new data: verify says so.
        let _ = mts_io::remove(file);
    }
}

impl Status {
    /// One word for tables and programs.
    pub fn word(&self) -> &'static str {
        match self {
            Status::Written => "written",
            Status::Present => "present",
            Status::Summarised(_) => "summarised",
            Status::Failed(_) => "failed",
            Status::Interrupted => "interrupted",
        }
    }
}

impl Statistics {
    /// As JSON.
    pub fn to_map(&self) -> Map {
        [("mean", self.mean), ("std", self.std), ("min", self.min), ("max", self.max)].into_iter().collect()
    }
}
