//! Times a SQLite database of one table with eight columns: `sqlite_speed ROWS FOLDER [KEY]` prints rows per
//! second of loading, finishing, checking and reading, and the most memory. `KEY` is `integer` (the default),
//! `text` (in no order), or `child`, which adds a second table that refers to the first.

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use mts_core::{Column, ColumnType, ForeignKey, Relation};
use mts_io::{SqliteSink, Store, check_sqlite, read_sqlite};

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Rows of a batch.
const BATCH: usize = 1 << 14;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, rows, folder, kind @ ..] = arguments.as_slice() else {
        return Err("usage: sqlite_speed ROWS FOLDER [integer|text|child]".into());
    };
    let (rows, kind) = (rows.parse::<usize>()?, kind.first().map_or("integer", String::as_str));
    let mut relations = vec![orders(kind == "text")];
    if kind == "child" {
        relations.push(child());
    }
    let path = Path::new(folder).join("speed.sqlite");
    let store = Store::<()>::new();
    let begun = Instant::now();
    let mut sink = SqliteSink::create(&store, &path, &relations)?;
    for (table, relation) in relations.iter().enumerate() {
        // Made by another thread, as tables are.
        let (send, receive) = sync_channel(2);
        std::thread::scope(|scope| -> Outcome {
            scope.spawn(|| {
                let send = send;
                let mut first = 0;
                while first < rows && send.send(batch(relation, first, BATCH.min(rows - first))).is_ok() {
                    first += BATCH;
                }
            });
            for batch in receive {
                sink.append(table, &batch?)?;
            }
            Ok(())
        })?;
    }
    let all = (rows * relations.len()) as f64;
    let loaded = begun.elapsed().as_secs_f64();
    println!("load: {:.0} rows/s", all / loaded);
    let finished = sink.finish()?;
    println!("{} bytes, {}", finished.digest.bytes, finished.digest.sha256);
    store
        .commit((), vec![finished.pending])
        .into_iter()
        .chain(store.flush())
        .try_for_each(|done| done.outcome.map(drop))?;
    println!("all: {:.0} rows/s", all / begun.elapsed().as_secs_f64());
    memory()?;
    let begun = Instant::now();
    for finding in check_sqlite(&path, &relations)? {
        println!("{finding}");
    }
    println!("check: {:.0} rows/s", all / begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    for relation in &relations {
        let read: usize =
            read_sqlite(&path, relation)?.map(|batch| batch.map(|b| b.num_rows())).sum::<Result<_, _>>()?;
        assert_eq!(read, rows);
    }
    println!("read: {:.0} rows/s", all / begun.elapsed().as_secs_f64());
    memory()
}

fn memory() -> Outcome {
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    Ok(())
}

fn column(name: &str, kind: ColumnType) -> Column {
    Column { name: name.to_owned(), kind, nullable: false, sqlite_type: None }
}

fn orders(text_key: bool) -> Relation {
    let key = if text_key { ColumnType::Text } else { ColumnType::Integer };
    let columns = vec![
        column("id", key),
        column("customer", ColumnType::Integer),
        column("name", ColumnType::Text),
        column("city", ColumnType::Text),
        column("amount", ColumnType::Decimal { precision: 10, scale: 2 }),
        column("weight", ColumnType::Float),
        column("paid", ColumnType::Boolean),
        column("at", ColumnType::DateTime(None)),
    ];
    Relation {
        name: "order".to_owned(),
        columns,
        primary_key: vec![0],
        unique: Vec::new(),
        foreign_keys: Vec::new(),
        indexes: vec![vec![1]],
    }
}

fn child() -> Relation {
    let columns = vec![
        column("id", ColumnType::Integer),
        column("order", ColumnType::Integer),
        column("name", ColumnType::Text),
        column("city", ColumnType::Text),
        column("amount", ColumnType::Decimal { precision: 10, scale: 2 }),
        column("weight", ColumnType::Float),
        column("paid", ColumnType::Boolean),
        column("day", ColumnType::Date),
    ];
    let refers =
        ForeignKey { columns: vec![1], parent: "order".to_owned(), parent_columns: vec!["id".to_owned()] };
    Relation {
        name: "line".to_owned(),
        columns,
        foreign_keys: vec![refers],
        indexes: vec![vec![1]],
        ..orders(false)
    }
}

/// Numbers without order, each below 2³².
fn scattered(row: usize) -> u64 {
    (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

fn batch(relation: &Relation, first: usize, count: usize) -> Outcome<RecordBatch> {
    const CITIES: [&str; 5] = ["Oslo", "København", "Berlin", "Praha", "Kraków"];
    let rows = || first..first + count;
    let arrays = relation.columns.iter().map(|column| -> (&str, ArrayRef) {
        let array: ArrayRef = match (column.name.as_str(), &column.kind) {
            ("id", ColumnType::Text) => Arc::new(StringArray::from_iter_values(
                rows().map(|row| format!("{:032x}", scattered(row) << 20 | row as u64)),
            )),
            ("id", _) => Arc::new(Int64Array::from_iter_values(rows().map(|row| row as i64 + 1))),
            ("name", _) => Arc::new(StringArray::from_iter_values(
                rows().map(|row| format!("customer {}", scattered(row) % 1000)),
            )),
            ("city", _) => {
                Arc::new(StringArray::from_iter_values(rows().map(|row| CITIES[scattered(row) as usize % 5])))
            }
            ("amount", _) => {
                let cents = rows().map(|row| i128::from(scattered(row) % 1_000_000));
                let cents = Decimal128Array::from_iter_values(cents);
                Arc::new(
                    cents.with_precision_and_scale(10, 2).unwrap_or_else(|_| Decimal128Array::new_null(0)),
                )
            }
            (_, ColumnType::Integer) => Arc::new(Int64Array::from_iter_values(
                rows().map(|row| (scattered(row) % (row as u64 + 1)) as i64 + 1),
            )),
            (_, ColumnType::Float) => {
                Arc::new(Float64Array::from_iter_values(rows().map(|row| scattered(row) as f64 / 977.0)))
            }
            (_, ColumnType::Boolean) => {
                Arc::new(BooleanArray::from_iter(rows().map(|row| Some(row % 3 == 0))))
            }
            (_, ColumnType::Date) => {
                Arc::new(Date32Array::from_iter_values(rows().map(|row| (row % 20_000) as i32)))
            }
            _ => {
                let at = rows().map(|row| 1_700_000_000_000_000 + scattered(row) as i64 * 1000);
                Arc::new(TimestampMicrosecondArray::from_iter_values(at))
            }
        };
        (column.name.as_str(), array)
    });
    Ok(RecordBatch::try_from_iter(arrays)?)
}
