//! The types of columns: a file each.

mod array;
mod bounded;
mod categorical;
mod constant;
mod id;
mod law;
mod number;
mod object;
mod pattern;
mod places;
mod temporal;
mod text;
mod words;

use arrow_array::ArrayRef;
use mts_core::{Column, ColumnType};
use mts_hash::SeedSequence;

use crate::audit::Shape;
use crate::spec::{ColumnSpec, Constraints, Kind};
use crate::{Finding, Rows};

/// What makes the values of a column.
pub(crate) trait Values: Send + Sync {
    /// Those of `rows`; `inputs` are those of the columns that they depend on, for the same rows.
    fn values(&self, rows: &Rows, inputs: &[ArrayRef]) -> ArrayRef;
}

/// Of numbers of which nothing is known.
pub(crate) const ANYWHERE: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

/// A column that knows how to make its values.
pub(crate) struct Made {
    /// What they are.
    pub(crate) kind: ColumnType,
    /// Whether some may be missing.
    pub(crate) nullable: bool,
    /// Columns of the table that they depend on, by place.
    pub(crate) inputs: Vec<usize>,
    pub(crate) values: Box<dyn Values>,
    /// How they should be distributed.
    pub(crate) shape: Shape,
    /// Numbers that none is below, and above, where no shape says so.
    pub(crate) range: [f64; 2],
}

impl Made {
    fn new(kind: ColumnType, values: impl Values + 'static) -> Self {
        Made {
            kind,
            nullable: false,
            inputs: Vec::new(),
            values: Box::new(values),
            shape: Shape::Free,
            range: ANYWHERE,
        }
    }

    fn shaped(self, shape: Shape) -> Self {
        Made { shape, ..self }
    }
}

/// What a column is made from beside its own specification.
pub(crate) struct Surroundings<'a> {
    /// Of the column.
    pub(crate) seed: &'a SeedSequence,
    /// Of the table or object that it is a part of.
    pub(crate) whole: &'a SeedSequence,
    /// How many columns of its type come before it there.
    pub(crate) nth: u32,
    /// How many rows it has.
    pub(crate) rows: u64,
    /// Columns of the table whose types are known.
    pub(crate) known: &'a [Known],
    /// Where it stands in the document.
    pub(crate) path: &'a str,
}

/// A column that others may depend on.
pub(crate) struct Known {
    pub(crate) place: usize,
    pub(crate) column: Column,
    /// Its least and its greatest number; infinite where nothing is known.
    pub(crate) range: [f64; 2],
    /// All values that there may be, as text, where they are known.
    pub(crate) values: Option<Vec<String>>,
}

/// How many columns before this one have its type, where that says whose words they are.
pub(crate) fn nth(columns: &[ColumnSpec], at: usize) -> u32 {
    if !matches!(columns[at].kind, Kind::Words(..)) {
        return 0;
    }
    let before = columns[..at].iter().filter(|column| column.kind.name() == columns[at].kind.name());
    before.count() as u32
}

impl Surroundings<'_> {
    fn at(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }
}

/// What makes the values of `spec`, expressions aside.
pub(crate) fn make(spec: &ColumnSpec, around: &Surroundings) -> Result<Made, Vec<Finding>> {
    let constraints = &spec.common.constraints;
    let unfit = unfit(&spec.kind, constraints, around);
    if !unfit.is_empty() {
        return Err(unfit);
    }
    match &spec.kind {
        Kind::Id(id) => id::make(id, constraints, around),
        Kind::Integer(integer) => number::integer(integer, constraints, around),
        Kind::Float(float) => number::float(float, constraints, around),
        Kind::Decimal(decimal) => number::decimal(decimal, constraints, around),
        Kind::Categorical(categorical) => categorical::make(categorical, constraints, around),
        Kind::Boolean(boolean) => categorical::boolean(boolean, constraints, around),
        Kind::Date(date) => temporal::date(date, constraints, around),
        Kind::Datetime(datetime) => temporal::datetime(datetime, constraints, around),
        Kind::Text(text) => text::make(text, constraints, around),
        Kind::Pattern(pattern) => pattern::make(pattern, constraints, around),
        Kind::Constant(constant) => constant::make(constant, constraints, around),
        Kind::Object(object) => object::make(object, around),
        Kind::Array(array) => array::make(array, around),
        Kind::Words(name, words) => words::make(name, words, constraints, around),
        Kind::Computed(text) => crate::computed::make(text, constraints, around),
    }
}

/// Constraints that nothing sees to for values of such a type.
fn unfit(kind: &Kind, constraints: &Constraints, around: &Surroundings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lists = [("allowed_values", &constraints.allowed_values), ("allowed", &constraints.allowed)];
    let (why, all) = match kind {
        Kind::Computed(_) => ("cannot be promised for an expression", true),
        Kind::Object(_) | Kind::Array(_) => ("is for single values: say it of the parts", true),
        Kind::Integer(_) | Kind::Categorical(_) | Kind::Boolean(_) | Kind::Constant(_) => return findings,
        _ => ("is for categories and integers", false),
    };
    for (key, _) in lists.into_iter().filter(|(_, list)| list.is_some()) {
        refuse(&mut findings, around, key, true, why);
    }
    if all {
        if !matches!(kind, Kind::Computed(_)) {
            refuse_range(&mut findings, around, constraints, why);
        }
        refuse(&mut findings, around, "pattern", constraints.pattern.is_some(), why);
        refuse(&mut findings, around, "unique", constraints.unique, why);
        refuse(&mut findings, around, "primary_key", constraints.primary_key, why);
        refuse(&mut findings, around, "monotonic_increasing", constraints.monotonic_increasing, why);
    }
    findings
}

/// Refuses a constraint that says nothing about values of such a type, or that they cannot be held to.
fn refuse(findings: &mut Vec<Finding>, around: &Surroundings, key: &str, given: bool, why: &str) {
    if given {
        findings.push(Finding::new(around.at(&format!("constraints.{key}")), why));
    }
}

/// Refuses bounds, where the values are no numbers.
fn refuse_bounds(findings: &mut Vec<Finding>, around: &Surroundings, constraints: &Constraints) {
    refuse_range(findings, around, constraints, "is for numbers, and the column holds none");
}

fn refuse_range(findings: &mut Vec<Finding>, around: &Surroundings, constraints: &Constraints, why: &str) {
    refuse(findings, around, "min", constraints.min.is_some(), why);
    refuse(findings, around, "max", constraints.max.is_some(), why);
}

/// Refuses a pattern, where the values are no text.
fn refuse_pattern(findings: &mut Vec<Finding>, around: &Surroundings, constraints: &Constraints) {
    let why = "is for text, and the column holds none";
    refuse(findings, around, "pattern", constraints.pattern.is_some(), why);
}

fn done(findings: Vec<Finding>, made: impl FnOnce() -> Made) -> Result<Made, Vec<Finding>> {
    if findings.is_empty() { Ok(made()) } else { Err(findings) }
}
