//! Numbers as the shortest text that reads back exactly.

use super::Syntax;

/// Writes what `mts_hash::float_repr` returns where `value` is finite.
pub(super) fn write_f64(text: &mut Vec<u8>, value: f64, syntax: &Syntax) {
    if value.is_finite() { write_float(text, value) } else { write_special(text, value, syntax) }
}

/// Writes what `mts_hash::float_repr` returns of a finite value, mostly without its allocations.
pub(crate) fn write_float(text: &mut Vec<u8>, value: f64) {
    let size = value.abs();
    if (1e-4..1e16).contains(&size) || size == 0.0 {
        text.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    } else if !write_scientific(text, zmij::Buffer::new().format_finite(value)) {
        text.extend_from_slice(mts_hash::float_repr(value).as_bytes());
    }
}

/// The one number, of all 2³¹ that were tried, whose shortest text becomes another if it is read as double
/// precision and rounded then, as every reader does: 7.038531e-26.
const ROUNDED_TWICE: u32 = 0x15ae_43fd;

/// The shortest text that reads back as `value` where it is read as single precision.
pub(super) fn write_f32(text: &mut Vec<u8>, value: f32, syntax: &Syntax) {
    let mut buffer = zmij::Buffer::new();
    if !value.is_finite() {
        return write_special(text, f64::from(value), syntax);
    }
    if value.abs().to_bits() == ROUNDED_TWICE {
        return write_f64(text, f64::from(value), syntax);
    }
    let digits = buffer.format_finite(value);
    if !write_scientific(text, digits) {
        text.extend_from_slice(digits.as_bytes());
    }
}

fn write_special(text: &mut Vec<u8>, value: f64, syntax: &Syntax) {
    if value == f64::NEG_INFINITY {
        text.push(b'-');
    }
    let word = if value.is_nan() { syntax.missing } else { syntax.infinite };
    text.extend_from_slice(word.as_bytes());
}

/// The same digits with an exponent as Python writes it: a sign and two digits at least. False where
/// there is none.
fn write_scientific(text: &mut Vec<u8>, digits: &str) -> bool {
    let Some((mantissa, exponent)) = digits.split_once('e') else { return false };
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => (b'-', digits),
        None => (b'+', exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    text.extend_from_slice(mantissa.as_bytes());
    text.extend_from_slice(&[b'e', sign]);
    if digits.len() == 1 {
        text.push(b'0');
    }
    text.extend_from_slice(digits.as_bytes());
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn syntax() -> Syntax {
        Syntax { pieces: Vec::new(), missing: "nan", infinite: "inf" }
    }

    fn repr(value: f64) -> String {
        let mut text = Vec::new();
        write_f64(&mut text, value, &syntax());
        String::from_utf8(text).unwrap()
    }

    fn single(value: f32) -> String {
        let mut text = Vec::new();
        write_f32(&mut text, value, &syntax());
        String::from_utf8(text).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn floats_are_as_python_writes_them(bits in any::<u64>(), scale in -8_i32..20, digits in 0_u64..1_000_000) {
            let decimal: f64 = format!("{digits}e{scale}").parse().unwrap();
            for value in [f64::from_bits(bits), decimal, -decimal, 1.0 / decimal] {
                prop_assert_eq!(repr(value), mts_hash::float_repr(value));
            }
        }

        /// Readers take numbers for double precision, and round afterwards.
        #[test]
        fn single_precision_survives_double(bits in any::<u32>()) {
            let value = f32::from_bits(bits);
            let read = single(value).parse::<f64>().unwrap() as f32;
            prop_assert!(read.to_bits() == value.to_bits() || value.is_nan() && read.is_nan());
        }
    }

    #[test]
    fn ties_are_as_python_writes_them() {
        for (value, text) in [
            (24_427_323_132_197.0 + 0.0625, "24427323132197.062"),
            (24_427_323_132_197.0 + 0.1875, "24427323132197.188"),
            (-24_427_323_132_197.0 - 0.5625, "-24427323132197.562"),
        ] {
            assert_eq!(repr(value), text);
        }
    }

    #[test]
    fn every_exponent_is_as_python_writes_it() {
        for exponent in -330..310 {
            for mantissa in ["1", "1.5", "9.999999999999999", "-1.7976931348623157"] {
                let value: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
                assert_eq!(repr(value), mts_hash::float_repr(value));
            }
        }
        for value in
            [0.0, -0.0, 5e-324, f64::MIN_POSITIVE, f64::MAX, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]
        {
            assert_eq!(repr(value), mts_hash::float_repr(value));
        }
    }

    #[test]
    fn single_precision_is_short() {
        for (value, text) in [
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (3.402_823_5e38, "3.4028235e+38"),
            (1e-45, "1e-45"),
            (1e-7, "1e-07"),
            (f32::from_bits(ROUNDED_TWICE), "7.038530691851209e-26"),
            (-f32::from_bits(ROUNDED_TWICE), "-7.038530691851209e-26"),
            (f32::NAN, "nan"),
            (f32::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(single(value), text);
        }
    }
}
