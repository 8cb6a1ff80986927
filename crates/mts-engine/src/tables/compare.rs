//! What files hold against what the recipe gives.

use std::collections::BTreeMap;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use mts_core::{ColumnType, SourceError};
use mts_io::{Sidecar, TableFormat, check_sqlite, open_partitions, open_table, read_sqlite};
use mts_tables::{Change, Database, Rows, Table, texts};

use super::judge::{self, Judge};
use super::preview::Preview;
use super::write::{file_name, is_folder, ledger, truth_name, truth_schema};
use crate::artefacts::SQLITE;
use crate::message::told;
use crate::{Inspected, Observer, Site};

/// Why the rest of a table is not looked at.
pub(super) const MISSING: &str = "most rows are missing, and the others are not compared";

/// Differences of one file that are told.
const TOLD: usize = 3;

/// How the files beside a sidecar differ from what `database` gives, and where `judges`, from what its schema says.
pub(super) fn artefacts(
    database: &Database,
    site: &Site,
    sidecar: &Sidecar,
    judges: bool,
    observer: &dyn Observer,
) -> Inspected {
    let Site::Beside(path) = site else { return vec!["tables are in no pack".to_owned()].into() };
    let ledgers = judges.then(|| judge::ledgers(database, path)).flatten();
    let mut checks = Vec::new();
    let mut findings = Vec::new();
    for artefact in &sidecar.artefacts {
        let wrong = site.check_bytes(artefact);
        findings.extend(wrong.map(|wrong| told(&format!("{}: {wrong}", artefact.file))));
    }
    let named = |name: &str| sidecar.artefacts.iter().any(|artefact| artefact.file == name);
    let mut known = Vec::new();
    for format in TableFormat::ALL {
        if !sidecar.artefacts.iter().any(|artefact| artefact.format == format.name()) {
            continue;
        }
        let mut judge = Judge::new(database, ledgers.as_deref());
        for at in database.parents_first() {
            let name = file_name(&database.tables()[at], format);
            match named(&name) {
                true => findings.extend(one(
                    database,
                    at,
                    format,
                    &path.with_file_name(&name),
                    &mut judge,
                    observer,
                )),
                false => findings.push(format!("{name}: the sidecar does not name it")),
            }
            known.push(name);
        }
        findings.extend(judge.end(|table| file_name(table, format), &mut checks));
    }
    for (at, table) in database.tables().iter().enumerate().filter(|(_, table)| table.is_dirty()) {
        let name = truth_name(table);
        match named(&name) {
            true => findings.extend(truth(database, at, &path.with_file_name(&name))),
            false => findings.push(format!("{name}: the sidecar does not name it")),
        }
        known.push(name);
    }
    let name = format!("{}.{SQLITE}", database.dataset());
    if named(&name) {
        let mut judge = Judge::new(database, ledgers.as_deref());
        findings.extend(sqlite(database, &path.with_file_name(&name), &mut judge, observer));
        findings.extend(judge.end(|_| name.clone(), &mut checks));
        known.push(name);
    }
    let strange = sidecar.artefacts.iter().filter(|artefact| !known.contains(&artefact.file));
    findings.extend(strange.map(|artefact| told(&format!("{}: no file of these tables", artefact.file))));
    Inspected { findings, checks }
}

/// What is told of one file: the first differences, and how many more there are.
pub(super) struct Told<'a> {
    path: &'a Path,
    findings: Vec<String>,
    more: u64,
}

impl<'a> Told<'a> {
    pub(super) fn new(path: &'a Path) -> Self {
        Told { path, findings: Vec::new(), more: 0 }
    }

    pub(super) fn add(&mut self, message: &str) {
        if self.findings.len() < TOLD {
            let name = self.path.file_name().unwrap_or_default().to_string_lossy();
            self.findings.push(told(&format!("{name}: {message}")));
        } else {
            self.more += 1;
        }
    }

