//! `round` beside Python's: `rounding.txt` is what `rounding.py` prints.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array};
use mts_core::ColumnType;
use mts_hash::SeedSequence;
use mts_tables::{Expression, Rows, Syntax};

use crate::table::column;

fn round(text: &str, x: Vec<f64>, digits: Vec<i64>) -> Float64Array {
    let columns = [column("x", ColumnType::Float, false), column("n", ColumnType::Integer, false)];
    let expression =
        Expression::new(&Syntax::parse(text).unwrap(), &columns, &SeedSequence::new(0_u64)).unwrap();
    let rows = Rows::Range(0..x.len() as u64);
    let arrays: [ArrayRef; 2] = [Arc::new(Float64Array::from(x)), Arc::new(Int64Array::from(digits))];
    let inputs: Vec<ArrayRef> = expression.inputs().iter().map(|at| arrays[*at].clone()).collect();
    expression.evaluate(&inputs, &rows).as_primitive::<Float64Type>().clone()
}

fn float(bits: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(bits, 16).unwrap())
}

#[test]
fn rounds_as_python_does() {
    let lines: Vec<Vec<&str>> =
        include_str!("rounding.txt").lines().map(|line| line.split(' ').collect()).collect();
    assert!(lines.len() > 1000);
    let x: Vec<f64> = lines.iter().map(|line| float(line[0])).collect();
    let digits: Vec<i64> = lines.iter().map(|line| line[1].parse().unwrap()).collect();
    let rounded = round("round(x, n)", x.clone(), digits.clone());
    for (at, line) in lines.iter().enumerate() {
        let expected = float(line[2]);
        assert_eq!(rounded.is_null(at), expected.is_infinite(), "round({:?}, {})", x[at], digits[at]);
        if rounded.is_valid(at) {
            let found = rounded.value(at);
            assert_eq!(found.to_bits(), expected.to_bits(), "round({:?}, {}): {found:?}", x[at], digits[at]);
        }
    }
}

#[test]
fn digits_of_all_sizes_are_taken() {
    for digits in [i64::MIN, -1_000_000, 1_000_000, i64::MAX] {
        let rounded = round("round(x, n)", vec![1.5, -0.0], vec![digits; 2]);
        let expected = if digits < 0 { 0.0 } else { 1.5 };
        assert_eq!(rounded.value(0), expected);
    }
}
