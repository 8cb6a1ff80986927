//! Numbers: integers, floats, decimals.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array, Float64Array, Int64Array};
use mts_core::ColumnType;
use mts_rng::{Key, keyed};
use serde_json::Value as Json;

use super::bounded::{Bounded, bounded};
use super::law::Law;
use super::places::Places;
use super::{Made, Surroundings, Values, categorical, done, refuse, refuse_pattern};
use crate::audit::Shape;
use crate::spec::{CategoricalSpec, Constraints, DecimalSpec, FloatSpec, IntegerSpec};
use crate::{Finding, Rows};

pub(super) fn integer(
    spec: &IntegerSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    refuse_pattern(&mut findings, around, constraints);
    let is_uniform = matches!(spec.law.distribution.as_deref(), None | Some("uniform"));
    if is_uniform {
        Law::new(&spec.law, [0.0, 1.0], &|key| around.at(key))?;
        let least = spec.min.unwrap_or(0).max(constraints.min.map_or(i64::MIN, |min| min.ceil() as i64));
        let greatest =
            spec.max.unwrap_or(100).min(constraints.max.map_or(i64::MAX, |max| max.floor() as i64));
        if least > greatest {
            let message = format!("no integer is at least {least} and at most {greatest}");
            findings.push(Finding::new(around.at("min"), message));
            return Err(findings);
        }
        if let Some(values) = listed(constraints, [least, greatest]) {
            let categories: Vec<Json> = values.into_iter().map(Json::from).collect();
            if categories.is_empty() {
                let message = format!("none is at least {least} and at most {greatest}, and in every list");
                findings.push(Finding::new(around.at("constraints.allowed_values"), message));
                return Err(findings);
            }
            let made = categorical::make(
                &CategoricalSpec { categories, ..Default::default() },
                constraints,
                around,
            )?;
            return done(findings, || made);
        }
        let bounds = [least.to_string(), greatest.to_string()];
        let bounds = [bounds[0].as_str(), bounds[1].as_str()];
        match Places::new([least, greatest], bounds, constraints, around) {
            Ok(places) => {
                let made = || Made::new(ColumnType::Integer, Whole { places });
                return done(findings, || made().shaped(Shape::whole(least, greatest)));
            }
            Err(finding) => {
                findings.push(finding);
                return Err(findings);
            }
        }
    }
    let lists = [("allowed_values", &constraints.allowed_values), ("allowed", &constraints.allowed)];
    for (key, list) in lists {
        refuse(&mut findings, around, key, list.is_some(), "is for categories and uniform integers");
    }
    let own = [spec.min.map(|min| min as f64), spec.max.map(|max| max as f64)];
    refuse_order(&mut findings, around, constraints);
    let bounded = bounded(&spec.law, own, [0.0, 100.0], Some(0), constraints, around)?;
    let shape = bounded.shape(&spec.law);
    Bounded::fits(&shape, (INTEGERS, "64 bits"), around)?;
    done(findings, || {
        Made::new(ColumnType::Integer, Integers { bounded, key: Key::from(around.seed) }).shaped(shape)
    })
}

/// 2⁶³, the first integer that a cell does not hold.
const INTEGERS: f64 = 9_223_372_036_854_775_808.0;

/// The integers that all lists of allowed values have, between two bounds; none where there is no list.
fn listed(constraints: &Constraints, [least, greatest]: [i64; 2]) -> Option<BTreeSet<i64>> {
    let lists = [&constraints.allowed_values, &constraints.allowed];
    let sets = lists.into_iter().flatten().map(|list| {
        let whole = |value: &Json| value.as_i64().or_else(|| whole(value.as_f64()?));
        list.iter()
            .filter_map(whole)
            .filter(|value| (least..=greatest).contains(value))
            .collect::<BTreeSet<i64>>()
    });
    sets.reduce(|one, other| one.intersection(&other).copied().collect())
}

/// The integer that a double is.
fn whole(value: f64) -> Option<i64> {
    let integer = value as i64;
    (integer as f64 == value).then_some(integer)
}

