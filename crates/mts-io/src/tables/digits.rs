//! Numbers as digits, and short texts: eight letters at a time, with no loop over them.

use crate::formats::write_float as write_any_float;

/// Appends the first `length` of some letters.
#[inline(always)]
pub(super) fn push_first<const N: usize>(letters: &[u8; N], length: usize, text: &mut Vec<u8>) {
    // All of them: a copy whose length is known beforehand calls nobody.
    text.extend_from_slice(letters);
    text.truncate(text.len() - (N - length));
}

/// What eight digits hold.
const EIGHT: u64 = 100_000_000;

const ZEROS: u64 = 0x3030_3030_3030_3030;

/// The digits of a number below 10⁸, the first of them in the lowest byte.
#[inline(always)]
fn eight(number: u64) -> u64 {
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    // Products by 10486/2²⁰ and 103/2¹⁰ are quotients by 100 and by 10, as far as numbers of four digits and of two go.
    let hundreds = ((halves * 10_486) >> 20) & 0x7f_0000_007f;
    let pairs = hundreds | ((halves - 100 * hundreds) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((pairs - 10 * tens) << 8)
}

/// Appends a whole number.
#[inline]
pub(super) fn write_integer(number: i64, text: &mut Vec<u8>) {
    if number < 0 {
        text.push(b'-');
    }
    write_size(number.unsigned_abs(), text);
}

#[inline]
fn write_size(size: u64, text: &mut Vec<u8>) {
    if size >= EIGHT {
        write_size(size / EIGHT, text);
        text.extend_from_slice(&(eight(size % EIGHT) + ZEROS).to_le_bytes());
    } else {
        let digits = eight(size);
        let zeros = (digits.trailing_zeros() / 8).min(7);
        push_first(&((digits >> (8 * zeros)) + ZEROS).to_le_bytes(), 8 - zeros as usize, text);
    }
}

/// Numbers of a fraction that is tried, and the most that is: fifteen digits are no other number's.
const PARTS: f64 = 10_000.0;
const MOST: f64 = 1e15;

/// Appends what `mts_hash::float_repr` returns of a finite number: prices and rates have a few digits behind the
/// point, which need no search for the shortest ones.
#[inline]
pub(super) fn write_float(value: f64, text: &mut Vec<u8>) {
    let size = value.abs();
    let parts = (size * PARTS + 0.5) as u64;
    if parts as f64 >= MOST || parts as f64 / PARTS != size {
        return write_any_float(text, value);
    }
    if value.is_sign_negative() {
        text.push(b'-');
    }
    write_size(parts / 10_000, text);
    let fraction = eight(parts % 10_000) >> 32;
    // The first digit behind the point is there in any case.
    let zeros = ((fraction as u32).leading_zeros() / 8).min(3);
    let letters = (fraction << 8) | 0x30_3030_3000 | u64::from(b'.');
    push_first(&letters.to_le_bytes(), 5 - zeros as usize, text);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn integer(number: i64) -> String {
        let mut text = Vec::new();
        write_integer(number, &mut text);
        String::from_utf8(text).unwrap()
    }

    fn float(value: f64) -> String {
        let mut text = Vec::new();
        write_float(value, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn numbers_of_eight_digits_are_those_of_the_library() {
        for number in (0..EIGHT).step_by(7) {
            let digits: Vec<u8> = (eight(number) + ZEROS).to_le_bytes().into();
            assert_eq!(digits, format!("{number:08}").into_bytes());
        }
    }

    #[test]
    fn numbers_of_any_length_are_those_of_the_library() {
        let powers = (0..19).map(|power| 10_i64.pow(power));
        let near = powers.flat_map(|power| [power - 1, power, power + 1, -power, 1 - power]);
        for number in near.chain([i64::MIN, i64::MAX]) {
            assert_eq!(integer(number), number.to_string());
        }
    }

    #[test]
    fn floats_of_few_digits_are_the_shortest() {
        for parts in (0_u64..3_000_000).chain((0..1_000_000).map(|step| step * 1_000_000_007)) {
            for value in [parts as f64 / 10_000.0, parts as f64 / 1000.0] {
                assert_eq!(float(value), mts_hash::float_repr(value));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_float_is_the_shortest(bits: u64, scale in -8_i32..20, digits in 0_u64..1_000_000) {
            let decimal: f64 = format!("{digits}e{scale}").parse().unwrap();
            let next = f64::from_bits(decimal.to_bits() + 1);
            for value in [f64::from_bits(bits), decimal, -decimal, next, 0.0, -0.0] {
                if value.is_finite() {
                    prop_assert_eq!(float(value), mts_hash::float_repr(value));
                }
            }
        }

        #[test]
        fn any_integer_is_that_of_the_library(number: i64, shift in 0_u32..64) {
            prop_assert_eq!(integer(number >> shift), (number >> shift).to_string());
        }
    }
}
