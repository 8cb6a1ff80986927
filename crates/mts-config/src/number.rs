//! Numbers as YAML's core schema writes them.

use crate::Content;
use crate::describe::abbreviate;
use crate::limits::MAX_DIGITS;

/// The number that the plain scalar `text` writes, or `None` if it writes none.
pub(crate) fn plain(text: &str) -> Result<Option<Content>, String> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(text, digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(text, digits, 8);
    }
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            let infinity = f64::INFINITY;
            let value = if negative { -infinity } else { infinity };
            return Ok(Some(Content::Float(value)));
        }
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => {
            return Ok(Some(Content::Float(f64::NAN)));
        }
        _ => {}
    }
    match shape(unsigned) {
        Shape::Integer => integer(negative, unsigned).map(Some),
        Shape::Float => float(text).map(Some),
        Shape::Neither => Ok(None),
    }
}

/// Canonical decimal of the ASCII digits `digits`.
pub(crate) fn integer(negative: bool, digits: &str) -> Result<Content, String> {
    check_length(digits.len())?;
    let digits = digits.trim_start_matches('0');
    Ok(Content::Int(match digits {
        "" => "0".to_owned(),
        _ if negative => format!("-{digits}"),
        _ => digits.to_owned(),
    }))
}

/// The double nearest to `text`, which has the shape of a float.
pub(crate) fn float(text: &str) -> Result<Content, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Content::Float(value)),
        Ok(_) => Err(format!(
            "{} is beyond the largest number, about 1.8e308; infinity is written .inf",
            abbreviate(text)
        )),
        Err(_) => Err(format!("{} is not a number", abbreviate(text))),
    }
}

enum Shape {
    Integer,
    Float,
    Neither,
}

/// Sorts `text`, whose sign is gone, by the patterns of YAML 1.2.2 §10.3.2.
fn shape(text: &str) -> Shape {
    let (whole, rest) = split_digits(text);
    if rest.is_empty() {
        return if whole.is_empty() { Shape::Neither } else { Shape::Integer };
    }
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => split_digits(rest),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Shape::Neither;
    }
    if rest.is_empty() {
        return Shape::Float;
    }
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else {
        return Shape::Neither;
    };
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    match split_digits(exponent) {
        (digits, "") if !digits.is_empty() => Shape::Float,
        _ => Shape::Neither,
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at(end)
}

fn radix(text: &str, digits: &str, radix: u32) -> Result<Option<Content>, String> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Ok(None);
    }
    check_length(digits.len())?;
    let decimal = to_decimal(digits, radix).ok_or_else(|| format!("{} is not a number", abbreviate(text)))?;
    check_length(decimal.len())?;
    integer(false, &decimal).map(Some)
}

fn check_length(digits: usize) -> Result<(), String> {
    if digits > MAX_DIGITS {
        return Err(format!("an integer of {digits} digits; at most {MAX_DIGITS} are allowed"));
    }
    Ok(())
}

/// Digits of any number in base 10, by long multiplication in limbs of nine decimal digits.
fn to_decimal(digits: &str, radix: u32) -> Option<String> {
    const LIMB: u64 = 1_000_000_000;
    // Seven hexadecimal or octal digits at a time stay below one limb squared in u64.
    const CHUNK: usize = 7;

    let mut limbs: Vec<u64> = vec![0];
    for chunk in digits.as_bytes().chunks(CHUNK) {
        let mut carry = 0;
        let mut factor = 1;
        for &byte in chunk {
            carry = carry * u64::from(radix) + u64::from(char::from(byte).to_digit(radix)?);
            factor *= u64::from(radix);
        }
        for limb in &mut limbs {
            let value = *limb * factor + carry;
            *limb = value % LIMB;
            carry = value / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut limbs = limbs.iter().rev();
    let first = limbs.next()?.to_string();
    Some(limbs.fold(first, |text, limb| text + &format!("{limb:09}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str) -> String {
        match plain(text) {
            Ok(Some(Content::Int(digits))) => digits,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn integers_are_canonical() {
        for (text, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("+12", "12"),
            ("007", "7"),
            ("-0012", "-12"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("0x0", "0"),
            ("0xffffffffffffffffffffffffffffffff", "340282366920938463463374607431768211455"),
            ("0o1000000000000000000000000", "4722366482869645213696"),
            ("0x100000000000000000000000000000000", "340282366920938463463374607431768211456"),
        ] {
            assert_eq!(int(text), expected, "{text}");
        }
        let huge = "9".repeat(MAX_DIGITS);
        assert_eq!(int(&huge), huge);
    }

    #[test]
    fn floats() {
        for (text, expected) in [
            ("1e5", 1e5),
            (".5", 0.5),
            ("+1.5", 1.5),
            ("1.", 1.0),
            ("-1.e-3", -1e-3),
            ("1E+2", 100.0),
            ("0.1", 0.1),
            ("-0.0", -0.0),
            (".inf", f64::INFINITY),
            ("-.Inf", f64::NEG_INFINITY),
            ("+.INF", f64::INFINITY),
            ("1e-999", 0.0),
        ] {
            match plain(text) {
                Ok(Some(Content::Float(value))) => {
                    assert_eq!(value.to_bits(), expected.to_bits(), "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        assert!(matches!(plain(".nan"), Ok(Some(Content::Float(value))) if value.is_nan()));
    }

    #[test]
    fn strings() {
        for text in [
            "",
            "-",
            "+",
            ".",
            "-.",
            "e5",
            ".e5",
            "1e",
            "1e+",
            "1_000",
            "1.2.3",
            "0x",
            "0xg",
            "-0x1",
            "0o8",
            "0b1",
            "+.nan",
            "inf",
            "nan",
            "Infinity",
            "1 2",
            "१",
            "--1",
            "12:30",
            "2020-01-01",
        ] {
            assert!(matches!(plain(text), Ok(None)), "{text}");
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        for text in ["1e999", "-1e999", &format!("1{}.0", "0".repeat(400))] {
            assert!(plain(text).is_err(), "{text}");
        }
        assert!(plain(&"9".repeat(MAX_DIGITS + 1)).is_err());
        assert!(plain(&format!("0x{}", "f".repeat(MAX_DIGITS))).is_err());
    }
}
