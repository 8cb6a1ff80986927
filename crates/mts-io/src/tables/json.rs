//! Rows as JSON objects.

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::columns::{Column, Values};
use super::digits::{write_float, write_integer};
use super::{dates, decimal};
use crate::IoError;

/// True for letters that a text cannot hold as they are.
pub(super) fn is_special(letter: u8) -> bool {
    letter < b' ' || letter == b'"' || letter == b'\\'
}

/// What stands before a value: the beginning of the object or a comma, and its key.
pub(super) fn key(first: bool, name: &str) -> Vec<u8> {
    let mut piece = vec![if first { b'{' } else { b',' }];
    write_text(name.as_bytes(), &mut piece);
    piece.push(b':');
    piece
}

/// The keys of all columns.
pub(super) fn keys(schema: &Schema) -> Vec<Vec<u8>> {
    schema.fields().iter().enumerate().map(|(i, field)| key(i == 0, field.name())).collect()
}

/// All rows, each of which ends with `end`.
pub(super) fn encode(batch: &RecordBatch, keys: &[Vec<u8>], end: &[u8]) -> Result<Vec<u8>, IoError> {
    let columns = Column::all(batch, is_special)?;
    super::encoder::lines(batch.num_rows(), |row, text| {
        for (key, column) in keys.iter().zip(&columns) {
            text.extend_from_slice(key);
            write(column, row, text);
        }
        text.extend_from_slice(end);
    })
}

/// Appends a value.
pub(super) fn write(column: &Column, row: usize, text: &mut Vec<u8>) {
    if column.is_null(row) {
        return text.extend_from_slice(b"null");
    }
    match &column.values {
        Values::Boolean(values) => text.extend_from_slice(if values.value(row) { b"true" } else { b"false" }),
        Values::Integer(values) => write_integer(values[row], text),
        // JSON has no word for it.
        Values::Float(values) if !values[row].is_finite() => text.extend_from_slice(b"null"),
        Values::Float(values) => write_float(values[row], text),
        Values::Decimal(values, scale) => decimal::write(values[row], *scale, text),
        Values::Text(texts) if texts.plain => {
            text.push(b'"');
            texts.write(row, text);
            text.push(b'"');
        }
        Values::Text(texts) => write_text(texts.get(row), text),
        Values::Date(values) => {
            text.push(b'"');
            dates::write_day(values[row], text);
            text.push(b'"');
        }
        Values::DateTime(values, zoned) => {
            text.push(b'"');
            dates::write_instant(values[row], text);
            text.extend_from_slice(if *zoned { b"Z\"" } else { b"\"" });
        }
        Values::Struct(fields) => {
            for (key, field) in fields {
                text.extend_from_slice(key);
                write(field, row, text);
            }
            text.push(b'}');
        }
        Values::List(ends, items) => {
            text.push(b'[');
            for item in ends[row]..ends[row + 1] {
                if item > ends[row] {
                    text.push(b',');
                }
                write(items, item as usize, text);
            }
            text.push(b']');
        }
    }
}

/// Appends a text in quotes.
fn write_text(letters: &[u8], text: &mut Vec<u8>) {
    text.push(b'"');
    letters.iter().for_each(|letter| write_letter(*letter, text));
    text.push(b'"');
}

fn write_letter(letter: u8, text: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match letter {
        b'"' | b'\\' => letter,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        8 => b'b',
        12 => b'f',
        _ if letter < b' ' => {
            let (high, low) = (HEX[usize::from(letter >> 4)], HEX[usize::from(letter & 15)]);
            return text.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
        }
        _ => return text.push(letter),
    };
    text.extend_from_slice(&[b'\\', short]);
}
