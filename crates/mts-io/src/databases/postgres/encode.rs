//! Cells as the binary form of COPY has them.

use super::{DAYS, MICROSECONDS};
use crate::databases::cells::{Cells, Values};
use crate::databases::dates::{write_date, write_time};
use crate::databases::json;

/// Digits of a number come in groups of four.
const GROUP: usize = 4;

const NUL: &str = "PostgreSQL takes no NUL in text: leave it out, or use another format";

/// Adds a cell with its length; the error is what PostgreSQL cannot hold. `text` is room for it.
pub(super) fn encode(
    cells: &Cells,
    row: usize,
    text: &mut String,
    out: &mut Vec<u8>,
) -> Result<(), &'static str> {
    if cells.is_null(row) {
        out.extend((-1_i32).to_be_bytes());
        return Ok(());
    }
    text.clear();
    match &cells.values {
        Values::Boolean(values) => sized(out, &[u8::from(values.value(row))])?,
        Values::Integer(values) => sized(out, &values.value(row).to_be_bytes())?,
        Values::Float(values) => sized(out, &values.value(row).to_be_bytes())?,
        Values::Decimal(values, scale) => numeric(values.value(row), scale.unsigned_abs().into(), out),
        Values::Text(values) => {
            let value = values.value(row).as_bytes();
            if value.contains(&0) {
                return Err(NUL);
            }
            sized(out, value)?;
        }
        Values::Date(values) => {
            let value = values.value(row);
            write_date(value.into(), text).then_some(()).ok_or(json::NO_YEAR)?;
            sized(out, &(value - DAYS).to_be_bytes())?;
        }
        Values::DateTime(values, zoned) => {
            let value = values.value(row);
            write_time(value, *zoned, text).then_some(()).ok_or(json::NO_YEAR)?;
            sized(out, &(value - MICROSECONDS).to_be_bytes())?;
        }
        Values::Struct(_) | Values::List(..) => {
            // The version of the binary form, then text.
            text.push('\u{1}');
            json::write(cells, row, text)?;
            if has_nul(text) {
                return Err(NUL);
            }
            sized(out, text.as_bytes())?;
        }
    }
    Ok(())
}

fn sized(out: &mut Vec<u8>, value: &[u8]) -> Result<(), &'static str> {
    let size = i32::try_from(value.len()).map_err(|_| "the value has more bytes than PostgreSQL takes")?;
    out.extend(size.to_be_bytes());
    out.extend(value);
    Ok(())
}

/// Whether JSON has an escaped NUL, which is not the same letters behind an escaped backslash.
fn has_nul(json: &str) -> bool {
    let mut found = json.match_indices("\\u0000");
    found.any(|(at, _)| json[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 0)
}

/// Groups of decimal digits; those at either end that are zero are left out.
fn numeric(value: i128, scale: usize, out: &mut Vec<u8>) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value.unsigned_abs()).as_bytes();
    let whole = digits.len().saturating_sub(scale).div_ceil(GROUP);
    let fraction = scale.div_ceil(GROUP);
    // The place of a digit counts from the point.
    let digit = |group: usize, place: usize| {
        let at = (digits.len() + group * GROUP + place).checked_sub(scale + whole * GROUP);
        at.and_then(|at| digits.get(at)).map_or(0, |digit| u16::from(digit - b'0'))
    };
    let group = |group: usize| (0..GROUP).fold(0, |sum, place| sum * 10 + digit(group, place));
    let all = whole + fraction;
    let first = (0..all).find(|at| group(*at) != 0).unwrap_or(all);
    let last = (first..all).rev().find(|at| group(*at) != 0).map_or(first, |at| at + 1);
    let count = last - first;
    let weight = if count == 0 { 0 } else { whole as i16 - 1 - first as i16 };
    let sign = if value < 0 { 0x4000_u16 } else { 0 };
    out.extend((8 + 2 * count as i32).to_be_bytes());
    out.extend((count as u16).to_be_bytes());
    out.extend(weight.to_be_bytes());
    out.extend(sign.to_be_bytes());
    out.extend((scale as u16).to_be_bytes());
    (first..last).for_each(|at| out.extend(group(at).to_be_bytes()));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::decode;
    use super::*;

    #[test]
    fn numbers_are_as_the_server_sends_them() {
        // From COPY (SELECT 12345.6789::numeric(10,4)) TO STDOUT (FORMAT binary).
        let mut out = Vec::new();
        numeric(123_456_789, 4, &mut out);
        assert_eq!(out, [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 4, 0, 1, 9, 41, 26, 133]);
        out.clear();
        numeric(-50, 2, &mut out);
        assert_eq!(out, [0, 0, 0, 10, 0, 1, 255, 255, 64, 0, 0, 2, 19, 136]);
        out.clear();
        numeric(0, 2, &mut out);
        assert_eq!(out, [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 2]);
    }

    proptest! {
        #[test]
        fn numbers_come_back(value in -(10_i128.pow(38) - 1)..10_i128.pow(38), short in any::<i32>(), scale in 0_usize..=38) {
            for value in [value, short.into(), 0, i128::from(short) * 10_000] {
                let mut out = Vec::new();
                numeric(value, scale, &mut out);
                prop_assert_eq!(decode::numeric(&out[4..], scale as i8), Some(value));
            }
        }
    }

    #[test]
    fn escaped_letters_are_no_nul() {
        assert!(has_nul(r#"["a\u0000"]"#) && has_nul(r#"["\\\u0000"]"#));
        assert!(!has_nul(r#"["\\u0000"]"#) && !has_nul("[]"));
    }
}
