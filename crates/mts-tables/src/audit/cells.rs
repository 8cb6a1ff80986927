//! What stands in the cells of a column.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use jiff::civil::{Date, DateTime};
use mts_core::ColumnType;

const MICROSECONDS: f64 = 1e6;

/// Values as numbers: days and seconds since 1970 of dates and times. None where there is none, and NaN where a text
/// is no value of type `kind`.
pub(super) fn numbers(array: &ArrayRef, kind: &ColumnType) -> Vec<Option<f64>> {
    let each = |number: &dyn Fn(usize) -> f64| {
        (0..array.len()).map(|at| array.is_valid(at).then(|| number(at))).collect()
    };
    match array.data_type() {
        DataType::Int64 => each(&|at| array.as_primitive::<Int64Type>().value(at) as f64),
        DataType::Float64 => each(&|at| array.as_primitive::<Float64Type>().value(at)),
        DataType::Decimal128(_, _) => {
            let decimals = array.as_primitive::<Decimal128Type>();
            // The double nearest to the decimal, as documents have bounds.
            each(&|at| decimals.value_as_string(at).parse().unwrap_or(f64::NAN))
        }
        DataType::Date32 => each(&|at| f64::from(array.as_primitive::<Date32Type>().value(at))),
        DataType::Timestamp(_, _) => {
            each(&|at| array.as_primitive::<TimestampMicrosecondType>().value(at) as f64 / MICROSECONDS)
        }
        DataType::Utf8 => each(&|at| number_of(array.as_string::<i32>().value(at), kind).unwrap_or(f64::NAN)),
        _ => vec![None; array.len()],
    }
}

/// Integers, exactly; none where there is no integer of 64 bits.
pub(super) fn integers(array: &ArrayRef) -> Vec<Option<i64>> {
    match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().iter().collect(),
        DataType::Utf8 => array.as_string::<i32>().iter().map(|text| text?.parse().ok()).collect(),
        _ => vec![None; array.len()],
    }
}

/// A text of a column that became text because some of its values are.
pub(super) fn number_of(text: &str, kind: &ColumnType) -> Option<f64> {
    match kind {
        ColumnType::Integer => text.parse::<i64>().ok().map(|value| value as f64),
        ColumnType::Float | ColumnType::Decimal { .. } => text.parse().ok(),
        ColumnType::Boolean => text.parse::<bool>().ok().map(f64::from),
        ColumnType::Date => {
            let day = text.parse::<Date>().ok()?;
            Some(f64::from(day.since(Date::constant(1970, 1, 1)).ok()?.get_days()))
        }
        ColumnType::DateTime(_) => {
            if let Ok(instant) = text.parse::<jiff::Timestamp>() {
                return Some(instant.as_microsecond() as f64 / MICROSECONDS);
            }
            let at = text.parse::<DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some(at.timestamp().as_microsecond() as f64 / MICROSECONDS)
        }
        ColumnType::Text | ColumnType::Struct(_) | ColumnType::List(_) => None,
    }
}

/// Whether cells of a column have a number.
pub(super) fn has_numbers(kind: &ColumnType) -> bool {
    !matches!(kind, ColumnType::Text | ColumnType::Boolean | ColumnType::Struct(_) | ColumnType::List(_))
}

/// Whether values have parts, and no text.
pub(super) fn is_nested(kind: &ColumnType) -> bool {
    matches!(kind, ColumnType::Struct(_) | ColumnType::List(_))
}
