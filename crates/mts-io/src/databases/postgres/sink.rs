//! Loading tables.

use std::mem;
use std::pin::Pin;

use arrow_array::RecordBatch;
use bytes::Bytes;
use futures_util::SinkExt as _;
use mts_core::Relation;
use tokio_postgres::CopyInSink;

use super::ddl::{Ddl, MARK, check_names};
use super::encode::encode;
use super::server::Server;
use super::{HEADER, PostgresPlace};
use crate::databases::cells::columns;
use crate::databases::relations::quoted;
use crate::{IoError, IoErrorKind};

/// Bytes that are sent at once.
const CHUNK: usize = 1 << 18;

/// Tables that fill on a PostgreSQL server, in one transaction: nobody sees them before they are complete, and
/// nothing is left of them if that does not happen.
///
/// Rows go there by COPY in its binary form; keys and indexes are made after the load. Each table's comment
/// says which data it holds (`mts data_id=…`).
///
/// | column | type |
/// |---|---|
/// | boolean, integer, float | `boolean`, `bigint`, `double precision` |
/// | decimal | `numeric(p,s)` |
/// | text | `text`, without NUL |
/// | date | `date` |
/// | date and time, instant | `timestamp`, `timestamptz` |
/// | structure, list | `jsonb` |
pub struct PostgresSink {
    // Before the server, whose connection it uses.
    open: Option<(usize, Pin<Box<CopyInSink<Bytes>>>)>,
    server: Server,
    relations: Vec<Relation>,
    ddl: Ddl,
    rows: Vec<u64>,
    broken: bool,
    buffer: Vec<u8>,
    text: String,
}

/// What is known when a load begins.
pub enum Written {
    /// All tables are there already, and say that they hold these data.
    Present,
    /// They are to be loaded.
    Begun(Box<PostgresSink>),
}

impl PostgresSink {
    /// Begins the tables `relations`, which are to hold the data `data_id`.
    ///
    /// Tables of those names that are there are left alone where they say that they hold these data, and refused where
    /// not; with `overwrite` all are dropped in the same transaction. No others are touched. The address says `sslmode=require` in vain: there is no encryption.
    ///
    /// # Errors
    ///
    /// Where the server does not answer or does not let us, `relations` cannot be tables of PostgreSQL, or such
    /// tables are there.
    pub fn create(
        at: &PostgresPlace,
        relations: &[Relation],
        data_id: &str,
        overwrite: bool,
    ) -> Result<Written, IoError> {
        check_names(relations)?;
        let mut server = Server::connect(at, true)?;
        let named = |server: &Server, error: IoError| error.at(server.place());
        let ddl = Ddl::of(relations, &server.schema, data_id).map_err(|error| named(&server, error))?;
        let there = present(&mut server, relations)?;
        // What they say they hold may have been changed since.
        if !overwrite && are_these(&there, relations, data_id) {
            return Ok(Written::Present);
        }
        if !there.is_empty() && !overwrite {
            let tables: Vec<String> = there
                .iter()
                .map(|(name, comment)| {
                    let whose = comment.as_deref().and_then(|comment| comment.strip_prefix(MARK));
                    let whose = whose.map_or("not ours".to_owned(), |id| format!("data {id}"));
                    format!("{name:?} ({whose})")
                })
                .collect();
            let what =
                format!("these tables are there, and would hold data {data_id}: {}", tables.join(", "));
            return Err(named(&server, IoError::refused(what)));
        }
        if !there.is_empty() {
            // Together, for they may refer to each other. What others made that needs them stays, and is named.
            let names = there.iter().map(|(name, _)| format!("{}.{}", quoted(&server.schema), quoted(name)));
            let sql = format!("DROP TABLE {}", names.collect::<Vec<_>>().join(", "));
            server.run(&sql)?;
        }
        ddl.tables.iter().try_for_each(|sql| server.run(sql))?;
        let (relations, rows) = (relations.to_vec(), vec![0; relations.len()]);
        let (buffer, text) = (Vec::with_capacity(CHUNK), String::new());
        let sink = PostgresSink { open: None, server, relations, ddl, rows, broken: false, buffer, text };
        Ok(Written::Begun(Box::new(sink)))
    }

    /// Takes the next rows of a table, by its place among the relations.
    ///
    /// # Errors
    ///
    /// Where the rows are not those of the table, a value is missing or cannot be stored, or the server does
    /// not answer. Nothing can be written after that.
    pub fn append(&mut self, table: usize, batch: &RecordBatch) -> Result<(), IoError> {
        if self.broken {
            return Err(IoError::refused("rows before these were refused").at(self.server.place()));
        }
        self.broken = true;
        self.insert(table, batch).map_err(|error| error.at(self.server.place()))?;
        self.broken = false;
        Ok(())
    }

