//! What stands already where data are to be written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mts_config::{Problem, Problems};
use mts_hash::hash8;
use mts_io::{Artefact, Sidecar};

use crate::artefacts::is_data;
use crate::message::{is_name, told};
use crate::pack::{Members, files};
use crate::{Options, Plan, Site, Task, jobs};

/// What stands where a unit of a plan wants to write.
pub(crate) enum Found {
    /// Nothing, or files that are not finished.
    Nothing,
    /// The same data, in at least the formats that are wanted: these files.
    Everything(Vec<Artefact>),
    /// The same data; these formats are missing.
    Lacking(Vec<&'static str>, Box<Sidecar>),
    /// Other data.
    Other(Problem),
    /// Other data, in these files, which give way.
    Replaced(Vec<PathBuf>),
}

/// The files of each unit of the shard that is there already, and what stands in the way of others.
pub(crate) fn survey_all(plan: &Plan, options: &Options) -> (Vec<Option<Vec<Artefact>>>, Problems) {
    let look = |at: usize| match survey(plan, plan.own()[at], options) {
        Found::Everything(artefacts) => Ok(Some(artefacts)),
        Found::Other(problem) => Err(problem),
        Found::Nothing | Found::Lacking(..) | Found::Replaced(_) => Ok(None),
    };
    let mut problems = Problems::new();
    let there = jobs::run(plan.own().len(), look).into_iter().map(|there| {
        there.unwrap_or_else(|problem| {
            problems.push(problem);
            None
        })
    });
    (there.collect(), problems)
}

/// What stands where a unit wants to write. Files are taken for what their sidecar says, if their sizes
/// agree.
pub(crate) fn survey(plan: &Plan, unit: usize, options: &Options) -> Found {
    let tasks = plan.tasks_of(unit);
    match &plan.units()[unit].pack {
        Some(pack) => survey_pack(pack, &tasks, options),
        None => unless_foreign(tasks[0], survey_task(tasks[0], options), options),
    }
}

/// Whether the files of a unit have the checksums that were recorded, and its sidecars say what they
/// should.
pub(crate) fn is_intact(plan: &Plan, unit: usize) -> bool {
    let tasks = plan.tasks_of(unit);
    let Some(path) = &plan.units()[unit].pack else {
        return tasks[0].is_intact(&Site::Beside(&tasks[0].sidecar()));
    };
    let Ok(members) = Members::open(path) else { return false };
    let member = |task: &dyn Task| members.pack.member(members.place(task.member())?).ok();
    let whole = |task: &&dyn Task| member(*task).is_some_and(|member| task.is_intact(&Site::Member(&member)));
    members.check(path).is_empty() && tasks.iter().all(whole)
}

fn survey_pack(path: &Path, tasks: &[&dyn Task], options: &Options) -> Found {
    let files = files(path);
    match mts_io::exists(&files.metadata) {
        Ok(true) => {}
        Ok(false) => return Found::Nothing,
        Err(error) => return Found::Other(Problem::at(tasks[0].position(), "", told(&error.to_string()))),
    }
    let foreign = |message: String, hint: &str| {
        other(tasks[0], options, message, hint, || vec![path.to_owned(), files.truth.clone()])
    };
    let members = match Members::open(path) {
        Ok(members) => members,
        Err(_) if options.resume => return Found::Nothing,
        Err(error) => return foreign(error.to_string(), REDO),
    };
    let planned: BTreeMap<&str, &str> = tasks.iter().map(|task| (task.member(), task.data_id())).collect();
    let (mut stranger, mut found) = (None, 0);
    for (at, address) in members.pack.addresses().enumerate() {
        let member = members.pack.member(at).map_err(|error| error.to_string());
        let sidecar =
            match member.map(|member| member.sidecar().clone()).and_then(consistent(&files.metadata)) {
                Ok(sidecar) => sidecar,
                Err(_) if options.resume => return Found::Nothing,
                Err(error) => return foreign(error, REDO),
            };
        match planned.get(address) {
            Some(data_id) if *data_id == sidecar.data_id => found += 1,
            _ => drop(stranger.get_or_insert((address, sidecar))),
        }
    }
    if let (Some((address, sidecar)), true) = (stranger, found < tasks.len()) {
        let message = format!(
            "{}: holds other data: {address} of seed {} (data {}), which the document does not put there",
            path.display(),
            sidecar.seed_entropy,
            sidecar.data_id
        );
        return foreign(message, REPLACE);
    }
    // A pack that holds more holds these too: those behind a limit.
    let same = found == tasks.len();
    let artefacts = members.artefacts().unwrap_or_default();
    let size = |artefact: &Artefact| mts_io::stored_bytes(&path.with_file_name(&artefact.file));
    let intact = |artefact: &Artefact| {
        is_name(&artefact.file) && size(artefact).is_ok_and(|size| size == artefact.digest.bytes)
    };
    if same && artefacts.iter().all(intact) { Found::Everything(artefacts) } else { Found::Nothing }
}

/// What was found, unless files have names that this task would take and no sidecar says that they are its own.
fn unless_foreign(task: &dyn Task, found: Found, options: &Options) -> Found {
    let own: &[Artefact] = match &found {
        // What damaged its sidecar left its files.
        Found::Nothing if mts_io::exists(&task.sidecar()).unwrap_or(false) => return found,
        Found::Nothing => &[],
        Found::Lacking(_, sidecar) => &sidecar.artefacts,
        Found::Everything(_) | Found::Other(_) | Found::Replaced(_) => return found,
    };
    let is_foreign = |file: &String| {
        let path = task.path().join(file);
        !own.iter().any(|artefact| artefact.file == *file) && mts_io::exists(&path).unwrap_or(false)
    };
    let Some(file) = task.common_files().into_iter().find(is_foreign).filter(|_| !options.overwrite) else {
        return found;
    };
    let (path, sidecar) = (task.path().join(file), task.sidecar());
    let message = format!(
        "{}: is there already, and no {} says that it is of this dataset",
        path.display(),
        sidecar.file_name().unwrap_or_default().display()
    );
    Found::Other(Problem::at(task.position(), "", told(&message)).with_hint(REPLACE))
}

const REDO: &str = "--resume writes it again";
const REPLACE: &str = "--overwrite replaces it, --outdir writes elsewhere";

fn survey_task(task: &dyn Task, options: &Options) -> Found {
    let path = task.sidecar();
    if !task.is_saved() {
        return Found::Nothing;
    }
    match mts_io::exists(&path) {
        Ok(true) => {}
        Ok(false) => return Found::Nothing,
        Err(error) => return Found::Other(Problem::at(task.position(), "", told(&error.to_string()))),
    }
    let sidecar = match Sidecar::read(&path).map_err(|error| error.to_string()).and_then(consistent(&path)) {
        Ok(sidecar) => sidecar,
        Err(_) if options.resume => return Found::Nothing,
        Err(error) => return other(task, options, error, REDO, Vec::new),
    };
    if sidecar.data_id != task.data_id() {
        let (found, wanted) = (&sidecar.seed_entropy, task.entropy());
        let differs = if *found == wanted { task.identity() } else { "" };
        let message = format!(
            "{}: holds other data: seed {found}, here seed {wanted} (data {}, here {}){differs}",
            path.display(),
            sidecar.data_id,
            task.data_id()
        );
        return other(task, options, message, REPLACE, || own_files(task, &sidecar.artefacts));
    }
    let intact = |artefact: &Artefact| {
        let size = || mts_io::stored_bytes(&task.path().join(&artefact.file));
        task.is_own(&artefact.file) && size().is_ok_and(|size| size == artefact.digest.bytes)
    };
    let formats = task.formats();
    let is_data = |artefact: &&Artefact| is_data(&artefact.format);
    if !sidecar.artefacts.iter().filter(|artefact| !is_data(artefact)).all(intact) {
        return Found::Nothing;
    }
    // A format may have several files.
    let has = |format: &str| {
        let mut files = sidecar.artefacts.iter().filter(|artefact| artefact.format == format).peekable();
        files.peek().is_some() && files.all(|artefact| task.holds(artefact, format) && intact(artefact))
    };
    // What is elsewhere is not looked at closely enough to be trusted where it is to be replaced.
    let is_kept = |format: &str| !options.overwrite && task.keeps(format);
    let is_lacking = |format: &&'static str| !has(format) && !is_kept(format);
    let lacking: Vec<&'static str> = formats.into_iter().filter(is_lacking).collect();
    if lacking.is_empty() {
        Found::Everything(sidecar.artefacts)
    } else {
        Found::Lacking(lacking, Box::new(sidecar))
    }
}

/// A sidecar whose `data_id` is not that of its own recipe was damaged.
fn consistent(path: &Path) -> impl Fn(Sidecar) -> Result<Sidecar, String> {
    move |sidecar| {
        if sidecar.data_id == hash8(&sidecar.recipe) {
            return Ok(sidecar);
        }
        Err(format!("{}: its data_id is not that of its recipe", path.display()))
    }
}

/// Files that a sidecar names. It may say anything; what was written with it has the name of the task.
fn own_files(task: &dyn Task, artefacts: &[Artefact]) -> Vec<PathBuf> {
    artefacts
        .iter()
        .filter(|artefact| task.is_own(&artefact.file))
        .map(|artefact| task.path().join(&artefact.file))
        .collect()
}

fn other(
    task: &dyn Task,
    options: &Options,
    message: String,
    hint: &str,
    files: impl FnOnce() -> Vec<PathBuf>,
) -> Found {
    if options.overwrite {
        return Found::Replaced(files());
    }
    Found::Other(Problem::at(task.position(), "", told(&message)).with_hint(hint))
}
