//! Cells as the binary form of COPY has them, back into columns.

use super::{DAYS, MICROSECONDS};
use crate::databases::build::Build;

/// Takes a cell; `None` where it does not fit.
pub(super) fn decode(build: &mut Build, bytes: &[u8]) -> Option<()> {
    match build {
        Build::Boolean(_) => {
            let [value] = bytes else { return None };
            build.boolean(*value != 0)
        }
        Build::Integer(_) => build.integer(i64::from_be_bytes(bytes.try_into().ok()?)),
        Build::Float(_) => build.float(f64::from_be_bytes(bytes.try_into().ok()?)),
        Build::Decimal(_, _, scale) => {
            let value = numeric(bytes, *scale)?;
            build.decimal(value)
        }
        Build::Text(_) => build.text(std::str::from_utf8(bytes).ok()?),
        Build::Date(_) => {
            let days = i32::from_be_bytes(bytes.try_into().ok()?);
            build.date(i64::from(days) + i64::from(DAYS))
        }
        Build::DateTime(..) => {
            let microseconds = i64::from_be_bytes(bytes.try_into().ok()?);
            build.time(microseconds.checked_add(MICROSECONDS)?)
        }
        Build::Struct(..) | Build::List(..) => {
            let (1, text) = bytes.split_first().map(|(version, text)| (*version, text))? else { return None };
            build.json(std::str::from_utf8(text).ok()?)
        }
    }
}

/// A number in units of 10^-`scale`.
pub(super) fn numeric(bytes: &[u8], scale: i8) -> Option<i128> {
    let words: Vec<i16> = bytes.as_chunks().0.iter().map(|word| i16::from_be_bytes(*word)).collect();
    let [count, weight, sign, _, groups @ ..] = words.as_slice() else { return None };
    if usize::try_from(*count).ok()? != groups.len() || bytes.len() != 2 * words.len() {
        return None;
    }
    let mut value = 0_i128;
    for (group, place) in groups.iter().zip(0_i32..) {
        let exponent = 4 * (i32::from(*weight) - place) + i32::from(scale);
        let unit = 10_i128.checked_pow(exponent.unsigned_abs())?;
        let group = i128::from(*group);
        let units = if exponent >= 0 {
            group.checked_mul(unit)?
        } else {
            (group % unit == 0).then_some(group / unit)?
        };
        value = value.checked_add(units)?;
    }
    match sign {
        0 => Some(value),
        0x4000 => Some(-value),
        // NaN and infinities.
        _ => None,
    }
}
