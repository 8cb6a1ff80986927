//! What a table is, once it is known what is spoilt in it.

use std::collections::BTreeMap;

use mts_core::{Column, ColumnType, ForeignKey, Relation};

use super::Table;
use super::TableColumn;
use super::dirt::Dirt;
use super::links::Link;
use crate::spec::{Constraints, TableSpec};

/// The relation of a table. Keys that copies of rows or text between values repeat, and primary keys of which
/// values are lost, become indexes.
pub(super) fn relation(
    spec: &TableSpec,
    columns: &[TableColumn],
    dirt: &Dirt,
    links: &[(&Link, &str, Vec<String>)],
    indexes: Vec<Vec<usize>>,
) -> (Relation, Lost) {
    let constraints = |at: usize| -> &Constraints { &spec.columns[at].common.constraints };
    let of_columns = columns.iter().enumerate().map(|(at, column)| Column {
        name: column.name.clone(),
        kind: if dirt.is_noisy(at) { ColumnType::Text } else { column.kind.clone() },
        nullable: column.nullable || dirt.loses(at),
        sqlite_type: spec.columns[at].common.sqlite_type.clone().filter(|_| !dirt.is_noisy(at)),
    });
    let all = || 0..columns.len();
    let key: Vec<usize> = all().filter(|at| constraints(*at).primary_key).collect();
    let unique: Vec<Vec<usize>> =
        all().filter(|at| constraints(*at).unique && key != [*at]).map(|at| vec![at]).collect();
    let mut relation = Relation {
        name: spec.name.clone(),
        columns: of_columns.collect(),
        primary_key: key,
        unique,
        foreign_keys: links
            .iter()
            .map(|(link, parent, names)| ForeignKey {
                columns: link.child_key.clone(),
                parent: (*parent).to_owned(),
                parent_columns: names.clone(),
            })
            .collect(),
        indexes,
    };
    let repeats = |group: &[usize]| dirt.copies() > 0 || group.iter().any(|at| dirt.is_noisy(*at));
    let mut lost = Lost::default();
    if repeats(&relation.primary_key) || relation.primary_key.iter().any(|at| dirt.loses(*at)) {
        lost.primary_key = Some(std::mem::take(&mut relation.primary_key)).filter(|key| !key.is_empty());
    }
    (lost.unique, relation.unique) =
        std::mem::take(&mut relation.unique).into_iter().partition(|group| repeats(group));
    for group in lost.primary_key.iter().chain(&lost.unique) {
        if !relation.indexes.contains(group) {
            relation.indexes.push(group.clone());
        }
    }
    (relation, lost)
}

/// Keys that a table would have if nothing were spoilt in it.
#[derive(Default)]
pub(super) struct Lost {
    pub(super) primary_key: Option<Vec<usize>>,
    pub(super) unique: Vec<Vec<usize>>,
}

/// Takes away the references that what is spoilt breaks: to what is no key any more or has lost values, and from
/// columns with text between their values.
pub(super) fn unbind(tables: &mut [Table]) {
    let holds = |table: &Table, names: &[String]| {
        let place = |name: &String| table.columns.iter().position(|column| column.name == *name);
        let mut places: Vec<usize> = names.iter().filter_map(place).collect();
        places.sort_unstable();
        let whole = !places.iter().any(|at| table.dirt.loses(*at));
        let is_key = |group: &[usize]| {
            let mut group = group.to_vec();
            group.sort_unstable();
            group == places
        };
        let relation = &table.relation;
        whole && (is_key(&relation.primary_key) || relation.unique.iter().any(|group| is_key(group)))
    };
    let sound: BTreeMap<(String, Vec<String>), bool> = tables
        .iter()
        .flat_map(|table| &table.relation.foreign_keys)
        .filter_map(|key| {
            let parent = tables.iter().find(|table| table.relation.name == key.parent)?;
            Some(((key.parent.clone(), key.parent_columns.clone()), holds(parent, &key.parent_columns)))
        })
        .collect();
    for table in tables {
        let keys = std::mem::take(&mut table.relation.foreign_keys);
        let (bound, unbound): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| {
            let reference = (key.parent.clone(), key.parent_columns.clone());
            sound.get(&reference).copied().unwrap_or(false)
                && !key.columns.iter().any(|at| table.dirt.is_noisy(*at))
        });
        table.relation.foreign_keys = bound;
        table.unbound = unbound.into_iter().map(|key| key.parent).collect();
    }
}
