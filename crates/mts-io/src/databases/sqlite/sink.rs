//! Writing a database.

use std::path::Path;

use arrow_array::RecordBatch;
use mts_core::Relation;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::bind::{Trouble, bind};
use super::ddl::{Ddl, Key, PAGE, Table};
use super::{NOT_REMOTE, check, failed, shown};
use crate::databases::cells::{Values, columns};
use crate::databases::relations::quoted;
use crate::remote::is_remote;
use crate::store::digest_local;
use crate::{Finished, IoError, Pending, Store};

/// Kibibytes that are kept of a database while it is written; more only helps keys that come in no order.
const CACHE: usize = 64 << 10;

/// A SQLite database that fills.
///
/// It is loaded in one transaction, in a temporary file of a [`Store`], and appears when it is committed
/// there. Keys between tables are checked when all rows are there, so that tables come in any order and may
/// refer to each other, and indexes are made after that. Equal tables in an equal order make equal files,
/// whatever the batches; the version of SQLite that is built in stands in the file's head.
///
/// | column | declared | holds |
/// |---|---|---|
/// | boolean, integer | `INTEGER` | an integer |
/// | float | `REAL` | a number; -0.0 becomes 0.0, NaN is refused |
/// | decimal | `NUMERIC(p,s)`, from 16 digits on `TEXT` | a number, or all digits |
/// | text | `TEXT` | UTF-8 |
/// | date, date and time | `TEXT` | ISO 8601; instants in UTC, with `+00:00` |
/// | structure, list | `TEXT` | JSON |
///
/// An integer that alone is the primary key is the number of its row (`INTEGER PRIMARY KEY`): SQLite keeps
/// such a table in the order of the key.
pub struct SqliteSink {
    // Closed before its file is removed.
    connection: Connection,
    pending: Pending,
    relations: Vec<Relation>,
    ddl: Ddl,
    /// Rows so far, of each table.
    rows: Vec<u64>,
    /// There is no journal that would take half a change back.
    broken: bool,
    text: String,
}

impl SqliteSink {
    /// Begins a database that will appear as `path` in `store`.
    ///
    /// # Errors
    ///
    /// Where `relations` cannot be tables of SQLite, or the store cannot create `path`.
    pub fn create<T>(store: &Store<T>, path: &Path, relations: &[Relation]) -> Result<Self, IoError> {
        let ddl = Ddl::of(relations).map_err(|error| error.at(path))?;
        if is_remote(path) {
            return Err(IoError::refused(NOT_REMOTE).at(path));
        }
        let pending = store.create(path)?;
        let connection = begin(pending.temporary(), &ddl).map_err(|error| failed(error).at(path))?;
        let (relations, rows) = (relations.to_vec(), vec![0; relations.len()]);
        Ok(SqliteSink { connection, pending, relations, ddl, rows, broken: false, text: String::new() })
    }

    /// Whether SQLite takes these tables: it is asked, in memory.
    ///
    /// # Errors
    ///
    /// What it does not take, such as names of its own, types that are none, and too many columns.
    pub fn check(relations: &[Relation]) -> Result<(), IoError> {
        let ddl = Ddl::of(relations)?;
        let connection = Connection::open_in_memory().map_err(failed)?;
        for (relation, table) in relations.iter().zip(&ddl.tables) {
            let insert = |()| connection.prepare(&table.insert).map(drop);
            let taken = connection.execute_batch(&table.create).and_then(insert);
            let refused =
                |error| IoError::refused(format!("table {:?}: SQLite says: {error}", relation.name));
            taken.map_err(refused)?;
        }
        for sql in &ddl.indexes {
            let refused = |error| IoError::refused(format!("an index: SQLite says: {error}"));
            connection.execute_batch(sql).map_err(refused)?;
        }
        Ok(())
    }

    /// Takes the next rows of a table, by its place among the relations.
    ///
    /// # Errors
    ///
    /// Where the rows are not those of the table, a key comes twice, a value is missing or cannot be stored,
    /// or the disk is full. Nothing can be written after that.
    pub fn append(&mut self, table: usize, batch: &RecordBatch) -> Result<(), IoError> {
        if self.broken {
            return Err(IoError::refused("rows before these were refused").at(self.pending.path()));
        }
        self.broken = true;
        self.insert(table, batch).map_err(|error| error.at(self.pending.path()))?;
        self.broken = false;
        Ok(())
    }

