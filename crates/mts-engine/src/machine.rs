//! What tasks need against what this machine has.

use std::collections::BTreeMap;
use std::path::Path;

use mts_config::{Problem, Problems};
use mts_io::{IoError, Store};

use crate::{Task, resources};

/// What keeps `jobs` threads from running `tasks`: memory, room on the disks, folders that cannot be
/// written.
pub(crate) fn check(tasks: &[&dyn Task], jobs: usize) -> Problems {
    let mut problems = memory(tasks, jobs);
    problems.append(disk(tasks));
    if problems.is_empty() {
        problems.append(folders(tasks));
    }
    problems
}

fn memory(tasks: &[&dyn Task], jobs: usize) -> Problems {
    let mut problems = Problems::new();
    let Some(available) = resources::memory() else { return problems };
    let shortage = |need: u64| {
        format!("{} of memory, {} are available", resources::size(need), resources::size(available))
    };
    for task in tasks.iter().filter(|task| task.memory() > available) {
        let message = format!("{}: needs {}", task.name(), shortage(task.memory()));
        problems.push(Problem::at(task.position(), "", message).with_hint("fewer channels or realizations"));
    }
    let mut needs: Vec<u64> = tasks.iter().map(|task| task.memory()).collect();
    needs.sort_unstable_by(|a, b| b.cmp(a));
    let together = needs.into_iter().take(jobs).fold(0, u64::saturating_add);
    if problems.is_empty() && together > available {
        let message = format!("{jobs} jobs need {}", shortage(together));
        problems.push(Problem::general(message).with_hint("fewer --jobs"));
    }
    problems
}

/// Folders on one file system share its room.
fn disk(tasks: &[&dyn Task]) -> Problems {
    let mut needs: BTreeMap<u64, (&Path, u64, u64, u64)> = BTreeMap::new();
    for task in tasks {
        if let Some((file_system, free)) = resources::disk(task.outdir()) {
            let (_, _, need, values) = needs.entry(file_system).or_insert((task.outdir(), free, 0, 0));
            *need = need.saturating_add(task.disk());
            *values = values.saturating_add(task.values());
        }
    }
    let mut problems = Problems::new();
    for (outdir, free, need, values) in needs.into_values().filter(|(_, free, need, _)| need > free) {
        let message = format!(
            "{}: about {} are needed for {values} values, {} are free",
            outdir.display(),
            resources::size(need),
            resources::size(free)
        );
        problems.push(Problem::general(message).with_hint("--outdir on another disk, or fewer values"));
    }
    problems
}

/// Begins a file in each folder and drops it.
fn folders(tasks: &[&dyn Task]) -> Problems {
    let writing = tasks.iter().filter(|task| !task.formats().is_empty());
    let mut outdirs: Vec<&Path> = writing.map(|task| task.outdir()).collect();
    outdirs.sort_unstable();
    outdirs.dedup();
    let mut problems = Problems::new();
    for outdir in outdirs {
        if let Err(error) = probe(outdir) {
            problems.push(Problem::general(error.to_string()).with_hint("--outdir writes elsewhere"));
        }
    }
    problems
}

fn probe(outdir: &Path) -> Result<(), IoError> {
    Store::<()>::new().create(&outdir.join("probe")).map(drop)
}
