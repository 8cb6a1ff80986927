//! A table, once its columns are there.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use mts_core::ColumnType;

use super::super::KEPT;
use super::super::links::Link;
use super::super::{Table, TableColumn, relation, schema};
use super::{Builder, width};
use crate::Finding;
use crate::path::child;
use crate::spec::{IdMode, Kind, TableSpec};

impl Builder<'_> {
    pub(super) fn table(&mut self, table: usize, spec: &TableSpec, links: &[Option<Link>]) -> Option<Table> {
        let path = self.table_path(table);
        let partition_by = self.find_columns(&child(&path, "partition_by"), table, &spec.partition_by);
        let at = child(&path, "indexes");
        let indexes: Vec<Option<Vec<usize>>> =
            spec.indexes.iter().map(|names| self.find_columns(&at, table, names.as_slice())).collect();
        let own: Option<Vec<TableColumn>> =
            (0..spec.columns.len()).map(|column| self.columns.remove(&[table, column])).collect();
        let mut columns = own?;
        let (partition_by, indexes) = (partition_by?, indexes.into_iter().collect::<Option<Vec<_>>>()?);
        if partition_by.len() == columns.len() {
            self.wrong(Finding::new(child(&path, "partition_by"), "must leave a column for the files"));
        }
        let mut seen = BTreeSet::new();
        for at in &partition_by {
            let column = &columns[*at];
            let has_no_name =
                matches!(column.kind, ColumnType::Float | ColumnType::Struct(_) | ColumnType::List(_));
            let place = child(&path, "partition_by");
            if has_no_name {
                let message =
                    format!("{:?} holds {}, which name no folder", column.name, plural(&column.kind));
                let finding = Finding::new(place, message);
                self.wrong(finding.with_hint("text, integers, decimals, truth values, dates and times do"));
            } else if !seen.insert(*at) {
                self.wrong(Finding::new(place, format!("{:?} is named twice", column.name)));
            }
        }
        self.check_key(table, spec, links);
        for (at, column) in columns.iter_mut().enumerate() {
            let is_counted = matches!(&spec.columns[at].kind, Kind::Id(id) if id.id_mode == IdMode::Int);
            let is_asked_for = self.repeated.iter().any(|(_, [link, column])| {
                let ends = self.ends[*link].as_ref();
                *column == at && ends.is_some_and(|ends| ends.parent == table)
            });
            column.counted = is_counted;
            if is_asked_for && !is_counted && spec.rows.saturating_mul(width(&column.kind)) <= KEPT {
                column.kept = Some(OnceLock::new());
            }
        }
        let dirt = self.dirt(table, spec, &columns);
        let of_table = links.iter().flatten().filter(|link| link.child == table);
        let of_table: Vec<_> = of_table
            .map(|link| {
                let parent = &self.spec.tables[link.parent];
                let names = link.parent_key.iter().map(|at| parent.columns[*at].name.clone()).collect();
                (link, parent.name.as_str(), names)
            })
            .collect();
        let (relation, lost) = relation::relation(spec, &columns, &dirt, &of_table, indexes);
        let schema = Arc::new(schema(&relation));
        Some(Table {
            relation,
            schema,
            rows: spec.rows,
            columns,
            partition_by,
            dirt,
            lost,
            unbound: Vec::new(),
        })
    }

    /// Several columns are a key if one of them is alone, or if they are those of parents that meet once.
    fn check_key(&mut self, table: usize, spec: &TableSpec, links: &[Option<Link>]) {
        let keys: Vec<usize> =
            (0..spec.columns.len()).filter(|at| spec.columns[*at].common.constraints.primary_key).collect();
        let is_single = |at: &usize| {
            let constraints = &spec.columns[*at].common.constraints;
            let is_numbered = matches!(spec.columns[*at].kind, Kind::Id(_) | Kind::Pattern(_));
            constraints.unique || is_numbered && !self.repeated.contains_key(&[table, *at])
        };
        let meet = links.iter().flatten().any(|link| link.child == table && link.is_partner());
        if keys.len() > 1 && !keys.iter().any(is_single) && !meet {
            let names: Vec<&str> = keys.iter().map(|at| spec.columns[*at].name.as_str()).collect();
            let path = child(&self.table_path(table), "columns");
            let message =
                format!("{} are a key together, and nothing keeps them from repeating", names.join(", "));
            let hint = "let one of them be unique, or let all of them be keys of two parents";
            self.wrong(Finding::new(path, message).with_hint(hint));
        }
    }
}

/// Values of a type that no folder can have the name of.
fn plural(kind: &ColumnType) -> &'static str {
    match kind {
        ColumnType::Float => "floating-point numbers",
        _ => "values of several parts",
    }
}
