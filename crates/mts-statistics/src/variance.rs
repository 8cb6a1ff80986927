//! Variances against what they should be.

use crate::chi_square_both;

/// The p-value of independent normal values with mean `mean` and variance `variance`, as far as their spread goes:
/// `Σ (x - mean)²/variance` is a chi-square of n degrees of freedom, too large or too small.
///
/// Helmert 1876; Student 1908, doi:10.1093/biomet/6.1.1.
pub fn variance(values: impl IntoIterator<Item = f64>, mean: f64, variance: f64) -> f64 {
    let (mut n, mut sum) = (0.0, 0.0);
    for value in values {
        n += 1.0;
        sum += (value - mean) * (value - mean);
    }
    chi_square_both(sum / variance, n)
}

#[cfg(test)]
mod tests {
    use mts_rng::Rng;

    use super::*;
    use crate::ALPHA;

    #[test]
    fn sees_two_percent_on_either_side() {
        let mut values = vec![0.0; 200_000];
        Rng::from_seed(3_u64).fill_normal(5.0, 2.0, &mut values);
        let p = |sigma: f64| variance(values.iter().copied(), 5.0, sigma * sigma);
        assert!(p(2.0) > ALPHA);
        assert!(p(2.04) < ALPHA && p(1.96) < ALPHA);
    }
}
