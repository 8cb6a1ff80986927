//! What tasks need against what this machine has.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mts_config::{Problem, Problems};
use mts_io::{IoErrorKind, Store};

use crate::Task;
use crate::resources::{self as system, size};

/// What keeps the threads of the current pool from running `tasks`: memory, room on the disks, folders that cannot be
/// written.
pub(crate) fn check(tasks: &[&dyn Task]) -> Problems {
    let mut problems = resources(tasks);
    if problems.is_empty() {
        problems.append(folders(tasks));
    }
    problems
}

/// Memory and disks alone, without touching anything.
pub(crate) fn resources(tasks: &[&dyn Task]) -> Problems {
    let mut problems = memory(tasks);
    problems.append(disk(tasks));
    problems
}

/// Tasks that need more memory than there is; together they wait for each other.
pub(crate) fn memory(tasks: &[&dyn Task]) -> Problems {
    let mut problems = Problems::new();
    let Some(available) = system::memory() else { return problems };
    for task in tasks.iter().filter(|task| task.memory() > available) {
        let (need, available) = (size(task.memory()), size(available));
        let message = format!("{}: needs {need} of memory, {available} are available", task.name());
        problems.push(Problem::at(task.position(), "", message).with_hint("fewer channels or realizations"));
    }
    problems
}

/// Folders on one file system share its room.
fn disk(tasks: &[&dyn Task]) -> Problems {
    let mut needs: BTreeMap<u64, (&Path, u64, u64, u64)> = BTreeMap::new();
    for task in tasks {
        if let Some((file_system, free)) = system::disk(task.outdir()) {
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
            size(need),
            size(free)
        );
        problems.push(Problem::general(message).with_hint("--outdir on another disk, or fewer values"));
    }
    problems
}

/// Begins a file in each folder of a kind of data and drops it.
fn folders(tasks: &[&dyn Task]) -> Problems {
    let writing = tasks.iter().filter(|task| task.is_saved());
    let top = |task: &&dyn Task| task.outdir().join(task.folder().split('/').next().unwrap_or_default());
    let mut outdirs: Vec<PathBuf> = writing.map(top).collect();
    outdirs.sort_unstable();
    outdirs.dedup();
    let mut problems = Problems::new();
    for outdir in outdirs {
        if let Err(error) = probe(&outdir) {
            problems.push(Problem::general(error).with_hint("--outdir writes elsewhere"));
        }
    }
    problems
}

fn probe(folder: &Path) -> Result<(), String> {
    if mts_io::is_remote(folder) {
        return match Store::<()>::new().create(&folder.join("probe")) {
            Err(error) => Err(error.to_string()),
            Ok(_) => Ok(()),
        };
    }
    let blocking = folder.ancestors().find(|path| path.exists()).filter(|path| !path.is_dir());
    if let Some(file) = blocking {
        return Err(format!("{}: this is no folder, and data are to be written below it", file.display()));
    }
    match Store::<()>::new().create(&folder.join("probe")) {
        Err(error) if !matches!(error.kind(), IoErrorKind::Busy(_)) => Err(error.to_string()),
        _ => Ok(()),
    }
}
