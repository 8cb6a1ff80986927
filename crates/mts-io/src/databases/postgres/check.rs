//! Whether tables are those that were asked for.

use std::collections::BTreeSet;

use mts_core::Relation;
use tokio_postgres::Row;

use super::PostgresPlace;
use super::ddl::{MARK, check_names, declared, indexes};
use super::server::Server;
use crate::IoError;
use crate::databases::relations::{must_be_there, quoted, unique};

/// What is wrong with the tables `relations` on a PostgreSQL server, which should hold the data `data_id`, in
/// words; nothing where all is well. Columns with their types are compared, keys, indexes, and that every row
/// refers to one that is there.
///
/// # Errors
///
/// Where the server does not answer, or `relations` cannot be tables of PostgreSQL.
pub fn check_postgres(
    at: &PostgresPlace,
    relations: &[Relation],
    data_id: &str,
) -> Result<Vec<String>, IoError> {
    check_names(relations)?;
    let mut server = Server::connect(at, false)?;
    let mut findings = Vec::new();
    for (relation, names) in relations.iter().zip(indexes(relations)) {
        if let Some(what) = columns(&mut server, relation)? {
            findings.push(what);
            continue;
        }
        findings.extend(data(&mut server, relation, data_id)?);
        let found = rules(&mut server, relation)?;
        let wanted = wanted(relation, &names);
        let table = &relation.name;
        findings.extend(wanted.difference(&found).map(|rule| format!("table {table:?}: there is no {rule}")));
    }
    // Only tables that are as they should be can be asked.
    if findings.is_empty() {
        for relation in relations {
            dangling(&mut server, relation, &mut findings)?;
        }
    }
    Ok(findings)
}

fn ask(server: &mut Server, sql: &str, relation: &Relation) -> Result<Vec<Row>, IoError> {
    let (schema, table) = (server.schema.clone(), relation.name.clone());
    server.wait(|client| async move { client.query(sql, &[&schema, &table]).await })
}

/// Why the columns of a table are not those of `relation`.
pub(super) fn columns(server: &mut Server, relation: &Relation) -> Result<Option<String>, IoError> {
    let sql = "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_attribute a \
               JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = $1::text AND c.relname = $2::text AND c.relkind = 'r' AND a.attnum > 0 \
               AND NOT a.attisdropped ORDER BY a.attnum";
    let found = ask(server, sql, relation)?;
    let table = &relation.name;
    if found.is_empty() {
        return Ok(Some(format!("there is no table {table:?} in the schema {:?}", server.schema)));
    }
    let shown = |name: &str, kind: &str, needed: bool| {
        format!("{name:?} {kind}{}", if needed { " not null" } else { "" })
    };
    let found: Vec<String> = found.iter().map(|row| shown(row.get(0), row.get(1), row.get(2))).collect();
    let wanted = relation.columns.iter().enumerate();
    let wanted: Vec<String> = wanted
        .map(|(place, column)| shown(&column.name, &declared(&column.kind), must_be_there(relation, place)))
        .collect();
    let different = found.iter().zip(&wanted).find(|(found, wanted)| found != wanted);
    Ok(match different {
        Some((found, wanted)) => {
            Some(format!("table {table:?}: expected the column {wanted}, found {found}"))
        }
        None if found.len() != wanted.len() => {
            Some(format!("table {table:?} has {} columns, expected {}", found.len(), wanted.len()))
        }
        None => None,
    })
}

fn data(server: &mut Server, relation: &Relation, data_id: &str) -> Result<Option<String>, IoError> {
    let sql = "SELECT obj_description(c.oid, 'pg_class') FROM pg_class c \
               JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1::text AND c.relname = $2::text";
    let comment: Option<String> = ask(server, sql, relation)?.first().and_then(|row| row.get(0));
    let found = comment.as_deref().and_then(|comment| comment.strip_prefix(MARK));
    let table = &relation.name;
    Ok((found != Some(data_id)).then(|| match found {
        Some(found) => format!("table {table:?} holds the data {found}, expected {data_id}"),
        None => format!("table {table:?} has no comment that says which data it holds"),
    }))
}

