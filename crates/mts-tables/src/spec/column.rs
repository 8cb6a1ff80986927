//! A column, or a field of an object.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Kind;

/// A column, or a field of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnSpec {
    /// Its name.
    pub name: String,
    /// Where its values come from.
    pub kind: Kind,
    /// What every column may say.
    pub common: Common,
}

/// What every column may say, whatever its type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Common {
    /// What its values must satisfy.
    pub constraints: Constraints,
    /// The share of rows without a value, from the beginning; the ledger of what was spoilt has none of them.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub null_rate: f64,
    /// The probability that a field of an object is there.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub probability: Option<f64>,
    /// The type that SQLite is told.
    pub sqlite_type: Option<String>,
    /// What it is, in words; no value depends on it.
    pub description: Option<String>,
}

/// What the values of a column must satisfy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Constraints {
    /// No value is missing.
    pub not_null: bool,
    /// No value occurs twice.
    pub unique: bool,
    /// It is the key of the table, alone or with others.
    pub primary_key: bool,
    /// No value is less than that of the row before it.
    pub monotonic_increasing: bool,
    /// The least value.
    pub min: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// A regular expression that the whole text matches.
    pub pattern: Option<String>,
    /// The values that there may be.
    pub allowed_values: Option<Vec<Json>>,
    /// The same.
    pub allowed: Option<Vec<Json>>,
}

/// Keys of [`Common`].
pub(super) const COMMON: [&str; 5] =
    ["constraints", "null_rate", "probability", "sqlite_type", "description"];

impl ColumnSpec {
    /// Reads a column that [`column_schema`](super::column_schema) has passed.
    ///
    /// # Errors
    ///
    /// Where it has not.
    pub fn from_json(json: &Json) -> Result<Self, serde_json::Error> {
        let (mut common, mut own) = (Map::new(), Map::new());
        let (mut name, mut kind) = (String::new(), None);
        for (key, value) in json.as_object().into_iter().flatten() {
            match key.as_str() {
                "name" => name = String::deserialize(value)?,
                "type" => kind = Some(String::deserialize(value)?),
                key if COMMON.contains(&key) => drop(common.insert(key.to_owned(), value.clone())),
                _ => drop(own.insert(key.clone(), value.clone())),
            }
        }
        let computed = own.remove("computed");
        let kind = match (computed, kind) {
            (Some(text), _) => Kind::Computed(String::deserialize(text)?),
            (None, kind) => Kind::from_json(kind.as_deref().unwrap_or_default(), Json::Object(own))?,
        };
        Ok(ColumnSpec { name, kind, common: Common::deserialize(Json::Object(common))? })
    }
}