    fn insert(&mut self, table: usize, batch: &RecordBatch) -> Result<(), IoError> {
        let Some(copy) = self.ddl.copies.get(table) else {
            return Err(IoError::refused(format!(
                "there are {} tables, and no {table}",
                self.relations.len()
            )));
        };
        if self.open.as_ref().is_none_or(|(open, _)| *open != table) {
            let copy = copy.clone();
            self.close()?;
            let sink = self.server.wait(|client| async move { client.copy_in(&copy).await })?;
            self.open = Some((table, Box::pin(sink)));
            self.buffer.extend(HEADER);
        }
        let (relation, before) = (&self.relations[table], self.rows[table]);
        let columns = columns(relation, batch, before)?;
        let count = u16::try_from(columns.len()).unwrap_or(u16::MAX).to_be_bytes();
        for row in 0..batch.num_rows() {
            self.buffer.extend(count);
            for (cells, column) in columns.iter().zip(&relation.columns) {
                encode(cells, row, &mut self.text, &mut self.buffer).map_err(|what| {
                    let (table, column, row) = (&relation.name, &column.name, before + row as u64);
                    IoError::refused(format!("table {table:?}, column {column:?}, row {row}: {what}"))
                })?;
            }
            if self.buffer.len() >= CHUNK {
                send(&mut self.server, &mut self.open, &mut self.buffer)?;
            }
        }
        self.rows[table] += batch.num_rows() as u64;
        Ok(())
    }

    /// Ends the load of the table that is open.
    fn close(&mut self) -> Result<(), IoError> {
        if self.open.is_none() {
            return Ok(());
        }
        self.buffer.extend((-1_i16).to_be_bytes());
        send(&mut self.server, &mut self.open, &mut self.buffer)?;
        let Some((_, mut sink)) = self.open.take() else { return Ok(()) };
        self.server.wait(|_| async move { sink.as_mut().finish().await }).map(drop)
    }

    /// Completes the tables: makes keys and indexes, and shows all of them at once.
    ///
    /// # Errors
    ///
    /// Where a key comes twice, a row refers to one that is not there, or the server does not answer.
    pub fn finish(mut self) -> Result<(), IoError> {
        if self.broken {
            return Err(IoError::refused("some rows were refused").at(self.server.place()));
        }
        self.close()?;
        let rules = mem::take(&mut self.ddl.rules);
        rules.iter().try_for_each(|sql| self.server.run(sql))?;
        self.server.run("COMMIT").map_err(|error| match error.kind() {
            IoErrorKind::System(_) => IoError::refused(
                "the server went away while it completed the tables: they are there as a whole, or not at all; run \
                 again to see",
            )
            .at(self.server.place()),
            _ => error,
        })
    }
}

/// Sends what waits.
fn send(
    server: &mut Server,
    open: &mut Option<(usize, Pin<Box<CopyInSink<Bytes>>>)>,
    buffer: &mut Vec<u8>,
) -> Result<(), IoError> {
    let Some((_, sink)) = open else { return Ok(()) };
    let chunk = Bytes::from(mem::replace(buffer, Vec::with_capacity(CHUNK)));
    server.wait(|_| sink.send(chunk))
}

/// Whether all of the tables `relations` are on a PostgreSQL server, and say that they hold the data `data_id`.
///
/// # Errors
///
/// Where the server does not answer, or `relations` cannot be tables of PostgreSQL.
pub fn holds_postgres(at: &PostgresPlace, relations: &[Relation], data_id: &str) -> Result<bool, IoError> {
    check_names(relations)?;
    let mut server = Server::connect(at, false)?;
    let there = present(&mut server, relations)?;
    Ok(are_these(&there, relations, data_id))
}

fn are_these(there: &[(String, Option<String>)], relations: &[Relation], data_id: &str) -> bool {
    let same = |(_, comment): &(String, Option<String>)| {
        comment.as_deref().and_then(|comment| comment.strip_prefix(MARK)) == Some(data_id)
    };
    there.len() == relations.len() && there.iter().all(same)
}

/// The names that are taken, with their comments.
fn present(server: &mut Server, relations: &[Relation]) -> Result<Vec<(String, Option<String>)>, IoError> {
    let names: Vec<&str> = relations.iter().map(|relation| relation.name.as_str()).collect();
    let schema = server.schema.clone();
    let sql = "SELECT c.relname::text, obj_description(c.oid, 'pg_class') FROM pg_class c \
               JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = $1::text AND c.relname::text = ANY($2::text[]) ORDER BY 1";
    let rows = server.wait(|client| async move { client.query(sql, &[&schema, &names]).await })?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