    fn insert(&mut self, table: usize, batch: &RecordBatch) -> Result<(), IoError> {
        let Some(relation) = self.relations.get(table) else {
            return Err(IoError::refused(format!(
                "there are {} tables, and no {table}",
                self.relations.len()
            )));
        };
        let before = self.rows[table];
        let (ddl, columns) = (&self.ddl.tables[table], columns(relation, batch, before)?);
        let mut statement = self.connection.prepare(&ddl.insert).map_err(failed)?;
        for row in 0..batch.num_rows() {
            for (place, (cells, affinity)) in columns.iter().zip(&ddl.affinities).enumerate() {
                bind(&mut statement, place + 1, cells, *affinity, row, &mut self.text).map_err(
                    |trouble| {
                        let at = before + row as u64;
                        cell_trouble(trouble, relation, place, at)
                    },
                )?;
            }
            statement.raw_execute().map_err(|error| {
                let at = before + row as u64;
                let violated = error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation);
                match ddl.alias.map(|place| (&relation.columns[place].name, &columns[place].values)) {
                    Some((name, Values::Integer(keys))) if violated => {
                        let (table, key) = (&relation.name, keys.value(row));
                        IoError::refused(format!(
                            "table {table:?}, row {at}: {name} = {key} is there already, and must be unique"
                        ))
                    }
                    _ => failed(error),
                }
            })?;
        }
        self.rows[table] += batch.num_rows() as u64;
        Ok(())
    }

    /// Completes the database: checks the keys within and between tables, makes the indexes.
    ///
    /// # Errors
    ///
    /// Where a key comes twice, a row refers to one that is not there, or the disk is full.
    pub fn finish(self) -> Result<Finished, IoError> {
        let target = self.pending.path().to_owned();
        self.complete().map_err(|error| error.at(&target))
    }

    fn complete(self) -> Result<Finished, IoError> {
        if self.broken {
            return Err(IoError::refused("some rows were refused"));
        }
        let run = |sql: &str| self.connection.execute_batch(sql).map_err(failed);
        run("PRAGMA writable_schema = ON")?;
        for (relation, table) in self.relations.iter().zip(&self.ddl.tables) {
            table.keys.iter().try_for_each(|key| self.index(key, relation, table))?;
        }
        self.ddl.indexes.iter().try_for_each(|sql| run(sql))?;
        // An index on what refers, where there is one, finds what it refers to in order, and that is fast.
        if check::dangles(&self.connection, &self.relations).map_err(failed)?
            && let Some(first) =
                check::dangling(&self.connection, &self.ddl, &self.relations, 1)?.into_iter().next()
        {
            return Err(IoError::refused(first));
        }
        self.declare().map_err(failed)?;
        run("COMMIT; PRAGMA writable_schema = RESET")?;
        // Reads the schema as others will.
        run("SELECT count(*) FROM sqlite_schema")?;
        self.connection.close().map_err(|(_, error)| failed(error))?;
        let digest = digest_local(self.pending.temporary())?;
        Ok(Finished { pending: self.pending, digest })
    }

    /// Makes the index of a key: sorted at once, which is several times as fast as row by row where keys come
    /// in no order.
    fn index(&self, key: &Key, relation: &Relation, table: &Table) -> Result<(), IoError> {
        let Err(error) = self.connection.execute_batch(&key.create) else { return Ok(()) };
        if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
            return Err(failed(error));
        }
        let names: Vec<&str> =
            key.columns.iter().map(|place| relation.columns[*place].name.as_str()).collect();
        let (columns, row_id, from) = (
            names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", "),
            table.row_id,
            quoted(&relation.name),
        );
        let (values, present) = (
            shown(&names),
            names
                .iter()
                .map(|name| format!("{} IS NOT NULL", quoted(name)))
                .collect::<Vec<_>>()
                .join(" AND "),
        );
        // The first value in order that comes twice, and where it does.
        let sql = format!(
            "SELECT {values}, min({row_id}), max({row_id}), count(*) FROM {from} WHERE {present} GROUP BY {columns} HAVING count(*) > 1 ORDER BY 2 LIMIT 1"
        );
        let found = self.connection.query_row(&sql, [], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, i64>(3)?,
            ))
        });
        let (values, first, last, count) = found.map_err(failed)?;
        let (which, first, last) = match table.alias {
            // SQLite counts rows from one, or by their key.
            None => ("rows".to_owned(), first - 1, last - 1),
            Some(place) => (format!("rows with {}", relation.columns[place].name), first, last),
        };
        Err(IoError::refused(format!(
            "table {:?}: {} = {values} is there {count} times, first and last in {which} {first} and {last}, and must be unique",
            relation.name,
            names.join(", ")
        )))
    }

    /// Says of keys in the tables' declarations what their indexes hold: the file is as if SQLite had been told
    /// before the load.
    fn declare(&self) -> rusqlite::Result<()> {
        for (relation, table) in
            self.relations.iter().zip(&self.ddl.tables).filter(|(_, table)| !table.keys.is_empty())
        {
            let sql = "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?";
            self.connection.execute(sql, [&table.create, &relation.name])?;
            for key in &table.keys {
                let sql = "UPDATE sqlite_schema SET sql = NULL WHERE type = 'index' AND name = ?";
                self.connection.execute(sql, [&key.index])?;
            }
        }
        Ok(())
    }
}

/// Opens the empty file `path` and makes the tables, in a transaction that stays open.
///
/// Nothing is journalled and nobody waits for the disk: before it is complete, nobody needs the file.
fn begin(path: &Path, ddl: &Ddl) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // The store has a lock of its own, which on some file systems is of the kind that SQLite would ask for.
    let connection = if cfg!(unix) {
        Connection::open_with_flags_and_vfs(path, flags, c"unix-none")?
    } else {
        Connection::open_with_flags(path, flags)?
    };
    connection.execute_batch(&format!(
        "PRAGMA page_size = {PAGE}; PRAGMA encoding = 'UTF-8'; PRAGMA auto_vacuum = NONE;
         PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA foreign_keys = OFF; PRAGMA cache_size = -{CACHE}; BEGIN"
    ))?;
    ddl.tables.iter().try_for_each(|table| connection.execute_batch(&table.bare))?;
    Ok(connection)
}

fn cell_trouble(trouble: Trouble, relation: &Relation, place: usize, row: u64) -> IoError {
    match trouble {
        Trouble::Sqlite(error) => error,
        Trouble::Cell(what) => {
            let (table, column) = (&relation.name, &relation.columns[place].name);
            IoError::refused(format!("table {table:?}, column {column:?}, row {row}: {what}"))
        }
    }
}
