//! Counts against expectations.

use std::collections::BTreeMap;

use statrs::function::gamma::{gamma_lr, gamma_ur};

/// Expectations below this are pooled with their neighbours: the statistic is then close to its limit law even at
/// a level of 10⁻⁶ (Cochran 1954, doi:10.2307/3001616, asks for 5 at a level of 5 %).
const LEAST: f64 = 20.0;

/// The probability that a chi-square of `df` degrees of freedom is at least `x`; 0 for NaN.
pub fn chi_square(x: f64, df: f64) -> f64 {
    if x.is_nan() {
        return 0.0;
    }
    if x <= 0.0 { 1.0 } else { gamma_ur(df / 2.0, x / 2.0) }
}

/// The probability of a chi-square as extreme as `x` on its side of the law, doubled: for statistics that may be
/// too small as well as too large.
pub fn chi_square_both(x: f64, df: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return 0.0;
    }
    (2.0 * gamma_ur(df / 2.0, x / 2.0).min(gamma_lr(df / 2.0, x / 2.0))).min(1.0)
}

/// The p-value of counts with given expectations: `Σ (O - E)²/E` over the cells, small ones pooled with their
/// neighbours, has as many degrees of freedom as cells less one.
///
/// 0 where a cell of expectation 0 is not empty, or less than two cells are left: such a check could not fail.
/// Pearson 1900, doi:10.1080/14786440009463897.
pub fn goodness_of_fit(observed: &[u64], expected: &[f64]) -> f64 {
    if observed.iter().zip(expected).any(|(o, e)| *o > 0 && *e <= 0.0) {
        return 0.0;
    }
    let mut pooled: Vec<(f64, f64)> = Vec::new();
    let mut open = (0.0, 0.0);
    for (o, e) in observed.iter().zip(expected) {
        open = (open.0 + *o as f64, open.1 + e);
        if open.1 >= LEAST {
            pooled.push(open);
            open = (0.0, 0.0);
        }
    }
    let Some(last) = pooled.last_mut() else { return 0.0 };
    *last = (last.0 + open.0, last.1 + open.1);
    if pooled.len() < 2 {
        return 0.0;
    }
    let statistic = pooled.iter().map(|(o, e)| (o - e) * (o - e) / e).sum();
    chi_square(statistic, (pooled.len() - 1) as f64)
}

/// [`goodness_of_fit`] of integers with probability `mass(k)`. The cells are the integers of `cells`, and all
/// others together, which have what probability is left; it is 0 up to rounding where it is below 10⁻⁹.
pub fn goodness_of_fit_counts(
    values: &[u64],
    cells: std::ops::RangeInclusive<u64>,
    mass: impl Fn(u64) -> f64,
) -> f64 {
    let mut tally: BTreeMap<u64, u64> = BTreeMap::new();
    values.iter().for_each(|k| *tally.entry(*k).or_default() += 1);
    let n = values.len() as f64;
    let (mut observed, mut expected) = (Vec::new(), Vec::new());
    for k in cells {
        observed.push(tally.get(&k).copied().unwrap_or(0));
        expected.push(n * mass(k));
    }
    let rest = n - expected.iter().sum::<f64>();
    observed.push(values.len() as u64 - observed.iter().sum::<u64>());
    expected.push(if rest > n * 1e-9 { rest } else { 0.0 });
    goodness_of_fit(&observed, &expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Abramowitz & Stegun 1964, table 26.8.
    #[test]
    fn agrees_with_published_quantiles() {
        let table = [
            (3.84146, 1.0, 0.05),
            (18.3070, 10.0, 0.05),
            (29.588, 10.0, 0.001),
            (124.342, 100.0, 0.05),
            (149.449, 100.0, 0.001),
        ];
        for (x, df, p) in table {
            assert!((chi_square(x, df) / p - 1.0).abs() < 1e-3, "{x}, {df}: {}", chi_square(x, df));
        }
        // 10⁻⁶ and many degrees of freedom: two are exact, thousands are normal.
        assert!((chi_square(-2.0 * mts_rng::math::ln(1e-6), 2.0) / 1e-6 - 1.0).abs() < 1e-9);
        assert!((chi_square_both(20_000.0, 20_000.0) - 1.0).abs() < 0.01);
        assert!(chi_square_both(0.0, 3.0) == 0.0 && chi_square(f64::NAN, 3.0) == 0.0);
    }

    /// Mendel's peas (1866): 315, 108, 101, 32 against 9 : 3 : 3 : 1 give 0.47 and p = 0.925.
    #[test]
    fn agrees_with_mendels_peas() {
        let expected: Vec<f64> = [9.0, 3.0, 3.0, 1.0].iter().map(|part| part * 556.0 / 16.0).collect();
        let p = goodness_of_fit(&[315, 108, 101, 32], &expected);
        assert!((p - 0.925).abs() < 1e-3, "{p}");
    }

    #[test]
    fn pools_small_cells_and_refuses_impossible_ones() {
        let p = goodness_of_fit(&[10, 15, 30, 1, 2], &[12.0, 12.0, 31.0, 1.0, 2.0]);
        assert!((p - chi_square(1.0 / 24.0 + 1.0 / 34.0, 1.0)).abs() < 1e-12, "{p}");
        assert_eq!(goodness_of_fit(&[50, 50, 1], &[50.0, 51.0, 0.0]), 0.0);
        assert_eq!(goodness_of_fit(&[50], &[50.0]), 0.0, "nothing to compare");
        let half = |k| if k < 2 { 0.5 } else { 0.0 };
        assert!(goodness_of_fit_counts(&[[0_u64; 50], [1; 50]].concat(), 0..=1, half) > 0.99);
        assert_eq!(goodness_of_fit_counts(&[[0_u64; 50], [7; 50]].concat(), 0..=1, half), 0.0);
    }
}
