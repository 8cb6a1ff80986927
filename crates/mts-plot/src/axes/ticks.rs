//! Round numbers along an axis.

/// Ticks, and what their texts leave out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ticks {
    /// Values and texts, in order.
    pub(crate) ticks: Vec<(f64, String)>,
    /// What all texts have in common, such as `×10⁶` or a day.
    pub(crate) note: String,
}

/// Round steps within a decade, and the first of the next one.
const ROUND: [(i64, i32); 4] = [(1, 0), (2, 0), (5, 0), (1, 1)];

/// The decimal exponents between which numbers are written out.
const PLAIN: std::ops::RangeInclusive<i32> = -4..=5;

/// At most about `count` round numbers.
pub(crate) fn linear(from: f64, to: f64, count: usize) -> Ticks {
    apart(from, to, (to / 2.0 - from / 2.0) / count.max(1) as f64 * 2.0)
}

/// At most about `count` whole numbers.
pub(crate) fn whole(from: f64, to: f64, count: usize) -> Ticks {
    apart(from, to, ((to - from) / count.max(1) as f64).max(1.0))
}

/// Round numbers at least `span` apart.
fn apart(from: f64, to: f64, span: f64) -> Ticks {
    let decade = libm::floor(libm::log10(span)) as i32;
    let mantissa = span / power(decade);
    let (step, more) = ROUND
        .into_iter()
        .find(|(step, more)| mantissa <= *step as f64 * power(*more) * (1.0 + 1e-9))
        .unwrap_or(ROUND[3]);
    numbers(from, to, step, decade + more)
}

/// At most about `count` of some names.
pub(crate) fn names(names: &[String], count: usize) -> Ticks {
    let places = whole(0.0, names.len() as f64 - 1.0, count.min(names.len())).ticks;
    let named = |(place, _): (f64, String)| names.get(place as usize).map(|name| (place, name.clone()));
    Ticks { ticks: places.into_iter().filter_map(named).collect(), note: String::new() }
}

/// The multiples of `step · 10^decade` in a range.
fn numbers(from: f64, to: f64, step: i64, decade: i32) -> Ticks {
    let size = step as f64 * power(decade);
    let (first, last) = (libm::ceil(from / size - 1e-9) as i64, libm::floor(to / size + 1e-9) as i64);
    let largest = from.abs().max(to.abs());
    let magnitude = if largest > 0.0 { libm::floor(libm::log10(largest)) as i32 } else { 0 };
    // Thousands of thousands are a factor of all.
    let factor = if PLAIN.contains(&magnitude) { 0 } else { magnitude.div_euclid(3) * 3 };
    let decimals = usize::try_from(factor - decade).unwrap_or(0).min(17);
    let text = |place: i64| {
        let mantissa = (place * step) as f64 * power(decade - factor);
        signed(&format!("{mantissa:.decimals$}"))
    };
    let ticks = (first..=last).map(|place| ((place * step) as f64 * power(decade), text(place))).collect();
    let note = if factor == 0 { String::new() } else { format!("×10{}", superscript(factor)) };
    Ticks { ticks, note }
}

/// Powers of ten in a range of exponents, and multiples of them where it is short.
pub(crate) fn log(from: f64, to: f64, count: usize) -> Ticks {
    let (first, last) = (libm::ceil(from - 1e-9) as i32, libm::floor(to + 1e-9) as i32);
    let decades = (last - first).max(0) as usize;
    let mut ticks = Vec::new();
    if decades >= 2 {
        let every = (decades / count.max(1) + 1) as i32;
        for exponent in (first..=last).filter(|exponent| exponent.rem_euclid(every) == 0) {
            ticks.push((power(exponent), format!("10{}", superscript(exponent))));
        }
    } else {
        for exponent in first - 1..=last {
            for round in [1.0, 2.0, 5.0] {
                let value = round * power(exponent);
                let place = libm::log10(value);
                if place > from - 1e-9 && place < to + 1e-9 {
                    ticks.push((value, short(value)));
                }
            }
        }
    }
    Ticks { ticks, note: String::new() }
}

/// A number as a reader would write it: four digits that count, powers of ten where there are many zeros.
pub(crate) fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return signed(&format!("{value}"));
    }
    let scientific = format!("{value:.3e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("the format has an exponent");
    let exponent: i32 = exponent.parse().expect("an exponent is whole");
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if PLAIN.contains(&exponent) {
        let decimals = usize::try_from(3 - exponent).unwrap_or(0);
        return signed(&trimmed(&format!("{value:.decimals$}")));
    }
    let power = format!("10{}", superscript(exponent));
    match trimmed(mantissa).as_str() {
        "1" => power,
        "-1" => format!("−{power}"),
        mantissa => signed(&format!("{mantissa}·{power}")),
    }
}

/// A whole number with a thin space between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// `1 value`, `2 values`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// With a minus sign instead of a hyphen, and none before zero.
fn signed(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(zero) if zero.bytes().all(|byte| matches!(byte, b'0' | b'.')) => zero.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text.to_owned(),
    }
}

/// An exponent as raised digits.
pub(crate) fn superscript(exponent: i32) -> String {
    let digit = |character| match character {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        _ => '⁹',
    };
    exponent.to_string().chars().map(digit).collect()
}

/// 10^exponent, the nearest number to it: read as text, which every platform does alike.
fn power(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().expect("a power of ten")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ticks: &Ticks) -> Vec<&str> {
        ticks.ticks.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(texts(&linear(0.0, 100.0, 5)), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(texts(&linear(-0.31, 0.28, 6)), ["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2"]);
        assert_eq!(texts(&whole(-0.5, 4.5, 10)), ["0", "1", "2", "3", "4"]);
        assert_eq!(texts(&linear(0.0, 1e7, 5)), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(linear(0.0, 1e7, 5).note, "×10⁶");
        assert_eq!(texts(&log(-3.0, 1.2, 8)), ["10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹"]);
        assert_eq!(texts(&log(0.0, 1.0, 8)), ["1", "2", "5", "10"]);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(short(0.123_456), "0.1235");
        assert_eq!(short(-1234.5), "−1234");
        assert_eq!(short(1.5e-9), "1.5·10⁻⁹");
        assert_eq!(short(-0.0), "0");
        assert_eq!(counted(1_234_567, "value"), "1\u{2009}234\u{2009}567 values");
        assert_eq!(counted(1, "channel"), "1 channel");
    }
}
