//! Times computed columns: nanoseconds per row.
//!
//!     cargo run --release -p mts-tables --example expressions

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Date32Array, Float64Array, Int64Array, StringArray};
use mts_core::{Column, ColumnType};
use mts_hash::SeedSequence;
use mts_tables::{Expression, Rows, Syntax};

const ROWS: u64 = 8192;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let column =
        |name: &str, kind| Column { name: name.to_owned(), kind, nullable: false, sqlite_type: None };
    let columns = [
        column("i", ColumnType::Integer),
        column("x", ColumnType::Float),
        column("s", ColumnType::Text),
        column("d", ColumnType::Date),
    ];
    let arrays: [ArrayRef; 4] = [
        Arc::new((0..ROWS as i64).collect::<Int64Array>()),
        Arc::new((0..ROWS).map(|row| row as f64 * 0.37).collect::<Float64Array>()),
        Arc::new(
            (0..ROWS)
                .map(|row| Some(["nurse", "lab", "physician"][row as usize % 3]))
                .collect::<StringArray>(),
        ),
        Arc::new(Date32Array::from_iter_values(0..ROWS as i32)),
    ];
    for text in [
        "x * 1.5",
        "x + x * x - x",
        "i + i * i - i",
        "i // 7 + i % 7",
        "x / (x + 1)",
        "round(x, 2)",
        "round(x * 1.005, 2)",
        "x if x > 100 else 0",
        "s == 'nurse' or s == 'lab'",
        "'strong' if x >= 420 else 'weak' if x < 200 else 'solid'",
        "concat(s, '-', i)",
        "upper(s)",
        "year(d)",
        "normal(0, 1)",
        "round(max(38000, normal(57500, 7200)), 0) if s == 'nurse' else 0",
        "rand_days_after(d, 0, 400)",
        "choice('a', 'b', 'c')",
    ] {
        let syntax = Syntax::parse(text)?;
        let expression = Expression::new(&syntax, &columns, &SeedSequence::new(1_u64))
            .map_err(|errors| errors.into_iter().next().map_or_else(String::new, |error| error.message))?;
        let inputs: Vec<ArrayRef> = expression.inputs().iter().map(|at| arrays[*at].clone()).collect();
        let mut best = f64::INFINITY;
        for _ in 0..200 {
            let start = Instant::now();
            std::hint::black_box(expression.evaluate(&inputs, &Rows::Range(0..ROWS)));
            best = best.min(start.elapsed().as_secs_f64());
        }
        writeln!(std::io::stdout(), "{:7.2} ns  {text}", best / ROWS as f64 * 1e9)?;
    }
    Ok(())
}
