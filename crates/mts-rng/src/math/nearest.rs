//! Elementary functions that miss the nearest double about once in a thousand calls.
//!
//! NumPy's laws take `exp`, `log`, `pow`, `cos` and `acos` from the C library of their platform. Those of
//! today round nearly always to the nearest double; to give the same bits a function of ours must do so too.
//! Errors stay below 0.505 units in the last place (`exp`, `pow`) and 0.502 (the others). No operation is fused,
//! so that a build for any processor runs at full speed and gives the same bits.
//!
//! Method: a table of values at nearby short arguments, made at compile time with 106 bits ([`wide`]); the
//! distance to them exact or in two parts; a Taylor polynomial for what remains; and a last addition of a small
//! correction to an exact leading part.

mod circular;
mod wide;

use std::f64::consts::LN_2;

pub(crate) use circular::{acos_from, cos};
use wide::Wide;

/// 1.5·2⁵²: a sum with it is rounded to an integer, whose two's complement is in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// The leading 26 bits: products of two such numbers, and of one with 27 bits, are exact.
#[inline(always)]
const fn head(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !0x07ff_ffff)
}

/// 2^(i/128): a double, and what it lacks as a fraction of it.
static POWERS: [(f64, f64); 128] = {
    let mut table = [(1.0, 0.0); 128];
    let mut i = 0;
    while i < 128 {
        let power = wide::exp(Wide::LN_2.times(Wide::new(i as f64 / 128.0)));
        table[i] = (power.high, power.low / power.high);
        i += 1;
    }
    table
};

/// Largest exponent that [`exp_of_sum`] takes: overflow and subnormal results lie beyond.
const EXP_LIMIT: f64 = 700.0;

/// eˣ.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    if x.abs() < EXP_LIMIT { exp_of_sum(x, 0.0) } else { far(libm::exp, x) }
}

/// eˣ without branches, NaN where [`exp`] has to ask another function.
#[inline(always)]
pub(crate) fn exp_or_nan(x: f64) -> f64 {
    let y = exp_of_sum(x, 0.0);
    if x.abs() < EXP_LIMIT { y } else { f64::NAN }
}

/// exp(x + low) for `|x| < EXP_LIMIT` and a small `low`.
#[inline(always)]
fn exp_of_sum(x: f64, low: f64) -> f64 {
    // ln 2 / 128 in two parts; multiples of the first are exact as long as they stay below EXP_LIMIT.
    const STEP: f64 = f64::from_bits((LN_2 / 128.0).to_bits() & !0x0007_ffff);
    const STEP_LOW: f64 = (LN_2 / 128.0 - STEP) + Wide::LN_2.low / 128.0;

    let shifted = x * (128.0 / LN_2) + ROUND;
    let steps = shifted - ROUND;
    let (main, rest) = (x - steps * STEP, low - steps * STEP_LOW);
    let r = main + rest;
    let (power, lacking) = POWERS[(shifted.to_bits() & 127) as usize];
    let r2 = r * r;
    let curvature = r2 * (0.5 + r * (1.0 / 6.0)) + r2 * r2 * (1.0 / 24.0 + r * (1.0 / 120.0));
    let growth = main + (rest + lacking + curvature);
    let scale = f64::from_bits(power.to_bits().wrapping_add((shifted.to_bits() >> 7) << 52));
    scale + scale * growth
}

/// Lower end of the interval [0.6875, 1.375) to which [`ln_parts`] scales its argument.
const EDGE: u64 = 0x3fe6_0000_0000_0000;

/// Rounds to a multiple of 2⁻⁴²: sums of such numbers below 2¹⁰ are exact.
const fn coarse(x: f64) -> f64 {
    (x + 1536.0) - 1536.0
}

const LN_2_COARSE: f64 = coarse(LN_2);
const LN_2_REST: f64 = (LN_2 - LN_2_COARSE) + Wide::LN_2.low;

