//! How the values of a column should be distributed.

use std::collections::BTreeMap;

use super::law::Cdf;
use super::special::{chi_square, kolmogorov};
use crate::expression::rounding::round;
use crate::spec::LawSpec;

/// How the values of a column should be distributed.
#[derive(Clone, Debug, Default)]
pub(crate) enum Shape {
    /// Nothing is said of it.
    #[default]
    Free,
    /// Numbers of a law.
    Numbers(Spread),
    /// One of some values.
    Weighted(Weighted),
}

/// Numbers of a law that are held to bounds, rounded, and drawn again until constraints hold.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    law: Cdf,
    /// The integer that is 0 for the law.
    origin: Option<i64>,
    /// The least and the greatest value.
    bounds: [f64; 2],
    allowed: [f64; 2],
    truncate: bool,
    digits: Option<u8>,
}

/// Some values as text, and how often each occurs against the others.
#[derive(Clone, Debug)]
pub(crate) struct Weighted {
    pub(crate) values: Vec<String>,
    pub(crate) weights: Vec<f64>,
    /// The place of another column, and the weights for some of its values.
    pub(crate) given: Option<(usize, BTreeMap<String, Vec<f64>>)>,
}

/// From here on doubles have no decimals, and nothing to round.
pub(crate) const WHOLE: f64 = 4_503_599_627_370_496.0;

/// Cells that are counted each by itself.
const CELLS: u32 = 1024;

impl Shape {
    /// Numbers of a law that has a range of its own, if it is one of those, or nothing where its distribution function
    /// is not known.
    pub(crate) fn numbers(
        spec: &LawSpec,
        range: [f64; 2],
        bounds: [f64; 2],
        allowed: [f64; 2],
        digits: Option<u8>,
    ) -> Self {
        let Some(law) = Cdf::of(spec, range) else { return Shape::Free };
        let spread = Spread { law, origin: None, bounds, allowed, truncate: spec.truncate, digits };
        // Values in the middle between two roundings go to one side, and all of them.
        let law = match spread.law.clone() {
            Cdf::Point(at) => Cdf::Point(spread.rounded(at)),
            Cdf::Empirical(steps) => Cdf::Empirical(
                steps.into_iter().map(|(value, share)| (spread.rounded(value), share)).collect(),
            ),
            law => law,
        };
        Shape::Numbers(Spread { law, ..spread })
    }

    /// Integers from `first` to `last`, as likely each.
    pub(crate) fn whole(first: i64, last: i64) -> Self {
        let last = last.abs_diff(first) as f64;
        let (law, bounds) = (Cdf::Whole { last }, [0.0, last]);
        let spread =
            Spread { law, origin: Some(first), bounds, allowed: bounds, truncate: false, digits: Some(0) };
        Shape::Numbers(spread)
    }

    /// The share of values that are further from 0 than `most`.
    pub(crate) fn beyond(&self, most: f64) -> f64 {
        match self {
            Shape::Numbers(spread) => spread.beyond(most),
            Shape::Free | Shape::Weighted(_) => 0.0,
        }
    }
}

impl Spread {
    /// The least and the greatest value.
    pub(super) fn range(&self) -> [f64; 2] {
        let origin = self.origin.map_or(0.0, |origin| origin as f64);
        self.bounds.map(|bound| origin + bound)
    }

    /// A value as the law has it, from the integer that it is, if it is one that doubles do not tell from others.
    pub(super) fn place(&self, number: f64, integer: Option<i64>) -> f64 {
        match (self.origin, integer) {
            (None, _) => number,
            (Some(origin), Some(integer)) => (i128::from(integer) - i128::from(origin)) as f64,
            (Some(origin), None) => number - origin as f64,
        }
    }

    /// Whether integers matter to the last digit.
    pub(super) fn is_exact(&self) -> bool {
        self.origin.is_some()
    }

    fn beyond(&self, most: f64) -> f64 {
        let allowed = self.allowed();
        let above = 1.0 - allowed(self.upto(most));
        if above.is_nan() || self.origin.is_some() { 0.0 } else { above + allowed(self.below(-most)) }
    }

    fn rounded(&self, value: f64) -> f64 {
        match self.digits {
            Some(digits) if value.abs() < WHOLE => round(value, i64::from(digits)),
            _ => value,
        }
    }

    /// Half of what values differ by at least.
    fn half(&self) -> f64 {
        self.digits.map_or(0.0, |digits| 0.5 * mts_rng::math::pow(10.0, -f64::from(digits)))
    }

    /// The probability of values up to `x`, which is one that rounding gives.
    fn upto(&self, x: f64) -> f64 {
        let [low, high] = self.bounds;
        if x < low {
            0.0
        } else if x >= high {
            1.0
        } else if self.digits.is_some() && x + self.half() > self.bounds[0] {
            self.inside(x + self.half(), Cdf::below)
        } else {
            self.inside(x.max(self.bounds[0]), Cdf::upto)
        }
    }

    /// The probability of values below `x`.
    fn below(&self, x: f64) -> f64 {
        let [low, high] = self.bounds;
        if x <= low {
            0.0
        } else if x > high {
            1.0
        } else if self.digits.is_some() {
            self.inside((x - self.half()).max(self.bounds[0]), Cdf::below)
        } else {
            self.inside(x, Cdf::below)
        }
    }

    /// A probability of the law, given that bounds hold where it is drawn again until they do.
    fn inside(&self, x: f64, share: fn(&Cdf, f64) -> f64) -> f64 {
        if !self.truncate {
            return share(&self.law, x);
        }
        let before = self.law.below(self.bounds[0]);
        let all = self.law.upto(self.bounds[1]) - before;
        ((share(&self.law, x) - before) / all).clamp(0.0, 1.0)
    }

