//! Tables as PostgreSQL is told of them.

use mts_core::{ColumnType, Relation};
use mts_hash::{Value, hash8};

use crate::IoError;
use crate::databases::relations::{
    check, index_names, listed_places, must_be_there, quoted, reference, unique,
};

/// Bytes of a name; PostgreSQL would cut it off.
const MAX_NAME: usize = 63;

/// What marks a table as ours, in its comment.
pub(super) const MARK: &str = "mts data_id=";

/// A name, where it is short enough.
pub(super) fn name(name: &str) -> Result<String, IoError> {
    if name.len() > MAX_NAME || name.is_empty() || name.contains('\0') {
        let bytes = name.len();
        return Err(IoError::refused(format!(
            "the name {name:?} has {bytes} bytes, and PostgreSQL takes 1 to {MAX_NAME}, none of them NUL: rename it"
        )));
    }
    Ok(quoted(name))
}

/// What PostgreSQL is told of some tables in a schema.
pub(super) struct Ddl {
    /// Before the load.
    pub(super) tables: Vec<String>,
    /// For the load of each.
    pub(super) copies: Vec<String>,
    /// After the load: keys first, for others refer to them.
    pub(super) rules: Vec<String>,
}

impl Ddl {
    pub(super) fn of(relations: &[Relation], schema: &str, data_id: &str) -> Result<Self, IoError> {
        check_names(relations)?;
        let full = |table: &str| format!("{}.{}", quoted(schema), quoted(table));
        let (mut tables, mut copies, mut keys, mut rest) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (relation, names) in relations.iter().zip(indexes(relations)) {
            let table = full(&relation.name);
            let columns = relation.columns.iter().enumerate().map(|(place, column)| {
                let rule = if must_be_there(relation, place) { " NOT NULL" } else { "" };
                format!("{} {}{rule}", quoted(&column.name), declared(&column.kind))
            });
            tables.push(format!("CREATE TABLE {table} ({})", columns.collect::<Vec<_>>().join(", ")));
            let comment = format!("{MARK}{data_id}").replace('\'', "''");
            tables.push(format!("COMMENT ON TABLE {table} IS '{comment}'"));
            let all: Vec<usize> = (0..relation.columns.len()).collect();
            copies.push(format!("COPY {table} {} FROM STDIN (FORMAT binary)", listed_places(relation, &all)));
            let mut add = |rule: String| keys.push(format!("ALTER TABLE {table} ADD {rule}"));
            if !relation.primary_key.is_empty() {
                add(format!("PRIMARY KEY {}", listed_places(relation, &relation.primary_key)));
            }
            unique(relation)
                .iter()
                .for_each(|group| add(format!("UNIQUE {}", listed_places(relation, group))));
            for (group, name) in relation.indexes.iter().zip(names) {
                let columns = listed_places(relation, group);
                rest.push(format!("CREATE INDEX {} ON {table} {columns}", quoted(&name)));
            }
            rest.extend(relation.foreign_keys.iter().map(|key| {
                format!("ALTER TABLE {table} ADD {}", reference(relation, key, &full(&key.parent)))
            }));
        }
        keys.append(&mut rest);
        Ok(Ddl { tables, copies, rules: keys })
    }
}

/// Refuses what cannot be tables.
pub(super) fn check_names(relations: &[Relation]) -> Result<(), IoError> {
    check(relations)?;
    let columns = relations.iter().flat_map(|relation| &relation.columns);
    let mut names = relations.iter().map(|relation| &relation.name).chain(columns.map(|column| &column.name));
    names.try_for_each(|plain| name(plain).map(drop))
}

/// The names of indexes; a shortened one stays apart from others by its hash.
pub(super) fn indexes(relations: &[Relation]) -> Vec<Vec<String>> {
    index_names(relations, |name| {
        if name.len() <= MAX_NAME {
            return name;
        }
        let end = name.floor_char_boundary(MAX_NAME - 9);
        format!("{}~{}", &name[..end], hash8(&Value::from(name.as_str())))
    })
}

/// The type of a column, as the server calls it too.
pub(super) fn declared(kind: &ColumnType) -> String {
    match kind {
        ColumnType::Boolean => "boolean",
        ColumnType::Integer => "bigint",
        ColumnType::Float => "double precision",
        ColumnType::Decimal { precision, scale } => return format!("numeric({precision},{scale})"),
        ColumnType::Text => "text",
        ColumnType::Date => "date",
        ColumnType::DateTime(None) => "timestamp without time zone",
        ColumnType::DateTime(Some(_)) => "timestamp with time zone",
        ColumnType::Struct(_) | ColumnType::List(_) => "jsonb",
    }
    .to_owned()
}