/// A short number, its reciprocal, and its logarithm in two parts.
#[derive(Clone, Copy)]
struct Cell {
    centre: f64,
    inverse: f64,
    ln: f64,
    ln_rest: f64,
}

static CELLS: [Cell; 128] = {
    let mut table = [Cell { centre: 1.0, inverse: 1.0, ln: 0.0, ln_rest: 0.0 }; 128];
    let mut i = 0;
    while i < 128 {
        let left = f64::from_bits(EDGE + ((i as u64) << 45));
        let right = f64::from_bits(EDGE + ((i as u64 + 1) << 45));
        // The cells that meet at 1 have their centre there: no cancellation where the logarithm is small.
        if left != 1.0 && right != 1.0 {
            let centre = (left + right) / 2.0;
            let ln = wide::ln(centre);
            let main = coarse(ln.high);
            table[i] = Cell { centre, inverse: 1.0 / centre, ln: main, ln_rest: (ln.high - main) + ln.low };
        }
        i += 1;
    }
    table
};

/// x = centre·2^exponent·(1 + r).
struct Split {
    /// exponent·ln 2 + ln centre: the part that is a multiple of 2⁻⁴², and the rest.
    base: f64,
    base_rest: f64,
    r: f64,
    cell: &'static Cell,
    /// centre·r, exact.
    distance: f64,
}

impl Split {
    /// For positive normal x.
    #[inline(always)]
    const fn of(x: f64) -> Self {
        let offset = x.to_bits().wrapping_sub(EDGE);
        let cell = &CELLS[(offset >> 45 & 127) as usize];
        // Through 32 bits: there is no vector instruction from 64.
        let exponent = ((offset >> 32) as i32 >> 20) as f64;
        let z = f64::from_bits(x.to_bits().wrapping_sub(offset & (0xfff << 52)));
        let distance = z - cell.centre;
        Split {
            base: exponent * LN_2_COARSE + cell.ln,
            base_rest: exponent * LN_2_REST + cell.ln_rest,
            r: distance * cell.inverse,
            cell,
            distance,
        }
    }

    /// What a short part of r lacks; its product with the centre is exact.
    #[inline(always)]
    const fn beyond(&self, short: f64) -> f64 {
        (self.distance - short * self.cell.centre) * self.cell.inverse
    }
}

/// (ln(1 + r) - r + r²/2) / r³.
#[inline(always)]
const fn cubic(r: f64) -> f64 {
    let r2 = r * r;
    let low = 1.0 / 3.0 - r * (1.0 / 4.0);
    let middle = 1.0 / 5.0 - r * (1.0 / 6.0);
    low + r2 * (middle + r2 * ((1.0 / 7.0 - r * (1.0 / 8.0)) + r2 * (1.0 / 9.0)))
}

/// Whether a number is positive, normal and finite.
#[inline(always)]
fn is_plain(x: f64) -> bool {
    const LEAST: u64 = f64::MIN_POSITIVE.to_bits();
    x.to_bits().wrapping_sub(LEAST) < f64::INFINITY.to_bits() - LEAST
}

/// The natural logarithm.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    if is_plain(x) { ln_plain(x) } else { far(libm::log, x) }
}

/// The natural logarithm of a positive normal number.
#[inline(always)]
pub(crate) const fn ln_plain(x: f64) -> f64 {
    let split = Split::of(x);
    let r = split.r;
    // r as a multiple of 2⁻³³, which makes the sum with the base exact, and the rest.
    let short = (r + 786_432.0) - 786_432.0;
    (split.base + short) + ((split.base_rest + split.beyond(short)) + r * r * (r * cubic(r) - 0.5))
}

/// ln x as a sum that is good to 2⁻⁶⁷ of it, for positive normal x.
#[inline(always)]
fn ln_parts(x: f64) -> (f64, f64) {
    let split = Split::of(x);
    let r = split.r;
    let short = head(r);
    let beyond = split.beyond(short);
    // Largest first, what each sum loses kept; the square is exact.
    let linear = split.base + short;
    let lost = (split.base - linear) + short;
    let square = -0.5 * short * short;
    let high = linear + square;
    let lost = lost + ((linear - high) + square);
    let small = split.base_rest + (beyond - 0.5 * beyond * (short + r));
    (high, lost + (small + r * r * r * cubic(r)))
}

