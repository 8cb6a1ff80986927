//! Values as text.

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_schema::DataType;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use mts_hash::float_repr;
use regex::Regex;
use serde_json::Value as Json;

use crate::spec::Constraints;

/// A pattern of which whole texts are instances.
pub(crate) struct Matching(Regex);

impl Matching {
    /// The pattern of `constraints`, if there is one.
    pub(crate) fn of(constraints: &Constraints) -> Result<Option<Self>, String> {
        let Some(pattern) = &constraints.pattern else { return Ok(None) };
        let whole = Regex::new(&format!(r"\A(?:{pattern})\z")).map_err(|error| error.to_string())?;
        Ok(Some(Matching(whole)))
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// The values of a column of any type but structures and lists, as text files hold them.
pub fn texts(array: &ArrayRef) -> StringArray {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().clone(),
        DataType::Boolean => {
            let values = array.as_boolean();
            all(array, 5, |at, text| text.push_str(if values.value(at) { "true" } else { "false" }))
        }
        DataType::Int64 => {
            let values = array.as_primitive::<Int64Type>().values();
            all(array, 8, |at, text| text.push_str(itoa::Buffer::new().format(values[at])))
        }
        DataType::Float64 => {
            let values = array.as_primitive::<Float64Type>().values();
            all(array, 8, |at, text| write_float(values[at], text))
        }
        DataType::Decimal128(_, _) => {
            let values = array.as_primitive::<Decimal128Type>();
            all(array, 12, |at, text| text.push_str(&values.value_as_string(at)))
        }
        DataType::Date32 => {
            let values = array.as_primitive::<Date32Type>().values();
            all(array, 10, |at, text| text.push_str(&date(values[at])))
        }
        DataType::Timestamp(_, zone) => {
            let zone = zone.as_deref().and_then(|name| TimeZone::get(name).ok());
            let values = array.as_primitive::<TimestampMicrosecondType>().values();
            all(array, 26, |at, text| text.push_str(&instant(values[at], zone.as_ref())))
        }
        _ => StringArray::new_null(array.len()),
    }
}

/// A value of any type as text, one of several parts as JSON; none where it is missing.
pub(crate) fn text(array: &ArrayRef, at: usize) -> Option<String> {
    if array.is_null(at) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Struct(_) | DataType::List(_) => json(array, at).to_string(),
        _ => texts(&array.slice(at, 1)).value(0).to_owned(),
    })
}

fn json(array: &ArrayRef, at: usize) -> Json {
    if array.is_null(at) {
        return Json::Null;
    }
    match array.data_type() {
        DataType::Struct(fields) => {
            let columns = fields.iter().zip(array.as_struct().columns());
            Json::Object(columns.map(|(field, column)| (field.name().clone(), json(column, at))).collect())
        }
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(at);
            Json::Array((0..items.len()).map(|at| json(&items, at)).collect())
        }
        DataType::Boolean => array.as_boolean().value(at).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(at).into(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(at).into(),
        _ => texts(&array.slice(at, 1)).value(0).into(),
    }
}

/// All values of an array, about `width` letters each.
fn all(array: &ArrayRef, width: usize, write: impl Fn(usize, &mut String)) -> StringArray {
    let mut texts = StringBuilder::with_capacity(array.len(), width * array.len());
    let mut text = String::new();
    for at in 0..array.len() {
        if array.is_valid(at) {
            text.clear();
            write(at, &mut text);
            texts.append_value(&text);
        } else {
            texts.append_null();
        }
    }
    texts.finish()
}

/// What `float_repr` returns, mostly without its allocations.
fn write_float(value: f64, text: &mut String) {
    let size = value.abs();
    if (1e-4..1e16).contains(&size) || size == 0.0 {
        text.push_str(zmij::Buffer::new().format_finite(value));
    } else {
        text.push_str(&float_repr(value));
    }
}

const EPOCH: Date = Date::constant(1970, 1, 1);

fn date(days: i32) -> String {
    EPOCH.checked_add(i64::from(days).days()).unwrap_or(EPOCH).to_string()
}

/// With a zone, its offset from UTC then.
fn instant(microseconds: i64, zone: Option<&TimeZone>) -> String {
    match zone {
        None => {
            let epoch = DateTime::from_parts(EPOCH, jiff::civil::Time::midnight());
            let after = SignedDuration::from_micros(microseconds);
            epoch.checked_add(after).unwrap_or(epoch).to_string()
        }
        Some(zone) => {
            let instant = Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH);
            let offset = zone.to_offset(instant);
            instant.display_with_offset(offset).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{BooleanArray, Float64Array, Int64Array};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn floats_are_as_python_writes_them(bits in any::<u64>(), scale in -8_i32..20, digits in 0_u64..1_000_000) {
            let decimal: f64 = format!("{digits}e{scale}").parse().unwrap();
            let values = [f64::from_bits(bits), decimal, -decimal, 1.0 / decimal];
            let array: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
            let found = texts(&array);
            for (at, value) in values.into_iter().enumerate() {
                prop_assert_eq!(found.value(at), float_repr(value));
            }
        }
    }

    #[test]
    fn what_is_missing_stays_so() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(-7), None, Some(i64::MAX)]));
        let numbers: Vec<Option<String>> =
            texts(&numbers).iter().map(|text| text.map(str::to_owned)).collect();
        assert_eq!(numbers, [Some("-7".to_owned()), None, Some("9223372036854775807".to_owned())]);
        let truths: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
        let truths: Vec<Option<String>> = texts(&truths).iter().map(|text| text.map(str::to_owned)).collect();
        assert_eq!(truths, [Some("true".to_owned()), Some("false".to_owned()), None]);
    }
}
