//! Canonical JSON text.

use std::fmt::Write as _;

use crate::number::{float_repr, non_finite};
use crate::{Array, ArrayData, Map, Value};

/// The canonical JSON text of `value`: no blanks, keys sorted by code point, ASCII only, floats
/// as Python writes them. Equal values have equal text on every machine.
///
/// Non-finite floats appear as the bare words `NaN`, `Infinity` and `-Infinity`, which JSON
/// proper does not know; [`parse()`](crate::parse()) reads them.
///
/// ```
/// use mts_hash::{Map, Value, canonical_json};
///
/// let params: Map = [("T", Value::from(8)), ("K", 1.0.into())].into_iter().collect();
/// assert_eq!(canonical_json(&params.into()), r#"{"K":1.0,"T":8}"#);
/// ```
pub fn canonical_json(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => *text += "null",
        Value::Bool(true) => *text += "true",
        Value::Bool(false) => *text += "false",
        Value::Int(int) => *text += &int.to_string(),
        Value::Float(float) => write_float(text, *float),
        Value::Str(string) => write_string(text, string),
        Value::List(items) => write_list(text, items),
        Value::Array(array) => write_array(text, array),
        Value::Map(map) => write_map(text, map),
    }
}

fn json_float(value: f64) -> String {
    match non_finite_word(value) {
        Some(word) => word.to_owned(),
        None => float_repr(value),
    }
}

fn non_finite_word(value: f64) -> Option<&'static str> {
    if value.is_finite() {
        return None;
    }
    Some(match non_finite(value) {
        "nan" => "NaN",
        "inf" => "Infinity",
        _ => "-Infinity",
    })
}

fn write_float(text: &mut String, value: f64) {
    *text += &json_float(value);
}

fn write_list(text: &mut String, items: &[Value]) {
    text.push('[');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        write_value(text, item);
    }
    text.push(']');
}

fn write_array(text: &mut String, array: &Array) {
    if let (true, ArrayData::Float(data)) = (array.shape().is_empty(), array.data())
        && let Some(word) = non_finite_word(data[0])
    {
        write_string(text, word);
        return;
    }
    write_value(text, &array.to_value());
}

fn write_map(text: &mut String, map: &Map) {
    text.push('{');
    for (i, (key, value)) in map.sorted().into_iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        write_string(text, key);
        text.push(':');
        write_value(text, value);
    }
    text.push('}');
}

pub(crate) fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => *text += "\\\"",
            '\\' => *text += "\\\\",
            '\n' => *text += "\\n",
            '\r' => *text += "\\r",
            '\t' => *text += "\\t",
            '\u{8}' => *text += "\\b",
            '\u{c}' => *text += "\\f",
            ' '..='~' => text.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}
