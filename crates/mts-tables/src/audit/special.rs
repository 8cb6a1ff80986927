//! Functions behind distribution functions and p-values.
//!
//! A relative error of 10⁻⁸ is far below what samples of a million values resolve.

use std::f64::consts::{PI, SQRT_2, TAU};

use mts_rng::math::{erf, exp, exp_m1, lgamma, ln, ln_1p, pow};

const PRECISION: f64 = 1e-14;
const TINY: f64 = 1e-300;

/// Shapes from which on a law is as near to a normal one, with its third and fourth moments, as `PRECISION` of
/// logarithms of large factorials would let a series come.
const NORMAL: f64 = 1e4;

/// The larger shape of a beta law from which on it is a gamma law of a logarithm, where the other is below `NORMAL`.
const LARGE: f64 = 1e7;

/// Steps after which a series or fraction ends whatever it is; they need about as many as the root of the largest
/// argument.
const STEPS: u32 = 200_000;

/// The share of a gamma law of shape `a` above `x`: the regularised upper incomplete gamma function.
pub(super) fn gamma_above(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x == f64::INFINITY {
        return 0.0;
    }
    if a > NORMAL {
        return 1.0 - edgeworth((x - a) / a.sqrt(), 2.0 / a.sqrt(), 6.0 / a);
    }
    gamma_above_by_series(a, x)
}

/// The share of a law below `z` standard deviations from its mean, from its skewness and excess kurtosis: Edgeworth's
/// series, whose error is of the order of the skewness' third power.
fn edgeworth(z: f64, skewness: f64, excess: f64) -> f64 {
    if z.abs() > 40.0 {
        return if z < 0.0 { 0.0 } else { 1.0 };
    }
    let (square, density) = (z * z, exp(-z * z / 2.0) / TAU.sqrt());
    let second = skewness / 6.0 * (square - 1.0);
    let third = excess / 24.0 * z * (square - 3.0);
    let fifth = skewness * skewness / 72.0 * z * (square * square - 10.0 * square + 15.0);
    (normal(z) - density * (second + third + fifth)).clamp(0.0, 1.0)
}

/// The share of the standard normal law below `z`.
pub(super) fn normal(z: f64) -> f64 {
    0.5 + 0.5 * erf(z / SQRT_2)
}

fn gamma_above_by_series(a: f64, x: f64) -> f64 {
    let front = exp(a * ln(x) - x - lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for step in 1..STEPS {
            term *= x / (a + f64::from(step));
            sum += term;
            if term < sum * PRECISION {
                break;
            }
        }
        return (1.0 - front * sum).clamp(0.0, 1.0);
    }
    // Lentz's way through the continued fraction (Numerical Recipes, 6.2).
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    for step in 1..STEPS {
        let i = f64::from(step);
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / away_from_zero(an * d + b);
        c = away_from_zero(b + an / c);
        h *= d * c;
        if (d * c - 1.0).abs() < PRECISION {
            break;
        }
    }
    (front * h).clamp(0.0, 1.0)
}

/// The share of a beta law below `x`: the regularised incomplete beta function.
pub(super) fn beta_below(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if a.min(b) > NORMAL {
        let (n, product) = (a + b, a * b);
        let deviation = (product / (n + 1.0)).sqrt() / n;
        let skewness = 2.0 * (b - a) * (n + 1.0).sqrt() / ((n + 2.0) * product.sqrt());
        let excess = 6.0 * ((a - b) * (a - b) * (n + 1.0) / product - (n + 2.0)) / ((n + 2.0) * (n + 3.0));
        return edgeworth((x * n - a) / n / deviation, skewness, excess);
    }
    // The leading term of DiDonato & Morris 1992, doi:10.1145/131766.131776, section 9.
    if b > LARGE {
        return 1.0 - gamma_above(a, -ln_1p(-x) * (b + (a - 1.0) / 2.0));
    }
    if a > LARGE {
        return gamma_above(b, -ln(x) * (a + (b - 1.0) / 2.0));
    }
    beta_below_by_fraction(a, b, x)
}

