//! From a specification to a database: everything that can be wrong is found here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use mts_core::{Column, ColumnType};
use mts_hash::SeedSequence;
use mts_rng::Key;

use super::dirt::{Dirt, Outliers, Profile};
use super::links::Link;
use super::{Database, Source, Table, TableColumn, links, names_of, order, relation, schema};
use crate::Finding;
use crate::audit::{Rule, Shape};
use crate::column::{self, Surroundings};
use crate::expression::Syntax;
use crate::finding::nearest;
use crate::path::{child, item};
use crate::spec::{ColumnSpec, Constraints, IdMode, Kind, RelationshipSpec, Spec, TableSpec};

/// Bytes that all values of a column may take to be kept.
const KEPT: u64 = 64 << 20;

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
        for (table, spec) in self.spec.tables.iter().enumerate() {
            let mut seen = BTreeSet::new();
            for (column, spec) in spec.columns.iter().enumerate() {
                // Databases do not tell upper case from lower case.
                if !seen.insert(spec.name.to_lowercase()) {
                    let path = child(&self.column_path([table, column]), "name");
                    self.wrong(Finding::new(path, format!("a second column {:?}", spec.name)));
                }
            }
        }
        let mut seen = BTreeSet::new();
        for (table, name) in names_of(self.spec).enumerate() {
            if !seen.insert(name.to_lowercase()) {
                self.wrong(Finding::new(self.table_path(table), format!("a second table {name:?}")));
            }
        }
    }

    fn resolve(&mut self, at: usize, spec: &RelationshipSpec) -> Option<Ends> {
        let path = item("relationships", at);
        let parent = self.find_table(&child(&path, "parent_table"), &spec.parent_table);
        let child_table = self.find_table(&child(&path, "child_table"), &spec.child_table);
        let (parent, child_table) = (parent?, child_table?);
        let parent_key = self.find_columns(&child(&path, "parent_key"), parent, spec.parent_key.as_slice());
        let child_key = self.find_columns(&child(&path, "child_key"), child_table, spec.child_key.as_slice());
        let (parent_key, child_key) = (parent_key?, child_key?);
        if parent_key.len() != child_key.len() {
            let message = format!("must have as many columns as parent_key, {}", parent_key.len());
            self.wrong(Finding::new(child(&path, "child_key"), message));
            return None;
        }
        let columns = &self.spec.tables[parent].columns;
        let constraints = |at: &usize| &columns[*at].common.constraints;
        // A part of a key may repeat.
        let mut whole = parent_key.clone();
        whole.sort_unstable();
        let primary: Vec<usize> = (0..columns.len()).filter(|at| constraints(at).primary_key).collect();
        let is_unique = matches!(parent_key.as_slice(), [one] if constraints(one).unique);
        let is_key = is_unique || whole == primary;
        if !is_key {
            let names = spec.parent_key.as_slice().join(", ");
            let finding =
                Finding::new(child(&path, "parent_key"), format!("{names} is no key: values may repeat"));
            self.wrong(finding.with_hint("give it the constraint `primary_key: true` or `unique: true`"));
        }
        Some(Ends { parent, child: child_table, parent_key, child_key })
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

    /// Tables that refer to each other in a circle need a reference that may be null.
    fn check_circles(&mut self) {
        let firm = self.ends.iter().zip(&self.spec.relationships).filter(|(_, spec)| spec.null_rate == 0.0);
        let edges: Vec<[usize; 2]> =
            firm.filter_map(|(ends, _)| ends.as_ref()).map(|ends| [ends.parent, ends.child]).collect();
        let (_, left) = order::parents_first(self.spec.tables.len(), &edges);
        if let Some(at) = (0..self.ends.len()).find(|at| {
            let ends = self.ends[*at].as_ref();
            ends.is_some_and(|ends| left.contains(&ends.parent) && left.contains(&ends.child))
        }) {
            let names: Vec<&str> = left.iter().map(|at| self.spec.tables[*at].name.as_str()).collect();
            let message = format!("{} refer to each other in a circle", names.join(", "));
            let finding = Finding::new(item("relationships", at), message);
            self.wrong(finding.with_hint("let one of the references be null sometimes: `null_rate: 0.1`"));
        }
    }

    /// Which columns repeat those of parents.
    fn repeat(&mut self) {
        for (at, spec) in self.spec.relationships.iter().enumerate() {
            let Some(ends) = self.ends[at].clone() else { continue };
            let path = item("relationships", at);
            for (own, other) in ends.child_key.iter().zip(&ends.parent_key) {
                let key = [ends.child, *own];
                // Two relationships may share a column of composite keys only if they agree, which nobody can see to.
                if self.repeated.insert(key, [at, *other]).is_some() {
                    let name = &self.spec.tables[ends.child].columns[*own].name;
                    let message = format!("{name:?} is the child of two parents");
                    self.wrong(Finding::new(child(&path, "child_key"), message));
                }
            }
            for (theirs, own) in &spec.lookup_columns {
                let path = child(&child(&path, "lookup_columns"), theirs);
                let theirs = self.find_column(&path, ends.parent, theirs);
                let own = self.find_column(&path, ends.child, own);
                let (Some(theirs), Some(own)) = (theirs, own) else { continue };
                if self.repeated.insert([ends.child, own], [at, theirs]).is_some() {
                    let name = &self.spec.tables[ends.child].columns[own].name;
                    self.wrong(Finding::new(path, format!("{name:?} already repeats a column of a parent")));
                }
            }
        }
    }

    /// Makes a column after those that it depends on. True where that is possible.
    fn visit(&mut self, at: [usize; 2]) -> bool {
        match self.state.get(&at) {
            Some(Visit::Made) => return true,
            Some(Visit::Failed) => return false,
            Some(Visit::Begun) => {
                let begin = self.trail.iter().position(|one| *one == at).unwrap_or_default();
                let name = |[table, column]: &[usize; 2]| {
                    let table = &self.spec.tables[*table];
                    format!("{}.{}", table.name, table.columns[*column].name)
                };
                let circle: Vec<String> = self.trail[begin..].iter().chain([&at]).map(name).collect();
                let message = format!("depends on itself: {}", circle.join(" → "));
                self.wrong(Finding::new(self.column_path(at), message));
                return false;
            }
            None => {}
        }
        self.state.insert(at, Visit::Begun);
        self.trail.push(at);
        let made = self.make(at);
        self.trail.pop();
        self.state.insert(at, if made.is_some() { Visit::Made } else { Visit::Failed });
        let done = made.is_some();
        self.columns.extend(made.map(|made| (at, made)));
        done
    }

    fn make(&mut self, [table, column]: [usize; 2]) -> Option<TableColumn> {
        let spec = &self.spec.tables[table];
        let own = &spec.columns[column];
        let path = self.column_path([table, column]);
        let table_seed = self.seed.named(&spec.name);
        let seed = table_seed.named(&own.name);
        let rate = own.common.null_rate;
        let constraints = &own.common.constraints;
        if rate > 0.0 && (constraints.not_null || constraints.primary_key) {
            let message = "must be 0 where no value may be missing";
            self.wrong(Finding::new(child(&path, "null_rate"), message));
        }
        if own.common.probability.is_some() {
            let finding = Finding::new(child(&path, "probability"), "is for the fields of objects");
            self.wrong(finding.with_hint("`null_rate` says how many values are missing"));
        }
        let nulls = (rate > 0.0).then(|| (Key::from(&seed.named("null")), rate));
        if let Some([link, theirs]) = self.repeated.get(&[table, column]).copied() {
            let ends = self.ends[link].clone()?;
            if !self.visit([ends.parent, theirs]) {
                return None;
            }
            let is_key = ends.child_key.as_slice() == [column];
            let parent_spec = &self.spec.tables[ends.parent];
            let keys = spec.columns.iter().filter(|column| column.common.constraints.primary_key).count();
            if constraints.primary_key && keys == 1 && !is_key {
                let message = "the column repeats one of a parent, and may hold a value twice";
                self.wrong(Finding::new(child(&child(&path, "constraints"), "primary_key"), message));
            }
            for (key, why) in repeats(constraints, &parent_spec.columns[theirs], parent_spec.rows, is_key) {
                self.wrong(Finding::new(child(&child(&path, "constraints"), key), why));
            }
            let parent = &self.columns[&[ends.parent, theirs]];
            let (kind, nullable) = (parent.kind.clone(), parent.nullable);
            let relationship = &self.spec.relationships[link];
            let orphans = relationship.null_rate > 0.0 || ends.parent == ends.child;
            if orphans && (constraints.not_null || constraints.primary_key) {
                let message = "rows without a parent have none, and it may not be missing";
                self.wrong(Finding::new(child(&path, "constraints"), message));
            }
            return Some(TableColumn {
                name: own.name.clone(),
                kind,
                nullable: nullable || orphans || nulls.is_some(),
                source: Source::Parent { link, column: theirs },
                rule: Rule::new(constraints, Shape::Free, true),
                nulls,
                counted: false,
                kept: None,
            });
        }
        let mut whole = true;
        for name in dependencies(own) {
            // Names that are not there are told of by what uses them.
            if let Some(other) = spec.columns.iter().position(|column| column.name == name) {
                whole &= self.visit([table, other]);
            }
        }
        if !whole {
            return None;
        }
        // Most columns know of no other: tables may have thousands of them.
        let others = if is_dependent(&own.kind) { spec.columns.len() } else { 0 };
        let known: Vec<(usize, Column)> = (0..others)
            .filter_map(|at| {
                let column = self.columns.get(&[table, at])?;
                let (name, kind) = (column.name.clone(), column.kind.clone());
                Some((at, Column { name, kind, nullable: column.nullable, sqlite_type: None }))
            })
            .collect();
        // Several columns are one key together: none of them alone need differ.
        let keys = spec.columns.iter().filter(|column| column.common.constraints.primary_key).count();
        let mut own = own.clone();
        own.common.constraints.primary_key &= keys == 1;
        let around =
            Surroundings { seed: &seed, table: &table_seed, rows: spec.rows, known: &known, path: &path };
        match column::make(&own, &around) {
            Err(wrong) => {
                wrong.into_iter().for_each(|finding| self.wrong(finding));
                None
            }
            Ok(made) => {
                if made.nullable && (constraints.not_null || constraints.primary_key) {
                    let finding = Finding::new(child(&path, "constraints"), "values may be missing");
                    self.wrong(finding.with_hint("say what stands then: `coalesce(…, 0)`"));
                }
                Some(TableColumn {
                    name: own.name,
                    kind: made.kind,
                    nullable: made.nullable || nulls.is_some(),
                    source: Source::Own { values: made.values, inputs: made.inputs },
                    rule: Rule::new(constraints, made.shape, made.nullable),
                    nulls,
                    counted: false,
                    kept: None,
                })
            }
        }
    }

    fn links(&mut self) -> Vec<Option<Link>> {
        let mut links: Vec<Option<Link>> = Vec::new();
        let mut first = BTreeSet::new();
        for (at, spec) in self.spec.relationships.iter().enumerate() {
            let Some(ends) = self.ends[at].clone() else {
                links.push(None);
                continue;
            };
            let is_first = first.insert(ends.child);
            let partner = self.partner_of(at, &ends).and_then(|of| links.get(of)?.as_ref());
            let meets = (at + 1..self.ends.len()).find_map(|other| {
                let other =
                    self.ends[other].as_ref().filter(|ends| self.partner_of(other, ends) == Some(at))?;
                Some(self.spec.tables[other.parent].rows)
            });
            let request = links::Asked {
                spec,
                seed: self
                    .seed
                    .named(&spec.child_table)
                    .named("parent")
                    .named(&spec.child_key.as_slice().join(",")),
                parents: self.spec.tables[ends.parent].rows,
                rows: self.spec.tables[ends.child].rows,
                is_own: ends.parent == ends.child,
                is_first,
                single: self.is_single(&ends),
                meets,
                partner,
            };
            let is_gappy = |table: usize, keys: &[usize]| {
                let column = |at: &usize| self.columns.get(&[table, *at]);
                keys.iter().any(|at| column(at).is_none_or(|column| column.nulls.is_some()))
            };
            let mut has_gaps = is_gappy(ends.child, &ends.child_key);
            has_gaps |= ends
                .parent_key
                .iter()
                .any(|at| self.columns.get(&[ends.parent, *at]).is_none_or(|c| c.nullable));
            let bounds = links::Bounds::new(&request, has_gaps);
            match links::kin(&request) {
                Err(why) => {
                    self.wrong(Finding::new(item("relationships", at), why));
                    links.push(None);
                }
                Ok(kin) => links.push(Some(Link {
                    parent: ends.parent,
                    child: ends.child,
                    child_key: ends.child_key,
                    parent_key: ends.parent_key,
                    kin,
                    bounds,
                })),
            }
        }
        links
    }

    /// Whether the child's key may not repeat.
    fn is_single(&self, ends: &Ends) -> bool {
        let columns = &self.spec.tables[ends.child].columns;
        let keys: Vec<usize> =
            (0..columns.len()).filter(|at| columns[*at].common.constraints.primary_key).collect();
        let is_unique = |at: &usize| columns[*at].common.constraints.unique;
        ends.child_key.len() == 1 && ends.child_key.iter().any(is_unique)
            || !keys.is_empty() && keys.iter().all(|key| ends.child_key.contains(key))
    }

    /// The earlier relationship whose key is with this one's the primary key of the child.
    fn partner_of(&self, at: usize, ends: &Ends) -> Option<usize> {
        let columns = &self.spec.tables[ends.child].columns;
        let mut keys: Vec<usize> =
            (0..columns.len()).filter(|at| columns[*at].common.constraints.primary_key).collect();
        keys.sort_unstable();
        (0..at).find(|other| {
            let Some(other) = &self.ends[*other] else { return false };
            let mut both = [other.child_key.clone(), ends.child_key.clone()].concat();
            both.sort_unstable();
            other.child == ends.child && keys == both
        })
    }

    fn tables(&mut self, links: &[Option<Link>]) -> Vec<Option<Table>> {
        let spec = self.spec;
        (0..spec.tables.len()).map(|table| self.table(table, &spec.tables[table], links)).collect()
    }

    fn table(&mut self, table: usize, spec: &TableSpec, links: &[Option<Link>]) -> Option<Table> {
        let path = self.table_path(table);
        let partition_by = self.find_columns(&child(&path, "partition_by"), table, &spec.partition_by);
        let at = child(&path, "indexes");
        let indexes: Vec<Option<Vec<usize>>> =
            spec.indexes.iter().map(|names| self.find_columns(&at, table, names.as_slice())).collect();
        let own: Option<Vec<TableColumn>> =
            (0..spec.columns.len()).map(|column| self.columns.remove(&[table, column])).collect();
        let mut columns = own?;
        let (partition_by, indexes) = (partition_by?, indexes.into_iter().collect::<Option<Vec<_>>>()?);
        if partition_by.len() == columns.len() {
            self.wrong(Finding::new(child(&path, "partition_by"), "must leave a column for the files"));
        }
        let mut seen = BTreeSet::new();
        for at in &partition_by {
            let column = &columns[*at];
            let has_no_name =
                matches!(column.kind, ColumnType::Float | ColumnType::Struct(_) | ColumnType::List(_));
            let place = child(&path, "partition_by");
            if has_no_name {
                let message =
                    format!("{:?} holds {}, which name no folder", column.name, plural(&column.kind));
                let finding = Finding::new(place, message);
                self.wrong(finding.with_hint("text, integers, decimals, truth values, dates and times do"));
            } else if !seen.insert(*at) {
                self.wrong(Finding::new(place, format!("{:?} is named twice", column.name)));
            }
        }
        self.check_key(table, spec, links);
        for (at, column) in columns.iter_mut().enumerate() {
            let is_counted = matches!(&spec.columns[at].kind, Kind::Id(id) if id.id_mode == IdMode::Int);
            let is_asked_for = self.repeated.iter().any(|(_, [link, column])| {
                let ends = self.ends[*link].as_ref();
                *column == at && ends.is_some_and(|ends| ends.parent == table)
            });
            column.counted = is_counted;
            if is_asked_for && !is_counted && spec.rows.saturating_mul(width(&column.kind)) <= KEPT {
                column.kept = Some(OnceLock::new());
            }
        }
        let dirt = self.dirt(table, spec, &columns);
        let of_table = links.iter().flatten().filter(|link| link.child == table);
        let of_table: Vec<_> = of_table
            .map(|link| {
                let parent = &self.spec.tables[link.parent];
                let names = link.parent_key.iter().map(|at| parent.columns[*at].name.clone()).collect();
                (link, parent.name.as_str(), names)
            })
            .collect();
        let relation = relation::relation(spec, &columns, &dirt, &of_table, indexes);
        let schema = Arc::new(schema(&relation));
        Some(Table { relation, schema, rows: spec.rows, columns, partition_by, dirt, unbound: Vec::new() })
    }

    /// Several columns are a key if one of them is alone, or if they are those of parents that meet once.
    fn check_key(&mut self, table: usize, spec: &TableSpec, links: &[Option<Link>]) {
        let keys: Vec<usize> =
            (0..spec.columns.len()).filter(|at| spec.columns[*at].common.constraints.primary_key).collect();
        let is_single = |at: &usize| {
            let constraints = &spec.columns[*at].common.constraints;
            let is_numbered = matches!(spec.columns[*at].kind, Kind::Id(_) | Kind::Pattern(_));
            constraints.unique || is_numbered && !self.repeated.contains_key(&[table, *at])
        };
        let meet = links.iter().flatten().any(|link| link.child == table && link.is_partner());
        if keys.len() > 1 && !keys.iter().any(is_single) && !meet {
            let names: Vec<&str> = keys.iter().map(|at| spec.columns[*at].name.as_str()).collect();
            let path = child(&self.table_path(table), "columns");
            let message =
                format!("{} are a key together, and nothing keeps them from repeating", names.join(", "));
            let hint = "let one of them be unique, or let all of them be keys of two parents";
            self.wrong(Finding::new(path, message).with_hint(hint));
        }
    }

    fn dirt(&mut self, table: usize, spec: &TableSpec, columns: &[TableColumn]) -> Dirt {
        let path = child(&self.table_path(table), "corruption");
        let seed = self.seed.named(&spec.name);
        let constraints = |at: usize| &spec.columns[at].common.constraints;
        let refers = |at: usize| {
            let link = self.repeated.get(&[table, at]);
            link.is_some_and(|[link, _]| {
                self.ends[*link].as_ref().is_some_and(|ends| ends.child_key.contains(&at))
            })
        };
        let is_referred = |at: usize| {
            let mut ends = self.ends.iter().flatten();
            ends.any(|ends| ends.parent == table && ends.parent_key.contains(&at))
        };
        let is_key = |at: usize| constraints(at).primary_key || refers(at) || is_referred(at);
        let spared: Vec<bool> = (0..columns.len()).map(|at| is_key(at) || constraints(at).not_null).collect();
        // A number that grows may meet another.
        let keys: Vec<bool> = (0..columns.len()).map(|at| is_key(at) || constraints(at).unique).collect();
        let own = &spec.corruption;
        let mut wrong = Vec::new();
        let mut place = |key: &str, name: &str| {
            let found = columns.iter().position(|column| column.name == name);
            if found.is_none() {
                let path = child(&child(&path, key), name);
                let finding = Finding::new(path, format!("{} has no column {name:?}", spec.name));
                let near = nearest(name, columns.iter().map(|column| column.name.as_str()));
                wrong.push(Finding { hint: near.map(|near| format!("did you mean `{near}`?")), ..finding });
            }
            found
        };
        let by_column: Vec<(usize, f64)> = own
            .missing_by_column
            .iter()
            .filter_map(|(name, rate)| Some((place("missing_by_column", name)?, *rate)))
            .collect();
        let noise: Vec<(usize, f64, String)> = own
            .type_noise
            .iter()
            .filter_map(|(name, noise)| Some((place("type_noise", name)?, noise.rate, noise.value.clone())))
            .collect();
        for (at, ..) in &noise {
            if matches!(columns[*at].kind, ColumnType::Struct(_) | ColumnType::List(_)) {
                let path = child(&child(&path, "type_noise"), &columns[*at].name);
                wrong.push(Finding::new(path, "has values of several parts"));
            }
        }
        wrong.into_iter().for_each(|finding| self.wrong(finding));
        let replaced = self.profile.rates();
        let [missing, outliers] = replaced.unwrap_or([own.missing_rate, own.outlier_rate]);
        let key = |at: usize, what: &str| Key::from(&seed.named(&columns[at].name).named(what));
        let mut dirt = Dirt::default();
        if missing > 0.0 {
            let open = (0..columns.len()).filter(|at| !spared[*at]);
            dirt.missing.extend(open.map(|at| (at, key(at, "missing"), missing)));
        }
        let numbers = (0..columns.len()).filter(|at| !keys[*at] && is_number(&columns[*at].kind));
        let numbers: Vec<usize> = numbers.collect();
        if outliers > 0.0 && !numbers.is_empty() {
            let key = Key::from(&seed.named("outlier"));
            dirt.outliers = Some(Outliers { key, rate: outliers, columns: numbers });
        }
        if replaced.is_none() {
            let asked = by_column.into_iter().filter(|(_, rate)| *rate > 0.0);
            dirt.missing.extend(asked.map(|(at, rate)| (at, key(at, "missing by column"), rate)));
            let noisy = noise.into_iter().filter(|(_, rate, _)| *rate > 0.0);
            dirt.noise.extend(noisy.map(|(at, rate, value)| (at, key(at, "type noise"), rate, value)));
            let copies = own.duplicate_rate > 0.0 && spec.rows > 0;
            dirt.copies = copies.then(|| (Key::from(&seed.named("duplicate")), own.duplicate_rate));
        }
        dirt
    }
}

