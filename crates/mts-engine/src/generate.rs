//! Running a plan.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mts_config::Problems;
use mts_core::{NonFinite, SourceError};
use mts_hash::{Map, Value, hash8};
use mts_io::{Artefact, Committed, IoErrorKind, PackWriter, Pending, Store};

use crate::artefacts::is_data;
use crate::budget::Budget;
use crate::manifest::{Line, Manifests};
use crate::pipe::Interrupted;
use crate::survey::{Found, is_intact, survey, survey_all};
use crate::{
    Observer, Plan, SeriesTask, Statistics, Task, Written, catalogue, jobs, machine, pack, rehomed, resources,
};

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

/// What became of a task, and how large.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What became of it.
    pub status: Status,
    /// The size of its files together; 0 where none was written.
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
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// Why [`generate`] would refuse `plan` now: other data under a task's name, or more memory or disk than
/// there is. Nothing is touched.
pub fn objections(plan: &Plan, options: &Options) -> Problems {
    let (there, mut problems) = survey_all(plan, options);
    problems.append(machine::resources(&work(plan, &there)));
    problems
}

/// The tasks of units that are not there.
fn work<'a>(plan: &'a Plan, there: &[Option<Vec<Artefact>>]) -> Vec<&'a dyn Task> {
    let units = plan.own().iter().zip(there).filter(|(_, there)| there.is_none());
    units.flat_map(|(unit, _)| plan.tasks_of(*unit)).collect()
}

/// Runs all tasks of `plan` on the threads of the current pool: see [`with_jobs`](crate::with_jobs). A task
/// that fails does not stop the others.
///
/// # Errors
///
/// What is refused before anything is written: other data under a task's name, and what the machine
/// cannot provide.
pub fn generate(plan: &Plan, options: &Options, observer: &dyn Observer) -> Result<Run, Problems> {
    let (there, mut problems) = survey_all(plan, options);
    problems.append(machine::check(&work(plan, &there)));
    problems.into_result(())?;
    let running = Running::new(plan, options, observer);
    if options.resume {
        running.clear_stale();
    }
    observer.begin(plan.len(), plan.values());
    let mut ended = jobs::run(there.len(), |at| running.first(plan.own()[at], there[at].as_deref()));
    drop(there);
    // Other runs may be waiting for files of this one.
    running.publish();
    let waiting: Vec<usize> = (0..ended.len()).filter(|at| ended[*at].is_none()).collect();
    let late = jobs::run(waiting.len(), |at| running.wait(plan.own()[waiting[at]]));
    for (at, late) in waiting.into_iter().zip(late) {
        ended[at] = Some(late);
    }
    running.publish();
    let run = running.finish(ended.into_iter().flatten().collect());
    observer.end();
    Ok(run)
}

/// A run under way. Watches its tasks for the caller's observer.
struct Running<'a> {
    plan: &'a Plan,
    options: &'a Options,
    observer: &'a dyn Observer,
    store: Store<usize>,
    budget: Budget,
    manifests: Manifests,
    /// Of units whose files are on their way to their names.
    made: Mutex<BTreeMap<usize, Made>>,
    /// Of units whose files did not get their names: why.
    lost: Mutex<BTreeMap<usize, String>>,
    failures: Mutex<Vec<String>>,
}

