//! One of some values.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array};
use mts_core::ColumnType;
use mts_hash::float_repr;
use mts_rng::laws::{Choice, Law as _};
use mts_rng::{Key, keyed};
use serde_json::Value as Json;

use super::{Known, Made, Surroundings, Values, done, refuse, refuse_bounds, refuse_pattern};
use crate::audit::{Shape, Weighted as Weights};
use crate::choice::choice;
use crate::finding::nearest;
use crate::spec::{BooleanSpec, CategoricalSpec, Constraints};
use crate::text::{Matching, texts};
use crate::{Finding, Rows, WidePermutation};

/// The values there may be, of one type.
pub(super) enum Pool {
    Text(Vec<String>),
    Integer(Vec<i64>),
    Float(Vec<f64>),
    Boolean(Vec<bool>),
}

impl Pool {
    /// None where the values are of several types, or of none that columns have.
    pub(super) fn new(values: &[&Json]) -> Option<Pool> {
        let all = |of: fn(&Json) -> bool| values.iter().all(|value| of(value));
        let each = || values.iter().copied();
        if all(Json::is_string) {
            Some(Pool::Text(each().filter_map(Json::as_str).map(str::to_owned).collect()))
        } else if all(Json::is_i64) {
            Some(Pool::Integer(each().filter_map(Json::as_i64).collect()))
        } else if all(Json::is_number) {
            Some(Pool::Float(each().filter_map(Json::as_f64).collect()))
        } else if all(Json::is_boolean) {
            Some(Pool::Boolean(each().filter_map(Json::as_bool).collect()))
        } else {
            None
        }
    }

    pub(super) fn kind(&self) -> ColumnType {
        match self {
            Pool::Text(_) => ColumnType::Text,
            Pool::Integer(_) => ColumnType::Integer,
            Pool::Float(_) => ColumnType::Float,
            Pool::Boolean(_) => ColumnType::Boolean,
        }
    }

    /// How often each of the values should occur.
    fn shape(&self, weights: Vec<f64>, given: Option<(usize, BTreeMap<String, Vec<f64>>)>) -> Shape {
        let all = texts(&self.take(0..weights.len()));
        let values: Vec<String> = all.iter().flatten().map(str::to_owned).collect();
        let different: BTreeSet<&String> = values.iter().collect();
        if different.len() == values.len() {
            Shape::Weighted(Weights { values, weights, given })
        } else {
            Shape::Free
        }
    }

    /// The values at `places`.
    pub(super) fn take(&self, places: impl ExactSizeIterator<Item = usize>) -> ArrayRef {
        match self {
            Pool::Text(values) => {
                let mut texts = StringBuilder::with_capacity(places.len(), 8 * places.len());
                places.for_each(|place| texts.append_value(&values[place]));
                Arc::new(texts.finish())
            }
            Pool::Integer(values) => {
                Arc::new(Int64Array::from_iter_values(places.map(|place| values[place])))
            }
            Pool::Float(values) => {
                Arc::new(Float64Array::from_iter_values(places.map(|place| values[place])))
            }
            Pool::Boolean(values) => {
                Arc::new(BooleanArray::from(places.map(|place| values[place]).collect::<Vec<bool>>()))
            }
        }
    }
}

