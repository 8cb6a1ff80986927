//! What stands already where a task wants to write.

use std::path::PathBuf;

use mts_config::{Problem, Problems};
use mts_hash::hash8;
use mts_io::{Artefact, Format, Sidecar};

use crate::message::{is_name, told};
use crate::{Options, Plan, Task};

/// What stands where a task wants to write.
pub(crate) enum Found {
    /// Nothing, or files that are not finished.
    Nothing,
    /// The same data, in at least the formats that are wanted.
    Everything(Vec<Artefact>),
    /// The same data; these formats are missing.
    Lacking(Vec<Format>, Box<Sidecar>),
    /// Other data.
    Other(Problem),
    /// Other data, in these files, which give way.
    Replaced(Vec<PathBuf>),
}

impl Found {
    pub(crate) fn is_work(&self) -> bool {
        !matches!(self, Found::Everything(_))
    }
}

/// What stands where each task wants to write, and what stands in its way.
pub(crate) fn survey_all(plan: &Plan, options: &Options) -> (Vec<Found>, Problems) {
    let mut problems = Problems::new();
    let mut found = Vec::with_capacity(plan.len());
    for task in plan.tasks() {
        let there = survey(task, options);
        if let Found::Other(problem) = &there {
            problems.push(problem.clone());
        }
        found.push(there);
    }
    (found, problems)
}

/// What stands where `task` wants to write. Files are taken for what their sidecar says, if their sizes
/// agree.
pub(crate) fn survey(task: &dyn Task, options: &Options) -> Found {
    let path = task.sidecar();
    if task.formats().is_empty() || !path.exists() {
        return Found::Nothing;
    }
    let sidecar = match Sidecar::read(&path).map_err(|error| error.to_string()).and_then(consistent(&path)) {
        Ok(sidecar) => sidecar,
        Err(_) if options.resume => return Found::Nothing,
        Err(error) => {
            let hint = "--resume writes it again";
            return other(task, options, error, hint, &[]);
        }
    };
    if sidecar.data_id != task.data_id() {
        let (found, wanted) = (&sidecar.seed_entropy, task.entropy());
        let differs =
            if found == wanted { ": dtype, time, streams, zscore or the seed path differ" } else { "" };
        let message = format!(
            "{}: holds other data: seed {found}, here seed {wanted} (data {}, here {}){differs}",
            path.display(),
            sidecar.data_id,
            task.data_id()
        );
        let hint = "--overwrite replaces it, --outdir writes elsewhere";
        return other(task, options, message, hint, &sidecar.artefacts);
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
        Found::Everything(sidecar.artefacts)
    } else {
        Found::Lacking(lacking, Box::new(sidecar))
    }
}

/// A sidecar whose `data_id` is not that of its own recipe was damaged.
fn consistent(path: &std::path::Path) -> impl Fn(Sidecar) -> Result<Sidecar, String> {
    move |sidecar| {
        if sidecar.data_id == hash8(&sidecar.recipe) {
            return Ok(sidecar);
        }
        Err(format!("{}: its data_id is not that of its recipe", path.display()))
    }
}

fn other(task: &dyn Task, options: &Options, message: String, hint: &str, files: &[Artefact]) -> Found {
    if !options.overwrite {
        return Found::Other(Problem::at(task.position(), "", told(&message)).with_hint(hint));
    }
    // A sidecar may say anything; what was written with it has the name of the task.
    let own = format!("{}.", task.name());
    let plain = |artefact: &&Artefact| is_name(&artefact.file) && artefact.file.starts_with(&own);
    Found::Replaced(files.iter().filter(plain).map(|artefact| task.path().join(&artefact.file)).collect())
}