/// What was made of a unit.
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
            lost: Mutex::default(),
            failures: Mutex::default(),
        }
    }

    /// What writers that died left beside the files of the plan.
    fn clear_stale(&self) {
        let over = |task: &&dyn Task| task.is_begun() && task.sidecar().exists();
        self.plan.tasks().filter(over).for_each(|task| task.forget());
        let idle = self.plan.tasks().filter(|task| !task.is_begun());
        let places = idle.map(|task| match task.pack() {
            Some(pack) => pack.parent().map(Path::to_owned).unwrap_or_default(),
            None => task.path(),
        });
        let mut folders: Vec<PathBuf> = places.chain(self.plan.outdirs()).collect();
        folders.sort_unstable();
        folders.dedup();
        for folder in folders.iter().filter(|folder| !mts_io::is_remote(folder) && folder.is_dir()) {
            // What cannot go does no harm, and whoever writes there next says so.
            let _ = self.store.remove_stale(folder);
        }
    }

    /// How a unit ended, of which some files may be there; none where another run is at work on it.
    fn first(&self, unit: usize, there: Option<&[Artefact]>) -> Option<Ended> {
        let tasks = self.plan.tasks_of(unit);
        let ended = match there {
            _ if self.observer.is_interrupted() => Some(Ended::interrupted()),
            Some(artefacts) if self.is_trusted(unit) => {
                Some(self.present(unit, &tasks, artefacts.to_owned()))
            }
            _ => match tasks[0].series().filter(|task| !task.is_saved()) {
                Some(task) => Some(self.summarise(task)),
                None => self.attempt(unit),
            },
        };
        if ended.is_some() {
            tasks.iter().for_each(|task| self.observer.task_done(task.name()));
        }
        ended
    }

    /// Whether files are as their sidecars say, as far as the run asks.
    fn is_trusted(&self, unit: usize) -> bool {
        !self.options.resume || is_intact(self.plan, unit)
    }

    fn summarise(&self, task: &dyn SeriesTask) -> Ended {
        let Some(_share) = self.budget.take(task.memory(), self.observer) else {
            return Ended::interrupted();
        };
        match task.summarise(self) {
            Ok(statistics) => Ended::new(Status::Summarised(statistics), Vec::new()),
            Err(error) => Ended::failed(&error),
        }
    }

    /// Waits until the files of a unit can be had, or are there.
    fn wait(&self, unit: usize) -> Ended {
        let tasks = self.plan.tasks_of(unit);
        self.observer.waits(tasks[0].name());
        loop {
            if self.observer.is_interrupted() {
                return Ended::interrupted();
            }
            if let Some(ended) = self.attempt(unit) {
                tasks.iter().for_each(|task| self.observer.task_done(task.name()));
                self.publish();
                return ended;
            }
            std::thread::sleep(PATIENCE);
        }
    }

    /// Makes the files of a unit, unless another run is at work on them. The sidecar is begun first: whoever
    /// has it has the dataset.
    fn attempt(&self, unit: usize) -> Option<Ended> {
        let tasks = self.plan.tasks_of(unit);
        let memory = self.plan.units()[unit].memory(&tasks);
        let Some(_share) = self.budget.take(memory, self.observer) else { return Some(Ended::interrupted()) };
        match &self.plan.units()[unit].pack {
            Some(pack) => self.attempt_pack(unit, &tasks, pack),
            None => self.attempt_task(unit, tasks[0]),
        }
    }

    fn attempt_task(&self, unit: usize, task: &dyn Task) -> Option<Ended> {
        let claim = match self.store.create(&task.sidecar()) {
            Err(error) if matches!(error.kind(), IoErrorKind::Busy(_)) => return None,
            Err(error) => return Some(Ended::new(Status::Failed(error.to_string()), Vec::new())),
            Ok(claim) => claim,
        };
        let begun = Instant::now();
        // Another run may have been here since everything was looked at.
        let (written, replaced) = match survey(self.plan, unit, self.options) {
            Found::Everything(artefacts) if self.is_trusted(unit) => {
                return Some(self.present(unit, &[task], artefacts));
            }
            Found::Other(problem) => return Some(Ended::new(Status::Failed(problem.message), Vec::new())),
            Found::Lacking(formats, sidecar) if self.is_trusted(unit) => {
                (task.write(&formats, Some(&sidecar), claim, self.options, &self.store, self), Vec::new())
            }
            Found::Replaced(files) => (self.write(task, claim), files),
            _ => (self.write(task, claim), Vec::new()),
        };
        Some(match written {
            Ok(Written { files, artefacts }) => self.written(unit, begun, files, artefacts, replaced),
            Err(error) => Ended::failed(&error),
        })
    }

    fn write(&self, task: &dyn Task, claim: Pending) -> Result<Written, SourceError> {
        let written = task.write(&task.formats(), None, claim, self.options, &self.store, self);
        if self.options.resume {
            // What could be continued is, or cannot be.
            let _ = self.store.remove_stale(&task.path());
        }
        written
    }

    fn attempt_pack(&self, unit: usize, tasks: &[&dyn Task], path: &Path) -> Option<Ended> {
        let claim = match PackWriter::create(&self.store, path) {
            Err(error) if matches!(error.kind(), IoErrorKind::Busy(_)) => return None,
            Err(error) => return Some(Ended::new(Status::Failed(error.to_string()), Vec::new())),
            Ok(claim) => claim,
        };
        let begun = Instant::now();
        // Another run may have been here since everything was looked at.
        let replaced = match survey(self.plan, unit, self.options) {
            Found::Everything(artefacts) if self.is_trusted(unit) => {
                return Some(self.present(unit, tasks, artefacts));
            }
            Found::Other(problem) => return Some(Ended::new(Status::Failed(problem.message), Vec::new())),
            Found::Replaced(files) => files,
            _ => Vec::new(),
        };
        let series: Vec<&dyn SeriesTask> = tasks.iter().filter_map(|task| task.series()).collect();
        match pack::write(claim, &series, self) {
            Ok(finished) => {
                let artefacts = pack::artefacts(&finished);
                Some(self.written(unit, begun, finished.into_pending(), artefacts, replaced))
            }
            Err(failed) => Some(Ended { culprit: failed.member, ..Ended::failed(&failed.error) }),
        }
    }

    fn written(
        &self,
        unit: usize,
        begun: Instant,
        files: Vec<Pending>,
        artefacts: Vec<Artefact>,
        replaced: Vec<PathBuf>,
    ) -> Ended {
        let bytes = artefacts.iter().map(|artefact| artefact.digest.bytes).sum();
        let made = Made { bytes, seconds: begun.elapsed().as_secs_f64(), replaced };
        lock(&self.made).insert(unit, made);
        self.collect(self.store.commit(unit, files));
        Ended::new(Status::Written, artefacts)
    }

    fn present(&self, unit: usize, tasks: &[&dyn Task], artefacts: Vec<Artefact>) -> Ended {
        tasks.iter().for_each(|task| self.observer.advance(task.values()));
        let bytes = artefacts.iter().map(|artefact| artefact.digest.bytes).sum();
        self.record(unit, bytes, None);
        Ended::new(Status::Present, artefacts)
    }

    fn record(&self, unit: usize, bytes: u64, seconds: Option<f64>) {
        let tasks = self.plan.tasks_of(unit);
        let ids: Vec<Value> = tasks.iter().map(|task| task.data_id().into()).collect();
        let (path, data_id) = match tasks[0].pack() {
            Some(pack) => (below(&pack, tasks[0].outdir()), hash8(&ids.into())),
            None => (tasks[0].folder(), tasks[0].data_id().to_owned()),
        };
        let line = Line { path: &path, data_id: &data_id, bytes, seconds };
        if let Err(error) = self.manifests.record(tasks[0].outdir(), &line) {
            let failure = format!("{error}: the manifest of the run needs a file of this name");
            let mut failures = lock(&self.failures);
            if !failures.contains(&failure) {
                failures.push(failure);
            }
        }
    }

    fn publish(&self) {
        self.collect(self.store.flush());
    }

    fn collect(&self, committed: Vec<Committed<usize>>) {
        for Committed { tag: unit, outcome } in committed {
            let made = lock(&self.made).remove(&unit);
            match outcome {
                Ok(files) => {
                    if let Some(made) = made {
                        // Until now a killed run could have been continued.
                        self.plan.tasks_of(unit).iter().for_each(|task| task.forget());
                        remove_replaced(&made.replaced, &files);
                        self.record(unit, made.bytes, Some(made.seconds));
                    }
                }
                Err(error) => drop(lock(&self.lost).insert(unit, error.to_string())),
            }
        }
    }

    /// `ended` are the units of the shard.
    fn finish(self, mut ended: Vec<Ended>) -> Run {
        let mut failures = self.failures.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut lost = self.lost.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (unit, ended) in self.plan.own().iter().zip(&mut ended) {
            if let Some(error) = lost.remove(unit) {
                *ended = Ended::new(Status::Failed(error), Vec::new());
            }
        }
        if self.options.overwrite && !self.observer.is_interrupted() {
            let is_there = |ended: &Ended| matches!(ended.status, Status::Written | Status::Present);
            let own = self.plan.own().iter().zip(&ended).filter(|(_, ended)| is_there(ended));
            for (outdir, pack) in rehomed::remove(self.plan, own.map(|(unit, _)| *unit).collect()) {
                // A line that is lost makes verify miss a pack that nobody misses.
                let _ = self.manifests.record(&outdir, &Line::removed(&below(&pack, &outdir)));
            }
        }
        if let Err(error) = self.manifests.sync() {
            failures.push(format!("the manifest of the run: {error}"));
        }
        let finished = self.plan.own().iter().zip(&ended).map(|(unit, ended)| (*unit, ended.data.as_ref()));
        let finished = finished.filter(|(_, data)| !data.is_empty()).collect();
        failures.extend(catalogue::write(self.plan, self.options, &finished, self.observer));
        let mut outcomes: Vec<(usize, Outcome)> = Vec::with_capacity(self.plan.len());
        for (unit, ended) in self.plan.own().iter().zip(ended) {
            let tasks = self.plan.tasks_of(*unit);
            outcomes.extend(self.plan.units()[*unit].tasks.iter().copied().zip(ended.outcomes(&tasks)));
        }
        outcomes.sort_unstable_by_key(|(task, _)| *task);
        Run { outcomes: outcomes.into_iter().map(|(_, outcome)| outcome).collect(), failures }
    }
}

