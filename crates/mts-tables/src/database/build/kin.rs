//! Who is whose parent.

use std::collections::BTreeSet;

use super::super::links::{self, Link};
use super::{Builder, Ends};
use crate::Finding;
use crate::path::item;

impl Builder<'_> {
    pub(super) fn links(&mut self) -> Vec<Option<Link>> {
        let mut links: Vec<Option<Link>> = Vec::new();
        let mut first = BTreeSet::new();
        for (at, spec) in self.spec.relationships.iter().enumerate() {
            let Some(ends) = self.ends[at].clone() else {
                links.push(None);
                continue;
            };
            let is_first = first.insert(ends.child);
            let partner = self.partner_of(at, &ends).and_then(|of| links.get(of)?.as_ref());
            let meets = (at + 1..self.ends.len()).find_map(|other| {
                let other =
                    self.ends[other].as_ref().filter(|ends| self.partner_of(other, ends) == Some(at))?;
                Some(self.spec.tables[other.parent].rows)
            });
            let request = links::Asked {
                spec,
                seed: self
                    .seed
                    .named(&spec.child_table)
                    .named("parent")
                    .named(&spec.child_key.as_slice().join(",")),
                parents: self.spec.tables[ends.parent].rows,
                rows: self.spec.tables[ends.child].rows,
                is_own: ends.parent == ends.child,
                is_first,
                single: self.is_single(&ends),
                meets,
                partner,
            };
            let is_gappy = |table: usize, keys: &[usize]| {
                let column = |at: &usize| self.columns.get(&[table, *at]);
                keys.iter().any(|at| column(at).is_none_or(|column| column.nulls.is_some()))
            };
            let mut has_gaps = is_gappy(ends.child, &ends.child_key);
            has_gaps |= ends
                .parent_key
                .iter()
                .any(|at| self.columns.get(&[ends.parent, *at]).is_none_or(|c| c.nullable));
            let bounds = links::Bounds::new(&request, has_gaps);
            match links::kin(&request) {
                Err(why) => {
                    self.wrong(Finding::new(item("relationships", at), why));
                    links.push(None);
                }
                Ok(kin) => links.push(Some(Link {
                    parent: ends.parent,
                    child: ends.child,
                    child_key: ends.child_key,
                    parent_key: ends.parent_key,
                    kin,
                    bounds,
                })),
            }
        }
        links
    }

    /// Whether the child's key may not repeat.
    fn is_single(&self, ends: &Ends) -> bool {
        let columns = &self.spec.tables[ends.child].columns;
        let keys: Vec<usize> =
            (0..columns.len()).filter(|at| columns[*at].common.constraints.primary_key).collect();
        let is_unique = |at: &usize| columns[*at].common.constraints.unique;
        ends.child_key.len() == 1 && ends.child_key.iter().any(is_unique)
            || !keys.is_empty() && keys.iter().all(|key| ends.child_key.contains(key))
    }

    /// The earlier relationship whose key is with this one's the primary key of the child.
    fn partner_of(&self, at: usize, ends: &Ends) -> Option<usize> {
        let columns = &self.spec.tables[ends.child].columns;
        let mut keys: Vec<usize> =
            (0..columns.len()).filter(|at| columns[*at].common.constraints.primary_key).collect();
        keys.sort_unstable();
        (0..at).find(|other| {
            let Some(other) = &self.ends[*other] else { return false };
            let mut both = [other.child_key.clone(), ends.child_key.clone()].concat();
            both.sort_unstable();
            other.child == ends.child && keys == both
        })
    }
}