    pub(super) fn end(mut self) -> Vec<String> {
        if self.more > 0 {
            let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.findings.push(format!("{name}: and {} more differences", self.more));
        }
        self.findings
    }
}

fn one(
    database: &Database,
    at: usize,
    format: TableFormat,
    path: &Path,
    judge: &mut Judge,
    observer: &dyn Observer,
) -> Vec<String> {
    let table = &database.tables()[at];
    let mut found = Told::new(path);
    let compared = if is_folder(table, format) {
        partitioned(database, at, path, &mut found, judge, observer)
    } else {
        single(database, at, format, path, &mut found, judge, observer)
    };
    judge.close(at, compared.is_ok());
    if let Err(error) = compared {
        found.add(&error.to_string());
    }
    found.end()
}

fn single(
    database: &Database,
    at: usize,
    format: TableFormat,
    path: &Path,
    found: &mut Told,
    judge: &mut Judge,
    observer: &dyn Observer,
) -> Result<(), SourceError> {
    let table = &database.tables()[at];
    let mut row = 0;
    for batch in open_table(path, format, table.schema())? {
        let (records, misfits) = batch?;
        for misfit in misfits {
            found.add(&format!(
                "row {}, column {}: {:?} is no value of its type",
                misfit.row, misfit.column, misfit.found
            ));
        }
        judge.read(at, &Rows::Range(row..row + records.num_rows() as u64), &records);
        row = compare(database, at, row, &records, found);
        observer.advance(records.num_rows() as u64 * records.num_columns() as u64);
    }
    counted(table, row, found);
    Ok(())
}

/// Rows of a partition come in the order of the table.
fn partitioned(
    database: &Database,
    at: usize,
    path: &Path,
    found: &mut Told,
    judge: &mut Judge,
    observer: &dyn Observer,
) -> Result<(), SourceError> {
    let table = &database.tables()[at];
    let open = || open_partitions(path, TableFormat::Parquet, table.schema(), table.partition_by());
    let count = || open()?.map(|batch| Ok(batch?.0.num_rows() as u64)).sum();
    if lacks_most(table, count, found)? {
        return Err(MISSING.into());
    }
    let order = partition_order(database, at)?;
    let mut row = 0;
    for batch in open()? {
        let (records, _) = batch?;
        row = ordered(database, at, &order, row, &records, found, judge);
        observer.advance(records.num_rows() as u64 * records.num_columns() as u64);
    }
    counted(table, row as u64, found);
    Ok(())
}

/// Compares rows that come in some order, from its place `start` on, and says where the next ones begin.
fn ordered(
    database: &Database,
    at: usize,
    order: &[u64],
    start: usize,
    records: &RecordBatch,
    found: &mut Told,
    judge: &mut Judge,
) -> usize {
    let end = (start + records.num_rows()).min(order.len());
    let rows = &order[start.min(end)..end];
    let known = records.slice(0, rows.len());
    judge.read(at, &Rows::Listed(rows), &known);
    let places = Rows::Range(start as u64..end as u64);
    differences(&database.tables()[at], &known, &database.listed(at, rows), &places, found);
    start + records.num_rows()
}

/// Rows that may be missing before it is said that most are.
const LACKING: u64 = 1 << 24;

/// Whether so many rows are missing that nothing is to be gained by ordering those that should be there: a sidecar may
/// claim any number.
pub(super) fn lacks_most(
    table: &Table,
    count: impl FnOnce() -> Result<u64, SourceError>,
    found: &mut Told,
) -> Result<bool, SourceError> {
    if table.rows() <= LACKING {
        return Ok(false);
    }
    let rows = count()?;
    let lacks = table.rows() - LACKING > rows;
    if lacks {
        counted(table, rows, found);
    }
    Ok(lacks)
}

