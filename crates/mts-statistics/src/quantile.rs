//! Quantiles of samples.

use crate::two_sided;

/// The p-value of the sample quantile `q` of sorted values whose law has the quantile `x` and the density `density`
/// there: it is normal around `x` with standard deviation `√(q(1-q)/n)/density`, whether or not the law has moments.
///
/// Mosteller 1946, doi:10.1214/aoms/1177730881.
pub fn quantile(sorted: &[f64], q: f64, x: f64, density: f64) -> f64 {
    let n = sorted.len() as f64;
    let found = sorted.get((q * n) as usize).copied().unwrap_or(f64::NAN);
    two_sided((found - x) * density * (n / (q * (1.0 - q))).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ALPHA;

    #[test]
    fn finds_the_quantiles_of_a_ramp() {
        let ramp: Vec<f64> = (0..10_000).map(|i| f64::from(i) / 10_000.0).collect();
        assert!(quantile(&ramp, 0.25, 0.25, 1.0) > 0.9);
        // Five standard errors of 0.0043.
        assert!(quantile(&ramp, 0.25, 0.2717, 1.0) < ALPHA);
    }
}
