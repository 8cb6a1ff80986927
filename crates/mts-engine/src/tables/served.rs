//! What tables on a server hold against what the recipe gives.

use std::path::Path;

use arrow_array::RecordBatch;
use mts_core::SourceError;
use mts_io::{PostgresPlace, check_postgres, read_postgres};
use mts_tables::{Database, Rows, Table};

use super::compare::{MISSING, Told, counted, differences, lacks_most, shown};
use super::format::POSTGRES;
use super::judge::Judge;
use super::places::Places;
use crate::Observer;
use crate::message::told;

/// How the tables on a server differ.
pub(super) fn compare(
    database: &Database,
    place: &PostgresPlace,
    data_id: &str,
    judge: &mut Judge,
    observer: &dyn Observer,
) -> Vec<String> {
    let order = database.parents_first();
    let relations: Vec<_> = order.iter().map(|at| database.tables()[*at].relation().clone()).collect();
    let mut found = Told::new(Path::new(POSTGRES));
    match check_postgres(place, &relations, data_id) {
        Ok(findings) => findings.iter().for_each(|finding| found.add(finding)),
        Err(error) => return vec![told(&error.to_string())],
    }
    for at in order {
        let compared = table(database, at, place, &mut found, judge, observer);
        judge.close(at, compared.is_ok());
        if let Err(error) = compared {
            found.add(&error.to_string());
        }
    }
    found.end()
}

/// Rows on a server come in no order of ours: what changes one moves it.
fn table(
    database: &Database,
    at: usize,
    place: &PostgresPlace,
    found: &mut Told,
    judge: &mut Judge,
    observer: &dyn Observer,
) -> Result<(), SourceError> {
    let table = &database.tables()[at];
    let relation = table.relation();
    let count = || read_postgres(place, relation, &[])?.map(|batch| Ok(batch?.num_rows() as u64)).sum();
    if lacks_most(table, count, found)? {
        return Err(MISSING.into());
    }
    let mut places = Places::of(database, at);
    let (mut all, mut strange) = (0_u64, 0_u64);
    for records in read_postgres(place, relation, &relation.primary_key)? {
        let records = records?;
        let numbers = places.find(&records);
        let mut start = 0;
        for run in numbers.chunk_by(|one, next| one.is_some() == next.is_some()) {
            let part = records.slice(start, run.len());
            start += run.len();
            // Those that are no rows of the table are judged too, behind the last.
            let rows: Vec<u64> =
                (table.rows() + strange..).zip(run).map(|(more, row)| row.unwrap_or(more)).collect();
            judge.read(at, &Rows::Listed(&rows), &part);
            if run[0].is_some() {
                differences(table, &part, &database.listed(at, &rows), &Rows::Listed(&rows), found);
                continue;
            }
            strange += run.len() as u64;
            if !relation.primary_key.is_empty() {
                (0..part.num_rows()).for_each(|row| found.add(&unknown(table, &part.slice(row, 1))));
            }
        }
        all += records.num_rows() as u64;
        observer.advance(records.num_rows() as u64 * records.num_columns() as u64);
    }
    counted(table, all, found);
    let (name, left) = (&relation.name, places.left());
    if relation.primary_key.is_empty() && strange > 0 {
        found.add(&format!("{name}: {strange} of {all} rows are not as expected"));
    } else if left > 0 {
        found.add(&format!("{name}: {left} of {} expected keys are not there", table.rows()));
    }
    Ok(())
}

/// A row whose key no row should have.
fn unknown(table: &Table, row: &RecordBatch) -> String {
    let relation = table.relation();
    let cell = |at: &usize| format!("{} {}", relation.columns[*at].name, shown(row.column(*at)));
    let key: Vec<String> = relation.primary_key.iter().map(cell).collect();
    format!("{}: no row is expected whose key is {}", relation.name, key.join(", "))
}
