//! Checking documents and what was written for them.

use std::collections::BTreeMap;
use std::path::Path;

use mts_config::Problems;
use mts_hash::{Map, Value, canonical_json};
use rayon::prelude::*;

use crate::compare::may_be;
use crate::pack::{self, Members};
use crate::{Checked, Inspected, Observer, Plan, Site, Task, jobs};

/// What is wrong with the files of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validated {
    /// The task.
    pub name: String,
    /// Its folder.
    pub path: String,
    /// What is wrong, in words; empty where nothing is.
    pub findings: Vec<String>,
    /// Every rule that was looked at, of tables.
    pub checks: Vec<Checked>,
}

/// Checks the files of every task of `plan`: there, complete, readable, of the planned shape and
/// identity, and finite. Tables are judged by their schema, and compared with what it gives; no series is generated.
pub fn validate(plan: &Plan, observer: &dyn Observer) -> Vec<Validated> {
    observer.begin(plan.len(), plan.values());
    let check = |at: usize| {
        let unit = plan.own()[at];
        let tasks = plan.tasks_of(unit);
        let findings = match &plan.units()[unit].pack {
            Some(pack) => inspect_pack(pack, &tasks).into_iter().map(Inspected::from).collect(),
            None => vec![inspect(tasks[0])],
        };
        for task in &tasks {
            observer.advance(task.values());
            observer.task_done(task.name());
        }
        plan.units()[unit].tasks.iter().copied().zip(findings).collect::<Vec<_>>()
    };
    let found: BTreeMap<usize, Inspected> =
        jobs::run(plan.own().len(), check).into_iter().flatten().collect();
    let validated = plan.tasks().zip(found.into_values()).map(|(task, found)| Validated {
        name: task.name().to_owned(),
        path: task.location().display().to_string(),
        findings: found.findings,
        checks: found.checks,
    });
    let validated = validated.collect();
    observer.end();
    validated
}

const NOT_WRITTEN: &str = "not written: there is no sidecar";

fn inspect(task: &dyn Task) -> Inspected {
    let sidecar = task.sidecar();
    if !task.is_saved() {
        Inspected::default()
    } else if may_be(&sidecar) {
        task.inspect(&Site::Beside(&sidecar))
    } else {
        vec![NOT_WRITTEN.to_owned()].into()
    }
}

/// What is wrong with each of `tasks`; what is wrong with the pack is told of the first.
fn inspect_pack(path: &Path, tasks: &[&dyn Task]) -> Vec<Vec<String>> {
    let mut findings = vec![Vec::new(); tasks.len()];
    if !may_be(&pack::files(path).metadata) {
        return vec![vec![NOT_WRITTEN.to_owned()]; tasks.len()];
    }
    let members = match Members::open(path) {
        Ok(members) => members,
        Err(error) => {
            findings.fill(vec![error.to_string()]);
            return findings;
        }
    };
    findings[0] = members.check(path);
    let own = tasks.par_iter().map(|task| match members.place(task.member()) {
        Some(place) => match members.pack.member(place) {
            Ok(member) => task.inspect(&Site::Member(&member)).findings,
            Err(error) => vec![error.to_string()],
        },
        None => vec!["not in the pack".to_owned()],
    });
    let own: Vec<Vec<String>> = own.collect();
    findings.iter_mut().zip(own).for_each(|(findings, own)| findings.extend(own));
    findings
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
        if !validated.checks.is_empty() {
            map.insert("checks", Value::List(validated.checks.iter().map(checked).collect()));
        }
        Value::Map(map)
    };
    let mut map = Map::new();
    map.insert("document", document);
    map.insert("valid", valid);
    map.insert("document_problems", problems);
    map.insert("datasets", Value::List(datasets.iter().map(dataset).collect()));
    map.into()
}

fn checked(checked: &Checked) -> Value {
    let mut map = Map::new();
    map.insert("file", checked.file.as_str());
    map.insert("table", checked.table.as_str());
    map.insert("name", checked.name.as_str());
    map.insert("ok", checked.ok);
    map.insert("details", checked.details.as_str());
    Value::Map(map)
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
