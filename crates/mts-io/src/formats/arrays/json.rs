//! Attributes as one JSON object.

use mts_hash::{Map, canonical_json};

/// The entries in their order, each in its canonical text.
pub(in crate::formats) fn object(map: &Map) -> String {
    let entries: Vec<String> =
        map.iter().map(|(key, value)| format!("{}:{}", quoted(key), canonical_json(value))).collect();
    format!("{{{}}}", entries.join(","))
}

/// Text as JSON has it.
pub(in crate::formats) fn quoted(text: &str) -> String {
    canonical_json(&text.into())
}

#[cfg(test)]
mod tests {
    use mts_hash::{Value, parse};

    use super::*;

    #[test]
    fn entries_keep_their_order() {
        let map: Map = [("b\"", Value::from(1)), ("a", f64::NAN.into())].into_iter().collect();
        assert_eq!(object(&map), r#"{"b\"":1,"a":NaN}"#);
        assert_eq!(object(&Map::new()), "{}");
        assert_eq!(parse(&object(&map)).unwrap().as_map().unwrap().len(), 2);
    }
}
