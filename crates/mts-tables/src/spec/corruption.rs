//! What is spoilt in a table.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rates of what is spoilt; nothing where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CorruptionSpec {
    /// The share of cells that are lost, in columns that are no key and may be null.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub missing_rate: f64,
    /// The share of cells that are lost, by column.
    #[schemars(extend("additionalProperties" = {"type": "number", "minimum": 0, "maximum": 1}))]
    pub missing_by_column: BTreeMap<String, f64>,
    /// The share of rows in which one number is four to ten times what it was.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub outlier_rate: f64,
    /// Text among values of other types, by column.
    pub type_noise: BTreeMap<String, Noise>,
    /// Copies of rows after the last one, as a share of the rows.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub duplicate_rate: f64,
}

/// Text among values of another type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    /// The share of cells.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub rate: f64,
    /// What stands in them.
    #[serde(default = "not_available")]
    pub value: String,
}

fn not_available() -> String {
    "N/A".to_owned()
}
