//! Tables into files.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use mts_core::{Relation, SourceError};
use mts_io::{
    Compression, Encoder, Finished, PartitionedTable, Partitions, Piece, Split, SqliteSink, Store, TableFile,
    TableFormat, begin_partitions, begin_table,
};
use mts_tables::{Change, Database, Made, Table};

use super::format::Output;
use super::preview::Preview;
use super::server::Loading;
use crate::Observer;
use crate::artefacts::SQLITE;
use crate::in_order::in_order;
use crate::pipe::Interrupted;

/// Changes that are written together.
const CHANGES: usize = 1 << 16;

/// What is to be written.
pub(super) struct Job<'a> {
    pub(super) database: &'a Database,
    pub(super) folder: &'a Path,
    pub(super) outputs: &'a [Output],
    pub(super) compression: Compression,
    /// Where tables go to a server.
    pub(super) server: Option<Server<'a>>,
}

/// A server that takes tables.
#[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "plans without it have no server"))]
pub(super) struct Server<'a> {
    pub(super) url: &'a str,
    pub(super) data_id: &'a str,
    pub(super) overwrite: bool,
}

/// A file that nobody sees yet.
pub(super) struct File {
    pub(super) name: String,
    pub(super) format: &'static str,
    pub(super) finished: Finished,
}

/// Writes all tables; one is made and encoded while the batches before it are written.
pub(super) fn write(
    job: &Job,
    store: &Store<usize>,
    observer: &dyn Observer,
) -> Result<Vec<File>, SourceError> {
    let order = job.database.parents_first();
    let tables = job.database.tables();
    let relations: Vec<Relation> = order.iter().map(|at| tables[*at].relation().clone()).collect();
    let mut databases = Databases::begin(job, &relations, store)?;
    let mut files = Vec::new();
    for (place, table) in order.into_iter().enumerate() {
        let mut sinks = Sinks::begin(job, &tables[table], store)?;
        fill(job.database, table, &mut sinks, (&mut databases, place), observer)?;
        sinks.finish(&tables[table], &mut files)?;
    }
    files.extend(databases.finish(job)?);
    Ok(files)
}

/// What holds all tables.
struct Databases {
    sqlite: Option<SqliteSink>,
    server: Option<Loading>,
}

impl Databases {
    fn begin(job: &Job, relations: &[Relation], store: &Store<usize>) -> Result<Self, SourceError> {
        let sqlite = match job.outputs.contains(&Output::Sqlite) {
            true => Some(SqliteSink::create(store, &job.folder.join(Databases::name(job)), relations)?),
            false => None,
        };
        Ok(Databases { sqlite, server: Loading::begin(job, relations)? })
    }

    fn name(job: &Job) -> String {
        format!("{}.{SQLITE}", job.database.dataset())
    }

    fn are_none(&self) -> bool {
        self.sqlite.is_none() && self.server.is_none()
    }

    fn append(&mut self, place: usize, records: &RecordBatch) -> Result<(), SourceError> {
        if let Some(sqlite) = &mut self.sqlite {
            sqlite.append(place, records)?;
        }
        if let Some(server) = &mut self.server {
            server.append(place, records)?;
        }
        Ok(())
    }

    /// What is on a server is seen from here on.
    fn finish(self, job: &Job) -> Result<Option<File>, SourceError> {
        let finished = self.sqlite.map(SqliteSink::finish).transpose()?;
        self.server.map(Loading::finish).transpose()?;
        Ok(finished.map(|finished| File { name: Databases::name(job), format: SQLITE, finished }))
    }
}

/// A batch, encoded for each sink.
struct Batch {
    rows: u64,
    parts: Vec<Encoded>,
    changes: Vec<Change>,
    records: Option<RecordBatch>,
}

enum Encoded {
    Piece(Piece),
    Split(Split),
}

fn fill(
    database: &Database,
    table: usize,
    sinks: &mut Sinks,
    (databases, place): (&mut Databases, usize),
    observer: &dyn Observer,
) -> Result<(), SourceError> {
    let all = database.tables()[table].rows();
    let columns = database.tables()[table].relation().columns.len() as u64;
    let encoders = sinks.encoders();
    let keeps = !databases.are_none();
    let size = Preview::of(database, table).batch();
    let make = |number: u64| -> Result<Batch, SourceError> {
        let rows = number * size..((number + 1) * size).min(all);
        let count = rows.end - rows.start;
        let Made { records, changes } = database.rows(table, rows);
        let parts = encoders.iter().map(|encoder| encoder.encode(&records)).collect::<Result<_, _>>()?;
        Ok(Batch { rows: count, parts, changes, records: keeps.then_some(records) })
    };
    in_order(all.div_ceil(size), make, |batch| {
        if observer.is_interrupted() {
            return Err(Interrupted.into());
        }
        sinks.append(batch.parts, batch.changes)?;
        if let Some(records) = &batch.records {
            databases.append(place, records)?;
        }
        observer.advance(batch.rows * columns);
        Ok(())
    })
}

/// The files of one table.
struct Sinks {
    files: Vec<(Sink, Writer)>,
    truth: Option<Truth>,
}

enum Writer {
    File(Box<TableFile>),
    Folder(Box<PartitionedTable>),
}

/// How batches are encoded for a file.
#[derive(Clone)]
enum Sink {
    File(Encoder),
    Folder(Partitions),
}

