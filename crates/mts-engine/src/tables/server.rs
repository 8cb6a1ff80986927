//! Tables on a server.

use arrow_array::RecordBatch;
use mts_core::{Relation, SourceError};
use mts_tables::Database;

use super::write::Job;

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

/// How the tables on a server differ from what `database` gives.
#[cfg(feature = "postgres")]
pub(super) fn compare(database: &Database, url: &str, data_id: &str) -> Vec<String> {
    let place = mts_io::PostgresPlace { url, schema: None };
    let order = database.parents_first();
    let relations: Vec<Relation> = order.iter().map(|at| database.tables()[*at].relation().clone()).collect();
    let told = |error: mts_io::IoError| vec![error.to_string()];
    let mut findings = mts_io::check_postgres(&place, &relations, data_id).unwrap_or_else(told);
    if findings.is_empty() {
        for at in 0..database.tables().len() {
            findings.extend(super::compare::on_server(database, at, &place));
        }
    }
    findings
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
pub(super) fn compare(_database: &Database, _url: &str, _data_id: &str) -> Vec<String> {
    Vec::new()
}
