//! The normal law of a standardised quantity.

use std::f64::consts::FRAC_1_SQRT_2;

use statrs::function::erf::erfc;

/// The probability `erfc(|z|/√2)` that a standard normal is at least as far from 0 as `z`; 0 for NaN.
pub fn two_sided(z: f64) -> f64 {
    if z.is_nan() { 0.0 } else { erfc(z.abs() * FRAC_1_SQRT_2) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ALPHA, Z};

    /// Abramowitz & Stegun 1964, table 26.1 and 26.6.
    #[test]
    fn agrees_with_published_quantiles() {
        for (z, p) in [(1.959_964, 0.05), (2.575_829, 0.01), (3.290_527, 0.001), (4.417_173, 1e-5)] {
            assert!((two_sided(z) / p - 1.0).abs() < 1e-5, "{z}");
            assert_eq!(two_sided(z), two_sided(-z));
        }
        assert!((two_sided(Z) / ALPHA - 1.0).abs() < 1e-9);
        assert_eq!(two_sided(f64::NAN), 0.0);
    }
}
