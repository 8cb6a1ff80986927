//! The ends of relationships: tables and columns by their names.

use super::super::order;
use super::{Builder, Ends};
use crate::Finding;
use crate::path::{child, item};
use crate::spec::RelationshipSpec;

impl Builder<'_> {
    pub(super) fn resolve(&mut self, at: usize, spec: &RelationshipSpec) -> Option<Ends> {
        let path = item("relationships", at);
        let parent = self.find_table(&child(&path, "parent_table"), &spec.parent_table);
        let child_table = self.find_table(&child(&path, "child_table"), &spec.child_table);
        let (parent, child_table) = (parent?, child_table?);
        let parent_key = self.find_columns(&child(&path, "parent_key"), parent, spec.parent_key.as_slice());
        let child_key = self.find_columns(&child(&path, "child_key"), child_table, spec.child_key.as_slice());
        let (parent_key, child_key) = (parent_key?, child_key?);
        if parent_key.len() != child_key.len() {
            let message = format!("must have as many columns as parent_key, {}", parent_key.len());
            self.wrong(Finding::new(child(&path, "child_key"), message));
            return None;
        }
        let columns = &self.spec.tables[parent].columns;
        let constraints = |at: &usize| &columns[*at].common.constraints;
        // A part of a key may repeat.
        let mut whole = parent_key.clone();
        whole.sort_unstable();
        let primary: Vec<usize> = (0..columns.len()).filter(|at| constraints(at).primary_key).collect();
        let is_unique = matches!(parent_key.as_slice(), [one] if constraints(one).unique);
        let is_key = is_unique || whole == primary;
        if !is_key {
            let names = spec.parent_key.as_slice().join(", ");
            let finding =
                Finding::new(child(&path, "parent_key"), format!("{names} is no key: values may repeat"));
            self.wrong(finding.with_hint("give it the constraint `primary_key: true` or `unique: true`"));
        }
        Some(Ends { parent, child: child_table, parent_key, child_key })
    }

    /// Tables that refer to each other in a circle need a reference that may be null.
    pub(super) fn check_circles(&mut self) {
        let firm = self.ends.iter().zip(&self.spec.relationships).filter(|(_, spec)| spec.null_rate == 0.0);
        let edges: Vec<[usize; 2]> =
            firm.filter_map(|(ends, _)| ends.as_ref()).map(|ends| [ends.parent, ends.child]).collect();
        let (_, left) = order::parents_first(self.spec.tables.len(), &edges);
        if let Some(at) = (0..self.ends.len()).find(|at| {
            let ends = self.ends[*at].as_ref();
            ends.is_some_and(|ends| left.contains(&ends.parent) && left.contains(&ends.child))
        }) {
            let names: Vec<&str> = left.iter().map(|at| self.spec.tables[*at].name.as_str()).collect();
            let message = format!("{} refer to each other in a circle", names.join(", "));
            let finding = Finding::new(item("relationships", at), message);
            self.wrong(finding.with_hint("let one of the references be null sometimes: `null_rate: 0.1`"));
        }
    }

    /// Which columns repeat those of parents.
    pub(super) fn repeat(&mut self) {
        for (at, spec) in self.spec.relationships.iter().enumerate() {
            let Some(ends) = self.ends[at].clone() else { continue };
            let path = item("relationships", at);
            for (own, other) in ends.child_key.iter().zip(&ends.parent_key) {
                let key = [ends.child, *own];
                // Two relationships may share a column of composite keys only if they agree, which nobody can see to.
                if self.repeated.insert(key, [at, *other]).is_some() {
                    let name = &self.spec.tables[ends.child].columns[*own].name;
                    let message = format!("{name:?} is the child of two parents");
                    self.wrong(Finding::new(child(&path, "child_key"), message));
                }
            }
            for (theirs, own) in &spec.lookup_columns {
                let path = child(&child(&path, "lookup_columns"), theirs);
                let theirs = self.find_column(&path, ends.parent, theirs);
                let own = self.find_column(&path, ends.child, own);
                let (Some(theirs), Some(own)) = (theirs, own) else { continue };
                if self.repeated.insert([ends.child, own], [at, theirs]).is_some() {
                    let name = &self.spec.tables[ends.child].columns[own].name;
                    self.wrong(Finding::new(path, format!("{name:?} already repeats a column of a parent")));
                }
            }
        }
    }
}
