//! Reading a table back.

use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use mts_core::Relation;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::ddl::Ddl;
use super::{failed, open};
use crate::IoError;
use crate::databases::build::{Build, batch};
use crate::databases::relations::quoted;

/// Rows that are read at once.
const ROWS: usize = 8192;

/// The rows of a table in a SQLite database, in batches; after an error there are none.
pub struct SqliteRows {
    path: PathBuf,
    connection: Connection,
    relation: Relation,
    select: String,
    /// The number of the next row as SQLite counts; `None` after the last.
    next: Option<i64>,
    done: u64,
}

/// Reads the table `relation` of the SQLite database `path`, in memory that does not grow with it: typed rows
/// in the order in which they were written; where an integer alone is the primary key, in its order.
///
/// # Errors
///
/// Where `path` is no database, or has no such table. The iterator fails where a cell is not of its type.
pub fn read_sqlite(path: &Path, relation: &Relation) -> Result<SqliteRows, IoError> {
    // Other tables do not matter here.
    let alone = Relation { foreign_keys: Vec::new(), ..relation.clone() };
    let ddl = Ddl::of(std::slice::from_ref(&alone)).map_err(|error| error.at(path))?;
    let row_id = ddl.tables[0].row_id;
    let connection = open(path)?;
    let found = missing(&connection, relation).map_err(|error| failed(error).at(path))?;
    if let Some(what) = found {
        return Err(IoError::damaged(what).at(path));
    }
    let columns: Vec<String> = relation.columns.iter().map(|column| quoted(&column.name)).collect();
    let select = format!(
        "SELECT {row_id}, {} FROM {} WHERE {row_id} >= ? ORDER BY {row_id} LIMIT {ROWS}",
        columns.join(", "),
        quoted(&relation.name)
    );
    Ok(SqliteRows {
        path: path.to_owned(),
        connection,
        relation: alone,
        select,
        next: Some(i64::MIN),
        done: 0,
    })
}

/// Why the table cannot be read.
fn missing(connection: &Connection, relation: &Relation) -> rusqlite::Result<Option<String>> {
    let name = &relation.name;
    let sql = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?";
    let table: Option<String> = connection.query_row(sql, [name], |row| row.get(0)).optional()?;
    if !table.is_some_and(|sql| sql.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("CREATE TABLE")))
    {
        return Ok(Some(format!("there is no table {name:?}")));
    }
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?)")?;
    let columns = statement.query_map([name], |row| row.get::<_, String>(0))?;
    let columns: Vec<String> = columns.collect::<rusqlite::Result<_>>()?;
    let absent = relation.columns.iter().find(|column| !columns.contains(&column.name));
    Ok(absent.map(|column| format!("table {name:?} has no column {:?}", column.name)))
}

impl SqliteRows {
    fn batch(&mut self, from: i64) -> Result<Option<RecordBatch>, IoError> {
        let mut builds: Vec<Build> =
            self.relation.columns.iter().map(|column| Build::of(&column.kind)).collect();
        let mut statement = self.connection.prepare(&self.select).map_err(failed)?;
        let mut rows = statement.query([from]).map_err(failed)?;
        let (mut count, mut last) = (0_usize, None);
        while let Some(row) = rows.next().map_err(failed)? {
            last = Some(row.get::<_, i64>(0).map_err(failed)?);
            for (place, build) in builds.iter_mut().enumerate() {
                take(build, row, place + 1)?.ok_or_else(|| {
                    let (table, column) = (&self.relation.name, &self.relation.columns[place]);
                    let found = row.get_ref(place + 1).map(shown).unwrap_or_default();
                    IoError::damaged(format!(
                        "table {table:?}, column {:?}, row {}: expected {:?}, found {found}",
                        column.name,
                        self.done + count as u64,
                        column.kind
                    ))
                })?;
            }
            count += 1;
        }
        self.next = last.filter(|_| count == ROWS).and_then(|last| last.checked_add(1));
        if count == 0 {
            return Ok(None);
        }
        let first = self.done;
        self.done += count as u64;
        batch(&self.relation, builds, count, first).map(Some)
    }
}

impl Iterator for SqliteRows {
    type Item = Result<RecordBatch, IoError>;

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.next.take()?;
        let batch = self.batch(from).transpose()?;
        Some(batch.map_err(|error| {
            self.next = None;
            error.at(&self.path)
        }))
    }
}

/// Takes a cell, as it is stored by any declared type; `None` where it does not fit.
fn take(build: &mut Build, row: &Row, place: usize) -> Result<Option<()>, IoError> {
    Ok(match (row.get_ref(place).map_err(failed)?, build) {
        (ValueRef::Null, build) => {
            build.null();
            Some(())
        }
        (ValueRef::Integer(value), build @ Build::Float(_)) => build.float(value as f64),
        (ValueRef::Integer(value), build) => build.integer(value),
        (ValueRef::Real(value), build) => real(value, build),
        (ValueRef::Text(text), build) => std::str::from_utf8(text).ok().and_then(|text| match build {
            Build::Integer(_) | Build::Boolean(_) => build.integer(text.parse().ok()?),
            Build::Float(_) => build.float(text.parse().ok()?),
            build if build.is_nested() => build.json(text),
            build => build.text(text),
        }),
        (ValueRef::Blob(_), _) => None,
    })
}

fn real(value: f64, build: &mut Build) -> Option<()> {
    match build {
        Build::Decimal(_, _, scale) => {
            // The digits that were written: rounding and dividing give the same number again.
            let unit = 10_i64.checked_pow(u32::from(scale.unsigned_abs()))? as f64;
            let units = (value * unit).round();
            (units.abs() < 1e15 && units / unit == value).then(|| build.decimal(units as i128))?
        }
        Build::Integer(_) | Build::Boolean(_) => {
            let whole = value.fract() == 0.0 && value.abs() <= (1_i64 << 53) as f64;
            whole.then(|| build.integer(value as i64))?
        }
        build => build.float(value),
    }
}

fn shown(value: ValueRef) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(value) => format!("the integer {value}"),
        ValueRef::Real(value) => format!("the number {value:?}"),
        ValueRef::Text(text) => format!("the text {:?}", String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
