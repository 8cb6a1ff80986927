//! Which tasks share a file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mts_io::PackWriter;

use super::work::Work;

/// The packs of a plan. In each are so many tasks, in their order, that can share a file: they are of one
/// model, in one folder, have the same columns, and are told apart by the same keys.
pub(super) struct Packs {
    size: usize,
    /// What the tasks of a pack have in common: folder, model, columns and keys.
    open: BTreeMap<(PathBuf, &'static str, String), Open>,
    /// How many packs a folder has.
    numbers: BTreeMap<(PathBuf, &'static str), u32>,
}

/// A pack that is being filled.
#[derive(Default)]
struct Open {
    number: u32,
    members: usize,
    row_groups: usize,
}

/// The name of a pack in the folder of its model.
pub(super) fn name(model: &str, number: u32) -> String {
    format!("{model}.{number:05}.parquet")
}

impl Packs {
    pub(super) fn new(size: usize) -> Self {
        Packs { size, open: BTreeMap::new(), numbers: BTreeMap::new() }
    }

    /// The number of the pack that a task goes into; none where it has no files.
    pub(super) fn place(&mut self, task: &Work) -> Option<u32> {
        if task.place.formats.is_empty() {
            return None;
        }
        let (outdir, model) = (task.place.outdir.clone(), task.place.model);
        let keys: Vec<&str> = task.levels().into_iter().map(|(key, _)| key).collect();
        let kind = (outdir.clone(), model, format!("{}; {}", task.columns(), keys.join(",")));
        let row_groups = PackWriter::row_groups(task.shape());
        let open = self.open.entry(kind).or_default();
        let fits = open.members < self.size && open.row_groups + row_groups <= PackWriter::MAX_ROW_GROUPS;
        if open.members == 0 || !fits {
            let next = self.numbers.entry((outdir, model)).or_default();
            *open = Open { number: *next, members: 0, row_groups: 0 };
            *next += 1;
        }
        open.members += 1;
        open.row_groups += row_groups;
        Some(open.number)
    }
}
