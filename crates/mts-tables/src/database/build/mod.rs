//! From a specification to a database: everything that can be wrong is found here.

mod columns;
mod dirt;
mod ends;
mod kin;
mod table;

use std::collections::BTreeMap;

use mts_core::ColumnType;
use mts_hash::SeedSequence;

use super::dirt::Profile;
use super::links::Link;
use super::{Database, Table, TableColumn, names_of, relation};
use crate::Finding;
use crate::finding::nearest;
use crate::path::{child, item};
use crate::spec::Spec;

impl Database {
    /// The tables of `spec`, whose seeds are below `seed`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong: names that are not there, types that do not fit, constraints and bounds that
    /// nothing can satisfy.
    pub fn new(spec: &Spec, seed: &SeedSequence, profile: Profile) -> Result<Self, Vec<Finding>> {
        Builder::new(spec, seed, profile).build()
    }
}

struct Builder<'a> {
    spec: &'a Spec,
    seed: &'a SeedSequence,
    profile: Profile,
    findings: Vec<Finding>,
    /// By place of the relationship; none where it is wrong.
    ends: Vec<Option<Ends>>,
    /// Child columns that repeat one of their parent: of a relationship, and the column there.
    repeated: BTreeMap<[usize; 2], [usize; 2]>,
    columns: BTreeMap<[usize; 2], TableColumn>,
    state: BTreeMap<[usize; 2], Visit>,
    /// Columns that are being made.
    trail: Vec<[usize; 2]>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Begun,
    Made,
    Failed,
}

/// A relationship with names resolved.
#[derive(Clone)]
struct Ends {
    parent: usize,
    child: usize,
    parent_key: Vec<usize>,
    child_key: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn new(spec: &'a Spec, seed: &'a SeedSequence, profile: Profile) -> Self {
        Builder {
            spec,
            seed,
            profile,
            findings: Vec::new(),
            ends: Vec::new(),
            repeated: BTreeMap::new(),
            columns: BTreeMap::new(),
            state: BTreeMap::new(),
            trail: Vec::new(),
        }
    }

    fn build(mut self) -> Result<Database, Vec<Finding>> {
        self.check_names();
        let relationships: Vec<Option<Ends>> =
            self.spec.relationships.iter().enumerate().map(|(at, spec)| self.resolve(at, spec)).collect();
        self.ends = relationships;
        self.check_circles();
        self.repeat();
        for (table, spec) in self.spec.tables.iter().enumerate() {
            for column in 0..spec.columns.len() {
                self.visit([table, column]);
            }
        }
        let links = self.links();
        let tables = self.tables(&links);
        if !self.findings.is_empty() {
            return Err(self.findings);
        }
        let links = links.into_iter().flatten().collect();
        let mut tables: Vec<Table> = tables.into_iter().flatten().collect();
        relation::unbind(&mut tables);
        Ok(Database { dataset: self.spec.dataset.clone(), tables, links })
    }

    fn wrong(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn table_path(&self, table: usize) -> String {
        child("tables", &self.spec.tables[table].name)
    }

    fn column_path(&self, [table, column]: [usize; 2]) -> String {
        item(&child(&self.table_path(table), "columns"), column)
    }

    fn check_names(&mut self) {
        let spec = self.spec;
        // Databases do not tell upper case from lower case.
        let second = |what: &str, name: &str, first: Option<&str>| match first {
            Some(first) if first == name => Some(format!("a second {what} {name:?}")),
            Some(first) => Some(format!("a second {what} {name:?}: databases do not tell it from {first:?}")),
            None => None,
        };
        for (table, spec) in spec.tables.iter().enumerate() {
            let mut seen = BTreeMap::new();
            for (column, spec) in spec.columns.iter().enumerate() {
                let first = seen.insert(spec.name.to_lowercase(), spec.name.as_str());
                if let Some(message) = second("column", &spec.name, first) {
                    let path = child(&self.column_path([table, column]), "name");
                    self.wrong(Finding::new(path, message));
                }
            }
        }
        let mut seen = BTreeMap::new();
        for (table, name) in names_of(spec).enumerate() {
            if let Some(message) = second("table", name, seen.insert(name.to_lowercase(), name)) {
                self.wrong(Finding::new(self.table_path(table), message));
            }
        }
    }

    fn find_table(&mut self, path: &str, name: &str) -> Option<usize> {
        let found = names_of(self.spec).position(|known| known == name);
        if found.is_none() {
            let finding = Finding::new(path, format!("no table {name:?}"));
            let hint = nearest(name, names_of(self.spec)).map(|near| format!("did you mean `{near}`?"));
            self.wrong(Finding { hint, ..finding });
        }
        found
    }

    fn find_column(&mut self, path: &str, table: usize, name: &str) -> Option<usize> {
        let columns = &self.spec.tables[table].columns;
        let found = columns.iter().position(|column| column.name == name);
        if found.is_none() {
            let finding =
                Finding::new(path, format!("{} has no column {name:?}", self.spec.tables[table].name));
            let near = nearest(name, columns.iter().map(|column| column.name.as_str()));
            self.wrong(Finding { hint: near.map(|near| format!("did you mean `{near}`?")), ..finding });
        }
        found
    }

    fn find_columns(&mut self, path: &str, table: usize, names: &[String]) -> Option<Vec<usize>> {
        let found: Vec<Option<usize>> =
            names.iter().map(|name| self.find_column(path, table, name)).collect();
        found.into_iter().collect()
    }

    fn tables(&mut self, links: &[Option<Link>]) -> Vec<Option<Table>> {
        let spec = self.spec;
        (0..spec.tables.len()).map(|table| self.table(table, &spec.tables[table], links)).collect()
    }
}

/// Bytes of a value, roughly.
pub(super) fn width(kind: &ColumnType) -> u64 {
    match kind {
        ColumnType::Text => 40,
        ColumnType::Decimal { .. } => 16,
        ColumnType::Struct(fields) => fields.iter().map(|field| width(&field.kind)).sum(),
        ColumnType::List(item) => 4 * width(item),
        _ => 8,
    }
}
