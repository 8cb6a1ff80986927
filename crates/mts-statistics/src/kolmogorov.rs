//! The largest distance between an empirical and a given distribution function.

use std::f64::consts::{PI, TAU};

use mts_rng::math::exp;

/// Kolmogorov's law: the probability that `√n·D` exceeds `x` where n is large,
/// `Q(x) = 2·Σ (-1)^(k-1)·exp(-2k²x²) = 1 - √(2π)/x·Σ exp(-(2k-1)²π²/(8x²))`, k = 1, 2, …
///
/// The first series converges fast for large x, the second for small. Feller 1948, doi:10.1214/aoms/1177730243.
pub fn kolmogorov(x: f64) -> f64 {
    if x.is_nan() {
        return 0.0;
    }
    if x <= 0.0 {
        return 1.0;
    }
    if x < 1.18 {
        let term = |k: i32| exp(-f64::from((2 * k - 1) * (2 * k - 1)) * PI * PI / (8.0 * x * x));
        return 1.0 - TAU.sqrt() / x * (1..=4).map(term).sum::<f64>();
    }
    let term = |k: i32| exp(-2.0 * f64::from(k * k) * x * x) * if k % 2 == 0 { -1.0 } else { 1.0 };
    2.0 * (1..=4).map(term).sum::<f64>()
}

/// The p-value of values whose probabilities `F(x)`, in ascending order, should be uniform on [0, 1]:
/// `D = max |i/n - F(xᵢ)|` at both ends of each step, `p = Q((√n + 0.12 + 0.11/√n)·D)`.
///
/// The factor makes the limit good from n = 5 on: Stephens 1970, doi:10.1111/j.2517-6161.1970.tb00821.x.
pub fn kolmogorov_smirnov(sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    let mut distance = 0.0_f64;
    for (i, u) in sorted.iter().enumerate() {
        if !(0.0..=1.0).contains(u) {
            return 0.0;
        }
        distance = distance.max((i + 1) as f64 / n - u).max(u - i as f64 / n);
    }
    kolmogorov((n.sqrt() + 0.12 + 0.11 / n.sqrt()) * distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Smirnov 1948, doi:10.1214/aoms/1177730256, gives `1 - Q` to six digits.
    #[test]
    fn agrees_with_smirnovs_table() {
        let table = [
            (0.4, 0.002808),
            (0.5, 0.036055),
            (0.8, 0.455857),
            (1.0, 0.730000),
            (1.5, 0.977782),
            (2.0, 0.999329),
        ];
        for (x, below) in table {
            assert!((1.0 - kolmogorov(x) - below).abs() < 1e-6, "{x}: {}", 1.0 - kolmogorov(x));
        }
        assert!((kolmogorov(1.18 - 1e-9) - kolmogorov(1.18)).abs() < 1e-8, "both series");
    }

    /// Massey 1951, doi:10.1080/01621459.1951.10500769: critical distances of small samples.
    #[test]
    fn agrees_with_masseys_table() {
        for (n, critical, p) in
            [(20_u32, 0.294, 0.05), (20, 0.356, 0.01), (15, 0.338, 0.05), (10, 0.410, 0.05)]
        {
            // All steps stand at their middle but for a gap of the critical distance below the first.
            let n_float = f64::from(n);
            let values: Vec<f64> = (0..n).map(|i| (f64::from(i) / n_float).max(critical)).collect();
            let found = kolmogorov_smirnov(&values);
            assert!((found / p - 1.0).abs() < 0.12, "{n}: {found} for {p}");
        }
    }

    #[test]
    fn refuses_what_is_no_probability() {
        assert_eq!(kolmogorov_smirnov(&[0.2, 0.5, 1.2]), 0.0);
        assert_eq!(kolmogorov_smirnov(&[0.2, f64::NAN]), 0.0);
    }
}
