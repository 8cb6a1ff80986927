//! Rows against the rows that they refer to.

use super::batch::Batch;
use super::checks::Checks;
use super::keys::{Hash, Keys};
use super::table::TableAudit;
use crate::database::{Database, Link};

/// What is known of a relationship so far.
pub(super) struct Relations<'a> {
    link: &'a Link,
    /// The place of the parent's keys among those of its table.
    keys: usize,
    lookups: Vec<Lookup>,
    /// Children of each parent, in the order of the hashes of keys.
    children: Vec<u32>,
    /// Rows that came before all of their parents had.
    waiting: Vec<Reference>,
    /// Rows without a parent.
    orphans: u64,
}

/// A column that repeats one of the parent.
struct Lookup {
    theirs: usize,
    own: usize,
    /// Whether some of the child's are missing by themselves.
    has_gaps: bool,
    /// Those of the parent, hashed, in the order in which they came.
    values: Vec<u128>,
}

/// A row that refers to another one.
struct Reference {
    row: u64,
    key: u128,
    lookups: Vec<Option<u128>>,
}

const NOTHING: u128 = 0;

impl<'a> Relations<'a> {
    pub(super) fn new(database: &'a Database, at: usize, parent: &mut TableAudit) -> Self {
        let link = &database.links[at];
        let lookups = database.tables[link.child].columns.iter().enumerate().filter_map(|(own, column)| {
            let theirs = column.repeats(at).filter(|_| !link.child_key.contains(&own))?;
            Some(Lookup { theirs, own, has_gaps: column.nulls.is_some(), values: Vec::new() })
        });
        Relations {
            link,
            keys: parent.keys(&link.parent_key, "parent_key"),
            lookups: lookups.collect(),
            children: Vec::new(),
            waiting: Vec::new(),
            orphans: 0,
        }
    }

    /// The place of the parent's keys among those of its table.
    pub(super) fn keys(&self) -> usize {
        self.keys
    }

    /// Rows of the parent.
    pub(super) fn parents(&mut self, batch: &Batch, keys: &Keys) {
        if self.lookups.is_empty() {
            return;
        }
        let hashes = TableAudit::hashes(batch, &self.link.parent_key);
        for lookup in &mut self.lookups {
            let cells = batch.before(lookup.theirs);
            let kept = hashes.iter().zip(cells).filter(|(hash, _)| hash.is_some_and(|hash| keys.keeps(hash)));
            lookup.values.extend(kept.map(|(_, cell)| hashed(cell)));
        }
    }

    /// Rows of the child.
    pub(super) fn rows(&mut self, batch: &Batch, keys: &Keys, checks: &mut Checks) {
        let hashes = TableAudit::hashes(batch, &self.link.child_key);
        let cells: Vec<Vec<Option<&str>>> =
            self.lookups.iter().map(|lookup| batch.before(lookup.own)).collect();
        let place = self.place(checks);
        for (at, row) in batch.rows.iter().enumerate() {
            let Some(key) = hashes[at] else {
                self.orphans += u64::from(batch.originals[at].is_none());
                continue;
            };
            if !keys.keeps(key) {
                continue;
            }
            let lookups = self.lookups.iter().zip(&cells);
            let lookups = lookups.map(|(lookup, cells)| match cells[at] {
                None if lookup.has_gaps => None,
                cell => Some(hashed(cell)),
            });
            let reference = Reference { row: *row, key, lookups: lookups.collect() };
            if !keys.is_closed {
                self.waiting.push(reference);
            } else if !self.refer(&reference, keys, checks) {
                let shown: Vec<&str> =
                    self.link.child_key.iter().map(|column| batch.shown(*column, at)).collect();
                checks.wrong(place, "foreign_key", Some(*row), || {
                    format!("no such parent: {}", shown.join(", "))
                });
            }
        }
    }

    /// The column that a key is told of with, or the table.
    fn place(&self, checks: &Checks) -> usize {
        if let [one] = *self.link.child_key { one } else { checks.whole() }
    }

    /// Counts a child. False where it has no parent.
    fn refer(&mut self, reference: &Reference, keys: &Keys, checks: &mut Checks) -> bool {
        self.children.resize(keys.entries().len(), 0);
        let Some(parent) = keys.find(reference.key) else { return false };
        self.children[parent] = self.children[parent].saturating_add(1);
        let entry = keys.entries()[parent];
        for (lookup, own) in self.lookups.iter().zip(&reference.lookups) {
            if own.is_some_and(|own| lookup.values.get(entry.at) != Some(&own)) {
                let why = || format!("is not what row {} of the parent has", entry.row);
                checks.wrong(lookup.own, "lookup_columns", Some(reference.row), why);
            }
        }
        true
    }

    /// After all tables; `name` is that of the parent.
    pub(super) fn close(&mut self, name: &str, keys: &Keys, checks: &mut Checks, are_whole: bool) {
        let place = self.place(checks);
        self.children.resize(keys.entries().len(), 0);
        for reference in std::mem::take(&mut self.waiting) {
            if !self.refer(&reference, keys, checks) {
                let why = || format!("no such parent in {name}");
                checks.wrong(place, "foreign_key", Some(reference.row), why);
            }
        }
        let every =
            if keys.every > 1 { format!(", of one key in {} by hash", keys.every) } else { String::new() };
        let found: u64 = self.children.iter().map(|count| u64::from(*count)).sum();
        checks.note(place, "foreign_key", format!("{found} rows of {name}{every}"));
        self.lookups
            .iter()
            .for_each(|lookup| checks.note(lookup.own, "lookup_columns", format!("of {name}{every}")));
        if !are_whole {
            return;
        }
        let bounds = &self.link.bounds;
        let [least, greatest] = [bounds.least, bounds.greatest.unwrap_or(u64::MAX)];
        let extremes = self.children.iter().min().zip(self.children.iter().max());
        let found = extremes
            .map_or(String::new(), |(min, max)| format!("{min} to {max} children of each row of {name}"));
        let named = [("min_children", least > 0), ("max_children", bounds.greatest.is_some())];
        named
            .into_iter()
            .filter(|(_, asked)| *asked)
            .for_each(|(rule, _)| checks.note(place, rule, found.clone()));
        for (count, entry) in self.children.iter().zip(keys.entries()) {
            let count = u64::from(*count);
            if count < least {
                let why = || format!("row {} of {name} has {count} children, {least} at least", entry.row);
                checks.wrong(place, "min_children", None, why);
            } else if count > greatest {
                let why = || format!("row {} of {name} has {count} children, {greatest} at most", entry.row);
                checks.wrong(place, "max_children", None, why);
            }
        }
        if let Some(expected) = bounds.orphans {
            if self.orphans != expected {
                let why = || format!("{} rows have no parent, expected {expected}", self.orphans);
                checks.wrong(place, "null_rate", None, why);
            }
            checks.note(place, "null_rate", format!("{} rows without a parent", self.orphans));
        }
    }
}

fn hashed(cell: Option<&str>) -> u128 {
    cell.map_or(NOTHING, |cell| Hash::new().with(cell).end())
}
