//! `round` as Python does it: to the nearest decimal of the exact value, and of two as near to the even one.

/// 10ⁿ as far as doubles have it exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Adding it to a number below 2⁵¹ and subtracting it again leaves the nearest integer, of two the even one:
/// `round_ties_even`, which is a call where the processor does not have it.
const SHIFT: f64 = 6_755_399_441_055_744.0;

/// 2⁵¹.
const LARGE: f64 = 2_251_799_813_685_248.0;

/// To `digits` decimals, or to tens, hundreds, … where that is negative. Of finite numbers only; infinite where the
/// decimal is beyond all doubles.
#[inline]
pub(crate) fn round(x: f64, digits: i64) -> f64 {
    match usize::try_from(digits) {
        Ok(digits) if digits < POWERS.len() => {
            let power = POWERS[digits];
            let scaled = x * power;
            if scaled.abs() < LARGE {
                let nearest = scaled + SHIFT - SHIFT;
                let nearest = settle(scaled, nearest, || x.mul_add(power, -scaled));
                return (nearest / power).copysign(x);
            }
        }
        Ok(_) => {}
        Err(_) => {
            if let Some(&power) = POWERS.get(digits.unsigned_abs() as usize) {
                let scaled = x / power;
                if scaled.abs() < LARGE {
                    let nearest = scaled + SHIFT - SHIFT;
                    let nearest = settle(scaled, nearest, || (-scaled).mul_add(power, x));
                    return (nearest * power).copysign(x);
                }
            }
        }
    }
    by_digits(x, digits)
}

/// To an integer, not necessarily one of 64 bits.
#[inline]
pub(super) fn round_whole(x: f64) -> f64 {
    x.round_ties_even()
}

/// The integer nearest to a number that was `scaled`, which is known to the last bit, from the one nearest to
/// `scaled`. They differ only where `scaled` lies halfway, for every other double below 2⁵¹ is further from there
/// than rounding moved it; then the sign of what was `lost` decides.
#[inline]
fn settle(scaled: f64, nearest: f64, lost: impl Fn() -> f64) -> f64 {
    let over = scaled - nearest;
    if over.abs() != 0.5 {
        return nearest;
    }
    let lost = lost();
    if lost == 0.0 {
        nearest
    } else if lost > 0.0 {
        scaled + 0.5
    } else {
        scaled - 0.5
    }
}

/// By its decimal digits, of which a double has finitely many.
#[cold]
fn by_digits(x: f64, digits: i64) -> f64 {
    // Every double ends before the 1075th decimal, and begins after the 309th digit.
    if x == 0.0 || digits > 1_074 {
        return x;
    }
    if digits < -309 {
        return 0.0_f64.copysign(x);
    }
    let exact = format!("{:.1074}", x.abs());
    let point = exact.find('.').unwrap_or(exact.len());
    let mut figures: Vec<u8> = exact.bytes().filter(u8::is_ascii_digit).collect();
    // Room for a carry, and for all the tens that are asked for.
    let front = 310_usize.saturating_sub(point) + 1;
    figures.splice(0..0, std::iter::repeat_n(b'0', front));
    let cut = (front + point).saturating_add_signed(digits as isize);
    let (kept, dropped) = figures.split_at(cut.min(figures.len()));
    let half = dropped.first().map_or(std::cmp::Ordering::Less, |first| {
        first.cmp(&b'5').then_with(|| {
            if dropped[1..].iter().any(|c| *c != b'0') {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        })
    });
    let odd = kept.last().is_some_and(|last| (last - b'0') % 2 == 1);
    let up = half.is_gt() || half.is_eq() && odd;
    let mut kept = kept.to_vec();
    if up {
        for figure in kept.iter_mut().rev() {
            if *figure == b'9' {
                *figure = b'0';
            } else {
                *figure += 1;
                break;
            }
        }
    }
    let text: String = kept.iter().map(|c| char::from(*c)).collect();
    let rounded: f64 = format!("{text}e{}", -digits).parse().unwrap_or(x);
    rounded.copysign(x)
}

/// To tens, hundreds, …; exactly. Nothing where it does not fit.
pub(super) fn round_integer(x: i64, digits: i64) -> Option<i64> {
    if digits >= 0 || x == 0 {
        return Some(x);
    }
    // Half of 10²⁰ is beyond 64 bits.
    if digits < -19 {
        return Some(0);
    }
    let power = 10_i128.pow(-digits as u32);
    let x = i128::from(x);
    let (down, rest) = (x.div_euclid(power), x.rem_euclid(power));
    let up = rest * 2 > power || rest * 2 == power && down % 2 != 0;
    i64::try_from((down + i128::from(up)) * power).ok()
}
