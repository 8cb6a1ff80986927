//! Columns, each after those that it depends on.

use mts_core::Column;

use super::super::{Source, TableColumn};
use super::{Builder, Visit};
use crate::Finding;
use crate::audit::{Rule, Shape};
use crate::column::{self, Known, Surroundings, nth};
use crate::expression::Syntax;
use crate::path::child;
use crate::purpose::Purpose;
use crate::spec::{ColumnSpec, Constraints, IdMode, Kind};

/// Columns that may depend on each other in a row: who makes one calls who makes the next.
const DEEP: usize = 250;

impl Builder<'_> {
    /// Makes a column after those that it depends on. True where that is possible.
    pub(super) fn visit(&mut self, at: [usize; 2]) -> bool {
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
        if self.trail.len() > DEEP {
            let message = format!("depends on more than {DEEP} columns, each on the next");
            self.wrong(Finding::new(self.column_path(self.trail[0]), message));
            return false;
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
        let nulls = (rate > 0.0).then(|| (Purpose::Null.key(&seed), rate));
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
            let (kind, nullable, range) = (parent.kind.clone(), parent.nullable, parent.rule.range());
            if nullable && (constraints.not_null || constraints.primary_key) {
                let message = format!(
                    "{} of {}, which the column repeats, may be missing",
                    parent.name, parent_spec.name
                );
                self.wrong(Finding::new(child(&path, "constraints"), message));
            }
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
                rule: Rule::new(constraints, Shape::Free, true).within(range),
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
        // Of thousands of columns one reads a few; all are looked at only for the name nearest to one that is none.
        let reads = dependencies(own);
        let is_known = |name: &String| spec.columns.iter().any(|column| column.name == *name);
        let is_read = |name: &str| reads.iter().any(|read| read == name);
        let all = is_dependent(&own.kind) && !reads.iter().all(is_known);
        let others = if reads.is_empty() { 0 } else { spec.columns.len() };
        let known: Vec<Known> = (0..others)
            .filter(|at| all || is_read(&spec.columns[*at].name))
            .filter_map(|at| {
                let column = self.columns.get(&[table, at])?;
                let (name, kind) = (column.name.clone(), column.kind.clone());
                let made = Column { name, kind, nullable: column.nullable, sqlite_type: None };
                let values = column.rule.values().map(<[String]>::to_vec);
                Some(Known { place: at, column: made, range: column.rule.range(), values })
            })
            .collect();
        // Several columns are one key together: none of them alone need differ.
        let keys = spec.columns.iter().filter(|column| column.common.constraints.primary_key).count();
        let mut own = own.clone();
        own.common.constraints.primary_key &= keys == 1;
        let around = Surroundings {
            seed: &seed,
            whole: &table_seed,
            nth: nth(&spec.columns, column),
            rows: spec.rows,
            known: &known,
            path: &path,
        };
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
                    rule: Rule::new(constraints, made.shape, made.nullable).within(made.range),
                    nulls,
                    counted: false,
                    kept: None,
                })
            }
        }
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
