//! A specification that holds together, and can make every cell.

mod build;
mod cells;
mod dirt;
mod links;
mod order;
mod relation;

use std::sync::OnceLock;

use arrow_array::ArrayRef;
use arrow_schema::{Schema, SchemaRef};
use mts_core::{ColumnType, Relation};
use mts_rng::Key;

use crate::audit::Rule;
use crate::column::Values;
use crate::spec::Spec;

pub use cells::Made;
use dirt::Dirt;
pub use dirt::{Change, Profile};
pub(crate) use links::Link;
use relation::Lost;

/// Bytes that all values of a column may take to be kept.
const KEPT: u64 = 64 << 20;

/// Tables whose every cell can be made by itself.
///
/// ```
/// use mts_hash::SeedSequence;
/// use mts_tables::spec::{Spec, TableSpec};
/// use mts_tables::{Database, Profile};
///
/// let table = serde_json::json!({
///     "rows": 1_000,
///     "columns": [
///         {"name": "sku", "type": "id", "start": 100, "constraints": {"primary_key": true}},
///         {"name": "price", "type": "float", "distribution": "lognormal", "mean": 3, "sigma": 0.5},
///     ],
/// });
/// let table = TableSpec::from_json("articles", &table).unwrap();
/// let spec = Spec { dataset: "shop".to_owned(), tables: vec![table], relationships: vec![] };
/// let database = Database::new(&spec, &SeedSequence::new(42_u64), Profile::Document).unwrap();
///
/// let all = database.rows(0, 0..1_000).records;
/// let some = database.rows(0, 500..510).records;
/// assert_eq!(all.slice(500, 10), some);
/// ```
pub struct Database {
    dataset: String,
    pub(crate) tables: Vec<Table>,
    pub(crate) links: Vec<Link>,
}

/// A table of a database.
pub struct Table {
    pub(crate) relation: Relation,
    schema: SchemaRef,
    /// Copies aside.
    pub(crate) rows: u64,
    pub(crate) columns: Vec<TableColumn>,
    partition_by: Vec<usize>,
    pub(crate) dirt: Dirt,
    /// Keys that it would have if nothing were spoilt.
    lost: Lost,
    /// Tables that rows no longer refer to, for what is spoilt.
    unbound: Vec<String>,
}

pub(crate) struct TableColumn {
    pub(crate) name: String,
    pub(crate) kind: ColumnType,
    /// Before anything is spoilt.
    pub(crate) nullable: bool,
    /// Whether it numbers the rows in their order.
    counted: bool,
    pub(crate) source: Source,
    /// What it has to keep to.
    pub(crate) rule: Rule,
    /// The share of rows without a value, from the beginning.
    pub(crate) nulls: Option<(Key, f64)>,
    /// All values, where other tables refer to them and they are few.
    kept: Option<OnceLock<Option<ArrayRef>>>,
}

/// Where values come from.
pub(crate) enum Source {
    /// From draws, and from other columns of the row.
    Own { values: Box<dyn Values>, inputs: Vec<usize> },
    /// From a column of the parent.
    Parent { link: usize, column: usize },
}

impl Database {
    /// The name of the dataset.
    pub fn dataset(&self) -> &str {
        &self.dataset
    }

    /// Its tables, in the order of the document.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Bytes that are kept while rows are made, at most.
    pub fn memory(&self) -> u64 {
        let kept = |table: &Table| {
            let columns = table.columns.iter().filter(|column| column.kept.is_some());
            columns.map(|column| build::width(&column.kind).saturating_mul(table.rows).min(KEPT)).sum::<u64>()
        };
        self.tables.iter().map(kept).sum::<u64>() + self.links.iter().map(links::Link::memory).sum::<u64>()
    }

    /// The tables in an order in which keys refer back, references that may be null and to the table itself
    /// aside.
    pub fn parents_first(&self) -> Vec<usize> {
        order::parents_first(self.tables.len(), &self.edges()).0
    }

    fn edges(&self) -> Vec<[usize; 2]> {
        let firm = self.links.iter().filter(|link| !link.may_be_null());
        firm.map(|link| [link.parent, link.child]).collect()
    }
}

impl TableColumn {
    /// The column of the parent that it repeats, if it is one of `link`.
    pub(crate) fn repeats(&self, link: usize) -> Option<usize> {
        match self.source {
            Source::Parent { link: of, column } => (of == link).then_some(column),
            Source::Own { .. } => None,
        }
    }
}

impl Table {
    /// Its columns, keys and indexes, with whatever is spoilt taken into account.
    pub fn relation(&self) -> &Relation {
        &self.relation
    }

    /// Its columns as Arrow has them.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The number of rows, copies of rows included.
    pub fn rows(&self) -> u64 {
        self.rows + self.dirt.copies()
    }

    /// Columns whose values become folders, by place.
    pub fn partition_by(&self) -> &[usize] {
        &self.partition_by
    }

    /// Whether a column numbers the rows in their order.
    pub fn is_counted(&self, column: usize) -> bool {
        self.columns[column].counted
    }

    /// Whether anything is spoilt.
    pub fn is_dirty(&self) -> bool {
        self.dirt.is_some()
    }

    /// What spoiling does to keys and types, in words.
    pub fn consequences(&self) -> Vec<String> {
        self.dirt.consequences(self)
    }
}

fn schema(relation: &Relation) -> Schema {
    Schema::new(relation.columns.iter().map(crate::field).collect::<Vec<_>>())
}

/// Checks `spec` as a whole.
pub(crate) fn names_of(spec: &Spec) -> impl Iterator<Item = &str> {
    spec.tables.iter().map(|table| table.name.as_str())
}
