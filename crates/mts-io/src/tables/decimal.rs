//! Exact numbers as digits. Scales are digits behind the point, so never negative: see `schema`.

/// Appends `number` · 10^-`scale`.
pub(super) fn write(number: i128, scale: i8, text: &mut Vec<u8>) {
    if number < 0 {
        text.push(b'-');
    }
    let mut buffer = itoa::Buffer::new();
    let size = number.unsigned_abs();
    let digits = match u64::try_from(size) {
        Ok(size) => buffer.format(size),
        Err(_) => buffer.format(size),
    };
    let digits = digits.as_bytes();
    let behind = usize::from(scale.unsigned_abs());
    let (before, fraction) = digits.split_at(digits.len().saturating_sub(behind));
    text.extend_from_slice(if before.is_empty() { b"0" } else { before });
    if behind > 0 {
        text.push(b'.');
        text.resize(text.len() + behind - fraction.len(), b'0');
        text.extend_from_slice(fraction);
    }
}

/// The number · 10^`scale` that `text` holds, where it is one of `precision` digits.
pub(super) fn parse(text: &str, precision: u8, scale: i8) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (before, behind) = digits.split_once('.').unwrap_or((digits, ""));
    if before.is_empty() && behind.is_empty() {
        return None;
    }
    let behind = behind.as_bytes();
    let places = usize::from(scale.unsigned_abs());
    let (kept, lost) = behind.split_at(behind.len().min(places));
    if lost.iter().any(|digit| *digit != b'0') {
        return None;
    }
    let zeros = std::iter::repeat_n(b'0', places - kept.len());
    let all = before.bytes().chain(kept.iter().copied()).chain(zeros);
    let size = all.into_iter().try_fold(0_i128, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| i128::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })?;
    let most = 10_i128.checked_pow(u32::from(precision));
    let fits = most.is_none_or(|most| size < most);
    fits.then_some(if negative { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(number: i128, scale: i8) -> String {
        let mut text = Vec::new();
        write(number, scale, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn numbers_read_back() {
        for (number, scale, expected) in [
            (1250, 2, "12.50"),
            (-5, 2, "-0.05"),
            (0, 2, "0.00"),
            (0, 0, "0"),
            (7, 0, "7"),
            (10_i128.pow(38) - 1, 38, "0.99999999999999999999999999999999999999"),
            (-(10_i128.pow(38) - 1), 1, "-9999999999999999999999999999999999999.9"),
        ] {
            assert_eq!(text(number, scale), expected);
            assert_eq!(parse(expected, 38, scale), Some(number), "{expected}");
        }
        assert_eq!(parse("12.5", 4, 2), Some(1250));
        assert_eq!(parse("12.500", 4, 2), Some(1250));
        assert_eq!(parse(".5", 4, 2), Some(50));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for bad in [
            "",
            "-",
            ".",
            "1.234",
            "100",
            "1e1",
            "+1",
            "1.-2",
            "--1",
            " 1",
            "9999999999999999999999999999999999999999",
        ] {
            assert_eq!(parse(bad, 4, 2), None, "{bad}");
        }
    }
}