/// Names of columns that `spec` depends on.
fn dependencies(spec: &ColumnSpec) -> Vec<String> {
    match &spec.kind {
        Kind::Computed(text) => match Syntax::parse(text) {
            Ok(syntax) => syntax.names().into_iter().map(str::to_owned).collect(),
            Err(_) => Vec::new(),
        },
        Kind::Categorical(spec) => spec.given.iter().map(|given| given.column.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Constraints of a column that repeats `parent`, one of so many rows, which do not follow from those there.
fn repeats(own: &Constraints, parent: &ColumnSpec, rows: u64, is_key: bool) -> Vec<(&'static str, String)> {
    let theirs = &parent.common.constraints;
    let (mut least, mut greatest) = (theirs.min, theirs.max);
    if let Kind::Id(id) = &parent.kind
        && id.id_mode == IdMode::Int
    {
        least = Some(id.start as f64);
        greatest = Some(id.start as f64 + rows as f64 - 1.0);
    }
    let broken = [
        ("min", own.min.is_some_and(|min| least.is_none_or(|least| least < min))),
        ("max", own.max.is_some_and(|max| greatest.is_none_or(|greatest| greatest > max))),
        ("pattern", own.pattern.is_some() && own.pattern != theirs.pattern),
        ("allowed_values", own.allowed_values.is_some() && own.allowed_values != theirs.allowed_values),
        ("allowed", own.allowed.is_some() && own.allowed != theirs.allowed),
        ("monotonic_increasing", own.monotonic_increasing),
        ("unique", own.unique && !is_key),
    ];
    let why = |key| format!("does not follow from {}, which the column repeats", key);
    broken.into_iter().filter(|(_, broken)| *broken).map(|(key, _)| (key, why(&parent.name))).collect()
}

/// Whether a column may depend on others of its row.
fn is_dependent(kind: &Kind) -> bool {
    match kind {
        Kind::Computed(_) => true,
        Kind::Categorical(spec) => spec.given.is_some(),
        _ => false,
    }
}

/// Values of a type that no folder can have the name of.
fn plural(kind: &ColumnType) -> &'static str {
    match kind {
        ColumnType::Float => "floating-point numbers",
        _ => "values of several parts",
    }
}

fn is_number(kind: &ColumnType) -> bool {
    matches!(kind, ColumnType::Integer | ColumnType::Float | ColumnType::Decimal { .. })
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
