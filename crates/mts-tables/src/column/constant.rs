//! The same value in every row.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use mts_core::ColumnType;

use super::categorical::{Pool, kept};
use super::{Made, Surroundings, Values, done, refuse};
use crate::spec::{ConstantSpec, Constraints};
use crate::{Finding, Rows};

pub(super) fn make(
    spec: &ConstantSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    if around.rows > 1 {
        let why = "cannot be promised for one value in every row";
        refuse(&mut findings, around, "unique", constraints.unique, why);
        refuse(&mut findings, around, "primary_key", constraints.primary_key, why);
    }
    if spec.value.is_null() {
        refuse(&mut findings, around, "not_null", constraints.not_null, "cannot be promised for null");
        return done(findings, || Made { nullable: true, ..Made::new(ColumnType::Text, Nothing) });
    }
    match kept(std::slice::from_ref(&spec.value), constraints) {
        Err(why) => findings.push(Finding::new(around.at("constraints.pattern"), why)),
        Ok(kept) if kept.is_empty() => {
            findings.push(Finding::new(around.at("value"), "does not satisfy the constraints"));
        }
        Ok(_) => {}
    }
    match Pool::new(&[&spec.value]) {
        Some(pool) => done(findings, || Made::new(pool.kind(), Constant { pool })),
        None => {
            findings.push(Finding::new(around.at("value"), "must be text, a number or a truth value"));
            Err(findings)
        }
    }
}

struct Constant {
    pool: Pool,
}

impl Values for Constant {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        self.pool.take((0..rows.len()).map(|_| 0))
    }
}

struct Nothing;

impl Values for Nothing {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        Arc::new(StringArray::new_null(rows.len()))
    }
}
