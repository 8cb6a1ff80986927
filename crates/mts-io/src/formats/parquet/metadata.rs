//! Key-value metadata: attributes, and what pandas and Arrow want to know of the columns.

use arrow_schema::{Field, Schema};
use mts_hash::Map;
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};
use parquet::file::metadata::KeyValue;

use super::types;
use crate::attributes::{from_text, to_text};
use crate::formats::table::Column;

const PANDAS: &str = "pandas";

/// The entries of a file, in order: pandas, attributes, Arrow.
pub(super) fn entries(columns: &[Column], attributes: &Map) -> Vec<KeyValue> {
    let mut entries = vec![KeyValue::new(PANDAS.to_owned(), pandas(columns))];
    entries.extend(attributes.iter().map(|(key, value)| KeyValue::new(key.to_owned(), to_text(value))));
    let arrow = arrow(columns, &entries);
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
fn pandas(columns: &[Column]) -> String {
    let columns = columns.iter().map(|Column { name, stored, .. }| {
        let (pandas, numpy) = types::pandas(*stored);
        format!(
            r#"{{"name": "{name}", "field_name": "{name}", "pandas_type": "{pandas}", "numpy_type": "{numpy}", "metadata": null}}"#
        )
    });
    let columns: Vec<_> = columns.collect();
    format!(
        r#"{{"index_columns": [], "column_indexes": [], "columns": [{}], "attributes": {{}}, "creator": {{"library": "mts", "version": "1"}}, "pandas_version": "3"}}"#,
        columns.join(", ")
    )
}

/// Arrow's schema. Where a file has it, Arrow sees only those entries that stand in it again.
fn arrow(columns: &[Column], entries: &[KeyValue]) -> String {
    let fields = columns.iter().map(|column| Field::new(&column.name, types::arrow(column.stored), true));
    let fields: Vec<_> = fields.collect();
    let entries = entries.iter().map(|entry| (entry.key.clone(), entry.value.clone().unwrap_or_default()));
    // The library encodes them in the order of their keys, whatever the map's.
    encode_arrow_schema(&Schema::new_with_metadata(fields, entries.collect()))
}
