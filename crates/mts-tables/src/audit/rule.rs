//! What a column has to keep to.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::shape::Shape;
use crate::spec::Constraints;
use crate::text::Matching;

/// What a column has to keep to, as the audit asks for it.
#[derive(Default)]
pub(crate) struct Rule {
    pub(super) primary_key: bool,
    pub(super) unique: bool,
    pub(super) rising: bool,
    pub(super) least: Option<f64>,
    pub(super) greatest: Option<f64>,
    pub(super) pattern: Option<Matching>,
    pub(super) allowed: Vec<Allowed>,
    pub(super) shape: Shape,
    /// Whether values may be missing for other reasons than the share that the column says.
    pub(super) has_gaps: bool,
}

/// The values that there may be.
pub(super) struct Allowed {
    texts: BTreeSet<String>,
    numbers: Vec<f64>,
}

impl Rule {
    /// That of a column of these constraints, whose values have this shape.
    pub(crate) fn new(constraints: &Constraints, shape: Shape, has_gaps: bool) -> Self {
        let tightest = |own: Option<f64>, other: f64, pick: fn(f64, f64) -> f64| {
            let own = own.map_or(other, |own| pick(own, other));
            own.is_finite().then_some(own)
        };
        let [low, high] = match &shape {
            Shape::Numbers(spread) => spread.range(),
            Shape::Free | Shape::Weighted(_) => [f64::NEG_INFINITY, f64::INFINITY],
        };
        let lists = [&constraints.allowed_values, &constraints.allowed];
        Rule {
            primary_key: constraints.primary_key,
            unique: constraints.unique,
            rising: constraints.monotonic_increasing,
            least: tightest(constraints.min, low, f64::max),
            greatest: tightest(constraints.max, high, f64::min),
            // A pattern that is none was told of before.
            pattern: Matching::of(constraints).ok().flatten(),
            allowed: lists.into_iter().flatten().map(|list| Allowed::new(list)).collect(),
            shape,
            has_gaps,
        }
    }

    /// The least and the greatest number that there can be; infinite where nothing is known.
    pub(crate) fn range(&self) -> [f64; 2] {
        [self.least.unwrap_or(f64::NEG_INFINITY), self.greatest.unwrap_or(f64::INFINITY)]
    }

    /// All values that there may be, as text, where they are known.
    pub(crate) fn values(&self) -> Option<&[String]> {
        match &self.shape {
            Shape::Weighted(weighted) => Some(&weighted.values),
            Shape::Free | Shape::Numbers(_) => None,
        }
    }

    /// The same rule for values that lie in a range.
    pub(crate) fn within(self, [low, high]: [f64; 2]) -> Self {
        let [least, greatest] = self.range();
        let finite = |bound: f64| bound.is_finite().then_some(bound);
        Rule { least: finite(least.max(low)), greatest: finite(greatest.min(high)), ..self }
    }

    pub(super) fn reads_numbers(&self) -> bool {
        let ordered = self.least.is_some() || self.greatest.is_some() || self.rising;
        ordered || matches!(self.shape, Shape::Numbers(_)) || !self.allowed.is_empty()
    }

    pub(super) fn reads_texts(&self) -> bool {
        let lists = self.pattern.is_some() || !self.allowed.is_empty() || self.rising;
        lists || matches!(self.shape, Shape::Weighted(_))
    }
}

impl Allowed {
    fn new(values: &[Json]) -> Self {
        let text = |value: &Json| match value {
            Json::String(text) => Some(text.clone()),
            Json::Bool(truth) => Some(truth.to_string()),
            _ => None,
        };
        Allowed {
            texts: values.iter().filter_map(text).collect(),
            numbers: values.iter().filter_map(Json::as_f64).collect(),
        }
    }

    /// Whether a cell is among them, by its number where it has one.
    pub(super) fn has(&self, number: Option<f64>, text: &str) -> bool {
        number.map_or_else(|| self.texts.contains(text), |number| self.numbers.contains(&number))
    }
}
