//! What files hold against what the schema says of it.

use std::path::Path;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use mts_core::SourceError;
use mts_io::{TableFormat, open_table};
use mts_tables::{Audit, Change, Database, Ledger, Rows, Table};

use super::write::{truth_name, truth_schema};
use crate::Checked;
use crate::message::told;

/// An audit of all tables in one format, where one is asked for.
pub(super) struct Judge<'a> {
    database: &'a Database,
    audit: Option<Audit<'a>>,
}

impl<'a> Judge<'a> {
    /// With the ledgers of all tables; without them nothing is judged.
    pub(super) fn new(database: &'a Database, ledgers: Option<&'a [Ledger]>) -> Self {
        Judge { database, audit: ledgers.map(|ledgers| Audit::new(database, ledgers)) }
    }

    pub(super) fn read(&mut self, table: usize, rows: &Rows, records: &RecordBatch) {
        if let Some(audit) = &mut self.audit {
            audit.read(table, rows, records);
        }
    }

    pub(super) fn close(&mut self, table: usize, is_whole: bool) {
        if let Some(audit) = &mut self.audit {
            audit.close(table, is_whole);
        }
    }

    /// What is wrong, in words; `file` names that of a table.
    pub(super) fn end(self, file: impl Fn(&Table) -> String, checks: &mut Vec<Checked>) -> Vec<String> {
        let mut findings = Vec::new();
        for check in self.audit.into_iter().flat_map(Audit::finish) {
            let table = self.database.tables().iter().find(|table| table.relation().name == check.table);
            let file = table.map(&file).unwrap_or_default();
            findings.extend(check.findings.iter().map(|finding| told(&format!("{file}: {finding}"))));
            let (table, name, details) = (check.table, check.name, check.details);
            checks.push(Checked { file, table, name, ok: check.ok, details });
        }
        findings
    }
}

/// What the ledgers beside a sidecar say, table by table; none where one of them cannot be read.
pub(super) fn ledgers(database: &Database, sidecar: &Path) -> Option<Vec<Ledger>> {
    let one = |table: &Table| match table.is_dirty() {
        true => ledger(table, &sidecar.with_file_name(truth_name(table))).ok(),
        false => Some(Ledger::default()),
    };
    database.tables().iter().map(one).collect()
}

fn ledger(table: &Table, path: &Path) -> Result<Ledger, SourceError> {
    const KINDS: [&str; 4] = ["missing", "outlier", "type_noise", "duplicate"];
    let mut changes = Vec::new();
    for batch in open_table(path, TableFormat::Parquet, &truth_schema())? {
        let (records, _) = batch?;
        let rows = records.column(0).as_primitive::<Int64Type>();
        let text = |column: usize| records.column(column).as_string::<i32>().iter();
        let texts = text(1).zip(text(2)).zip(text(3).zip(text(4)));
        for (row, ((column, kind), (before, after))) in rows.iter().zip(texts) {
            let place = |name| table.relation().columns.iter().position(|column| column.name == name);
            let kind = KINDS.into_iter().find(|known| Some(*known) == kind);
            changes.push(Change {
                row: row.and_then(|row| u64::try_from(row).ok()).ok_or("a row without a number")?,
                column: column
                    .map(|name| place(name).ok_or("a column that the table has not"))
                    .transpose()?,
                kind: kind.ok_or("a kind of change that there is none of")?,
                before: before.map(str::to_owned),
                after: after.map(str::to_owned),
            });
        }
    }
    Ok(Ledger::new(changes))
}
