//! Cells as parameters of a statement.

use rusqlite::Statement;

use super::affinity::Affinity;
use super::failed;
use crate::IoError;
use crate::databases::cells::{Cells, Values};
use crate::databases::dates::{write_date, write_time};
use crate::databases::json;
use crate::databases::numbers::write_decimal;

/// Integers of a larger size are not all numbers in double precision.
const EXACT: u64 = 1 << 53;

/// Why a cell is not stored.
pub(super) enum Trouble {
    Cell(String),
    Sqlite(IoError),
}

/// Gives the parameter `place`, counted from one, the value of a cell. `text` is room for it.
pub(super) fn bind(
    statement: &mut Statement,
    place: usize,
    cells: &Cells,
    affinity: Affinity,
    row: usize,
    text: &mut String,
) -> Result<(), Trouble> {
    let cell = |what: &str| Err(Trouble::Cell(what.to_owned()));
    text.clear();
    let bound = if cells.is_null(row) {
        statement.raw_bind_parameter(place, rusqlite::types::Null)
    } else {
        match &cells.values {
            Values::Boolean(values) => statement.raw_bind_parameter(place, values.value(row)),
            Values::Integer(values) => {
                let value = values.value(row);
                if affinity == Affinity::Real && value.unsigned_abs() > EXACT {
                    return Err(Trouble::Cell(format!(
                        "as a REAL, {value} would lose digits: declare it INTEGER"
                    )));
                }
                statement.raw_bind_parameter(place, value)
            }
            Values::Float(values) => {
                let value = values.value(row);
                if value.is_nan() {
                    return cell("SQLite has no NaN: make it null, or use another format");
                }
                if affinity == Affinity::Text {
                    // SQLite's own text has fewer digits.
                    statement.raw_bind_parameter(place, zmij::Buffer::new().format(value))
                } else {
                    statement.raw_bind_parameter(place, value)
                }
            }
            Values::Decimal(values, scale) if affinity.is_numeric() => {
                // Both are exact, so that the quotient is the nearest number.
                let unit = 10_i64.pow(u32::from(scale.unsigned_abs()));
                statement.raw_bind_parameter(place, values.value(row) as f64 / unit as f64)
            }
            Values::Decimal(values, scale) => {
                write_decimal(values.value(row), *scale, text);
                statement.raw_bind_parameter(place, text.as_str())
            }
            Values::Text(values) => {
                let value = values.value(row);
                if affinity.is_numeric() && is_number(value) {
                    return Err(Trouble::Cell(format!(
                        "as its type is declared, SQLite would turn the text {value:?} into a number: declare it TEXT"
                    )));
                }
                statement.raw_bind_parameter(place, value)
            }
            Values::Date(values) => {
                if !write_date(values.value(row).into(), text) {
                    return cell(json::NO_YEAR);
                }
                statement.raw_bind_parameter(place, text.as_str())
            }
            Values::DateTime(values, zoned) => {
                if !write_time(values.value(row), *zoned, text) {
                    return cell(json::NO_YEAR);
                }
                statement.raw_bind_parameter(place, text.as_str())
            }
            Values::Struct(_) | Values::List(..) => {
                if let Err(what) = json::write(cells, row, text) {
                    return cell(what);
                }
                statement.raw_bind_parameter(place, text.as_str())
            }
        }
    };
    bound.map_err(|error| Trouble::Sqlite(failed(error)))
}

/// What SQLite takes for a number, or a little more.
fn is_number(text: &str) -> bool {
    let text = text.trim_ascii();
    text.bytes().any(|b| b.is_ascii_digit()) && text.parse::<f64>().is_ok()
}
