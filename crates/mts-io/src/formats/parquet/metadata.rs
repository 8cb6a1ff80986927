//! Key-value metadata: attributes, and what pandas and Arrow want to know of the columns.

use arrow_schema::{DataType, Field, Schema};
use mts_core::{Head, TimeAxis};
use mts_hash::Map;
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};
use parquet::file::metadata::KeyValue;

use super::{CHANNEL, CONFIG_ID, REALIZATION, TIME, VALUE};
use crate::attributes::{from_text, to_text};

const PANDAS: &str = "pandas";

/// The entries of a file, in order: pandas, attributes, `extra`, Arrow.
pub(super) fn entries(head: &Head, extra: &Map) -> Vec<KeyValue> {
    let seconds = matches!(head.time, TimeAxis::Seconds { .. });
    let mut entries = vec![KeyValue::new(PANDAS.to_owned(), pandas(seconds))];
    // An attribute named again in `extra` has its value from there, at its own place.
    let mut all = head.attributes.clone();
    for (key, value) in extra.iter() {
        all.insert(key, value.clone());
    }
    entries.extend(all.iter().map(|(key, value)| KeyValue::new(key.to_owned(), to_text(value))));
    let arrow = arrow(seconds, &entries);
    entries.push(KeyValue::new(ARROW_SCHEMA_META_KEY.to_owned(), arrow));
    entries
}

/// The attributes among `entries`.
pub(super) fn attributes(entries: &[KeyValue]) -> Map {
    let own = entries.iter().filter(|entry| entry.key != PANDAS && entry.key != ARROW_SCHEMA_META_KEY);
    own.filter_map(|entry| Some((entry.key.as_str(), from_text(&entry.key, entry.value.as_ref()?)))).collect()
}

/// What pandas writes for these columns. It reads neither name nor version of the creator for a
/// table without an index, so that these can stand still.
fn pandas(seconds: bool) -> String {
    let column = |name: &str, pandas: &str, numpy: &str| {
        format!(
            r#"{{"name": "{name}", "field_name": "{name}", "pandas_type": "{pandas}", "numpy_type": "{numpy}", "metadata": null}}"#
        )
    };
    let time = if seconds { "float64" } else { "int64" };
    let columns = [
        column(TIME, time, time),
        column(CHANNEL, "int64", "int64"),
        column(REALIZATION, "int64", "int64"),
        column(VALUE, "float64", "float64"),
        column(CONFIG_ID, "object", "str"),
    ];
    format!(
        r#"{{"index_columns": [], "column_indexes": [], "columns": [{}], "attributes": {{}}, "creator": {{"library": "mts", "version": "1"}}, "pandas_version": "3"}}"#,
        columns.join(", ")
    )
}

/// Makes Arrow read `config_id` as `large_string`, as the reference's files do. Where a file says
/// this, Arrow sees only those entries that stand here again.
fn arrow(seconds: bool, entries: &[KeyValue]) -> String {
    let time = if seconds { DataType::Float64 } else { DataType::Int64 };
    let columns = [
        (TIME, time),
        (CHANNEL, DataType::Int64),
        (REALIZATION, DataType::Int64),
        (VALUE, DataType::Float64),
        (CONFIG_ID, DataType::LargeUtf8),
    ];
    let fields: Vec<_> = columns.into_iter().map(|(name, data)| Field::new(name, data, true)).collect();
    let entries = entries.iter().map(|entry| (entry.key.clone(), entry.value.clone().unwrap_or_default()));
    // The library encodes them in the order of their keys, whatever the map's.
    encode_arrow_schema(&Schema::new_with_metadata(fields, entries.collect()))
}