pub(super) fn make(
    spec: &CategoricalSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    let default = [Json::from("unknown")];
    let categories = if spec.categories.is_empty() { &default[..] } else { &spec.categories };
    let mut kept = kept(categories, constraints)
        .map_err(|why| vec![Finding::new(around.at("constraints.pattern"), why)])?;
    if constraints.unique || constraints.primary_key {
        let mut seen = BTreeSet::new();
        kept.retain(|at| seen.insert(shown(&categories[*at])));
    }
    if kept.is_empty() {
        let message = "none of the categories satisfies the constraints";
        return Err(vec![Finding::new(around.at("categories"), message)]);
    }
    let values: Vec<&Json> = kept.iter().map(|at| &categories[*at]).collect();
    let Some(pool) = Pool::new(&values) else {
        let message = "must all be text, all numbers, or all truth values";
        return Err(vec![Finding::new(around.at("categories"), message)]);
    };
    refuse(
        &mut findings,
        around,
        "monotonic_increasing",
        constraints.monotonic_increasing,
        "cannot be promised for categories",
    );
    let key = Key::from(around.seed);
    if constraints.unique || constraints.primary_key {
        if spec.weights.is_some() || spec.given.is_some() {
            let message = "cannot be promised together with weights: leave them out";
            findings.push(Finding::new(around.at("constraints.unique"), message));
        }
        let (rows, size) = (around.rows, values.len());
        if size as u64 > 0 && rows > size as u64 {
            let message = format!("{rows} rows need as many values, and there are {size} categories");
            findings.push(Finding::new(around.at("constraints.unique"), message));
        }
        let order = WidePermutation::new(key, size as u128);
        let shape = pool.shape(vec![1.0; size], None);
        return done(findings, || Made::new(pool.kind(), Distinct { pool, order }).shaped(shape));
    }
    // Those that constraints exclude weigh nothing.
    let chosen = |weights: &[f64], path: &str| {
        if weights.len() != categories.len() {
            let message = format!(
                "must be as many as there are categories, {}, found {}",
                categories.len(),
                weights.len()
            );
            return Err(vec![Finding::new(around.at(path), message)]);
        }
        let weights: Vec<f64> = kept.iter().map(|at| weights[*at]).collect();
        choice(&weights, weights.len()).map_err(|why| vec![Finding::new(around.at(path), why)])
    };
    let even = vec![1.0; categories.len()];
    let weights = spec.weights.as_deref().unwrap_or(&even);
    let otherwise = chosen(weights, "weights")?;
    let of_kept = |weights: &[f64]| -> Vec<f64> { kept.iter().map(|at| weights[*at]).collect() };
    let Some(given) = &spec.given else {
        let shape = pool.shape(of_kept(weights), None);
        return done(findings, || {
            Made::new(pool.kind(), Weighted { pool, choice: otherwise, key }).shaped(shape)
        });
    };
    let Some(Known { place: input, column, values: values_of_other, .. }) =
        around.known.iter().find(|known| known.column.name == given.column)
    else {
        let finding =
            Finding::new(around.at("given.column"), format!("no column {:?} before this one", given.column));
        let near = nearest(&given.column, around.known.iter().map(|known| known.column.name.as_str()));
        let hint = near.map(|near| format!("did you mean `{near}`?"));
        return Err(vec![Finding { hint, ..finding }]);
    };
    if matches!(column.kind, ColumnType::Struct(_) | ColumnType::List(_)) {
        let message = format!("{:?} has values of several parts", given.column);
        return Err(vec![Finding::new(around.at("given.column"), message)]);
    }
    let (mut by_value, mut by) = (BTreeMap::new(), BTreeMap::new());
    for (value, weights) in &given.weights {
        let path = format!("given.weights[{value:?}]");
        let value = known_value(value, values_of_other.as_deref()).map_err(|(why, hint)| {
            vec![Finding { hint, ..Finding::new(around.at(&path), format!("{:?} {why}", given.column)) }]
        })?;
        by_value.insert(value.clone(), chosen(weights, &path)?);
        by.insert(value, of_kept(weights));
    }
    let inputs = vec![*input];
    let shape = pool.shape(of_kept(weights), Some((*input, by)));
    let made = Dependent { pool, by_value, otherwise, key };
    done(findings, || Made { inputs, ..Made::new(made.pool.kind(), made).shaped(shape) })
}

/// The text of one of some values: numbers may be written in other ways.
fn known_value(value: &str, values: Option<&[String]>) -> Result<String, (&'static str, Option<String>)> {
    let Some(values) = values else { return Ok(value.to_owned()) };
    let number = |text: &str| text.parse::<f64>().ok();
    let is_same = |one: &&String| *one == value || number(one).is_some() && number(one) == number(value);
    let hint = || match nearest(value, values.iter().map(String::as_str)) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if values.len() <= 20 => Some(format!("one of {}", values.join(", "))),
        None => None,
    };
    values.iter().find(is_same).cloned().ok_or_else(|| ("is never that", hint()))
}

