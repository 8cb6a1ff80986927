//! Whether a database is sound, and the one that was asked for.

use std::collections::BTreeMap;
use std::path::Path;

use mts_core::Relation;
use rusqlite::Connection;

use super::ddl::Ddl;
use super::{failed, open, shown};
use crate::IoError;
use crate::databases::relations::quoted;

/// Findings that are told of one kind.
const SHOWN: usize = 20;

/// What is wrong with the SQLite database `path`, which should hold `relations`, in words; nothing where all
/// is well. Its pages and indexes are checked, the keys between its tables, and that tables, rules and indexes
/// are those that [`SqliteSink`](crate::SqliteSink) makes.
///
/// # Errors
///
/// Where `path` cannot be read, or `relations` cannot be tables of SQLite.
pub fn check_sqlite(path: &Path, relations: &[Relation]) -> Result<Vec<String>, IoError> {
    let named = |error: IoError| error.at(path);
    let ddl = Ddl::of(relations).map_err(named)?;
    let connection = open(path)?;
    let mut findings = integrity(&connection).map_err(|error| named(failed(error)))?;
    if !findings.is_empty() {
        return Ok(findings);
    }
    findings = different(&connection, &ddl).map_err(|error| named(failed(error)))?;
    // What refers to what is only known of the tables that were asked for.
    if findings.is_empty() {
        findings = dangling(&connection, &ddl, relations, SHOWN).map_err(named)?;
    }
    Ok(findings)
}

fn integrity(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({SHOWN})"))?;
    let found = statement.query_map([], |row| row.get::<_, String>(0))?;
    let found = found.filter(|line| !matches!(line, Ok(line) if line == "ok"));
    found.map(|line| line.map(|line| format!("the database is damaged: {line}"))).collect()
}

type Schema = BTreeMap<(String, String), String>;

fn schema(connection: &Connection) -> rusqlite::Result<Schema> {
    // Indexes that follow from rules have no text.
    let sql = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    rows.collect()
}

/// Where the schema is not that of `ddl`.
fn different(connection: &Connection, ddl: &Ddl) -> rusqlite::Result<Vec<String>> {
    let model = Connection::open_in_memory()?;
    for sql in ddl.tables.iter().map(|table| &table.create).chain(&ddl.indexes) {
        model.execute_batch(sql)?;
    }
    let (found, wanted) = (schema(connection)?, schema(&model)?);
    let mut findings = Vec::new();
    for ((kind, name), sql) in &wanted {
        match found.get(&(kind.clone(), name.clone())) {
            None => findings.push(format!("the {kind} {name:?} is missing")),
            Some(other) if other != sql => {
                findings.push(format!(
                    "the {kind} {name:?} is declared otherwise: expected {sql}, found {other}"
                ));
            }
            Some(_) => {}
        }
    }
    let more = found.keys().filter(|key| !wanted.contains_key(*key));
    findings
        .extend(more.map(|(kind, name)| format!("the {kind} {name:?} is there, and nobody asked for it")));
    Ok(findings)
}

/// Whether any row refers to what is not there.
pub(super) fn dangles(connection: &Connection, relations: &[Relation]) -> rusqlite::Result<bool> {
    for relation in relations {
        for key in &relation.foreign_keys {
            let column = |place: &usize| format!("c.{}", quoted(&relation.columns[*place].name));
            let there = key.columns.iter().map(|place| format!("{} IS NOT NULL", column(place)));
            let pairs = key.columns.iter().zip(&key.parent_columns);
            let same = pairs.map(|(place, parent)| format!("p.{} = {}", quoted(parent), column(place)));
            let (there, same): (Vec<String>, Vec<String>) = (there.collect(), same.collect());
            let (child, parent) = (quoted(&relation.name), quoted(&key.parent));
            let sql = format!(
                "SELECT EXISTS (SELECT 1 FROM {child} c WHERE {} AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE {}))",
                there.join(" AND "),
                same.join(" AND ")
            );
            if connection.query_row(&sql, [], |row| row.get(0))? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Rows that refer to what is not there, at most so many, in words.
pub(super) fn dangling(
    connection: &Connection,
    ddl: &Ddl,
    relations: &[Relation],
    most: usize,
) -> Result<Vec<String>, IoError> {
    let mut findings = Vec::new();
    let children =
        relations.iter().zip(&ddl.tables).filter(|(relation, _)| !relation.foreign_keys.is_empty());
    for (relation, table) in children {
        let sql = format!("PRAGMA foreign_key_check({})", quoted(&relation.name));
        let mut statement = connection.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while findings.len() < most
            && let Some(found) = rows.next().map_err(failed)?
        {
            let (row, key): (i64, i64) = (found.get(1).map_err(failed)?, found.get(3).map_err(failed)?);
            // SQLite counts them from the last to the first.
            let key = usize::try_from(key).ok().and_then(|key| relation.foreign_keys.iter().rev().nth(key));
            let Some(key) = key else { continue };
            let names: Vec<&str> =
                key.columns.iter().map(|place| relation.columns[*place].name.as_str()).collect();
            let (values, from) = (shown(&names), quoted(&relation.name));
            let sql = format!("SELECT {values} FROM {from} WHERE {} = ?", table.row_id);
            let values: String = connection.query_row(&sql, [row], |row| row.get(0)).map_err(failed)?;
            findings.push(format!(
                "table {:?}, row {row} as SQLite counts: {} = {values} is no {} of {:?}",
                relation.name,
                names.join(", "),
                key.parent_columns.join(", "),
                key.parent
            ));
        }
    }
    Ok(findings)
}
