//! Attributes as text, where a format knows only text.

use mts_core::Instants;
use mts_hash::{Map, Value, canonical_json, parse};

/// Attributes that are text even where they look like a number: a hash may have only digits.
const TEXT: [&str; 7] = ["config_id", "data_id", "hash8", "model", "slug", "storage_dir", "zscore_axis"];

/// Text as it is, all else as canonical JSON.
pub(crate) fn to_text(value: &Value) -> String {
    match value {
        Value::Str(text) => text.clone(),
        value => canonical_json(value),
    }
}

/// The value whose [`to_text`] is `text`.
pub(crate) fn from_text(key: &str, text: &str) -> Value {
    if TEXT.contains(&key) {
        return text.into();
    }
    match parse(text) {
        Ok(value) if value.as_str().is_none() && canonical_json(&value) == text => value,
        _ => text.into(),
    }
}

/// The dates that a recipe among the attributes gives the steps.
pub(crate) fn dates(attributes: &Map, steps: usize) -> Option<Instants> {
    let time = attributes.get("recipe")?.get("time")?;
    let text = |key: &str| time.get(key).and_then(Value::as_str);
    Instants::new(text("start")?, text("freq")?, steps).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for text in ["null", "true", "7", "0.5", "NaN", "[1.0,[2.0]]", "{\"a\":1}"] {
            let value = from_text("x", text);
            assert!(value.as_str().is_none(), "{text}");
            assert_eq!(to_text(&value), text);
        }
        for text in ["gaussian", "", "007", "1e5", "[1, 2]", "\"quoted\"", "1e999"] {
            assert_eq!(from_text("x", text), Value::from(text));
        }
        assert_eq!(from_text("hash8", "12345678"), Value::from("12345678"));
    }
}
