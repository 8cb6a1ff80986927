//! Covariances that never decay: sums of cosines.

use std::f64::consts::TAU;

use super::terms::repeat;
use crate::fourier::Fourier;

/// A part w cos(2πfτ) of a covariance, f in cycles per step, from 0 to 1/2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) frequency: f64,
    pub(super) weight: f64,
}

/// Part of the variance that may be left out.
const NEGLIGIBLE: f64 = 1e-9;

/// The most lines of a product.
const MAX_LINES: usize = 1 << 18;

/// The lines of a product of periodic covariances of variance 1, for paths of `steps` steps; `None` where they are
/// too many. One line of frequency 0 where there are no factors.
pub(super) fn lines(factors: &[(f64, f64)], steps: usize) -> Option<Vec<Line>> {
    let mut all = vec![Line { frequency: 0.0, weight: 1.0 }];
    for (period, length) in factors {
        let one = of_period(*period, *length);
        if all.len().saturating_mul(2 * one.len()) > 32 * MAX_LINES {
            return None;
        }
        let mut product = Vec::with_capacity(2 * all.len() * one.len());
        for a in &all {
            for b in &one {
                let weight = 0.5 * a.weight * b.weight;
                product.push(Line { frequency: folded(a.frequency + b.frequency), weight });
                product.push(Line { frequency: folded((a.frequency - b.frequency).abs()), weight });
            }
        }
        all = weighty(merged(product, steps));
        if all.len() > MAX_LINES {
            return None;
        }
    }
    Some(all)
}

/// The cosine series of exp(-2 sin²(πτ/p) / ℓ²): its weights, Bessel functions of 1/ℓ², come of a transform of one
/// period, and fall so fast that what aliases is below rounding.
fn of_period(period: f64, length: f64) -> Vec<Line> {
    let points = ((32.0 / length).ceil() as usize + 32).next_power_of_two();
    let mut re: Vec<f64> = (0..points).map(|i| repeat(i as f64 / points as f64, length)).collect();
    let mut im = vec![0.0; points];
    Fourier::new(points).forward(&mut re, &mut im, &mut vec![0.0; 2 * points]);
    let line = |j: usize| {
        let weight = if j == 0 { re[0] } else { 2.0 * re[j] } / points as f64;
        Line { frequency: folded(j as f64 / period), weight: weight.max(0.0) }
    };
    weighty((0..points / 2).map(line).collect())
}

/// The same cosine at whole lags.
fn folded(frequency: f64) -> f64 {
    let f = frequency - frequency.floor();
    if f > 0.5 { 1.0 - f } else { f }
}

/// Neighbours that no path of so many steps can tell apart, as one.
fn merged(mut lines: Vec<Line>, steps: usize) -> Vec<Line> {
    let near = 1e-7 / (TAU * steps as f64);
    lines.sort_unstable_by(|a, b| a.frequency.total_cmp(&b.frequency).then(a.weight.total_cmp(&b.weight)));
    let mut merged: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match merged.last_mut() {
            Some(last) if line.frequency - last.frequency <= near => last.weight += line.weight,
            _ => merged.push(line),
        }
    }
    merged
}

/// The heaviest lines, without those that together are negligible.
fn weighty(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then(a.frequency.total_cmp(&b.frequency)));
    let mut left = 0.0;
    while let Some(last) = lines.last() {
        left += last.weight;
        if left > NEGLIGIBLE {
            break;
        }
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use mts_rng::math::cos;

    use super::*;

    #[test]
    fn lines_sum_up_to_their_product() {
        let factors = [(24.0, 1.0), (7.3, 0.3), (365.0, 2.0)];
        for count in 0..=3 {
            let lines = lines(&factors[..count], 1000).unwrap();
            for lag in [0, 1, 5, 12, 100, 999] {
                let found: f64 = lines
                    .iter()
                    .map(|line| line.weight * cos(TAU * (line.frequency * f64::from(lag)).fract()))
                    .sum();
                let expected: f64 =
                    factors[..count].iter().map(|(p, l)| repeat(f64::from(lag) / p, *l)).product();
                assert!(
                    (found - expected).abs() < 1e-8,
                    "{count} factors, lag {lag}: {found} and {expected}"
                );
            }
        }
    }

    #[test]
    fn whole_periods_share_their_lines() {
        let factors = [(24.0, 1.0), (48.0, 1.0), (96.0, 1.0), (12.0, 1.0), (6.0, 1.0)];
        assert!(lines(&factors, 1000).unwrap().len() <= 49);
        assert!(lines(&[(7.123_456, 0.01), (11.345_67, 0.01), (3.789_012, 0.01)], 1000).is_none());
    }
}
