//! Reading a table back.

use std::pin::Pin;

use arrow_array::RecordBatch;
use bytes::Bytes;
use futures_util::StreamExt as _;
use mts_core::{Column, ColumnType, Relation};
use tokio_postgres::CopyOutStream;

use super::check::columns;
use super::decode::decode;
use super::server::Server;
use super::{HEADER, PostgresPlace};
use crate::IoError;
use crate::databases::build::{Build, batch};
use crate::databases::relations::{listed, quoted};

/// Rows that are read at once.
const ROWS: usize = 8192;

/// The rows of a table on a PostgreSQL server, in batches; after an error there are none.
pub struct PostgresRows {
    // Before the server, whose connection it uses.
    stream: Pin<Box<CopyOutStream>>,
    server: Server,
    relation: Relation,
    /// What came and is not decoded, from `at` on.
    bytes: Vec<u8>,
    at: usize,
    done: u64,
    ended: bool,
}

/// Reads the table `relation`, in memory that does not grow with it: typed rows in the order of the columns in the
/// places `order`, text by its bytes; without any, as the server keeps them, which is how they were written as long as
/// nobody changed some.
///
/// # Errors
///
/// Where the server does not answer, or has no such table of these types.
pub fn read_postgres(
    at: &PostgresPlace,
    relation: &Relation,
    order: &[usize],
) -> Result<PostgresRows, IoError> {
    super::ddl::check_names(&[Relation { foreign_keys: Vec::new(), ..relation.clone() }])?;
    let mut server = Server::connect(at, false)?;
    if let Some(what) = columns(&mut server, relation)? {
        return Err(IoError::damaged(what).at(server.place()));
    }
    let table = format!("{}.{}", quoted(&server.schema), quoted(&relation.name));
    let names = relation.columns.iter().map(|column| column.name.as_str());
    let rows = match order {
        [] => format!("{table} {}", listed(names)),
        order => {
            let names: Vec<String> = names.map(quoted).collect();
            let keys: Vec<String> = order.iter().map(|place| sorted(&relation.columns[*place])).collect();
            format!("(SELECT {} FROM {table} ORDER BY {})", names.join(", "), keys.join(", "))
        }
    };
    let sql = format!("COPY {rows} TO STDOUT (FORMAT binary)");
    let stream = server.wait(|client| async move { client.copy_out(&sql).await })?;
    let (stream, relation) = (Box::pin(stream), relation.clone());
    let mut rows = PostgresRows { stream, server, relation, bytes: Vec::new(), at: 0, done: 0, ended: false };
    rows.header().map_err(|error| error.at(rows.server.place()))?;
    Ok(rows)
}

/// A column to sort by; what is text would be in the order of some language.
fn sorted(column: &Column) -> String {
    let name = quoted(&column.name);
    if column.kind == ColumnType::Text { format!("{name} COLLATE \"C\"") } else { name }
}

impl PostgresRows {
    fn more(&mut self) -> Result<bool, IoError> {
        let stream = &mut self.stream;
        let some: Option<Bytes> = self.server.wait(|_| async move { stream.next().await.transpose() })?;
        self.bytes.drain(..self.at);
        self.at = 0;
        some.iter().for_each(|some| self.bytes.extend_from_slice(some));
        Ok(some.is_some())
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], IoError> {
        while self.bytes.len() - self.at < N {
            if !self.more()? {
                return Err(IoError::damaged("the server's answer is cut off"));
            }
        }
        let mut taken = [0; N];
        taken.copy_from_slice(&self.bytes[self.at..self.at + N]);
        self.at += N;
        Ok(taken)
    }

    fn header(&mut self) -> Result<(), IoError> {
        (self.take()? == *HEADER).then_some(()).ok_or_else(|| IoError::damaged("this is no binary COPY"))
    }

    fn batch(&mut self) -> Result<Option<RecordBatch>, IoError> {
        let mut builds: Vec<Build> =
            self.relation.columns.iter().map(|column| Build::of(&column.kind)).collect();
        let mut count = 0;
        while count < ROWS && !self.ended {
            match i16::from_be_bytes(self.take()?) {
                -1 => {
                    self.ended = true;
                    while self.more()? {}
                }
                found if usize::try_from(found) == Ok(builds.len()) => {
                    for (place, build) in builds.iter_mut().enumerate() {
                        self.cell(build, place, count)?;
                    }
                    count += 1;
                }
                found => return Err(IoError::damaged(format!("a row of {found} columns came"))),
            }
        }
        if count == 0 {
            return Ok(None);
        }
        let first = self.done;
        self.done += count as u64;
        batch(&self.relation, builds, count, first).map(Some)
    }

    fn cell(&mut self, build: &mut Build, place: usize, row: usize) -> Result<(), IoError> {
        let Ok(size) = usize::try_from(i32::from_be_bytes(self.take()?)) else {
            build.null();
            return Ok(());
        };
        while self.bytes.len() - self.at < size {
            if !self.more()? {
                return Err(IoError::damaged("the server's answer is cut off"));
            }
        }
        let taken = decode(build, &self.bytes[self.at..self.at + size]);
        self.at += size;
        taken.ok_or_else(|| {
            let (table, column) = (&self.relation.name, &self.relation.columns[place]);
            let row = self.done + row as u64;
            let (name, kind) = (&column.name, &column.kind);
            IoError::damaged(format!("table {table:?}, column {name:?}, row {row}: the value is no {kind:?}"))
        })
    }
}

impl Iterator for PostgresRows {
    type Item = Result<RecordBatch, IoError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let batch = self.batch().transpose()?;
        Some(batch.map_err(|error| {
            self.ended = true;
            error.at(self.server.place())
        }))
    }
}
