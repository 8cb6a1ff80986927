//! Patterns: texts with places for digits, letters, or other texts.

use super::choice::Choice;

/// Letters of every postal code and bank code: those that no country's alphabet for them leaves out.
const LETTERS: &[u8] = b"ABEGHJLNPRSTWXYZ";

/// A text with one place, written `*`, for another.
#[derive(Clone, Copy)]
pub(super) struct Around {
    pub(super) before: &'static str,
    pub(super) after: &'static str,
}

impl Around {
    /// Without `*`, the place is in front.
    pub(super) fn new(text: &'static str) -> Self {
        let (before, after) = text.split_once('*').unwrap_or(("", text));
        Around { before, after }
    }
}

/// How many texts `pattern` stands for, each `#` being a digit and each `@` a letter.
pub(super) fn count(pattern: &str) -> u64 {
    pattern.bytes().map(radix).product()
}

/// The text number `value` of `pattern`, counted modulo their number.
pub(super) fn fill(pattern: &str, mut value: u64, out: &mut String) {
    fill_by(pattern, out, |count| {
        let digit = value % count;
        value /= count;
        digit
    });
}

/// A text of `pattern`.
pub(super) fn choose(pattern: &str, choice: &mut impl Choice, out: &mut String) {
    fill_by(pattern, out, |count| choice.below(count));
}

fn fill_by(pattern: &str, out: &mut String, mut digit: impl FnMut(u64) -> u64) {
    for letter in pattern.chars() {
        match letter {
            '#' => out.push(char::from(b'0' + digit(10) as u8)),
            '@' => out.push(char::from(LETTERS[digit(LETTERS.len() as u64) as usize])),
            other => out.push(other),
        }
    }
}

fn radix(letter: u8) -> u64 {
    match letter {
        b'#' => 10,
        b'@' => LETTERS.len() as u64,
        _ => 1,
    }
}

/// Decimal digits of a number.
pub(super) fn number(value: u64, out: &mut String) {
    out.push_str(itoa::Buffer::new().format(value));
}
