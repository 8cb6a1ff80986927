//! Whiteness of series.

use crate::chi_square;

/// The autocorrelations of a series at lags 1 to `lags`: `r_k = Σ (x_t - x̄)(x_{t+k} - x̄) / Σ (x_t - x̄)²`.
pub fn autocorrelation(series: &[f64], lags: usize) -> Vec<f64> {
    let mean = series.iter().sum::<f64>() / series.len() as f64;
    let centred: Vec<f64> = series.iter().map(|x| x - mean).collect();
    let power: f64 = centred.iter().map(|x| x * x).sum();
    let at = |lag: usize| centred.iter().zip(&centred[lag..]).map(|(a, b)| a * b).sum::<f64>() / power;
    (1..=lags).map(at).collect()
}

/// The p-value of a white series: `n(n+2)·Σ r_k²/(n-k)` over `lags` lags is a chi-square of as many degrees of
/// freedom.
///
/// Ljung & Box 1978, doi:10.1093/biomet/65.2.297.
pub fn ljung_box(series: &[f64], lags: usize) -> f64 {
    let n = series.len() as f64;
    let terms = (1..).zip(autocorrelation(series, lags));
    let sum: f64 = terms.map(|(lag, r): (u32, f64)| r * r / (n - f64::from(lag))).sum();
    chi_square(n * (n + 2.0) * sum, lags as f64)
}

#[cfg(test)]
mod tests {
    use mts_rng::Rng;

    use super::*;
    use crate::ALPHA;

    #[test]
    fn agrees_with_a_series_by_hand() {
        // Deviations -1.5, -0.5, 0.5, 1.5, squares 5.
        let r = autocorrelation(&[1.0, 2.0, 3.0, 4.0], 2);
        assert!((r[0] - 0.25).abs() < 1e-15 && (r[1] + 0.3).abs() < 1e-15);
        let q: f64 = 4.0 * 6.0 * (0.0625 / 3.0 + 0.09 / 2.0);
        assert!((ljung_box(&[1.0, 2.0, 3.0, 4.0], 2) - chi_square(q, 2.0)).abs() < 1e-12);
    }

    #[test]
    fn sees_a_weak_dependence() {
        let mut x = vec![0.0; 20_000];
        Rng::from_seed(8_u64).fill_standard_normal(&mut x);
        assert!(ljung_box(&x, 20) > ALPHA);
        let moved: Vec<f64> = x.windows(2).map(|w| w[1] + 0.08 * w[0]).collect();
        assert!(ljung_box(&moved, 20) < ALPHA);
    }
}
