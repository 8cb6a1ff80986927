use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::problem;
use crate::path::Trail;
use crate::{Content, Node, Problems, describe};

/// Whether a comparison with a bound keeps it.
type Keeps = fn(Ordering) -> bool;

/// A bound: its keyword, how it reads, and which comparisons keep it.
const BOUNDS: [(&str, &str, Keeps); 4] = [
    ("minimum", ">=", Ordering::is_ge),
    ("exclusiveMinimum", ">", Ordering::is_gt),
    ("maximum", "<=", Ordering::is_le),
    ("exclusiveMaximum", "<", Ordering::is_lt),
];

pub(super) fn check(node: &Node, schema: &Value, path: &Trail, problems: &mut Problems) {
    let mut rules = Vec::new();
    let mut kept = true;
    for (keyword, sign, keeps) in BOUNDS {
        if let Some(Value::Number(bound)) = schema.get(keyword) {
            kept &= compare(node, bound).is_some_and(keeps);
            rules.push(format!("{sign} {}", text(bound)));
        }
    }
    if kept && let Some((least, most)) = schema.get("format").and_then(range) {
        let fits = |bound: &Number, keeps: Keeps| compare(node, bound).is_some_and(keeps);
        kept = fits(&least, Ordering::is_ge) && fits(&most, Ordering::is_le);
        rules = vec![format!(">= {least}"), format!("<= {most}")];
    }
    if !kept {
        let message = format!("must be {}, found {}", rules.join(" and "), node.describe());
        problems.push(problem(node, path, message));
    }
}

/// `node` compared with `bound`; nothing for NaN and for what is no number.
pub(super) fn compare(node: &Node, bound: &Number) -> Option<Ordering> {
    match &node.content {
        // Near the ends of 64-bit types a bound is no double, so whole numbers compare as integers.
        Content::Float(value) => match bound.as_i128() {
            Some(bound) if value.fract() == 0.0 && value.abs() < 1e38 => Some((*value as i128).cmp(&bound)),
            _ => value.partial_cmp(&bound.as_f64()?),
        },
        Content::Int(digits) => match (digits.parse::<i128>(), bound.as_i128()) {
            (Ok(value), Some(bound)) => Some(value.cmp(&bound)),
            (Err(_), Some(_)) if digits.starts_with('-') => Some(Ordering::Less),
            (Err(_), Some(_)) => Some(Ordering::Greater),
            (_, None) => digits.parse::<f64>().ok()?.partial_cmp(&bound.as_f64()?),
        },
        _ => None,
    }
}

/// A bound as one would write it: `0`, not `0.0`.
pub(super) fn text(number: &Number) -> String {
    match number.as_f64() {
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < 1e15 => {
            format!("{value:.0}")
        }
        Some(value) if number.is_f64() => describe::float(value),
        _ => number.to_string(),
    }
}

/// The range of a Rust integer type that `format` names; a value beyond it could not be stored.
fn range(format: &Value) -> Option<(Number, Number)> {
    let (least, most): (i64, u64) = match format.as_str()? {
        "int8" => (i8::MIN.into(), i8::MAX as u64),
        "int16" => (i16::MIN.into(), i16::MAX as u64),
        "int32" => (i32::MIN.into(), i32::MAX as u64),
        "int64" | "int" => (i64::MIN, i64::MAX as u64),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint" => (0, u64::MAX),
        _ => return None,
    };
    Some((least.into(), most.into()))
}
