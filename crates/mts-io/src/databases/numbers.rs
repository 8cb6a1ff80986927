//! Exact decimal numbers as text.

/// Adds `value`·10^-`scale`, with all its digits.
pub(super) fn write_decimal(value: i128, scale: i8, text: &mut String) {
    let scale = usize::from(scale.unsigned_abs());
    if value < 0 {
        text.push('-');
    }
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    text.push_str(whole);
    if scale > 0 {
        text.push('.');
        text.push_str(fraction);
    }
}

/// The number of which `text` is the decimal form, in units of 10^-`scale`.
pub(super) fn parse_decimal(text: &str, scale: i8) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_whole = !whole.is_empty() && (scale == 0) != digits.contains('.');
    if !is_whole || fraction.len() != usize::from(scale.unsigned_abs()) {
        return None;
    }
    let mut value = 0_i128;
    for digit in whole.bytes().chain(fraction.bytes()) {
        let digit = digit.is_ascii_digit().then(|| i128::from(digit - b'0'))?;
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    Some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_stays() {
        let largest = 10_i128.pow(38) - 1;
        for value in [0, 1, -1, 5, 10, -100, 12_345, largest, -largest] {
            for scale in [0, 1, 2, 37, 38] {
                let mut text = String::new();
                write_decimal(value, scale, &mut text);
                assert_eq!(parse_decimal(&text, scale), Some(value), "{text}");
            }
        }
        let mut text = String::new();
        write_decimal(-5, 3, &mut text);
        assert_eq!(text, "-0.005");
        for text in ["", "-", "1", "1.5", "1.500", "+1.50", ".50", "1.5e", "a.bc", "1.-5"] {
            assert_eq!(parse_decimal(text, 2), None, "{text}");
        }
        assert_eq!(parse_decimal("1.", 0), None);
        assert_eq!(parse_decimal(&"9".repeat(40), 0), None);
    }
}
