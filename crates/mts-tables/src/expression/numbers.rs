//! Arithmetic as Python does it.

/// A float, and whether it is one.
#[inline]
pub(super) fn finite(x: f64) -> (f64, bool) {
    (x, x.is_finite())
}

/// A value, and whether it is there.
#[inline]
pub(super) fn there<T: Default>(x: Option<T>) -> (T, bool) {
    x.map_or((T::default(), false), |x| (x, true))
}

/// The integer part, where it fits 64 bits.
#[inline]
pub(super) fn whole(x: f64) -> (i64, bool) {
    const END: f64 = 9_223_372_036_854_775_808.0;
    (x as i64, (-END..END).contains(&x))
}

pub(super) fn floor_divide_integers(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

pub(super) fn modulo_integers(a: i64, b: i64) -> Option<i64> {
    if b == 0 {
        return None;
    }
    let rest = a.wrapping_rem(b);
    Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
}

/// The double nearest to the quotient; not finite where there is none.
#[inline]
pub(super) fn divide_integers(a: i64, b: i64) -> f64 {
    const EXACT: u64 = 1 << 53;
    if a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT {
        return a as f64 / b as f64;
    }
    divide_large(a, b)
}

#[cold]
fn divide_large(a: i64, b: i64) -> f64 {
    if a == 0 || b == 0 {
        return a as f64 / b as f64;
    }
    // A quotient of 64 bits or more; its last bit stands for all that follow, so that converting rounds once.
    let (above, below) = (u128::from(a.unsigned_abs()), u128::from(b.unsigned_abs()));
    let shift = above.leading_zeros();
    let above = above << shift;
    let quotient = (above / below) | u128::from(above % below != 0);
    let scale = f64::from_bits(u64::from(1023 - shift) << 52);
    let value = quotient as f64 * scale;
    if (a < 0) == (b < 0) { value } else { -value }
}

/// Python's `float // float`; not finite where there is none.
pub(super) fn floor_divide(a: f64, b: f64) -> f64 {
    if b == 0.0 {
        return f64::NAN;
    }
    let rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest != 0.0 && (rest < 0.0) != (b < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0.0_f64.copysign(a / b);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

/// Python's `float % float`: with the sign of the divisor; not finite where there is none.
pub(super) fn modulo(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        0.0_f64.copysign(b)
    } else if (rest < 0.0) != (b < 0.0) {
        rest + b
    } else {
        rest
    }
}
