//! Packs that others took the place of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::pack::{self, Members};
use crate::survey::{Found, survey};
use crate::{Options, Plan};

/// Removes packs beside those of the plan, all of whose members are in packs of the plan now: a run with
/// packs of another size replaced them. `there` are the units that this run wrote or found; those of other
/// shards are looked at. A pack whose members are not all elsewhere stays, whatever the plan will put
/// there one day.
///
/// Returns them with the folders that the plan writes below.
pub(crate) fn remove(plan: &Plan, there: BTreeSet<usize>) -> Vec<(PathBuf, PathBuf)> {
    let mut packs: BTreeMap<&Path, BTreeMap<&Path, usize>> = BTreeMap::new();
    for (index, unit) in plan.units().iter().enumerate() {
        if let Some(pack) = unit.pack.as_deref() {
            packs.entry(pack.parent().unwrap_or(pack)).or_default().insert(pack, index);
        }
    }
    let mut removed = Vec::new();
    for (folder, planned) in packs {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let others: Vec<PathBuf> = files
            .filter_map(|file| pack::of_metadata(&file))
            .filter(|pack| !planned.contains_key(pack.as_path()))
            .collect();
        if others.is_empty() {
            continue;
        }
        let complete = |unit: &usize| {
            let other_shard = plan.own().binary_search(unit).is_err();
            let is_found = || matches!(survey(plan, *unit, &Options::default()), Found::Everything(_));
            there.contains(unit) || other_shard && is_found()
        };
        let tasks = planned.values().filter(|unit| complete(unit)).flat_map(|unit| plan.tasks_of(*unit));
        let members: BTreeSet<&str> = tasks.map(|task| task.member()).collect();
        for pack in others {
            let is_elsewhere = Members::open(&pack)
                .is_ok_and(|found| found.pack.addresses().all(|address| members.contains(address)));
            if !is_elsewhere {
                continue;
            }
            let beside = pack::files(&pack);
            for file in [&beside.metadata, &beside.truth, &pack] {
                // One that cannot go is told of by verify.
                let _ = mts_io::remove(file);
            }
            removed.extend(folder.parent().map(|outdir| (outdir.to_owned(), pack)));
        }
    }
    removed
}
