//! Times the encoding of tables: `tables_speed ROWS [FORMAT…]` prints million rows per second of the
//! processor, for batches of a table with nine columns, and the most memory so far.

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use mts_io::{Compression, Digesting, Encoder, TableFormat, TableSink, open_table};
use tempfile::NamedTempFile;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Rows of a batch.
const BATCH: i64 = 1 << 16;

const STATES: [&str; 5] = ["new", "paid", "shipped", "returned", "cancelled"];

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let rows: i64 = arguments.next().ok_or("usage: tables_speed ROWS [FORMAT…]")?.parse()?;
    let asked: Vec<String> = arguments.collect();
    let batches = (rows / BATCH).max(1);
    let schema = schema();
    for format in TableFormat::ALL {
        for compression in [Compression::None, Compression::Snappy, Compression::Zstd] {
            let skipped = !asked.is_empty() && !asked.iter().any(|name| name == format.name());
            if skipped || format != TableFormat::Parquet && compression != Compression::Snappy {
                continue;
            }
            let encoder = Encoder::new(format, Arc::clone(&schema), compression)?;
            let mut sink = TableSink::create(Digesting::new(NamedTempFile::new()?), &encoder)?;
            let (mut encoding, mut writing) = (0.0, 0.0);
            for number in 0..batches {
                // Not counted: making rows is the business of others.
                let batch = batch(&schema, number * BATCH)?;
                let start = used()?;
                let piece = encoder.encode(&batch)?;
                encoding += used()? - start;
                let start = used()?;
                sink.append(piece)?;
                writing += used()? - start;
            }
            let (file, digest) = sink.finish()?.finish();
            let start = used()?;
            for read in open_table(file.path(), format, &schema)? {
                read?;
            }
            let reading = 1e9 * (used()? - start) / (batches * BATCH) as f64;
            let rows = (batches * BATCH) as f64;
            let (encoding, writing) = (1e9 * encoding / rows, 1e9 * writing / rows);
            println!(
                "{format} {compression}: {encoding:.0} ns per row to encode it, {writing:.0} to hash and write it: \
                 {:.1} million rows/s; {:.1} bytes per row; {reading:.0} ns per row to read it",
                1e3 / (encoding + writing),
                digest.bytes as f64 / rows,
            );
        }
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    Ok(())
}

/// Seconds of the processor so far, which others on the machine do not change.
fn used() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/schedstat")?;
    Ok(stat.split_whitespace().next().unwrap_or_default().parse::<f64>()? / 1e9)
}

fn schema() -> Arc<Schema> {
    let field = |name: &str, kind: DataType, nullable: bool| Field::new(name, kind, nullable);
    Arc::new(Schema::new(vec![
        field("order_id", DataType::Int64, false),
        field("customer_id", DataType::Int64, false),
        field("email", DataType::Utf8, true),
        field("state", DataType::Utf8, false),
        field("amount", DataType::Decimal128(10, 2), true),
        field("weight", DataType::Float64, false),
        field("ordered_at", DataType::Timestamp(TimeUnit::Microsecond, None), false),
        field("gift", DataType::Boolean, false),
        field("due", DataType::Date32, true),
    ]))
}

/// Rows from `first` on, of digits without a pattern.
fn batch(schema: &Arc<Schema>, first: i64) -> Outcome<RecordBatch> {
    let rows = first..first + BATCH;
    let word = |row: i64| {
        let mixed = (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 3
    };
    let mut email = String::new();
    let emails: StringArray = rows
        .clone()
        .map(|row| {
            email.clear();
            let _ = write!(email, "user{}@example{}.com", word(row) % 5_000_000, row % 7);
            (row % 20 > 0).then(|| email.clone())
        })
        .collect();
    let amounts: Decimal128Array =
        rows.clone().map(|row| (row % 10 > 0).then(|| i128::from(word(row) % 100_000))).collect();
    let columns: Vec<ArrayRef> =
        vec![
            Arc::new(Int64Array::from_iter_values(rows.clone())),
            Arc::new(Int64Array::from_iter_values(rows.clone().map(|row| (word(row) % 1_000_000) as i64))),
            Arc::new(emails),
            Arc::new(StringArray::from_iter_values(rows.clone().map(|row| STATES[(word(row) % 5) as usize]))),
            Arc::new(amounts.with_precision_and_scale(10, 2)?),
            Arc::new(Float64Array::from_iter_values(rows.clone().map(|row| word(row) as f64 / 1e16))),
            Arc::new(TimestampMicrosecondArray::from_iter_values(rows.clone().map(|row| {
                1_700_000_000_000_000 + row * 1_000_000 + (word(row) % 999_983) as i64 * 1_000_000
            }))),
            Arc::new(rows.clone().map(|row| Some(word(row) % 2 == 0)).collect::<BooleanArray>()),
            Arc::new(
                rows.map(|row| (row % 3 > 0).then_some(19_700 + (word(row) % 700) as i32))
                    .collect::<Date32Array>(),
            ),
        ];
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}
