//! Checking documents and what was written for them.

use std::path::Path;

use mts_config::Problems;
use mts_hash::{Map, Value, canonical_json};

use crate::{Observer, Plan, jobs};

/// What is wrong with the files of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validated {
    /// The task.
    pub name: String,
    /// Its folder.
    pub path: String,
    /// What is wrong, in words; empty where nothing is.
    pub findings: Vec<String>,
}

/// Checks the files of every task of `plan`: there, complete, readable, of the planned shape and
/// identity, and finite. Nothing is generated.
pub fn validate(plan: &Plan, observer: &dyn Observer) -> Vec<Validated> {
    observer.begin(plan.len(), plan.values());
    let check = |index: usize| {
        let task = plan.task(index);
        let sidecar = task.sidecar();
        let findings = if task.formats().is_empty() {
            Vec::new()
        } else if sidecar.exists() {
            task.inspect(&sidecar)
        } else {
            vec!["not written: there is no sidecar".to_owned()]
        };
        observer.advance(task.values());
        observer.task_done(task.name());
        Validated { name: task.name().to_owned(), path: task.path().display().to_string(), findings }
    };
    let validated = jobs::run(plan.len(), check);
    observer.end();
    validated
}

/// The name of the report in the folder that was validated.
pub const REPORT: &str = "validation_report.json";

/// The report of a validation, for programs: `valid`, `document_problems` and `datasets`.
pub fn report(document: &str, planned: Result<&[Validated], &Problems>) -> Value {
    let (datasets, problems) = match planned {
        Ok(validated) => (validated, Vec::new()),
        Err(problems) => {
            (&[][..], problems.iter().map(|problem| problem.to_string()).collect::<Vec<String>>())
        }
    };
    let valid = problems.is_empty() && datasets.iter().all(|dataset| dataset.findings.is_empty());
    let dataset = |validated: &Validated| {
        let mut map = Map::new();
        map.insert("config_id", validated.name.as_str());
        map.insert("path", validated.path.as_str());
        map.insert("valid", validated.findings.is_empty());
        map.insert("findings", validated.findings.clone());
        Value::Map(map)
    };
    let mut map = Map::new();
    map.insert("document", document);
    map.insert("valid", valid);
    map.insert("document_problems", problems);
    map.insert("datasets", Value::List(datasets.iter().map(dataset).collect()));
    map.into()
}

/// Writes a report into `folder`, replacing an earlier one.
///
/// # Errors
///
/// Where the folder cannot be written.
pub fn write_report(folder: &Path, report: &Value) -> Result<(), mts_io::IoError> {
    let store = mts_io::Store::new();
    let mut file = store.create(&folder.join(REPORT))?;
    std::io::Write::write_all(&mut file, (canonical_json(report) + "\n").as_bytes())?;
    let committed = store.commit((), vec![file]);
    committed.into_iter().chain(store.flush()).try_for_each(|group| group.outcome.map(drop))
}