impl Sink {
    fn encode(&self, records: &RecordBatch) -> Result<Encoded, SourceError> {
        Ok(match self {
            Sink::File(encoder) => Encoded::Piece(encoder.encode(records)?),
            Sink::Folder(partitions) => Encoded::Split(partitions.split(records)?),
        })
    }
}

/// The name of a table's file.
pub(super) fn file_name(table: &Table, format: TableFormat) -> String {
    let name = &table.relation().name;
    if is_folder(table, format) { name.clone() } else { format!("{name}.{}", format.extension()) }
}

/// Whether a table is a folder of partitions.
pub(super) fn is_folder(table: &Table, format: TableFormat) -> bool {
    format == TableFormat::Parquet && !table.partition_by().is_empty()
}

/// The name of the file of what was spoilt.
pub(super) fn truth_name(table: &Table) -> String {
    format!("{}.truth.parquet", table.relation().name)
}

impl Sinks {
    fn begin(job: &Job, table: &Table, store: &Store<usize>) -> Result<Self, SourceError> {
        let mut files = Vec::new();
        for output in job.outputs {
            let Output::Files(format) = *output else { continue };
            let path = job.folder.join(file_name(table, format));
            let schema = table.schema().clone();
            files.push(if is_folder(table, format) {
                let partitions = Partitions::new(format, schema, table.partition_by(), job.compression)?;
                let writer = Writer::Folder(Box::new(begin_partitions(store, &path, &partitions)?));
                (Sink::Folder(partitions), writer)
            } else {
                let encoder = Encoder::new(format, schema, job.compression)?;
                let writer = Writer::File(Box::new(begin_table(store, &path, &encoder)?));
                (Sink::File(encoder), writer)
            });
        }
        let truth = match table.is_dirty() {
            true => Some(Truth::begin(job, table, store)?),
            false => None,
        };
        Ok(Sinks { files, truth })
    }

    fn encoders(&self) -> Vec<Sink> {
        self.files.iter().map(|(sink, _)| sink.clone()).collect()
    }

    fn append(&mut self, parts: Vec<Encoded>, changes: Vec<Change>) -> Result<(), SourceError> {
        for ((_, writer), part) in self.files.iter_mut().zip(parts) {
            match (writer, part) {
                (Writer::File(file), Encoded::Piece(piece)) => file.append(piece)?,
                (Writer::Folder(folder), Encoded::Split(split)) => folder.append(split)?,
                (Writer::File(_), Encoded::Split(_)) | (Writer::Folder(_), Encoded::Piece(_)) => {}
            }
        }
        match &mut self.truth {
            Some(truth) => truth.add(changes),
            None => Ok(()),
        }
    }

    fn finish(self, table: &Table, files: &mut Vec<File>) -> Result<(), SourceError> {
        for (sink, writer) in self.files {
            let format = match &sink {
                Sink::File(encoder) => encoder.format(),
                Sink::Folder(_) => TableFormat::Parquet,
            };
            let finished = match writer {
                Writer::File(file) => file.finish()?,
                Writer::Folder(folder) => folder.finish()?.folder,
            };
            files.push(File { name: file_name(table, format), format: format.name(), finished });
        }
        if let Some(truth) = self.truth {
            files.push(File { name: truth_name(table), format: "truth", finished: truth.finish()? });
        }
        Ok(())
    }
}

/// What was spoilt in a table, on its way into a file.
struct Truth {
    names: Vec<String>,
    encoder: Encoder,
    file: TableFile,
    changes: Vec<Change>,
}

impl Truth {
    fn begin(job: &Job, table: &Table, store: &Store<usize>) -> Result<Self, SourceError> {
        let encoder = Encoder::new(TableFormat::Parquet, truth_schema(), job.compression)?;
        let file = begin_table(store, &job.folder.join(truth_name(table)), &encoder)?;
        let names = table.relation().columns.iter().map(|column| column.name.clone()).collect();
        Ok(Truth { names, encoder, file, changes: Vec::new() })
    }

    fn add(&mut self, mut changes: Vec<Change>) -> Result<(), SourceError> {
        self.changes.append(&mut changes);
        while self.changes.len() >= CHANGES {
            let later = self.changes.split_off(CHANGES);
            let now = std::mem::replace(&mut self.changes, later);
            self.file.append(self.encoder.encode(&ledger(&now, &self.names)?)?)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Finished, SourceError> {
        if !self.changes.is_empty() {
            self.file.append(self.encoder.encode(&ledger(&self.changes, &self.names)?)?)?;
        }
        Ok(self.file.finish()?)
    }
}

/// The columns of what was spoilt.
pub(super) fn truth_schema() -> SchemaRef {
    let text = |name: &str, nullable: bool| Field::new(name, DataType::Utf8, nullable);
    Arc::new(Schema::new(vec![
        Field::new("row", DataType::Int64, false),
        text("column", true),
        text("kind", false),
        text("before", true),
        text("after", true),
    ]))
}

/// Changes as rows.
pub(super) fn ledger(changes: &[Change], names: &[String]) -> Result<RecordBatch, SourceError> {
    let each = || changes.iter();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(each().map(|change| change.row as i64))),
        Arc::new(each().map(|change| change.column.map(|at| names[at].as_str())).collect::<StringArray>()),
        Arc::new(StringArray::from_iter_values(each().map(|change| change.kind))),
        Arc::new(each().map(|change| change.before.as_deref()).collect::<StringArray>()),
        Arc::new(each().map(|change| change.after.as_deref()).collect::<StringArray>()),
    ];
    Ok(RecordBatch::try_new(truth_schema(), arrays)?)
}
