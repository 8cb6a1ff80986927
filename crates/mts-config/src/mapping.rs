use std::collections::BTreeMap;

use crate::describe::abbreviate;
use crate::{Entry, Problem, Problems};

/// Refuses every key that stands a second time. Sorting keeps a mapping of a million keys cheap.
pub(crate) fn refuse_duplicates(entries: &[Entry], path: &dyn Fn(&str) -> String, problems: &mut Problems) {
    let mut order: Vec<&Entry> = entries.iter().collect();
    order.sort_by(|left, right| left.key.cmp(&right.key));
    for pair in order.windows(2) {
        if let [first, second] = pair
            && first.key == second.key
        {
            let message =
                format!("key `{}` stands twice, first at {}", abbreviate(&second.key), first.key_position);
            problems.push(Problem::at(&second.key_position, path(&second.key), message));
        }
    }
}

/// Mappings laid over each other: the last one that has a key gives its value, the first one its
/// place in the order.
#[derive(Default)]
pub(crate) struct Layers {
    entries: Vec<Entry>,
    slots: BTreeMap<String, usize>,
}

impl Layers {
    pub(crate) fn put(&mut self, entry: Entry) {
        match self.slots.get(&entry.key) {
            Some(&slot) => self.entries[slot] = entry,
            None => {
                self.slots.insert(entry.key.clone(), self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    pub(crate) fn put_all(&mut self, entries: Vec<Entry>) {
        entries.into_iter().for_each(|entry| self.put(entry));
    }

    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}
