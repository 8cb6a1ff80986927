//! Tasks whose files are made together.

use std::path::PathBuf;

use crate::{Task, pack};

/// A task by itself, or those of a pack.
pub(crate) struct Unit {
    /// In the order of the document.
    pub(crate) tasks: Vec<usize>,
    /// The file that holds them all.
    pub(crate) pack: Option<PathBuf>,
}

impl Unit {
    /// The tasks in the order of their first, those of one pack together.
    pub(crate) fn of(tasks: &[Box<dyn Task>]) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::new();
        let mut packs = std::collections::BTreeMap::new();
        for (index, task) in tasks.iter().enumerate() {
            let pack = task.pack();
            match pack.as_ref().and_then(|pack| packs.get(pack).copied()) {
                Some(unit) => {
                    let unit: &mut Unit = &mut units[unit];
                    unit.tasks.push(index);
                }
                None => {
                    packs.extend(pack.clone().map(|pack| (pack, units.len())));
                    units.push(Unit { tasks: vec![index], pack });
                }
            }
        }
        units
    }

    /// Nanoseconds of one core, roughly.
    pub(crate) fn cost(&self, tasks: &[Box<dyn Task>]) -> f64 {
        self.tasks.iter().map(|task| tasks[*task].cost()).sum()
    }

    /// Bytes of memory that making it takes.
    pub(crate) fn memory(&self, tasks: &[&dyn Task]) -> u64 {
        let most = tasks.iter().map(|task| task.memory()).max().unwrap_or_default();
        match self.pack {
            Some(_) => most + pack::memory(tasks.len()),
            None => most,
        }
    }
}