/// How a unit ended.
struct Ended {
    status: Status,
    /// Of all files.
    bytes: u64,
    /// The data files: what catalogues tell of.
    data: Box<[Artefact]>,
    /// The member of a pack that broke off.
    culprit: Option<usize>,
}

impl Ended {
    fn new(status: Status, artefacts: Vec<Artefact>) -> Self {
        let bytes = artefacts.iter().map(|artefact| artefact.digest.bytes).sum();
        let data = artefacts.into_iter().filter(|artefact| is_data(&artefact.format)).collect();
        Ended { status, bytes, data, culprit: None }
    }

    fn interrupted() -> Self {
        Ended::new(Status::Interrupted, Vec::new())
    }

    fn failed(error: &SourceError) -> Self {
        let status = if error.is::<Interrupted>() {
            Status::Interrupted
        } else if error.is::<NonFinite>() {
            Status::Failed(format!("{error}; --allow-nonfinite keeps such values"))
        } else {
            Status::Failed(error.to_string())
        };
        Ended::new(status, Vec::new())
    }

    /// The outcome of each task of the unit; bytes are shared evenly.
    fn outcomes(self, tasks: &[&dyn Task]) -> Vec<Outcome> {
        let (each, rest) = (self.bytes / tasks.len() as u64, self.bytes % tasks.len() as u64);
        let outcome = |at: usize| {
            let status = match (&self.status, self.culprit) {
                (Status::Failed(_), Some(culprit)) if culprit != at => {
                    let culprit = tasks[culprit].member();
                    Status::Failed(format!("was to be in one pack with {culprit}, which failed"))
                }
                (status, _) => status.clone(),
            };
            let bytes = if at == 0 { each + rest } else { each };
            Outcome { status, bytes }
        };
        (0..tasks.len()).map(outcome).collect()
    }
}

/// What is complete becomes visible while a long task goes on.
impl Observer for Running<'_> {
    fn advance(&self, values: u64) {
        self.observer.advance(values);
        self.collect(self.store.flush_due());
    }

    fn continues(&self, name: &str, step: usize) {
        self.observer.continues(name, step);
    }

    fn is_interrupted(&self) -> bool {
        self.observer.is_interrupted()
    }

    fn keeps_begun(&self) -> bool {
        self.observer.keeps_begun()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A path below a folder, with `/`.
fn below(path: &Path, folder: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
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
