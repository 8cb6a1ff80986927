//! A prefix and the number of the row.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::StringBuilder;
use mts_core::ColumnType;

use super::{Made, Surroundings, Values, done, refuse_bounds};
use crate::regex::{Automaton, Form};
use crate::spec::{Constraints, PatternSpec};
use crate::{Finding, Rows};

pub(super) fn make(
    spec: &PatternSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    refuse_bounds(&mut findings, around, constraints);
    let longest = spec.prefix.len().saturating_add(spec.width);
    if longest > LONGEST {
        let message = format!("makes texts of {longest} bytes > {LONGEST}");
        return Err(vec![Finding::new(around.at("width"), message)]);
    }
    let numbered = Numbered { prefix: spec.prefix.clone(), width: spec.width, first: 1 };
    numbered.check(constraints, around, &mut findings);
    done(findings, || Made::new(ColumnType::Text, numbered))
}

/// Bytes that a text may have: what numbers can be filled up to.
const LONGEST: usize = 65_535;

/// Marks of numbers whose digits so far are those of the least, and of the greatest.
const LEAST: u8 = 1;
const GREATEST: u8 = 2;

/// Texts that end with the number of their row.
pub(super) struct Numbered {
    pub(super) prefix: String,
    pub(super) width: usize,
    pub(super) first: u64,
}

impl Numbered {
    fn text(&self, row: u64, text: &mut String) {
        // Writing to a text does not fail.
        let _ = write!(
            text,
            "{}{:0width$}",
            self.prefix,
            u128::from(row) + u128::from(self.first),
            width = self.width
        );
    }

    /// Whether all texts match a pattern, and are in order.
    pub(super) fn check(
        &self,
        constraints: &Constraints,
        around: &Surroundings,
        findings: &mut Vec<Finding>,
    ) {
        let last = around.rows.saturating_sub(1);
        let example = |row| {
            let mut text = String::new();
            self.text(row, &mut text);
            text
        };
        if let Some(pattern) = &constraints.pattern {
            match self.counterexample(pattern, around.rows) {
                Ok(None) => {}
                Ok(Some(text)) => {
                    let number: u128 = text[self.prefix.len()..].parse().unwrap_or_default();
                    let row = number - u128::from(self.first);
                    let message = format!("{text:?} of row {row} does not match");
                    findings.push(Finding::new(around.at("constraints.pattern"), message));
                }
                Err(why) => findings.push(Finding::new(around.at("constraints.pattern"), why)),
            }
        }
        // Texts of one width are in order.
        if constraints.monotonic_increasing && example(0).len() != example(last).len() {
            let message = format!("{:?} sorts before {:?}: more width", example(last), example(0));
            findings.push(Finding::new(around.at("constraints.monotonic_increasing"), message));
        }
    }

    /// A text that does not match `pattern`, if a row has one.
    fn counterexample(&self, pattern: &str, rows: u64) -> Result<Option<String>, String> {
        let mut automaton = Automaton::new(pattern)?;
        let first = u128::from(self.first);
        let end = first + u128::from(rows);
        let mut least = first;
        while least < end {
            // The numbers from here on that have as many digits.
            let length = self.width.max(digits(least));
            let greatest = u32::try_from(length).ok().and_then(|length| 10_u128.checked_pow(length));
            let greatest = greatest.map_or(end, |next| end.min(next)) - 1;
            let [low, high] = [least, greatest].map(|number| format!("{number:0length$}").into_bytes());
            let letters = |place: usize, mark: u8| {
                let from = if mark & LEAST == 0 { b'0' } else { low[place] };
                let to = if mark & GREATEST == 0 { b'9' } else { high[place] };
                let left = |digit| {
                    let least = if digit == low[place] { mark & LEAST } else { 0 };
                    least | if digit == high[place] { mark & GREATEST } else { 0 }
                };
                (from..=to).map(|digit| (digit, left(digit))).collect()
            };
            let form = Form { prefix: &self.prefix, length, mark: LEAST | GREATEST, letters: &letters };
            if let Some(text) = automaton.counterexample(&form)? {
                return Ok(Some(text));
            }
            least = greatest + 1;
        }
        Ok(None)
    }
}

fn digits(number: u128) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

impl Values for Numbered {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let width = self.prefix.len() + self.width.max(8);
        let mut texts = StringBuilder::with_capacity(rows.len(), rows.len() * width);
        let mut text = String::new();
        for row in rows.iter() {
            text.clear();
            self.text(row, &mut text);
            texts.append_value(&text);
        }
        Arc::new(texts.finish())
    }
}
