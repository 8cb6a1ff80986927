//! Text: numbered, or made from a regular expression.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::StringBuilder;
use mts_core::ColumnType;
use mts_rng::{Key, keyed};

use super::pattern::Numbered;
use super::{Made, Surroundings, Values, done, refuse, refuse_bounds};
use crate::regex::Language;
use crate::spec::{Constraints, TextSpec};
use crate::text::Matching;
use crate::{Finding, Rows, WidePermutation};

/// What stands before numbers where nothing is said.
const PREFIX: &str = "value";

pub(super) fn make(
    spec: &TextSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    refuse_bounds(&mut findings, around, constraints);
    let pattern = constraints.pattern.as_deref().filter(|_| spec.prefix.is_none());
    let Some(pattern) = pattern else {
        let prefix = spec.prefix.as_deref().unwrap_or(PREFIX);
        let numbered = Numbered { prefix: format!("{prefix}_"), width: 0, first: 0 };
        numbered.check(constraints, around, &mut findings);
        return done(findings, || Made::new(ColumnType::Text, numbered));
    };
    let why = "cannot be promised for texts of a pattern: use `string_pattern`";
    refuse(&mut findings, around, "monotonic_increasing", constraints.monotonic_increasing, why);
    let language =
        Language::new(pattern).map_err(|why| vec![Finding::new(around.at("constraints.pattern"), why)])?;
    // What cannot be checked is not made.
    if let Err(why) = Matching::of(constraints) {
        findings.push(Finding::new(around.at("constraints.pattern"), why));
    }
    let key = Key::from(around.seed);
    if constraints.unique || constraints.primary_key {
        let rows = u128::from(around.rows);
        if language.size() < rows {
            let message = format!("{rows} rows need as many texts, and {pattern} has {}", language.size());
            findings.push(Finding::new(around.at("constraints.unique"), message));
        } else if !language.is_unambiguous() {
            let message = "cannot be promised: the pattern makes one text in several ways";
            findings.push(Finding::new(around.at("constraints.unique"), message));
        }
        let order = WidePermutation::new(key, language.size().min(WidePermutation::MAX));
        return done(findings, || Made::new(ColumnType::Text, Distinct { language, order, key }));
    }
    done(findings, || Made::new(ColumnType::Text, Matched { language, key }))
}

struct Matched {
    language: Language,
    key: Key,
}

impl Values for Matched {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let mut texts = StringBuilder::new();
        let mut text = String::new();
        for row in rows.iter() {
            text.clear();
            self.language.draw(&mut keyed(self.key, row), &mut text);
            texts.append_value(&text);
        }
        Arc::new(texts.finish())
    }
}

struct Distinct {
    language: Language,
    order: WidePermutation,
    key: Key,
}

impl Values for Distinct {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let mut texts = StringBuilder::new();
        let mut text = String::new();
        for row in rows.iter() {
            text.clear();
            let index = self.order.at(u128::from(row));
            self.language.nth(index, self.order.size(), &mut keyed(self.key, row), &mut text);
            texts.append_value(&text);
        }
        Arc::new(texts.finish())
    }
}
