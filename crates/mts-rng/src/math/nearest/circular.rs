//! The cosine and its inverse.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

use super::{ROUND, head, wide};

/// cos and sin of i/32: a double, its leading bits, and what it lacks.
#[derive(Clone, Copy)]
struct Angle {
    cos: f64,
    cos_head: f64,
    cos_low: f64,
    sin: f64,
    sin_head: f64,
    sin_low: f64,
}

static ANGLES: [Angle; 26] = {
    let zero = Angle { cos: 1.0, cos_head: 1.0, cos_low: 0.0, sin: 0.0, sin_head: 0.0, sin_low: 0.0 };
    let mut table = [zero; 26];
    let mut i = 0;
    while i < 26 {
        let (cos, sin) = wide::cos_sin(i as f64 / 32.0);
        table[i] = Angle {
            cos: cos.high,
            cos_head: head(cos.high),
            cos_low: cos.low,
            sin: sin.high,
            sin_head: head(sin.high),
            sin_low: sin.low,
        };
        i += 1;
    }
    table
};

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
    let quadrant = (x * FRAC_2_PI + ROUND) - ROUND;
    let (main, correction) = (x - quadrant * FRAC_PI_2, -quadrant * FRAC_PI_2_LOW);
    let r = main + correction;
    let low = (main - r) + correction;
    let below = r < 0.0;
    let (r, low) = if below { (-r, -low) } else { (r, low) };

    // angle = i/32 + d + low.
    let shifted = r * 32.0 + ROUND;
    let angle = &ANGLES[(shifted.to_bits() & 31) as usize];
    let d = r - (shifted - ROUND) * (1.0 / 32.0);
    let d2 = d * d;
    let sine_rest = low - d * d2 * (1.0 / 6.0 - d2 * (1.0 / 120.0 - d2 * (1.0 / 5040.0)));
    let versine = d * low + d2 * (0.5 - d2 * (1.0 / 24.0 - d2 * (1.0 / 720.0 - d2 * (1.0 / 40320.0))));

    let short = head(d);
    if quadrant == 1.0 {
        // -+ sin(i/32 + d) = -+ (sin + cos·d …)
        let product = angle.cos_head * short;
        let high = angle.sin + product;
        let lost = (angle.sin - high) + product;
        let linear = angle.cos_head * (d - short) + ((angle.cos - angle.cos_head) + angle.cos_low) * d;
        let low = lost + (angle.sin_low + linear + angle.cos * sine_rest - angle.sin * versine);
        if below { (high, low) } else { (-high, -low) }
    } else {
        // ± cos(i/32 + d) = ± (cos - sin·d …)
        let product = angle.sin_head * short;
        let high = angle.cos - product;
        let lost = (angle.cos - high) - product;
        let linear = angle.sin_head * (d - short) + ((angle.sin - angle.sin_head) + angle.sin_low) * d;
        let low = lost + (angle.cos_low - linear - angle.sin * sine_rest - angle.cos * versine);
        if quadrant == 0.0 { (high, low) } else { (-high, -low) }
    }
}

/// The angle in [0, π] whose cosine is x, for x in [-1, 1].
#[inline]
pub(crate) fn acos(x: f64) -> f64 {
    // One step of Newton from a value that may be a unit off.
    let guess = libm::acos(x);
    let sine = ((1.0 - x) * (1.0 + x)).sqrt();
    if sine == 0.0 || x.is_nan() {
        return guess;
    }
    let excess = if guess < 0.125 {
        let short = head(guess);
        let square = guess * guess;
        let eighth = 1.0 / 40320.0 - square * (1.0 / 3_628_800.0 - square * (1.0 / 479_001_600.0));
        let quartic = square * square * (1.0 / 24.0 - square * (1.0 / 720.0 - square * eighth));
        ((1.0 - x) - 0.5 * short * short) - (0.5 * (guess - short) * (guess + short) - quartic)
    } else {
        let (high, low) = cos_parts(guess);
        (high - x) + low
    };
    guess + excess / sine
}
