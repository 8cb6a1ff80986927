//! What is wrong with parameters, all of it at once.

use std::fmt::{self, Display};

/// One thing wrong with one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The parameter's name, `M`, `T` and `n_realizations` included.
    pub parameter: String,
    /// What is required, and what was found.
    pub message: String,
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parameter \"{}\" {}", self.parameter, self.message)
    }
}

/// Collects everything that is wrong with a configuration.
///
/// ```
/// use mts_core::Problems;
///
/// let mut problems = Problems::default();
/// problems.positive("dt", -0.1);
/// problems.non_negative("sigma", 0.0);
/// assert_eq!(problems.to_string(), "parameter \"dt\" must be > 0, found -0.1");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Notes that `parameter` must satisfy `rule`: "must be …, found …".
    pub fn add(&mut self, parameter: &str, message: impl Display) {
        self.0.push(Problem { parameter: parameter.to_owned(), message: shortened(&message.to_string()) });
    }

    /// Requires a finite number.
    pub fn finite(&mut self, parameter: &str, value: f64) {
        self.require(parameter, value.is_finite(), "be finite", value);
    }

    /// Requires a finite number above zero.
    pub fn positive(&mut self, parameter: &str, value: f64) {
        self.require(parameter, value.is_finite() && value > 0.0, "be > 0", value);
    }

    /// Requires a finite number of at least zero.
    pub fn non_negative(&mut self, parameter: &str, value: f64) {
        self.require(parameter, value.is_finite() && value >= 0.0, "be >= 0", value);
    }

    /// Requires a number in `low..=high`.
    pub fn within(&mut self, parameter: &str, value: f64, low: f64, high: f64) {
        self.require(parameter, (low..=high).contains(&value), format_args!("lie in [{low}, {high}]"), value);
    }

    /// Requires a number strictly between `low` and `high`.
    pub fn between(&mut self, parameter: &str, value: f64, low: f64, high: f64) {
        self.require(
            parameter,
            value > low && value < high,
            format_args!("lie strictly between {low} and {high}"),
            value,
        );
    }

    /// Notes "must {rule}, found {found}" unless `holds`.
    pub fn require(&mut self, parameter: &str, holds: bool, rule: impl Display, found: impl Display) {
        if !holds {
            self.add(parameter, format_args!("must {rule}, found {found}"));
        }
    }

    /// What was found, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Problem> {
        self.0.iter()
    }

    /// The number of problems.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True where nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Longer numbers are told by their exponent.
const MAX_DIGITS: usize = 24;

/// `message` with very long numbers by their exponent: floats are written out in full, and nobody counts the 309
/// digits of 1e308.
///
/// ```
/// let huge = format!("must be below 1, found {}", 1e308);
/// assert_eq!(mts_core::shortened(&huge), "must be below 1, found 1e308");
/// ```
pub fn shortened(message: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '.';
    let (mut short, mut rest) = (String::with_capacity(message.len()), message);
    while let Some(start) = rest.find(is_part) {
        let (before, number) = rest.split_at(start);
        let (number, behind) =
            number.split_at(number.find(|letter| !is_part(letter)).unwrap_or(number.len()));
        short.push_str(before);
        match number.parse::<f64>() {
            Ok(value) if number.len() > MAX_DIGITS && !is_text(&short, behind) => {
                short.push_str(&format!("{value:e}"));
            }
            _ => short.push_str(number),
        }
        rest = behind;
    }
    short + rest
}

/// Whether digits between `before` and `behind` are part of a name or quoted.
fn is_text(before: &str, behind: &str) -> bool {
    let joins = |letter: char| letter.is_alphanumeric() || ['_', '"'].contains(&letter);
    before.ends_with(joins) || behind.starts_with(joins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_told_by_their_exponent() {
        let told = |value: f64| {
            let mut problems = Problems::default();
            problems.positive("sigma", value);
            problems.to_string()
        };
        assert_eq!(told(-1e308), "parameter \"sigma\" must be > 0, found -1e308");
        assert_eq!(told(-1.5e-300), "parameter \"sigma\" must be > 0, found -1.5e-300");
        assert_eq!(told(-123456789012.25), "parameter \"sigma\" must be > 0, found -123456789012.25");
        let digits = "7".repeat(30);
        assert_eq!(shortened(&format!("in [0, {digits}]…")), "in [0, 7.777777777777778e29]…");
        for text in [format!("no \"{digits}\""), format!("no x{digits}"), format!("no {digits}_b")] {
            assert_eq!(shortened(&text), text);
        }
    }
}