fn beta_below_by_fraction(a: f64, b: f64, x: f64) -> f64 {
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * ln(x) + b * ln_1p(-x));
    let below = if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, 1.0 - x) / b
    };
    below.clamp(0.0, 1.0)
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for step in 1..STEPS {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < PRECISION {
            break;
        }
    }
    h
}

fn away_from_zero(x: f64) -> f64 {
    if x.abs() < TINY { TINY } else { x }
}

/// `Σ k^-s` of k = from, from + 1, … below `to`, by Euler and Maclaurin.
pub(super) fn zeta(s: f64, from: f64, to: f64) -> f64 {
    const FIRST: u32 = 12;
    let first = (0..FIRST).map(|k| from + f64::from(k)).take_while(|k| *k < to);
    let sum: f64 = first.map(|k| pow(k, -s)).sum();
    let begin = from + f64::from(FIRST);
    if begin >= to {
        return sum;
    }
    // The difference of two powers that are nearly the same where s is nearly 1.
    let integral = pow(begin, 1.0 - s) * -exp_m1((1.0 - s) * ln(to / begin)) / (s - 1.0);
    let end = |q: f64| {
        let derivative = s * pow(q, -s - 1.0);
        let third = derivative * (s + 1.0) * (s + 2.0) / (q * q);
        0.5 * pow(q, -s) + derivative / 12.0 - third / 720.0
    };
    sum + integral + end(begin) - if to == f64::INFINITY { 0.0 } else { end(to) }
}

/// The probability of a count as far out as `hits` of `trials`, on either side.
pub(super) fn binomial(hits: u64, trials: u64, p: f64) -> f64 {
    let (k, n) = (hits as f64, trials as f64);
    if p <= 0.0 || p >= 1.0 {
        return if k == if p <= 0.0 { 0.0 } else { n } { 1.0 } else { 0.0 };
    }
    let at_most = if hits >= trials { 1.0 } else { beta_below(n - k, k + 1.0, 1.0 - p) };
    let at_least = if hits == 0 { 1.0 } else { beta_below(k, n - k + 1.0, p) };
    (2.0 * at_most.min(at_least)).min(1.0)
}

/// The probability of a distance of at least `distance` between the distribution functions of a law and of `n`
/// draws; of laws that are not continuous it is smaller (Stephens 1970, doi:10.1111/j.2517-6161.1970.tb00821.x).
pub(super) fn kolmogorov(distance: f64, n: f64) -> f64 {
    let x = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * distance;
    if x <= 0.0 {
        return 1.0;
    }
    if x < 1.18 {
        let odd = |k: f64| exp(-(2.0 * k - 1.0) * (2.0 * k - 1.0) * PI * PI / (8.0 * x * x));
        return 1.0 - TAU.sqrt() / x * [1.0, 2.0, 3.0].map(odd).iter().sum::<f64>();
    }
    2.0 * (exp(-2.0 * x * x) - exp(-8.0 * x * x) + exp(-18.0 * x * x))
}

/// Expectations below this are put together with their neighbours: the statistic is close to its law even at a level
/// of 10⁻⁶.
const LEAST: f64 = 20.0;