    /// The share of what constraints leave that lies below `x`, or up to it.
    fn allowed(&self) -> impl Fn(f64) -> f64 {
        let unit = 2.0 * self.half();
        let to_unit = |value: f64, way: fn(f64) -> f64, slack: f64| match unit > 0.0 && value.is_finite() {
            true => self.rounded(way(value / unit + slack) * unit),
            false => value,
        };
        // The double nearest to a bound may lie just beside the value that is meant.
        let least = to_unit(self.allowed[0], f64::ceil, -1e-6);
        let greatest = to_unit(self.allowed[1], f64::floor, 1e-6);
        let before = if least == f64::NEG_INFINITY { 0.0 } else { self.below(least) };
        let end = if greatest == f64::INFINITY { 1.0 } else { self.upto(greatest) };
        move |share| ((share - before) / (end - before)).clamp(0.0, 1.0)
    }

    /// The p-values of values by the largest distance of distribution functions, and of integers also by how
    /// often each occurs. None where there is nothing to tell.
    pub(super) fn test(&self, values: &mut [f64]) -> Option<f64> {
        if values.is_empty() {
            return None;
        }
        values.sort_unstable_by(f64::total_cmp);
        let allowed = self.allowed();
        let n = values.len() as f64;
        let (mut distance, mut before) = (0.0_f64, 0.0);
        for run in values.chunk_by(|a, b| a == b) {
            let next = before + run.len() as f64;
            let (below, upto) = (allowed(self.below(run[0])), allowed(self.upto(run[0])));
            distance = distance.max((below - before / n).abs()).max((upto - next / n).abs());
            before = next;
        }
        let p = kolmogorov(distance, n);
        Some(self.cells(values, &allowed).map_or(p, |cells| p.min(cells)))
    }

    fn cells(&self, sorted: &[f64], allowed: &impl Fn(f64) -> f64) -> Option<f64> {
        if !self.law.is_whole() || self.digits != Some(0) {
            return None;
        }
        let low = self.bounds[0];
        let first = if low.is_finite() { low } else { 0.0 }.max(self.allowed[0].ceil());
        let n = sorted.len() as f64;
        let upto = |x: f64| sorted.partition_point(|value| *value <= x) as u64;
        let edges = (0..CELLS).map(|k| first + f64::from(k)).take_while(|x| *x <= self.bounds[1]);
        let mut last = (0, 0.0);
        let mut cells = Vec::new();
        for (found, share) in
            edges.map(|x| (upto(x), allowed(self.upto(x)))).chain([(sorted.len() as u64, 1.0)])
        {
            cells.push((found - last.0, n * (share - last.1)));
            last = (found, share);
        }
        chi_square(cells)
    }
}

impl Weighted {
    /// The p-value of how often each value occurs; none where there is nothing to tell.
    pub(super) fn test(counts: &[u64], weights: &[f64]) -> Option<f64> {
        let (all, total) = (counts.iter().sum::<u64>() as f64, weights.iter().sum::<f64>());
        let possible = counts.iter().zip(weights).all(|(count, weight)| *count == 0 || *weight > 0.0);
        if !possible {
            return Some(0.0);
        }
        chi_square(counts.iter().zip(weights).map(|(count, weight)| (*count, all * weight / total)))
    }
}

#[cfg(test)]
mod tests {
    use mts_rng::Rng;
    use serde_json::json;

    use super::*;

    fn spread(law: serde_json::Value, bounds: [f64; 2], digits: u8) -> Spread {
        let spec: LawSpec = serde_json::from_value(law).unwrap();
        match Shape::numbers(&spec, bounds, bounds, [f64::NEG_INFINITY, f64::INFINITY], Some(digits)) {
            Shape::Numbers(spread) => spread,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn bounds_and_rounding_are_part_of_the_law() {
        let mut rng = Rng::from_seed(7_u64);
        let draws: Vec<f64> = (0..50_000).map(|_| rng.normal(3.3, 0.9)).collect();
        let clamped =
            |draws: &[f64]| -> Vec<f64> { draws.iter().map(|x| round(x.clamp(1.0, 5.0), 1)).collect() };
        let law = json!({"distribution": "normal", "mean": 3.3, "std": 0.9});
        assert!(spread(law, [1.0, 5.0], 1).test(&mut clamped(&draws)).unwrap() > 1e-3);
        let other = json!({"distribution": "normal", "mean": 3.36, "std": 0.9});
        assert!(spread(other, [1.0, 5.0], 1).test(&mut clamped(&draws)).unwrap() < 1e-6);
        let cut: Vec<f64> = draws.into_iter().filter(|x| (1.0..=5.0).contains(x)).collect();
        let law = json!({"distribution": "normal", "mean": 3.3, "std": 0.9, "truncate": true});
        assert!(spread(law, [1.0, 5.0], 1).test(&mut clamped(&cut)).unwrap() > 1e-3);
    }

    #[test]
    fn integers_are_counted_each() {
        let Shape::Numbers(law) = Shape::whole(1, 6) else { panic!() };
        let fair: Vec<f64> = (0..6000).map(|k| law.place(f64::from(k % 6 + 1), None)).collect();
        assert!(law.test(&mut fair.clone()).unwrap() > 0.99);
        let loaded = fair.iter().map(|x| if *x == 3.0 { 4.0 } else { *x });
        assert!(law.test(&mut loaded.collect::<Vec<f64>>()).unwrap() < 1e-6);
    }
}
