//! What a document says of tables, as it says it.

mod column;
mod corruption;
mod kinds;
mod relationship;
mod schema;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use column::{ColumnSpec, Constraints};
pub use corruption::{CorruptionSpec, Noise};
pub use kinds::{
    ArraySpec, BooleanSpec, CategoricalSpec, ConstantSpec, DateSpec, DatetimeSpec, DecimalSpec, FloatSpec,
    Given, IdMode, IdSpec, IntegerSpec, Kind, LawSpec, ObjectSpec, PatternSpec, TextSpec, WordsSpec,
};
pub use relationship::{CountSpec, Order, RelationshipSpec};
pub use schema::{column_schema, document_schema, relationship_schema, table_schema};

/// A dataset of tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Its name.
    pub dataset: String,
    /// In the order of the document.
    pub tables: Vec<TableSpec>,
    /// Which keys refer to which.
    pub relationships: Vec<RelationshipSpec>,
}

/// One table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSpec {
    /// Its name.
    pub name: String,
    /// How many rows, copies aside.
    pub rows: u64,
    /// In order.
    pub columns: Vec<ColumnSpec>,
    /// Columns that become folders.
    pub partition_by: Vec<String>,
    /// Columns, or groups of them, that databases index.
    pub indexes: Vec<Names>,
    /// What is spoilt.
    pub corruption: CorruptionSpec,
}

/// One name or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Names {
    /// In order.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Names::One(name) => std::slice::from_ref(name),
            Names::Several(names) => names,
        }
    }
}

/// Rows of a table that does not say.
pub const ROWS: u64 = 100;

impl TableSpec {
    /// Reads a table that [`table_schema`] and [`column_schema`] have passed.
    ///
    /// # Errors
    ///
    /// Where they have not.
    pub fn from_json(name: &str, json: &Json) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        #[serde(default)]
        struct Rest {
            rows: u64,
            partition_by: Vec<String>,
            indexes: Vec<Names>,
            corruption: CorruptionSpec,
            columns: Vec<Json>,
        }
        impl Default for Rest {
            fn default() -> Self {
                Rest {
                    rows: ROWS,
                    partition_by: Vec::new(),
                    indexes: Vec::new(),
                    corruption: CorruptionSpec::default(),
                    columns: Vec::new(),
                }
            }
        }
        let rest = Rest::deserialize(json)?;
        Ok(TableSpec {
            name: name.to_owned(),
            rows: rest.rows,
            columns: rest.columns.iter().map(ColumnSpec::from_json).collect::<Result<_, _>>()?,
            partition_by: rest.partition_by,
            indexes: rest.indexes,
            corruption: rest.corruption,
        })
    }
}