/// x to the power y.
#[inline(always)]
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    if is_plain(x) {
        let (exponent, rest) = exponent_of_power(x, y);
        if exponent.abs() < EXP_LIMIT {
            return exp_of_sum(exponent, rest);
        }
    }
    far_pow(x, y)
}

/// x to the power y without branches, NaN where [`pow`] has to ask another function.
#[inline(always)]
pub(crate) fn pow_or_nan(x: f64, y: f64) -> f64 {
    let (exponent, rest) = exponent_of_power(x, y);
    let power = exp_of_sum(exponent, rest);
    if is_plain(x) & (exponent.abs() < EXP_LIMIT) { power } else { f64::NAN }
}

/// y·ln x in two parts for positive normal x. The first is not below [`EXP_LIMIT`] where y is infinite or NaN.
#[inline(always)]
fn exponent_of_power(x: f64, y: f64) -> (f64, f64) {
    let (high, low) = ln_parts(x);
    let (ln_head, y_head) = (head(high), head(y));
    (ln_head * y_head, ln_head * (y - y_head) + y * ((high - ln_head) + low))
}

/// ln k! for k < 126.
pub(crate) const fn ln_factorials() -> [f64; 126] {
    let mut table = [0.0; 126];
    let mut sum = Wide::new(0.0);
    let (mut k, mut power) = (1_u32, 0);
    while k < 126 {
        // k = 2^power·m with m in [1/√2, √2).
        while (k * k) >> (2 * power) >= 2 {
            power += 1;
        }
        let scaled = k as f64 / (1_u32 << power) as f64;
        sum = sum.plus(wide::ln(scaled)).plus(Wide::LN_2.times(Wide::new(power as f64)));
        table[k as usize] = sum.high;
        k += 1;
    }
    table
}

#[cold]
#[inline(never)]
fn far(function: fn(f64) -> f64, x: f64) -> f64 {
    function(x)
}

