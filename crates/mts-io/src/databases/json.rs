//! Structures and lists as JSON text.

use std::fmt::Write as _;

use super::cells::{Cells, Values};
use super::dates::{write_date, write_time};
use super::numbers::write_decimal;

/// Adds the cell as JSON; the error is what JSON cannot say. Decimals are text, for readers of JSON have
/// double precision.
pub(super) fn write(cells: &Cells, row: usize, text: &mut String) -> Result<(), &'static str> {
    if cells.is_null(row) {
        text.push_str("null");
        return Ok(());
    }
    match &cells.values {
        Values::Boolean(values) => text.push_str(if values.value(row) { "true" } else { "false" }),
        Values::Integer(values) => text.push_str(itoa::Buffer::new().format(values.value(row))),
        Values::Float(values) if values.value(row).is_finite() => {
            text.push_str(zmij::Buffer::new().format_finite(values.value(row)));
        }
        Values::Float(_) => return Err("JSON has no NaN and no infinity"),
        Values::Decimal(values, scale) => {
            text.push('"');
            write_decimal(values.value(row), *scale, text);
            text.push('"');
        }
        Values::Text(values) => quote(values.value(row), text),
        Values::Date(values) => {
            return within_quotes(text, |text| write_date(values.value(row).into(), text));
        }
        Values::DateTime(values, zoned) => {
            return within_quotes(text, |text| write_time(values.value(row), *zoned, text));
        }
        Values::Struct(fields) => {
            for (place, (name, cells)) in fields.iter().enumerate() {
                text.push(if place == 0 { '{' } else { ',' });
                quote(name, text);
                text.push(':');
                write(cells, row, text)?;
            }
            text.push_str(if fields.is_empty() { "{}" } else { "}" });
        }
        Values::List(lists, items) => {
            let offsets = lists.value_offsets();
            text.push('[');
            for item in offsets[row]..offsets[row + 1] {
                if item > offsets[row] {
                    text.push(',');
                }
                write(items, item as usize, text)?;
            }
            text.push(']');
        }
    }
    Ok(())
}

/// Why there is no text of a date.
pub(super) const NO_YEAR: &str = "the year is not one of 1 to 9999";

fn within_quotes(text: &mut String, write: impl FnOnce(&mut String) -> bool) -> Result<(), &'static str> {
    text.push('"');
    let written = write(text);
    text.push('"');
    written.then_some(()).ok_or(NO_YEAR)
}

fn quote(plain: &str, text: &mut String) {
    text.push('"');
    for letter in plain.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            // Writing to a text does not fail.
            '\0'..' ' => drop(write!(text, "\\u{:04x}", u32::from(letter))),
            _ => text.push(letter),
        }
    }
    text.push('"');
}
