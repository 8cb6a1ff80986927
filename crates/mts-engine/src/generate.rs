//! Running a plan.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use mts_config::{Problem, Problems};
use mts_hash::Map;
use mts_io::{Artefact, Committed, Format, Pending, Sidecar, Store};

use crate::message::{is_name, told};
use crate::{Observer, Plan, Statistics, Task, jobs, machine};

/// How to run a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Threads.
    pub jobs: usize,
    /// Whether other data under the same name are replaced.
    pub overwrite: bool,
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

/// What stands already where a task wants to write.
enum Found {
    /// Nothing, or files without a sidecar.
    Nothing,
    /// The same data, in at least the formats that are wanted.
    Everything(u64),
    /// The same data; these formats are missing.
    Lacking(Vec<Format>, Box<Sidecar>),
    /// Other data, in these files.
    Other(Problem, Vec<PathBuf>),
    /// Other data, in these files, which give way.
    Replaced(Vec<PathBuf>),
}

impl Found {
    fn is_work(&self) -> bool {
        !matches!(self, Found::Everything(_))
    }
}

/// How long a complete file may wait for others to become visible with it.
const PATIENCE: Duration = Duration::from_millis(200);

/// Why [`generate`] would refuse `plan` now: other data under a task's name, or more memory or disk than
/// there is. Nothing is touched.
pub fn objections(plan: &Plan, options: &Options) -> Problems {
    let (found, mut problems) = survey_all(plan, options);
    problems.append(machine::resources(&work(plan, &found), options.jobs));
    problems
}

fn work<'a>(plan: &'a Plan, found: &[Found]) -> Vec<&'a dyn Task> {
    plan.tasks().zip(found).filter(|(_, found)| found.is_work()).map(|(task, _)| task).collect()
}

/// What stands where each task wants to write, and what stands in its way.
fn survey_all(plan: &Plan, options: &Options) -> (Vec<Found>, Problems) {
    let mut problems = Problems::new();
    let mut found = Vec::with_capacity(plan.len());
    for task in plan.tasks() {
        let mut there = survey(task);
        if let Found::Other(problem, replaced) = there {
            if !options.overwrite {
                problems.push(problem);
            }
            there = Found::Replaced(replaced);
        }
        found.push(there);
    }
    (found, problems)
}

/// Runs all tasks of `plan`. A task that fails does not stop the others.
///
/// # Errors
///
/// What is refused before anything is written: other data under a task's name, and what the machine
/// cannot provide.
pub fn generate(plan: &Plan, options: &Options, observer: &dyn Observer) -> Result<Vec<Outcome>, Problems> {
    let (found, mut problems) = survey_all(plan, options);
    problems.append(machine::check(&work(plan, &found), options.jobs));
    problems.into_result(())?;
    observer.begin(plan.len(), plan.values());
    let store = Store::new();
    let visible = Mutex::new(Vec::new());
    let collect = |committed: Vec<Committed<usize>>| {
        visible.lock().unwrap_or_else(PoisonError::into_inner).extend(committed);
    };
    let work = |index: usize| {
        let task = plan.task(index);
        let (outcome, files) = run(task, &found[index], &store, observer);
        if !files.is_empty() {
            collect(store.commit(index, files));
        }
        observer.task_done(task.name());
        outcome
    };
    let finished = AtomicBool::new(false);
    let mut outcomes = std::thread::scope(|scope| {
        // What is complete becomes visible while a long task goes on.
        let publisher = Builder::new().spawn_scoped(scope, || {
            while !finished.load(Ordering::Relaxed) {
                std::thread::park_timeout(PATIENCE);
                collect(store.flush_due());
            }
        });
        let outcomes = jobs::run(plan.len(), options.jobs, work);
        finished.store(true, Ordering::Relaxed);
        // Without a publisher, later commits and the last flush do its work.
        publisher.into_iter().for_each(|publisher| publisher.thread().unpark());
        outcomes
    });
    collect(store.flush());
    for Committed { tag, outcome } in visible.into_inner().unwrap_or_else(PoisonError::into_inner) {
        match outcome {
            Ok(files) => {
                remove_replaced(&found[tag], &files);
                outcomes[tag].files = files;
            }
            Err(error) => outcomes[tag].status = Status::Failed(error.to_string()),
        }
    }
    observer.end();
    Ok(outcomes)
}

