//! Moments of counts with bounds.

use mts_rng::math::{exp, lgamma, ln, pow};

use super::law::Moments;

/// A Poisson count less `min`, with what is beyond 0 and `cap` at them.
pub(super) fn poisson(lambda: f64, min: u64, cap: Option<u64>) -> Moments {
    let spread = lambda.sqrt();
    let low = (lambda - 9.0 * spread - 5.0).floor().max(0.0);
    let high = (lambda + 9.0 * spread + 30.0).ceil();
    // Beyond some thousands of terms every so many-th does.
    let step = ((high - low) / 4096.0).floor().max(1.0);
    let cap = cap.map_or(f64::INFINITY, |cap| cap as f64);
    let terms = (0..).map(|i| low + step * f64::from(i)).take_while(|&k| k <= high).map(|k| {
        let weight = if lambda == 0.0 {
            f64::from(k == 0.0)
        } else if lambda < 1e6 {
            exp(k * ln(lambda) - lambda - lgamma(k + 1.0))
        } else {
            exp(-(k - lambda) * (k - lambda) / (2.0 * lambda))
        };
        ((k - min as f64).clamp(0.0, cap), weight)
    });
    weighted(terms)
}

/// The mean of a Poisson law whose counts less `min`, with what is beyond 0 and `cap` at them, have the mean `mean`.
pub(super) fn poisson_of_mean(mean: f64, min: u64, cap: Option<u64>) -> f64 {
    // What is lifted to `min` raises the mean; what `cap` cuts lowers it.
    let high = cap.map_or(min as f64 + mean, |cap| 2.0 * (min as f64 + cap as f64) + 50.0);
    bisect(0.0, high.min(LARGEST), |lambda| poisson(lambda, min, cap).mean >= mean)
}

/// The mean that a Poisson law may have.
const LARGEST: f64 = 1e18;

/// Where between two numbers something begins to hold.
fn bisect(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let halves = (0..50).scan((low, high), |(low, high), _| {
        let middle = (*low + *high) / 2.0;
        (*low, *high) = if holds(middle) { (*low, middle) } else { (middle, *high) };
        Some(*high)
    });
    halves.last().unwrap_or(high)
}

/// Mean and variance of values with weights.
fn weighted(terms: impl Iterator<Item = (f64, f64)> + Clone) -> Moments {
    let total: f64 = terms.clone().map(|(_, weight)| weight).sum();
    let mean = terms.clone().map(|(value, weight)| value * weight).sum::<f64>() / total;
    let variance = terms.map(|(value, weight)| (value - mean) * (value - mean) * weight).sum::<f64>() / total;
    Moments { mean, variance }
}

/// A geometric count from 0 on, with what is beyond `cap` at it.
pub(super) fn geometric(p: f64, cap: Option<u64>) -> Moments {
    let q = 1.0 - p;
    let Some(cap) = cap.map(|cap| cap as f64) else {
        return Moments { mean: q / p, variance: q / (p * p) };
    };
    // Sums of P(count >= k) and of k·P(count >= k), for k up to the cap.
    let tail = pow(q, cap);
    let first = q * (1.0 - tail) / p;
    let second = q * (1.0 - tail * (1.0 + cap * p)) / (p * p);
    Moments { mean: first, variance: (2.0 * second - first - first * first).max(0.0) }
}

/// The probability of no more of a geometric count that, with what is beyond `cap` at it, has the mean `mean`.
pub(super) fn geometric_of_mean(mean: f64, cap: Option<u64>) -> f64 {
    let free = 1.0 / (1.0 + mean);
    // What is cut makes it the smaller the nearer the mean is to the cap.
    let share = cap.map_or(1.0, |_| bisect(0.0, 1.0, |share| geometric(free * share, cap).mean < mean));
    free * share.max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(moments: Moments, mean: f64, variance: f64) {
        assert!((moments.mean - mean).abs() < 1e-6 * (1.0 + mean), "{moments:?}");
        assert!((moments.variance - variance).abs() < 1e-4 * (1.0 + variance), "{moments:?}");
    }

    #[test]
    fn without_bounds_they_are_known() {
        for lambda in [0.0, 0.5, 3.0, 1e3, 1e5, 1e9] {
            near(poisson(lambda, 0, None), lambda, lambda);
        }
        near(geometric(0.25, None), 3.0, 12.0);
        near(geometric(0.25, Some(1000)), 3.0, 12.0);
        near(geometric(1.0, Some(10)), 0.0, 0.0);
    }

    #[test]
    fn bounds_cut() {
        // 0 or 1.
        let (p, none) = (0.3, exp(-2.0));
        near(geometric(p, Some(1)), 0.7, 0.7 * 0.3);
        near(poisson(2.0, 0, Some(1)), 1.0 - none, none * (1.0 - none));
        near(geometric(p, Some(0)), 0.0, 0.0);
        near(poisson(2.0, 1, None), 2.0 - (1.0 - none), 2.0 + (1.0 - none) * none - 2.0 * 2.0 * none);
    }
}
