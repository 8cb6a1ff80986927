//! Slugs: identities that people can read.

use crate::array_text::array_text;
use crate::number::{float_general, float_repr};
use crate::{Map, Value};

/// How many keys besides `M` and `T` a slug shows.
const EXTRA_KEYS: usize = 4;
const PART_LENGTH: usize = 48;

/// The readable half of an identity: the model, `M`, `T`, and the first four other parameters
/// that say something.
///
/// ```
/// use mts_hash::{Map, Value, slug};
///
/// let params: Map = [("M", Value::from(5)), ("T", 100.into()), ("K", 1.0.into())].into_iter().collect();
/// assert_eq!(slug("kuramoto", &params), "kuramoto_M5_T100_K1.0");
/// ```
pub fn slug(model: &str, params: &Map) -> String {
    let mut parts = vec![sanitise(&model.trim().to_lowercase())];
    for key in ["M", "T"] {
        parts.extend(params.get(key).and_then(|value| part(key, value)));
    }
    let others = params.sorted().into_iter().filter(|(key, _)| !matches!(*key, "M" | "T"));
    parts.extend(others.filter_map(|(key, value)| part(key, value)).take(EXTRA_KEYS));
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() { "config".to_owned() } else { parts.join("_") }
}

fn part(key: &str, value: &Value) -> Option<String> {
    if *value == Value::Null {
        return None;
    }
    let text = value_text(value);
    (!text.is_empty()).then(|| sanitise(&format!("{key}{text}")))
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => float_text(*float),
        Value::Str(text) => text.clone(),
        Value::List(items) => format!("[{}]", join(items.iter().map(value_text), "-")),
        Value::Array(array) if array.shape().is_empty() => value_text(&array.to_value()),
        Value::Array(array) => array_text(array),
        Value::Map(_) => python_repr(value),
    }
}

fn float_text(value: f64) -> String {
    if value.is_finite() && value.fract() == 0.0 { format!("{value:.1}") } else { float_general(value) }
}

/// Python's `repr` of what can stand in a mapping.
fn python_repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => float_repr(*float),
        Value::Str(text) => format!("'{}'", text.escape_debug()),
        Value::List(items) => format!("[{}]", join(items.iter().map(python_repr), ", ")),
        Value::Array(array) => format!("array({})", array_text(array)),
        Value::Map(map) => {
            let entries =
                map.iter().map(|(key, value)| format!("'{}': {}", key.escape_debug(), python_repr(value)));
            format!("{{{}}}", join(entries, ", "))
        }
    }
}

fn join(items: impl Iterator<Item = String>, separator: &str) -> String {
    items.collect::<Vec<_>>().join(separator)
}

/// Makes text safe as part of a file name.
fn sanitise(text: &str) -> String {
    let mut safe = String::new();
    let mut foreign = false;
    for c in text.chars() {
        let allowed = c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if allowed {
            safe.push(c);
        } else if !foreign {
            safe.push('-');
        }
        foreign = !allowed;
    }
    let trim: &[char] = &['-', '_', '.'];
    let mut part = safe.trim_matches(trim);
    if part.len() > PART_LENGTH {
        part = part[..PART_LENGTH].trim_end_matches(trim);
    }
    part.to_owned()
}