/// Keys and indexes, in words.
fn rules(server: &mut Server, relation: &Relation) -> Result<BTreeSet<String>, IoError> {
    const NAMES: &str = "(SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(KEYS) WITH ORDINALITY \
                         AS k(number, place) JOIN pg_attribute a ON a.attrelid = TABLE AND a.attnum = k.number)";
    let names = |keys: &str, table: &str| NAMES.replace("KEYS", keys).replace("TABLE", table);
    let sql = format!(
        "SELECT r.contype::text, {}, p.relname::text, {} FROM pg_constraint r \
         JOIN pg_class c ON c.oid = r.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_class p ON p.oid = r.confrelid \
         WHERE n.nspname = $1::text AND c.relname = $2::text AND r.contype IN ('p', 'u', 'f') AND r.convalidated",
        names("r.conkey", "r.conrelid"),
        names("r.confkey", "r.confrelid")
    );
    let mut rules = BTreeSet::new();
    for row in ask(server, &sql, relation)? {
        let (kind, columns): (String, Vec<String>) = (row.get(0), row.get(1));
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        rules.insert(
            match (kind.as_str(), row.get::<_, Option<String>>(2), row.get::<_, Option<Vec<String>>>(3)) {
                ("f", Some(parent), Some(parents)) => foreign(&columns, &parent, &parents),
                ("p", ..) => primary(&columns),
                _ => uniqueness(&columns),
            },
        );
    }
    let sql = format!(
        "SELECT i.relname::text, {} FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid \
         JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = $1::text AND c.relname = $2::text AND x.indisvalid AND x.indkey[0] > 0",
        names("x.indkey::int2[]", "x.indrelid")
    );
    for row in ask(server, &sql, relation)? {
        let (name, columns): (String, Vec<String>) = (row.get(0), row.get(1));
        rules.insert(index(&name, &columns.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    Ok(rules)
}

fn wanted(relation: &Relation, names: &[String]) -> BTreeSet<String> {
    let columns = |group: &[usize]| -> Vec<&str> {
        group.iter().map(|place| relation.columns[*place].name.as_str()).collect()
    };
    let mut wanted: BTreeSet<String> =
        unique(relation).into_iter().map(|group| uniqueness(&columns(group))).collect();
    if !relation.primary_key.is_empty() {
        wanted.insert(primary(&columns(&relation.primary_key)));
    }
    let keys = relation.foreign_keys.iter();
    wanted.extend(keys.map(|key| foreign(&columns(&key.columns), &key.parent, &key.parent_columns)));
    wanted.extend(relation.indexes.iter().zip(names).map(|(group, name)| index(name, &columns(group))));
    wanted
}

fn primary(columns: &[&str]) -> String {
    format!("primary key {columns:?}")
}

fn uniqueness(columns: &[&str]) -> String {
    format!("rule that {columns:?} is unique")
}

fn foreign(columns: &[&str], parent: &str, parents: &[String]) -> String {
    format!("reference from {columns:?} to {parent:?} {parents:?}")
}

fn index(name: &str, columns: &[&str]) -> String {
    format!("index {name:?} on {columns:?}")
}

/// Rows that refer to none, which only happens where somebody switched the server's own checks off.
fn dangling(server: &mut Server, relation: &Relation, findings: &mut Vec<String>) -> Result<(), IoError> {
    for key in &relation.foreign_keys {
        let full = |table: &str| format!("{}.{}", quoted(&server.schema), quoted(table));
        let column = |place: &usize| quoted(&relation.columns[*place].name);
        let there = key.columns.iter().map(|place| format!("c.{} IS NOT NULL", column(place)));
        let same = key.columns.iter().zip(&key.parent_columns);
        let same = same.map(|(place, parent)| format!("p.{} = c.{}", quoted(parent), column(place)));
        let sql = format!(
            "SELECT count(*) FROM {} c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} p WHERE {})",
            full(&relation.name),
            there.collect::<Vec<_>>().join(" AND "),
            full(&key.parent),
            same.collect::<Vec<_>>().join(" AND ")
        );
        let row = server.wait(|client| async move { client.query_one(&sql, &[]).await })?;
        let count: i64 = row.get(0);
        if count > 0 {
            let names: Vec<String> = key.columns.iter().map(column).collect();
            let (table, parent) = (&relation.name, &key.parent);
            findings.push(format!(
                "table {table:?}: in {count} rows {} is no key of {parent:?}",
                names.join(", ")
            ));
        }
    }
    Ok(())
}
