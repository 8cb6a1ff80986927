//! Numbers and UUIDs of rows.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, Int64Array};
use mts_core::ColumnType;
use mts_hash::SeedSequence;
use mts_rng::{Key, keyed};

use super::{Made, Surroundings, Values, done, refuse, refuse_bounds, refuse_pattern};
use crate::regex::{Automaton, Form};
use crate::spec::{Constraints, IdMode, IdSpec};
use crate::{Finding, Rows, WidePermutation};

pub(super) fn make(
    spec: &IdSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    match spec.id_mode {
        IdMode::Int => {
            let last = i128::from(spec.start) + i128::from(around.rows);
            if last > i128::from(i64::MAX) {
                let message = format!("{} rows from {} on exceed 64 bits", around.rows, spec.start);
                findings.push(Finding::new(around.at("start"), message));
            }
            let start = spec.start;
            let broken = [
                ("min", constraints.min.is_some_and(|min| (start as f64) < min)),
                ("max", constraints.max.is_some_and(|max| last as f64 - 1.0 > max)),
            ];
            for (key, _) in broken.into_iter().filter(|(_, broken)| around.rows > 0 && *broken) {
                let message = format!("{} numbers from {start} on do not keep to it", around.rows);
                findings.push(Finding::new(around.at(&format!("constraints.{key}")), message));
            }
            refuse_pattern(&mut findings, around, constraints);
            let range = [start as f64, (last - 1) as f64];
            done(findings, || Made { range, ..Made::new(ColumnType::Integer, Counted { start }) })
        }
        IdMode::Uuid => {
            refuse_bounds(&mut findings, around, constraints);
            let why = "UUIDs have no order: use `id_mode: int`";
            refuse(&mut findings, around, "monotonic_increasing", constraints.monotonic_increasing, why);
            if let Some(pattern) = &constraints.pattern {
                match counterexample(pattern) {
                    Ok(None) => {}
                    Ok(Some(text)) => {
                        let message = format!("{text:?} does not match, and a row may have it");
                        findings.push(Finding::new(around.at("constraints.pattern"), message));
                    }
                    Err(why) => findings.push(Finding::new(around.at("constraints.pattern"), why)),
                }
            }
            done(findings, || Made::new(ColumnType::Text, Uuids::new(around.seed)))
        }
    }
}

struct Counted {
    start: i64,
}

impl Values for Counted {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| self.start + row as i64)))
    }
}

/// Version 4 (RFC 9562): 122 random bits, of which 62 are those of no other row.
struct Uuids {
    key: Key,
    order: WidePermutation,
}

impl Uuids {
    fn new(seed: &SeedSequence) -> Self {
        let order = WidePermutation::new(Key::from(&seed.named("order")), 1 << 62);
        Uuids { key: Key::from(seed), order }
    }
}

impl Values for Uuids {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let mut texts = StringBuilder::with_capacity(rows.len(), 36 * rows.len());
        let mut text = [b'-'; 36];
        for row in rows.iter() {
            let high = keyed(self.key, row).next_u64() & !0xf000 | 0x4000;
            let low = self.order.at(u128::from(row)) as u64 | 0b10 << 62;
            write(&mut text, high, low);
            texts.append_value(std::str::from_utf8(&text).unwrap_or_default());
        }
        Arc::new(texts.finish())
    }
}

/// A UUID of version 4 that does not match `pattern`, if there is one.
fn counterexample(pattern: &str) -> Result<Option<String>, String> {
    let letters = |place: usize, _| {
        let letters: &[u8] = match place {
            8 | 13 | 18 | 23 => b"-",
            14 => b"4",
            19 => b"89ab",
            _ => b"0123456789abcdef",
        };
        letters.iter().map(|letter| (*letter, 0)).collect()
    };
    Automaton::new(pattern)?.counterexample(&Form { prefix: "", length: 36, mark: 0, letters: &letters })
}

fn write(text: &mut [u8; 36], high: u64, low: u64) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    let mut at = 0;
    for (place, byte) in bytes.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            at += 1;
        }
        text[at] = DIGITS[usize::from(byte >> 4)];
        text[at + 1] = DIGITS[usize::from(byte & 15)];
        at += 2;
    }
}
