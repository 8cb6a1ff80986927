//! Who is whose parent.

use std::collections::{BTreeMap, BTreeSet};

use super::super::links::{self, Link};
use super::{Builder, Ends};
use crate::Finding;
use crate::path::{child, item};
use crate::purpose::Purpose;
use crate::spec::Order;

impl Builder<'_> {
    pub(super) fn links(&mut self) -> Vec<Option<Link>> {
        let mut links: Vec<Option<Link>> = Vec::new();
        let partners = self.partners();
        let mut grouped = BTreeSet::new();
        for (at, spec) in self.spec.relationships.iter().enumerate() {
            let Some(ends) = self.ends[at].clone() else {
                links.push(None);
                continue;
            };
            if spec.order == Order::Grouped && !grouped.insert(ends.child) {
                let message = "rows are in the order of another parent already, and can be in that of one";
                self.wrong(Finding::new(child(&item("relationships", at), "order"), message));
            }
            let partner = partners[at].and_then(|of| links.get(of)?.as_ref());
            let meets =
                partners.iter().position(|of| *of == Some(at)).and_then(|other| self.ends[other].as_ref());
            let table = self.seed.named(&spec.child_table);
            let names = spec.child_key.as_slice().iter();
            let request = links::Asked {
                spec,
                seed: names.fold(Purpose::Parent.below(&table), |seed, name| seed.named(name)),
                parents: self.spec.tables[ends.parent].rows,
                rows: self.spec.tables[ends.child].rows,
                is_own: ends.parent == ends.child,
                single: self.is_single(&ends),
                meets: meets.map(|other| self.spec.tables[other.parent].rows),
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

    /// Of each relationship the earlier one whose key is with its own the primary key of the child.
    fn partners(&self) -> Vec<Option<usize>> {
        let mut earlier: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let of = |(at, ends): (usize, &Option<Ends>)| {
            let ends = ends.as_ref()?;
            let before = earlier.entry(ends.child).or_default();
            before.push(at);
            let others = &before[..before.len() - 1];
            if others.is_empty() {
                return None;
            }
            let columns = &self.spec.tables[ends.child].columns;
            let is_key = |at: &usize| columns[*at].common.constraints.primary_key;
            let keys: Vec<usize> = (0..columns.len()).filter(is_key).collect();
            let is_rest = |other: &Ends| {
                let mut both = [other.child_key.as_slice(), &ends.child_key].concat();
                both.sort_unstable();
                keys == both
            };
            others.iter().copied().find(|other| self.ends[*other].as_ref().is_some_and(is_rest))
        };
        self.ends.iter().enumerate().map(of).collect()
    }
}
