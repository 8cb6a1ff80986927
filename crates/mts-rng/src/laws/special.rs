//! Logarithms of factorials, as NumPy's rejection tests take them.

use crate::math::nearest::{ln, ln_factorials, ln_plain};

/// ln Γ(x) for x >= 1: Stirling's series from 7 on, recurrence below.
pub(super) fn ln_gamma(x: f64) -> f64 {
    /// B₂ₖ / (2k(2k - 1)) for k = 1 to 10.
    const STIRLING: [f64; 10] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -0.02955065359477124,
        0.1796443723688307,
        -1.3924322169059,
    ];
    const LN_TAU: f64 = 1.837_877_066_409_345_3;

    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let shift = if x < 7.0 { (7.0 - x).trunc() } else { 0.0 };
    let mut top = x + shift;
    let inverse_square = (1.0 / top) * (1.0 / top);
    let series = STIRLING.iter().rev().copied().reduce(|sum, term| sum * inverse_square + term);
    let series = series.unwrap_or_default();
    let mut value = series / top + 0.5 * LN_TAU + (top - 0.5) * ln(top) - top;
    for _ in 0..shift as u32 {
        value -= ln(top - 1.0);
        top -= 1.0;
    }
    value
}

/// ln k! for k >= 0: exact to the last bit below 126, Stirling's series from there on.
#[inline(always)]
pub(super) fn ln_factorial(k: i64) -> f64 {
    static TABLE: [f64; 1024] = {
        let exact = ln_factorials();
        let mut table = [0.0; 1024];
        let mut k = 0;
        while k < table.len() {
            table[k] = if k < exact.len() { exact[k] } else { stirling(k as f64) };
            k += 1;
        }
        table
    };

    match TABLE.get(k as usize) {
        Some(&value) => value,
        None => stirling(k as f64),
    }
}

const fn stirling(k: f64) -> f64 {
    const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;
    (k + 0.5) * ln_plain(k) - k + (HALF_LN_TAU + (1.0 / k) * (1.0 / 12.0 - 1.0 / (360.0 * k * k)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_gamma_function() {
        for k in 0..2000_u32 {
            let exact = libm::lgamma(f64::from(k) + 1.0);
            for ours in [ln_gamma(f64::from(k) + 1.0), ln_factorial(k.into())] {
                assert!((ours - exact).abs() <= 4e-15 * exact.max(1.0), "{k}: {ours} {exact}");
            }
        }
    }
}
