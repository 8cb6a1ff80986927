//! The cosine and its inverse.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};
use std::hint::select_unpredictable;

use super::wide::{self, Wide};
use super::{ROUND, head};

/// A function near i/32, where its value is `value + value_low` and its slope `slope_head + slope_rest`, about `slope`.
#[derive(Clone, Copy)]
struct Near {
    value: f64,
    value_low: f64,
    slope: f64,
    slope_head: f64,
    slope_rest: f64,
}

/// The cosine near i/32, and then the sine: up to π/4, in as much room as the bits of an index can ask for.
static ANGLES: [Near; 64] = {
    let zero = Near { value: 1.0, value_low: 0.0, slope: 0.0, slope_head: 0.0, slope_rest: 0.0 };
    let mut table = [zero; 64];
    let mut i = 0;
    while i < 26 {
        let (cos, sin) = wide::cos_sin(i as f64 / 32.0);
        table[i] = near(cos, Wide { high: -sin.high, low: -sin.low });
        table[32 + i] = near(sin, cos);
        i += 1;
    }
    table
};

const fn near(value: Wide, slope: Wide) -> Near {
    let slope_head = head(slope.high);
    Near {
        value: value.high,
        value_low: value.low,
        slope: slope.high,
        slope_head,
        slope_rest: (slope.high - slope_head) + slope.low,
    }
}

/// cos x for x in [0, π].
#[inline]
pub(crate) fn cos(x: f64) -> f64 {
    let (high, low) = cos_parts(x);
    high + low
}

/// cos x as a sum, for x in [0, π]; the first part is within 1/64 of a value of the table.
#[inline(always)]
fn cos_parts(x: f64) -> (f64, f64) {
    /// π/2 - FRAC_PI_2.
    const FRAC_PI_2_LOW: f64 = 6.123_233_995_736_766e-17;

    // x = quadrant·π/2 ± angle, angle = r + low in [0, π/4].
    let quarters = x * FRAC_2_PI + ROUND;
    let quadrant = quarters - ROUND;
    let (main, correction) = (x - quadrant * FRAC_PI_2, -quadrant * FRAC_PI_2_LOW);
    let r = main + correction;
    let low = (main - r) + correction;
    let below = r < 0.0;
    let low = select_unpredictable(below, -low, low);
    let r = r.abs();

    // angle = i/32 + d + low.
    let shifted = r * 32.0 + ROUND;
    let odd = quarters.to_bits() & 1;
    let near = &ANGLES[(shifted.to_bits() & 31 | odd << 5) as usize];
    let d = r - (shifted - ROUND) * (1.0 / 32.0);
    let d2 = d * d;
    let sine_rest = low - d * d2 * (1.0 / 6.0 - d2 * (1.0 / 120.0 - d2 * (1.0 / 5040.0)));
    let versine = d * low + d2 * (0.5 - d2 * (1.0 / 24.0 - d2 * (1.0 / 720.0 - d2 * (1.0 / 40320.0))));

    // cos(i/32 + d) = cos - sin·d …, or sin(i/32 + d) = sin + cos·d …
    let short = head(d);
    let product = near.slope_head * short;
    let high = near.value + product;
    let lost = (near.value - high) + product;
    let linear = near.slope_head * (d - short) + near.slope_rest * d;
    let low = lost + (near.value_low + linear + near.slope * sine_rest - near.value * versine);
    let positive = (quadrant == 0.0) | ((odd == 1) & below);
    (select_unpredictable(positive, high, -high), select_unpredictable(positive, low, -low))
}

/// The angle in [0, π] whose cosine is x, for x in [-1, 1], from `libm::acos(x)`, which may be a unit off: one step
/// of Newton.
#[inline(always)]
pub(crate) fn acos_from(guess: f64, x: f64) -> f64 {
    let sine = ((1.0 - x) * (1.0 + x)).sqrt();
    let short = head(guess);
    let square = guess * guess;
    let eighth = 1.0 / 40320.0 - square * (1.0 / 3_628_800.0 - square * (1.0 / 479_001_600.0));
    let quartic = square * square * (1.0 / 24.0 - square * (1.0 / 720.0 - square * eighth));
    let small = ((1.0 - x) - 0.5 * short * short) - (0.5 * (guess - short) * (guess + short) - quartic);
    let (high, low) = cos_parts(guess);
    let excess = select_unpredictable(guess < 0.125, small, (high - x) + low);
    if sine == 0.0 { guess } else { guess + excess / sine }
}
