//! Rows as comma-separated values: RFC 4180, with the line ends and numbers of the CSV of datasets.

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::columns::{Column, Values};
use super::digits::{write_float, write_integer};
use super::{dates, decimal, json};
use crate::IoError;

/// True for letters that make quotes necessary.
fn is_special(letter: u8) -> bool {
    matches!(letter, b',' | b'"' | b'\n' | b'\r')
}

/// The names of all columns, as a line.
pub(super) fn header(schema: &Schema) -> Vec<u8> {
    let mut line = Vec::new();
    for (i, field) in schema.fields().iter().enumerate() {
        if i > 0 {
            line.push(b',');
        }
        write_text(field.name().as_bytes(), &mut line);
    }
    line.push(b'\n');
    line
}

/// All rows as lines.
pub(super) fn encode(batch: &RecordBatch) -> Result<Vec<u8>, IoError> {
    let columns = Column::all(batch, is_special)?;
    let mut nested = Vec::new();
    super::encoder::lines(batch.num_rows(), |row, text| {
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                text.push(b',');
            }
            write(column, row, &mut nested, text);
        }
        text.push(b'\n');
    })
}

/// Appends a value; `nested` is room for one that is JSON.
fn write(column: &Column, row: usize, nested: &mut Vec<u8>, text: &mut Vec<u8>) {
    if column.is_null(row) {
        return;
    }
    match &column.values {
        Values::Text(texts) => match texts.get(row) {
            [] => text.extend_from_slice(b"\"\""),
            _ if texts.plain => texts.write(row, text),
            letters => write_text(letters, text),
        },
        Values::Float(values) => match values[row] {
            value if value.is_finite() => write_float(value, text),
            value if value.is_nan() => text.extend_from_slice(b"nan"),
            value => text.extend_from_slice(if value > 0.0 { b"inf" } else { b"-inf" }),
        },
        Values::Date(values) => dates::write_day(values[row], text),
        Values::DateTime(values, zoned) => {
            dates::write_instant(values[row], text);
            if *zoned {
                text.push(b'Z');
            }
        }
        Values::Integer(values) => write_integer(values[row], text),
        Values::Boolean(_) => json::write(column, row, text),
        Values::Decimal(values, scale) => decimal::write(values[row], *scale, text),
        Values::Struct(_) | Values::List(..) => {
            nested.clear();
            json::write(column, row, nested);
            write_text(nested, text);
        }
    }
}

/// Appends a text, in quotes where it needs them: empty, it would be a missing value without.
fn write_text(letters: &[u8], text: &mut Vec<u8>) {
    if !letters.is_empty() && !letters.iter().any(|letter| is_special(*letter)) {
        return text.extend_from_slice(letters);
    }
    text.push(b'"');
    for part in letters.split_inclusive(|letter| *letter == b'"') {
        text.extend_from_slice(part);
        if part.ends_with(b"\"") {
            text.push(b'"');
        }
    }
    text.push(b'"');
}
