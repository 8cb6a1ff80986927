//! Floats as Python writes them.

use std::fmt::Write as _;

/// The shortest text that reads back as `value`, laid out as Python's `repr`: positional from
/// 1e-4 up to 1e16 with at least one decimal, else with an exponent of two digits or more.
/// Non-finite values are `nan`, `inf`, `-inf`.
///
/// ```
/// use mts_hash::float_repr;
///
/// assert_eq!(float_repr(0.1), "0.1");
/// assert_eq!(float_repr(2.0), "2.0");
/// assert_eq!(float_repr(1e-7), "1e-07");
/// assert_eq!(float_repr(1e16), "1e+16");
/// ```
pub fn float_repr(value: f64) -> String {
    if !value.is_finite() {
        return non_finite(value).to_owned();
    }
    let (negative, digits, exponent) = shortest(value);
    let mut text = String::from(if negative { "-" } else { "" });
    if (-4..16).contains(&exponent) {
        positional(&mut text, &digits, exponent);
        if !text.contains('.') {
            text += ".0";
        }
    } else {
        scientific(&mut text, &digits, exponent);
    }
    text
}

/// Six significant digits as Python's `%g` writes them: trailing zeros dropped, an exponent
/// below 1e-4 and from 1e6 on.
pub(crate) fn float_general(value: f64) -> String {
    if !value.is_finite() {
        return non_finite(value).to_owned();
    }
    let (negative, digits, exponent) = decompose(&format!("{value:.5e}"));
    let digits = match digits.trim_end_matches('0') {
        "" => "0",
        digits => digits,
    };
    let mut text = String::from(if negative { "-" } else { "" });
    if (-4..6).contains(&exponent) {
        positional(&mut text, digits, exponent);
    } else {
        scientific(&mut text, digits, exponent);
    }
    text
}

pub(crate) fn non_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "nan"
    } else if value > 0.0 {
        "inf"
    } else {
        "-inf"
    }
}

/// Sign, digits and exponent of the shortest text that reads back as `value`. Halfway between two
/// such texts, Python takes the even digit and Rust the larger one.
pub(crate) fn shortest(value: f64) -> (bool, String, i32) {
    let shortest = format!("{value:e}");
    let parts = decompose(&shortest);
    // No two texts of so few digits read back as the same number.
    if parts.1.len() <= f64::DIGITS as usize {
        return parts;
    }
    let decimals = parts.1.len() - 1;
    let even = format!("{value:.decimals$e}");
    if even != shortest && even.parse() == Ok(value) { decompose(&even) } else { parts }
}

/// Splits Rust's `-d.ddde-x` into sign, digits without point, and exponent.
pub(crate) fn decompose(scientific: &str) -> (bool, String, i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let negative = mantissa.starts_with('-');
    let digits = mantissa.chars().filter(char::is_ascii_digit).collect();
    (negative, digits, exponent.parse().unwrap_or(0))
}

fn positional(text: &mut String, digits: &str, exponent: i32) {
    if exponent < 0 {
        *text += "0.";
        text.extend(std::iter::repeat_n('0', exponent.unsigned_abs() as usize - 1));
        *text += digits;
        return;
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        *text += digits;
        text.extend(std::iter::repeat_n('0', whole - digits.len()));
    } else {
        *text += &digits[..whole];
        *text += ".";
        *text += &digits[whole..];
    }
}

fn scientific(text: &mut String, digits: &str, exponent: i32) {
    *text += &digits[..1];
    if digits.len() > 1 {
        *text += ".";
        *text += &digits[1..];
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(text, "e{sign}{:02}", exponent.unsigned_abs());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_layout() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (123456789.0, "123456789.0"),
            (1e15, "1000000000000000.0"),
            (1.2345678901234568e16, "1.2345678901234568e+16"),
            (1.5e22, "1.5e+22"),
            (5e-324, "5e-324"),
            (0.30000000000000004, "0.30000000000000004"),
            (f64::NEG_INFINITY, "-inf"),
            // Halfway cases: 1/16 and 5/16 at 17 digits.
            (24427323132197.0 + 0.0625, "24427323132197.062"),
            (24427323132197.0 + 0.1875, "24427323132197.188"),
            (24427323132197.0 + 0.3125, "24427323132197.312"),
        ] {
            assert_eq!(float_repr(value), text);
        }
    }

    #[test]
    fn general_layout() {
        for (value, text) in [
            (0.1, "0.1"),
            (123456.7, "123457"),
            (1234567.8, "1.23457e+06"),
            (999999.5, "1e+06"),
            (0.00012345678, "0.000123457"),
            (5e-324, "4.94066e-324"),
            (-2.75, "-2.75"),
            (1e-5, "1e-05"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(float_general(value), text);
        }
    }
}
