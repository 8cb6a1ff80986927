//! Tables as SQLite is told of them.

use mts_core::{ColumnType, Relation};

use super::affinity::{Affinity, declared};
use crate::IoError;
use crate::databases::relations::{
    check, index_names, listed_places, must_be_there, quoted, reference, unique,
};

/// Bytes of a page; a file has as many as its rows need.
pub(super) const PAGE: usize = 4096;

/// What SQLite is told of some tables.
pub(super) struct Ddl {
    /// One for each, in their order.
    pub(super) tables: Vec<Table>,
    /// For after the load.
    pub(super) indexes: Vec<String>,
}

pub(super) struct Table {
    /// As everybody sees it.
    pub(super) create: String,
    /// Without the keys that have an index.
    pub(super) bare: String,
    pub(super) keys: Vec<Key>,
    pub(super) insert: String,
    pub(super) affinities: Vec<Affinity>,
    /// A name of the number of a row that no column has.
    pub(super) row_id: &'static str,
    /// The column that is this number.
    pub(super) alias: Option<usize>,
}

/// A key with an index.
pub(super) struct Key {
    pub(super) columns: Vec<usize>,
    /// The name that SQLite gives the index.
    pub(super) index: String,
    pub(super) create: String,
}

impl Ddl {
    pub(super) fn of(relations: &[Relation]) -> Result<Self, IoError> {
        check(relations)?;
        let tables = relations.iter().map(|relation| {
            table(relation).map_err(|what| IoError::refused(format!("table {:?}: {what}", relation.name)))
        });
        let tables = tables.collect::<Result<_, _>>()?;
        let named = relations.iter().zip(index_names(relations, |name| name));
        let indexes = named.flat_map(|(relation, names)| {
            let groups = relation.indexes.iter().zip(names);
            groups.map(|(group, name)| {
                let (name, table) = (quoted(&name), quoted(&relation.name));
                format!("CREATE INDEX {name} ON {table} {}", listed_places(relation, group))
            })
        });
        Ok(Ddl { tables, indexes: indexes.collect() })
    }
}

fn table(relation: &Relation) -> Result<Table, String> {
    if relation.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_")) {
        return Err("SQLite keeps names that begin with sqlite_ for itself: rename it".to_owned());
    }
    let row_id = ["rowid", "_rowid_", "oid"].into_iter();
    let mut row_id =
        row_id.filter(|name| !relation.columns.iter().any(|c| c.name.eq_ignore_ascii_case(name)));
    let row_id = row_id
        .next()
        .ok_or("columns with the names rowid, _rowid_ and oid leave none for SQLite: rename one")?;
    let (mut lines, mut affinities) = (Vec::new(), Vec::new());
    let alias = alias(relation)?;
    for (place, column) in relation.columns.iter().enumerate() {
        let declared = declared(column).map_err(|what| format!("column {:?}: {what}", column.name))?;
        let rule = if alias == Some(place) {
            " PRIMARY KEY"
        } else if must_be_there(relation, place) {
            " NOT NULL"
        } else {
            ""
        };
        lines.push(format!("{} {declared}{rule}", quoted(&column.name)));
        affinities.push(Affinity::of(&declared));
    }
    let primary = (alias.is_none() && !relation.primary_key.is_empty())
        .then_some(("PRIMARY KEY", relation.primary_key.as_slice()));
    let unique = unique(relation).into_iter().filter(|group| *group != alias.as_slice());
    let groups: Vec<(&str, &[usize])> =
        primary.into_iter().chain(unique.map(|group| ("UNIQUE", group))).collect();
    let rules = groups.iter().map(|(rule, group)| format!("{rule} {}", listed_places(relation, group)));
    let references = relation.foreign_keys.iter().map(|key| reference(relation, key, &quoted(&key.parent)));
    let references: Vec<String> = references.collect();
    let all: Vec<String> = lines.iter().cloned().chain(rules).chain(references.iter().cloned()).collect();
    lines.extend(references);
    let name = quoted(&relation.name);
    let create = |lines: Vec<String>| format!("CREATE TABLE {name} (\n  {}\n)", lines.join(",\n  "));
    let keys = groups.iter().enumerate().map(|(number, (_, group))| {
        let index = format!("sqlite_autoindex_{}_{}", relation.name, number + 1);
        let (columns, quoted) = (listed_places(relation, group), quoted(&index));
        Key {
            columns: group.to_vec(),
            index,
            create: format!("CREATE UNIQUE INDEX {quoted} ON {name} {columns}"),
        }
    });
    let keys = keys.collect();
    let values = vec!["?"; relation.columns.len()].join(", ");
    let insert = format!("INSERT INTO {name} VALUES ({values})");
    Ok(Table { create: create(all), bare: create(lines), keys, insert, affinities, row_id, alias })
}

/// The column whose values are the numbers of rows: an integer that alone is the primary key.
fn alias(relation: &Relation) -> Result<Option<usize>, String> {
    let &[place] = relation.primary_key.as_slice() else { return Ok(None) };
    let column = &relation.columns[place];
    let is = column.kind == ColumnType::Integer && declared(column)?.eq_ignore_ascii_case("INTEGER");
    Ok(is.then_some(place))
}