/// All rows in the order of their key, where that is not their own: SQLite keeps them by it.
fn key_order(database: &Database, at: usize) -> Option<Vec<u64>> {
    let table = &database.tables()[at];
    let relation = table.relation();
    let [key] = *relation.primary_key else { return None };
    if relation.columns[key].kind != ColumnType::Integer || table.is_counted(key) {
        return None;
    }
    let all = table.rows();
    let batch = Preview::of(database, at).read();
    let keys = |start: u64| -> Vec<i64> {
        let records = database.rows(at, start..(start + batch).min(all)).records;
        records.column(key).as_primitive::<Int64Type>().values().to_vec()
    };
    let starts = (0..all).step_by(batch as usize);
    let mut order: Vec<(i64, u64)> = starts.flat_map(|start| keys(start).into_iter().zip(start..)).collect();
    order.sort_unstable();
    Some(order.into_iter().map(|(_, row)| row).collect())
}

/// All rows, by partition.
fn partition_order(database: &Database, at: usize) -> Result<Vec<u64>, SourceError> {
    let table = &database.tables()[at];
    let mut by: BTreeMap<Vec<String>, Vec<u64>> = BTreeMap::new();
    let all = table.rows();
    let batch = Preview::of(database, at).read();
    for start in (0..all).step_by(batch as usize) {
        let records = database.rows(at, start..(start + batch).min(all)).records;
        let names = mts_io::partition_names(&records.project(table.partition_by())?)?;
        for (row, name) in (start..).zip(names) {
            by.entry(name.split('/').map(str::to_owned).collect()).or_default().push(row);
        }
    }
    Ok(by.into_values().flatten().collect())
}

fn sqlite(database: &Database, path: &Path, judge: &mut Judge, observer: &dyn Observer) -> Vec<String> {
    let order = database.parents_first();
    let relations: Vec<_> = order.iter().map(|at| database.tables()[*at].relation().clone()).collect();
    let mut found = Told::new(path);
    match check_sqlite(path, &relations) {
        Ok(findings) => findings.iter().for_each(|finding| found.add(finding)),
        Err(error) => found.add(&error.to_string()),
    }
    for at in order {
        let table = &database.tables()[at];
        let mut compared = || -> Result<(), SourceError> {
            let count = || read_sqlite(path, table.relation())?.map(|rows| Ok(rows?.num_rows() as u64)).sum();
            if lacks_most(table, count, &mut found)? {
                return Err(MISSING.into());
            }
            let order = key_order(database, at);
            let mut row = 0;
            for records in read_sqlite(path, table.relation())? {
                let records = records?;
                if let Some(order) = &order {
                    row = ordered(database, at, order, row as usize, &records, &mut found, judge) as u64;
                } else {
                    judge.read(at, &Rows::Range(row..row + records.num_rows() as u64), &records);
                    row = compare(database, at, row, &records, &mut found);
                }
                observer.advance(records.num_rows() as u64 * records.num_columns() as u64);
            }
            counted(table, row, &mut found);
            Ok(())
        };
        let compared = compared();
        judge.close(at, compared.is_ok());
        if let Err(error) = compared {
            found.add(&error.to_string());
        }
    }
    found.end()
}

fn truth(database: &Database, at: usize, path: &Path) -> Vec<String> {
    let table = &database.tables()[at];
    let names: Vec<String> = table.relation().columns.iter().map(|column| column.name.clone()).collect();
    let mut found = Told::new(path);
    let size = Preview::of(database, at).read();
    let compared = || -> Result<bool, SourceError> {
        let mut file = open_table(path, TableFormat::Parquet, &truth_schema())?;
        let mut waiting: Vec<Change> = Vec::new();
        let mut start = 0;
        loop {
            let batch = file.next().transpose()?;
            let wanted = batch.as_ref().map_or(1, |(records, _)| records.num_rows());
            while waiting.len() < wanted && start < table.rows() {
                let end = (start + size).min(table.rows());
                waiting.extend(database.rows(at, start..end).changes);
                start = end;
            }
            let Some((records, _)) = batch else { return Ok(waiting.is_empty()) };
            if waiting.len() < records.num_rows() {
                return Ok(false);
            }
            let later = waiting.split_off(records.num_rows());
            let expected = ledger(&std::mem::replace(&mut waiting, later), &names)?;
            let same = expected.columns().iter().zip(records.columns()).all(|(a, b)| same(a, b));
            if !same {
                return Ok(false);
            }
        }
    };
    match compared() {
        Ok(true) => {}
        Ok(false) => found.add("does not say what was spoilt"),
        Err(error) => found.add(&error.to_string()),
    }
    found.end()
}