/// Draws of such a law are neither in order nor different from each other.
fn refuse_order(findings: &mut Vec<Finding>, around: &Surroundings, constraints: &Constraints) {
    let unique = "cannot be promised for draws of this law: use an id, or uniform integers";
    refuse(findings, around, "unique", constraints.unique, unique);
    refuse(findings, around, "primary_key", constraints.primary_key, unique);
    let order = "cannot be promised for draws of this law: use an id, or uniform integers or dates";
    refuse(findings, around, "monotonic_increasing", constraints.monotonic_increasing, order);
}

pub(super) fn float(
    spec: &FloatSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    refuse_pattern(&mut findings, around, constraints);
    refuse_order(&mut findings, around, constraints);
    let digits = Some(spec.round.unwrap_or(2));
    let bounded = bounded(&spec.law, [spec.min, spec.max], [0.0, 1.0], digits, constraints, around)?;
    let shape = bounded.shape(&spec.law);
    Bounded::fits(&shape, (f64::MAX, "all floating-point numbers"), around)?;
    done(findings, || {
        Made::new(ColumnType::Float, Floats { bounded, key: Key::from(around.seed) }).shaped(shape)
    })
}

pub(super) fn decimal(
    spec: &DecimalSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    refuse_pattern(&mut findings, around, constraints);
    refuse_order(&mut findings, around, constraints);
    if spec.round > spec.precision {
        let message = format!("must be <= precision, {}, found {}", spec.precision, spec.round);
        findings.push(Finding::new(around.at("round"), message));
        return Err(findings);
    }
    // Beyond 15 digits a double holds no decimal exactly.
    let unit = power_of_ten(spec.round);
    let largest = (power_of_ten(spec.precision.min(15).max(spec.round)) - 1.0) / unit;
    let own = [("min", spec.min), ("max", spec.max)];
    for (key, bound) in own {
        if bound.is_some_and(|bound| bound.abs() > largest) {
            let message = format!(
                "a number of so many digits is at most {largest}, found {}",
                bound.unwrap_or_default()
            );
            findings.push(Finding::new(around.at(key), message));
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut bounded = bounded(
        &spec.law,
        [spec.min, spec.max],
        [0.0, largest.min(1.0)],
        Some(spec.round),
        constraints,
        around,
    )?;
    bounded.bounds = [bounded.bounds[0].max(-largest), bounded.bounds[1].min(largest)];
    let kind = ColumnType::Decimal { precision: spec.precision, scale: spec.round as i8 };
    let shape = bounded.shape(&spec.law);
    let values =
        Decimals { bounded, key: Key::from(around.seed), precision: spec.precision, scale: spec.round, unit };
    done(findings, || Made::new(kind, values).shaped(shape))
}

struct Whole {
    places: Places,
}

impl Values for Whole {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        Arc::new(Int64Array::from(self.places.of(rows)))
    }
}

struct Integers {
    bounded: Bounded,
    key: Key,
}

impl Values for Integers {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let draw = |row| self.bounded.draw(&mut keyed(self.key, row)) as i64;
        Arc::new(Int64Array::from_iter_values(rows.iter().map(draw)))
    }
}

struct Floats {
    bounded: Bounded,
    key: Key,
}

impl Values for Floats {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let draw = |row| self.bounded.draw(&mut keyed(self.key, row));
        Arc::new(Float64Array::from_iter_values(rows.iter().map(draw)))
    }
}

struct Decimals {
    bounded: Bounded,
    key: Key,
    precision: u8,
    scale: u8,
    unit: f64,
}

impl Values for Decimals {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let draw = |row| (self.bounded.draw(&mut keyed(self.key, row)) * self.unit).round_ties_even() as i128;
        let array = Decimal128Array::from_iter_values(rows.iter().map(draw));
        let kind = arrow_schema::DataType::Decimal128(self.precision, self.scale as i8);
        Arc::new(array.with_data_type(kind))
    }
}

/// Up to 10²², a double holds it exactly.
fn power_of_ten(exponent: u8) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}