/// A category as text: what is the same number is the same text.
fn shown(category: &Json) -> String {
    match category.as_f64() {
        Some(number) => float_repr(number),
        None => category.to_string(),
    }
}

/// The places of categories that satisfy the constraints.
pub(super) fn kept(categories: &[Json], constraints: &Constraints) -> Result<Vec<usize>, String> {
    let pattern = Matching::of(constraints)?;
    let lists = [&constraints.allowed_values, &constraints.allowed];
    let is_allowed = |value: &Json| {
        let listed =
            lists.iter().all(|list| list.as_ref().is_none_or(|list| list.iter().any(|one| same(one, value))));
        let number = value.as_f64();
        let above = constraints.min.is_none_or(|min| number.is_some_and(|number| number >= min));
        let below = constraints.max.is_none_or(|max| number.is_some_and(|number| number <= max));
        let matches =
            pattern.as_ref().is_none_or(|pattern| value.as_str().is_some_and(|text| pattern.is_match(text)));
        listed && above && below && matches
    };
    Ok((0..categories.len()).filter(|at| is_allowed(&categories[*at])).collect())
}

/// Whether two values are equal, integers and floats alike.
fn same(one: &Json, other: &Json) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

pub(super) fn boolean(
    spec: &BooleanSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    refuse_bounds(&mut findings, around, constraints);
    refuse_pattern(&mut findings, around, constraints);
    let why = "cannot be promised for truth values";
    refuse(&mut findings, around, "unique", constraints.unique, why);
    refuse(&mut findings, around, "primary_key", constraints.primary_key, why);
    refuse(&mut findings, around, "monotonic_increasing", constraints.monotonic_increasing, why);
    let categories = [Json::Bool(false), Json::Bool(true)];
    let weights = [1.0 - spec.true_probability, spec.true_probability];
    let constraints = Constraints { pattern: None, min: None, max: None, ..constraints.clone() };
    let kept = kept(&categories, &constraints).unwrap_or_default();
    let values: Vec<bool> = kept.iter().map(|at| *at == 1).collect();
    let weights: Vec<f64> = kept.iter().map(|at| weights[*at]).collect();
    let choice = choice(&weights, weights.len())
        .map_err(|_| vec![Finding::new(around.path, "no truth value satisfies the constraints")])?;
    let key = Key::from(around.seed);
    let pool = Pool::Boolean(values);
    let shape = pool.shape(weights, None);
    done(findings, || Made::new(ColumnType::Boolean, Weighted { pool, choice, key }).shaped(shape))
}

struct Weighted {
    pool: Pool,
    choice: Choice,
    key: Key,
}

impl Values for Weighted {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        self.pool.take(rows.iter().map(|row| self.choice.sample(&mut keyed(self.key, row))))
    }
}

/// Every value at most once.
struct Distinct {
    pool: Pool,
    order: WidePermutation,
}

impl Values for Distinct {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        self.pool.take(rows.iter().map(|row| self.order.at(u128::from(row)) as usize))
    }
}

/// Weights that depend on another column.
struct Dependent {
    pool: Pool,
    by_value: BTreeMap<String, Choice>,
    otherwise: Choice,
    key: Key,
}

impl Values for Dependent {
    fn values(&self, rows: &Rows, inputs: &[ArrayRef]) -> ArrayRef {
        let given = texts(&inputs[0]);
        let place = |(at, row): (usize, u64)| {
            let value = given.is_valid(at).then(|| given.value(at));
            let choice = value.and_then(|value| self.by_value.get(value)).unwrap_or(&self.otherwise);
            choice.sample(&mut keyed(self.key, row))
        };
        use arrow_array::Array as _;
        let places: Vec<usize> = rows.iter().enumerate().map(place).collect();
        self.pool.take(places.into_iter())
    }
}