/// The p-value of counts with given expectations; none where all but one are too small to tell anything.
pub(super) fn chi_square(cells: impl IntoIterator<Item = (u64, f64)>) -> Option<f64> {
    let mut pooled: Vec<(f64, f64)> = Vec::new();
    let mut open = (0.0, 0.0);
    for (found, expected) in cells {
        open = (open.0 + found as f64, open.1 + expected);
        if open.1 >= LEAST {
            pooled.push(open);
            open = (0.0, 0.0);
        }
    }
    let last = pooled.last_mut()?;
    *last = (last.0 + open.0, last.1 + open.1);
    if pooled.len() < 2 {
        return None;
    }
    let statistic: f64 =
        pooled.iter().map(|(found, expected)| (found - expected) * (found - expected) / expected).sum();
    Some(gamma_above((pooled.len() - 1) as f64 / 2.0, statistic / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-6, "{found}, expected {expected}");
    }

    /// Abramowitz & Stegun 1964, table 26.8, and closed forms.
    #[test]
    fn agrees_with_tables() {
        for (x, df, p) in [(3.84146, 1.0, 0.05), (18.3070, 10.0, 0.05), (149.449, 100.0, 0.001)] {
            assert!((gamma_above(df / 2.0, x / 2.0) / p - 1.0).abs() < 1e-3, "{x} {df}");
        }
        near(gamma_above(1.0, 3.0), exp(-3.0));
        near(gamma_above(2.0, 3.0), 4.0 * exp(-3.0));
        near(beta_below(2.0, 3.0, 0.4), 0.5248);
        near(beta_below(1.0, 5.0, 0.9), 1.0 - 1e-5);
        near(zeta(2.0, 1.0, f64::INFINITY), PI * PI / 6.0);
        near(zeta(3.0, 1.0, f64::INFINITY), 1.202_056_903_159_594);
        // Of so many values, a distance of x / 1000.12011 is x.
        near(1.0 - kolmogorov(1.0 / 1000.12011, 1e6), 0.730_000_328_322_645_5);
        near(kolmogorov(2.0 / 1000.12011, 1e6), 6.709_252_557_796_953e-4);
    }

    #[test]
    fn sums_of_powers_are_those_of_their_terms() {
        for s in [1.000_001, 1.05, 2.5, 30.0] {
            for (from, to) in [(1_u32, 2_u32), (1, 10), (1, 14), (3, 500), (1, 20_000)] {
                let sum: f64 = (from..to).map(|k| pow(f64::from(k), -s)).sum();
                near(zeta(s, from.into(), to.into()), sum);
            }
        }
    }

    /// Where the approximations begin, they differ from what they replace by a hundredth of what a million values tell.
    #[test]
    fn large_shapes_have_no_seam() {
        for deviations in [-6.0, -3.0, -1.0, -0.1, 0.0, 0.5, 2.0, 5.0_f64] {
            let same = |found: f64, expected: f64, what: &str| {
                assert!((found - expected).abs() < 1e-5, "{what} {deviations}: {found}, expected {expected}");
            };
            let a = 1.001 * NORMAL;
            let x = a + deviations * a.sqrt();
            same(gamma_above(a, x), gamma_above_by_series(a, x), "gamma");
            for (a, b) in [
                (a, a),
                (a, 7.0 * a),
                (90.0 * a, a),
                (3.0, 1.1 * LARGE),
                (9e3, 1.1 * LARGE),
                (1.1 * LARGE, 50.0),
            ] {
                let n: f64 = a + b;
                let x = a / n + deviations * (a * b / (n + 1.0)).sqrt() / n;
                if x <= 0.0 {
                    continue;
                }
                same(beta_below(a, b, x), beta_below_by_fraction(a, b, x), &format!("beta {a} {b}"));
            }
        }
    }

    #[test]
    fn counts_far_out_are_told_from_others() {
        near(binomial(0, 20, 0.5), 2.0 * pow(0.5, 20.0));
        assert!(binomial(5_000, 100_000, 0.05) > 0.9);
        assert!(binomial(5_500, 100_000, 0.05) < 1e-6);
        assert!(binomial(1, 100, 0.0) == 0.0 && binomial(0, 100, 0.0) == 1.0);
        assert!(binomial(50_000_000, 100_000_000, 0.5) > 0.99);
        assert!(binomial(50_100_000, 100_000_000, 0.5) < 1e-6);
    }

    #[test]
    fn small_cells_are_pooled() {
        assert_eq!(chi_square([(50, 50.0), (1, 1.0)]), None);
        assert!(chi_square([(315, 312.75), (108, 104.25), (101, 104.25), (32, 34.75)]).unwrap() > 0.9);
        assert!(chi_square([(500, 400.0), (300, 400.0)]).unwrap() < 1e-6);
    }
}
