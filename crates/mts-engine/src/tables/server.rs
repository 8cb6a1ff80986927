//! Tables on a server.

use arrow_array::RecordBatch;
use mts_core::{Relation, SourceError};
use mts_tables::{Database, Ledger};

#[cfg(feature = "postgres")]
use super::format::POSTGRES;
#[cfg(feature = "postgres")]
use super::judge::Judge;
use super::write::Job;
use crate::{Inspected, Observer};

/// Tables that are being loaded; nobody sees them before they are complete.
#[cfg(feature = "postgres")]
pub(super) struct Loading(Option<Box<mts_io::PostgresSink>>);

#[cfg(feature = "postgres")]
impl Loading {
    pub(super) fn begin(job: &Job, relations: &[Relation]) -> Result<Option<Self>, SourceError> {
        let Some(server) = &job.server else { return Ok(None) };
        let place = mts_io::PostgresPlace { url: server.url, schema: None };
        let begun = mts_io::PostgresSink::create(&place, relations, server.data_id, server.overwrite)?;
        Ok(Some(Loading(match begun {
            mts_io::Written::Present => None,
            mts_io::Written::Begun(sink) => Some(sink),
        })))
    }

    pub(super) fn append(&mut self, table: usize, records: &RecordBatch) -> Result<(), SourceError> {
        match &mut self.0 {
            Some(sink) => Ok(sink.append(table, records)?),
            None => Ok(()),
        }
    }

    pub(super) fn finish(self) -> Result<(), SourceError> {
        match self.0 {
            Some(sink) => Ok(sink.finish()?),
            None => Ok(()),
        }
    }
}

/// Whether the tables are there already, and say that they hold these data.
#[cfg(feature = "postgres")]
pub(super) fn holds(database: &Database, url: &str, data_id: &str) -> bool {
    let place = mts_io::PostgresPlace { url, schema: None };
    let relations: Vec<Relation> = database.tables().iter().map(|table| table.relation().clone()).collect();
    // Whoever writes there is told what is in the way.
    mts_io::holds_postgres(&place, &relations, data_id).unwrap_or(false)
}

/// How the tables on a server differ from what `database` gives, and where there are `ledgers`, from what its schema
/// says.
#[cfg(feature = "postgres")]
pub(super) fn compare(
    database: &Database,
    url: &str,
    data_id: &str,
    ledgers: Option<&[Ledger]>,
    observer: &dyn Observer,
) -> Inspected {
    let place = mts_io::PostgresPlace { url, schema: None };
    let mut judge = Judge::new(database, ledgers);
    let mut findings = super::served::compare(database, &place, data_id, &mut judge, observer);
    let mut checks = Vec::new();
    findings.extend(judge.end(|_| POSTGRES.to_owned(), &mut checks));
    Inspected { findings, checks }
}

/// There is none in a program without servers.
#[cfg(not(feature = "postgres"))]
pub(super) enum Loading {}

#[cfg(not(feature = "postgres"))]
impl Loading {
    pub(super) fn begin(job: &Job, _relations: &[Relation]) -> Result<Option<Self>, SourceError> {
        match job.server {
            Some(_) => Err("this program was built without PostgreSQL".into()),
            None => Ok(None),
        }
    }

    pub(super) fn append(&mut self, _table: usize, _records: &RecordBatch) -> Result<(), SourceError> {
        match *self {}
    }

    pub(super) fn finish(self) -> Result<(), SourceError> {
        match self {}
    }
}

#[cfg(not(feature = "postgres"))]
pub(super) fn holds(_database: &Database, _url: &str, _data_id: &str) -> bool {
    false
}

#[cfg(not(feature = "postgres"))]
pub(super) fn compare(
    _database: &Database,
    _url: &str,
    _data_id: &str,
    _ledgers: Option<&[Ledger]>,
    _observer: &dyn Observer,
) -> Inspected {
    vec!["this program was built without PostgreSQL".to_owned()].into()
}