/// What was replaced by other data goes where nothing new has its name: beside the new sidecar it
/// would look like part of the new data.
fn remove_replaced(found: &Found, written: &[PathBuf]) {
    if let Found::Replaced(old) = found {
        for file in old.iter().filter(|file| !written.contains(file)) {
            // One that is gone already, or cannot go, is no part of the new data: verify says so.
            let _ = mts_io::remove(file);
        }
    }
}

fn survey(task: &dyn Task) -> Found {
    if task.formats().is_empty() {
        return Found::Nothing;
    }
    let path = task.sidecar();
    if !path.exists() {
        return Found::Nothing;
    }
    let other = |message: String, files: &[Artefact]| {
        let hint = "--overwrite replaces it, --outdir writes elsewhere";
        // A sidecar may say anything; what was written with it has the name of the task.
        let own = format!("{}.", task.name());
        let plain = |artefact: &&Artefact| is_name(&artefact.file) && artefact.file.starts_with(&own);
        let files = files.iter().filter(plain).map(|artefact| task.path().join(&artefact.file)).collect();
        Found::Other(Problem::at(task.position(), "", told(&message)).with_hint(hint), files)
    };
    let sidecar = match Sidecar::read(&path) {
        Ok(sidecar) => sidecar,
        Err(error) => return other(error.to_string(), &[]),
    };
    if sidecar.data_id != task.data_id() {
        let (found, wanted) = (&sidecar.seed_entropy, task.entropy());
        let hint =
            if found == wanted { ": dtype, time, streams, zscore or the seed path differ" } else { "" };
        return other(
            format!(
                "{}: holds other data: seed {found}, here seed {wanted} (data {}, here {}){hint}",
                path.display(),
                sidecar.data_id,
                task.data_id()
            ),
            &sidecar.artefacts,
        );
    }
    let intact = |artefact: &Artefact| {
        let size = || mts_io::stored_bytes(&task.path().join(&artefact.file));
        is_name(&artefact.file) && size().is_ok_and(|size| size == artefact.digest.bytes)
    };
    let is_data = |artefact: &&Artefact| artefact.format.parse::<Format>().is_ok();
    if !sidecar.artefacts.iter().filter(|artefact| !is_data(artefact)).all(intact) {
        return Found::Nothing;
    }
    let has = |format: &&Format| {
        let artefact = sidecar.artefacts.iter().find(|artefact| artefact.format == format.name());
        let same_form = |artefact: &&Artefact| !format.is_table() || artefact.form == task.form();
        artefact.filter(same_form).is_some_and(intact)
    };
    let lacking: Vec<Format> = task.formats().iter().filter(|format| !has(format)).copied().collect();
    if lacking.is_empty() {
        return Found::Everything(sidecar.artefacts.iter().map(|artefact| artefact.digest.bytes).sum());
    }
    Found::Lacking(lacking, Box::new(sidecar))
}

/// The outcome, and the files that still have to be committed for it to come true.
fn run(
    task: &dyn Task,
    found: &Found,
    store: &Store<usize>,
    observer: &dyn Observer,
) -> (Outcome, Vec<Pending>) {
    let outcome = |status, bytes| Outcome { name: task.name().to_owned(), status, files: Vec::new(), bytes };
    let written = match found {
        Found::Everything(bytes) => {
            observer.advance(task.values());
            return (outcome(Status::Present, *bytes), Vec::new());
        }
        Found::Lacking(formats, sidecar) => task.write(formats, Some(sidecar), store, observer),
        _ if task.formats().is_empty() => {
            let status = match task.summarise(observer) {
                Ok(statistics) => Status::Summarised(statistics),
                Err(error) => Status::Failed(error.to_string()),
            };
            return (outcome(status, 0), Vec::new());
        }
        _ => task.write(task.formats(), None, store, observer),
    };
    match written {
        Ok(written) => (outcome(Status::Written, written.bytes), written.files),
        Err(error) => (outcome(Status::Failed(error.to_string()), 0), Vec::new()),
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
        }
    }
}

impl Statistics {
    /// As JSON.
    pub fn to_map(&self) -> Map {
        [("mean", self.mean), ("std", self.std), ("min", self.min), ("max", self.max)].into_iter().collect()
    }
}