#[cold]
#[inline(never)]
fn far_pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{E, FRAC_PI_2, PI};

    use super::*;

    fn acos(x: f64) -> f64 {
        acos_from(libm::acos(x), x)
    }

    /// The nearest doubles, from 200 bits of mpmath.
    #[test]
    fn nearest_doubles() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(1.0), E);
        assert_eq!(exp(-LN_2), 0.5);
        assert_eq!(exp(699.9), 9.177151136957067e+303);
        assert_eq!(exp(-650.25), 3.9811921806329143e-283);
        assert_eq!(exp(1e-17), 1.0);
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(2.0), LN_2);
        assert_eq!(ln(0.9999999999999999), -1.1102230246251565e-16);
        assert_eq!(ln(1.0000000000000002), 2.2204460492503128e-16);
        assert_eq!(ln(1e-300), -690.7755278982137);
        assert_eq!(ln(1.3749999999999998), 0.3184537311185345);
        assert_eq!(ln(0.6875), -0.3746934494414107);
        assert_eq!(pow(0.3, 3.3333333333333335), 0.018074689652218572);
        assert_eq!(pow(2.0, -1022.0), 2.2250738585072014e-308);
        assert_eq!(pow(0.9999999999999999, 1e+17), 1.5078657172714957e-05);
        assert_eq!(pow(1e-200, 0.01), 0.009999999999999998);
        assert_eq!(pow(7.5, 0.0), 1.0);
        assert_eq!(cos(0.0), 1.0);
        assert_eq!(cos(0.7), 0.7648421872844885);
        assert_eq!(cos(FRAC_PI_2), 6.123233995736766e-17);
        assert_eq!(cos(2.0), -0.4161468365471424);
        assert_eq!(cos(PI), -1.0);
        assert_eq!(acos(1.0), 0.0);
        assert_eq!(acos(-1.0), PI);
        assert_eq!(acos(0.0), FRAC_PI_2);
        assert_eq!(acos(0.9999999999999999), 1.4901161193847656e-08);
        assert_eq!(acos(0.992), 0.12657558596272397);
        assert_eq!(acos(-0.6), 2.214297435588181);
    }

    /// Where the forms for loops know a value it is that of the others; elsewhere they say so.
    #[test]
    fn forms_for_loops() {
        let mut rng = crate::Rng::from_seed(2_u64);
        for i in 0..200_000 {
            let x = match i % 4 {
                0 => rng.random(),
                1 => 1500.0 * (rng.random() - 0.5),
                2 => exp(1400.0 * (rng.random() - 0.5)),
                _ => f64::from_bits(rng.next_u64()),
            };
            let y = 20.0 * (rng.random() - 0.5) / ln(x);
            for y in [y, 40.0 * y, 1.0 / 3.0, x, f64::INFINITY, f64::NAN] {
                let power = pow_or_nan(x, y);
                assert!(power.is_nan() || power.to_bits() == pow(x, y).to_bits(), "{x} {y}");
                let easy = (1e-300..1e300).contains(&x) && (y * ln(x)).abs() < 699.0;
                assert!(!(easy && power.is_nan()), "{x} {y}");
            }
            let value = exp_or_nan(x);
            assert!(value.is_nan() || value.to_bits() == exp(x).to_bits(), "{x}");
            assert_eq!(value.is_nan(), x.abs() >= EXP_LIMIT || x.is_nan());
        }
    }

    #[test]
    fn special_values() {
        assert_eq!(exp(f64::INFINITY), f64::INFINITY);
        assert_eq!(exp(-1e9), 0.0);
        assert!(exp(f64::NAN).is_nan() && ln(f64::NAN).is_nan() && ln(-1.0).is_nan());
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        assert_eq!(ln(5e-324), -744.4400719213812);
        assert_eq!(pow(0.0, 2.0), 0.0);
        assert_eq!(pow(0.5, f64::INFINITY), 0.0);
        assert_eq!(pow(2.0, 5000.0), f64::INFINITY);
        assert_eq!(pow(2.0, -1074.0), 5e-324);
        assert_eq!(pow(0.5, 1e300), 0.0);
        assert_eq!(pow(1.0, 1e300), 1.0);
        assert!(pow(2.0, f64::NAN).is_nan() && acos(1.1).is_nan());
    }

    /// libm errs by less than one unit, these by little more than half of one: they are neighbours.
    #[test]
    fn neighbours_of_libm() {
        let near = |ours: f64, theirs: f64, label: &str, x: f64, y: f64| {
            assert!(ours.to_bits().abs_diff(theirs.to_bits()) <= 1, "{label} {x} {y}: {ours} {theirs}");
        };
        let mut rng = crate::Rng::from_seed(1_u64);
        for _ in 0..200_000 {
            let (u, v) = (rng.random(), rng.random());
            for x in [u, 1.0 + (u - 0.5) * 1e-3, 1.0 - u * 1e-12, libm::exp(1400.0 * (u - 0.5))] {
                near(ln(x), libm::log(x), "ln", x, 0.0);
                let y = 600.0 * (v - 0.5) / libm::log(x);
                near(pow(x, y), libm::pow(x, y), "pow", x, y);
            }
            for x in [u - 0.5, 1390.0 * (u - 0.5), 1e-5 * v] {
                near(exp(x), libm::exp(x), "exp", x, 0.0);
            }
            for x in [PI * u, u * v * 0.1] {
                near(cos(x), libm::cos(x), "cos", x, 0.0);
            }
            for x in [2.0 * u - 1.0, 1.0 - u * u * 1e-3, u * v * 1e-9] {
                near(acos(x), libm::acos(x), "acos", x, 0.0);
            }
        }
    }
}
