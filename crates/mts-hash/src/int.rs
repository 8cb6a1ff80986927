//! Integers of any size.

use std::fmt;
use std::str::FromStr;

/// An integer of any size, as documents, seeds and identities hold them.
///
/// ```
/// use mts_hash::Int;
///
/// let seed: Int = "1180591620717411303427".parse()?; // 2^70 + 3
/// assert_eq!(seed.to_string(), "1180591620717411303427");
/// assert_eq!(seed.words(), [3, 0, 64]);
/// # Ok::<(), mts_hash::ParseIntError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Int {
    negative: bool,
    /// Little-endian base 2³², without leading zeros; zero is empty.
    magnitude: Vec<u32>,
}

/// Ten to the ninth: the largest power of ten below 2³².
const CHUNK: u64 = 1_000_000_000;
const CHUNK_DIGITS: usize = 9;

impl Int {
    /// Longest decimal text that is read. Reading is quadratic, and no honest seed is longer.
    pub const MAX_DIGITS: usize = 4300;

    /// True for integers below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The magnitude as little-endian 32-bit words, at least one.
    pub fn words(&self) -> Vec<u32> {
        if self.magnitude.is_empty() { vec![0] } else { self.magnitude.clone() }
    }

    /// The value, where it fits an `i64`.
    pub fn to_i64(&self) -> Option<i64> {
        let magnitude = i128::try_from(self.magnitude_u128()?).ok()?;
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }

    /// The value, where it fits a `u64`.
    pub fn to_u64(&self) -> Option<u64> {
        if self.negative { None } else { u64::try_from(self.magnitude_u128()?).ok() }
    }

    /// The nearest `f64`; infinite beyond its range.
    pub fn to_f64(&self) -> f64 {
        match self.magnitude_u128() {
            // To the nearest, ties to even, as texts are read.
            Some(magnitude) if self.negative => -(magnitude as f64),
            Some(magnitude) => magnitude as f64,
            None => self.to_string().parse().unwrap_or(f64::NAN),
        }
    }

    fn magnitude_u128(&self) -> Option<u128> {
        if self.magnitude.len() > 4 {
            return None;
        }
        Some(self.magnitude.iter().rev().fold(0, |sum, &word| (sum << 32) | u128::from(word)))
    }
}

impl From<u128> for Int {
    fn from(mut value: u128) -> Self {
        let mut magnitude = Vec::new();
        while value > 0 {
            magnitude.push(value as u32);
            value >>= 32;
        }
        Int { negative: false, magnitude }
    }
}

impl From<i128> for Int {
    fn from(value: i128) -> Self {
        Int { negative: value < 0, ..Int::from(value.unsigned_abs()) }
    }
}

macro_rules! from_small {
    ($($small:ty => $wide:ty),*) => {$(
        impl From<$small> for Int {
            fn from(value: $small) -> Self {
                Int::from(<$wide>::from(value))
            }
        }
    )*};
}
from_small!(u8 => u128, u32 => u128, u64 => u128, i32 => i128, i64 => i128);

impl From<usize> for Int {
    fn from(value: usize) -> Self {
        Int::from(value as u128)
    }
}

/// The text is not a decimal integer of at most [`Int::MAX_DIGITS`] digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseIntError;

impl fmt::Display for ParseIntError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a decimal integer of at most {} digits", Int::MAX_DIGITS)
    }
}

impl std::error::Error for ParseIntError {}

impl FromStr for Int {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let decimal = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if !decimal || digits.len() > Self::MAX_DIGITS {
            return Err(ParseIntError);
        }
        let mut magnitude = Vec::new();
        let head = digits.len() % CHUNK_DIGITS;
        let (first, rest) = digits.as_bytes().split_at(head);
        for chunk in std::iter::once(first).chain(rest.chunks(CHUNK_DIGITS)) {
            let value = chunk.iter().fold(0, |sum, b| sum * 10 + u64::from(b - b'0'));
            multiply_add(&mut magnitude, CHUNK, value);
        }
        let negative = negative && !magnitude.is_empty();
        Ok(Int { negative, magnitude })
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.magnitude.clone();
        let mut chunks = Vec::new();
        while !rest.is_empty() {
            chunks.push(divide(&mut rest, CHUNK));
        }
        let mut text = String::new();
        for (i, chunk) in chunks.iter().rev().enumerate() {
            text += &if i == 0 { chunk.to_string() } else { format!("{chunk:09}") };
        }
        f.pad_integral(!self.negative, "", if text.is_empty() { "0" } else { &text })
    }
}

fn multiply_add(words: &mut Vec<u32>, factor: u64, addend: u64) {
    let mut carry = addend;
    for word in words.iter_mut() {
        let sum = u64::from(*word) * factor + carry;
        *word = sum as u32;
        carry = sum >> 32;
    }
    if carry > 0 {
        words.push(carry as u32);
    }
}

/// Divides in place and returns the remainder.
fn divide(words: &mut Vec<u32>, divisor: u64) -> u64 {
    let mut remainder = 0;
    for word in words.iter_mut().rev() {
        let dividend = (remainder << 32) | u64::from(*word);
        *word = (dividend / divisor) as u32;
        remainder = dividend % divisor;
    }
    while words.last() == Some(&0) {
        words.pop();
    }
    remainder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for text in [
            "0",
            "1",
            "-1",
            "999999999",
            "1000000000",
            "4294967296",
            "-170141183460469231731687303715884105728",
            "340282366920938463463374607431768211456",
            "803469022129498969137757608978168563365501098538956686609903",
        ] {
            assert_eq!(text.parse::<Int>().unwrap().to_string(), text);
        }
        assert_eq!("-000".parse::<Int>().unwrap(), Int::from(0_u32));
        for bad in ["", "-", "+1", "1.0", "0x1", " 1", "１", &"9".repeat(4301)] {
            assert_eq!(bad.parse::<Int>(), Err(ParseIntError), "{bad:.20}");
        }
    }

    #[test]
    fn machine_integers() {
        assert_eq!(Int::from(i64::MIN).to_i64(), Some(i64::MIN));
        assert_eq!(Int::from(u64::MAX).to_u64(), Some(u64::MAX));
        assert_eq!(Int::from(u64::MAX).to_i64(), None);
        assert_eq!(Int::from(-1_i64).to_u64(), None);
        assert_eq!(Int::from(i128::MIN).to_string(), i128::MIN.to_string());
        assert_eq!(Int::from(u128::MAX).words(), [u32::MAX; 4]);
        assert_eq!("1".repeat(400).parse::<Int>().unwrap().to_f64(), f64::INFINITY);
        assert_eq!(Int::from(-3_i32).to_f64(), -3.0);
        for text in [
            "9007199254740993",
            "-9007199254740995",
            "340282366920938463463374607431768211455",
            "18446744073709551617",
        ] {
            assert_eq!(text.parse::<Int>().unwrap().to_f64(), text.parse::<f64>().unwrap());
        }
    }
}
