//! Which keys refer to which.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Names;

/// Rows of one table refer to rows of another, or of the same one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelationshipSpec {
    /// The table that is referred to.
    pub parent_table: String,
    /// Its key: a column, or several.
    pub parent_key: Names,
    /// The table that refers.
    pub child_table: String,
    /// Its columns that hold the parent's key, as many.
    pub child_key: Names,
    /// Children that each parent has at least.
    #[serde(default)]
    pub min_children: u64,
    /// Children that each parent has at most; as many as there are where nothing is said.
    #[serde(default)]
    pub max_children: Option<u64>,
    /// The law of the number of children of a parent; one that fits rows and bounds where nothing is said.
    #[serde(default)]
    pub children: Option<CountSpec>,
    /// Columns of the child that repeat those of its parent: parent column to child column.
    #[serde(default)]
    pub lookup_columns: BTreeMap<String, String>,
    /// Whether children of a parent follow each other.
    #[serde(default)]
    pub order: Order,
    /// The share of children without a parent; their key is null.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub null_rate: f64,
}

/// The order of children.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Children of all parents are mixed.
    #[default]
    Shuffled,
    /// Children of a parent follow each other, in the order of the parents.
    Grouped,
}

/// The law of the number of children of a parent, before it meets bounds and the total.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "law", rename_all = "snake_case", deny_unknown_fields)]
pub enum CountSpec {
    /// Every number within the bounds as often.
    Uniform,
    /// As many each, as far as the total allows.
    Fixed,
    /// Poisson.
    Poisson {
        /// Its mean, which rows must agree with; without it, rows decide it.
        #[serde(default)]
        #[schemars(range(min = 0.0))]
        lambda: Option<f64>,
    },
    /// Few parents have most children: P(k) ∝ (k + 1)^−exponent beyond the least, and as many with none as the total
    /// asks for.
    Zipf {
        /// Greater than 1.
        #[schemars(range(min = 1.0))]
        exponent: f64,
    },
    /// Beyond the least, each one more with the same probability: P(k) = p·(1 − p)^k.
    Geometric {
        /// The probability of no more, which rows must agree with; without it, rows decide it.
        #[serde(default)]
        #[schemars(range(min = 0.0, max = 1.0))]
        p: Option<f64>,
    },
}
