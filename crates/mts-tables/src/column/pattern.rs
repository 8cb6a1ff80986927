//! A prefix and the number of the row.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::StringBuilder;
use mts_core::ColumnType;

use super::{Made, Surroundings, Values, done, refuse_bounds};
use crate::spec::{Constraints, PatternSpec};
use crate::text::Matching;
use crate::{Finding, Rows};

pub(super) fn make(
    spec: &PatternSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    refuse_bounds(&mut findings, around, constraints);
    let numbered = Numbered { prefix: spec.prefix.clone(), width: spec.width, first: 1 };
    numbered.check(constraints, around, &mut findings);
    done(findings, || Made::new(ColumnType::Text, numbered))
}

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

    /// Texts of one width are in order, and differ from others in their digits alone: some stand for all.
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
        match Matching::of(constraints) {
            Err(why) => findings.push(Finding::new(around.at("constraints.pattern"), why)),
            Ok(None) => {}
            Ok(Some(pattern)) => {
                let rows = [0, 1, 8, 9, 99, 999, 9999, last / 2, last].map(|row: u64| row.min(last));
                if let Some(row) =
                    rows.into_iter().find(|row| around.rows > 0 && !pattern.is_match(&example(*row)))
                {
                    let message = format!("{:?} of row {row} does not match", example(row));
                    findings.push(Finding::new(around.at("constraints.pattern"), message));
                }
            }
        }
        if constraints.monotonic_increasing && example(0).len() != example(last).len() {
            let message = format!("{:?} sorts before {:?}: more width", example(last), example(0));
            findings.push(Finding::new(around.at("constraints.monotonic_increasing"), message));
        }
    }
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