pub(super) fn counted(table: &Table, found: u64, told: &mut Told) {
    if found != table.rows() {
        told.add(&format!("{}: {found} rows, expected {}", table.relation().name, table.rows()));
    }
}

/// Compares rows from `start` on, and says where the next ones begin.
fn compare(database: &Database, at: usize, start: u64, records: &RecordBatch, found: &mut Told) -> u64 {
    let table = &database.tables()[at];
    let end = start + records.num_rows() as u64;
    let known = end.min(table.rows());
    if start < known {
        let expected = database.rows(at, start..known).records;
        let records = records.slice(0, (known - start) as usize);
        differences(table, &records, &expected, &Rows::Range(start..known), found);
    }
    end
}

pub(super) fn differences(
    table: &Table,
    records: &RecordBatch,
    expected: &RecordBatch,
    rows: &Rows,
    found: &mut Told,
) {
    for ((column, ours), theirs) in
        table.relation().columns.iter().zip(expected.columns()).zip(records.columns())
    {
        if same(ours, theirs) {
            continue;
        }
        for (row, at) in rows.iter().enumerate() {
            let (ours, theirs) = (ours.slice(row, 1), theirs.slice(row, 1));
            if !same(&ours, &theirs) {
                let (ours, theirs) = (shown(&ours), shown(&theirs));
                let (table, name) = (&table.relation().name, &column.name);
                found.add(&format!("{table}, row {at}, column {name}: {theirs}, expected {ours}"));
            }
        }
    }
}

pub(super) fn shown(array: &ArrayRef) -> String {
    match array.data_type() {
        DataType::Struct(_) | DataType::List(_) => "another value".to_owned(),
        _ if array.is_null(0) => "nothing".to_owned(),
        _ => texts(array).value(0).to_owned(),
    }
}

/// Whether two arrays hold the same values, whatever their types say of missing ones.
fn same(one: &ArrayRef, other: &ArrayRef) -> bool {
    let nulls = |array: &ArrayRef| array.logical_nulls().filter(|nulls| nulls.null_count() > 0);
    if one.len() != other.len() || nulls(one) != nulls(other) {
        return false;
    }
    let nulls = one.null_count();
    match (one.data_type(), other.data_type()) {
        (DataType::Struct(_), DataType::Struct(_)) => {
            let (one, other) = (one.as_struct(), other.as_struct());
            let columns = || one.columns().iter().zip(other.columns());
            // What stands in the fields of one that is missing means nothing.
            let alike =
                |at: usize| columns().all(|(one, other)| same(&one.slice(at, 1), &other.slice(at, 1)));
            one.num_columns() == other.num_columns()
                && match nulls {
                    0 => columns().all(|(one, other)| same(one, other)),
                    _ => (0..one.len()).all(|at| one.is_null(at) || alike(at)),
                }
        }
        (DataType::List(_), DataType::List(_)) => {
            let (one, other) = (one.as_list::<i32>(), other.as_list::<i32>());
            (0..one.len()).all(|at| one.is_null(at) || same(&one.value(at), &other.value(at)))
        }
        (DataType::Float64, DataType::Float64) => {
            use arrow_array::types::Float64Type;
            let (one, other) = (one.as_primitive::<Float64Type>(), other.as_primitive::<Float64Type>());
            // Databases have one zero.
            one.iter().zip(other.iter()).all(|(one, other)| one == other)
        }
        _ => one.to_data() == other.to_data(),
    }
}
