//! Zipf's law with a shift and an end.

use mts_rng::Rng;
use mts_rng::math::{exp, exp_m1, ln_1p};

use super::law::Moments;

/// Probability proportional to `(k + shift)^-exponent` of k = 0, 1, …, last (Mandelbrot 1953).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ShiftedZipf {
    exponent: f64,
    shift: f64,
    last: u64,
    /// Where the uniforms begin and end, of which draws are made.
    low: f64,
    high: f64,
    /// So much below the next whole number every candidate is accepted.
    sure: f64,
}

/// Terms that are added one by one before an integral takes over.
const SUMMED: u64 = 64;

impl ShiftedZipf {
    pub(crate) fn new(exponent: f64, shift: f64, last: u64) -> Self {
        let mut law = ShiftedZipf { exponent, shift, last, low: 0.0, high: 0.0, sure: 0.0 };
        law.low = law.area(0.5) - law.height(0.0);
        law.high = law.area(last as f64 + 0.5);
        law.sure = 1.0 - law.place(law.area(1.5) - law.height(1.0));
        law
    }

    /// The law of this exponent up to `cap`, and with which probability it is drawn from rather than 0, such that the
    /// mean is `mean`: a shift of 1 with that probability, or always with a larger shift. Means that it cannot have:
    /// the nearest below.
    pub(super) fn of_mean(exponent: f64, mean: f64, cap: u64) -> (Self, f64) {
        let law = Self::new(exponent, 1.0, cap);
        let natural = law.moments().mean;
        if natural >= mean {
            let share = if mean > 0.0 { mean / natural } else { 0.0 };
            return (law, share);
        }
        let (mut low, mut high) = (1.0, 1e4 * (1.0 + mean) * exponent.max(1.0));
        for _ in 0..60 {
            let middle: f64 = (low * high).sqrt();
            let reaches = Self::new(exponent, middle, cap).moments().mean >= mean;
            (low, high) = if reaches { (low, middle) } else { (middle, high) };
        }
        (Self::new(exponent, high, cap), 1.0)
    }

    /// ∫ (1 + z/shift)^-exponent from 0 to `z`.
    fn area(&self, z: f64) -> f64 {
        self.shift * powers(self.exponent, ln_1p(z / self.shift))
    }

    /// What `area` makes into this.
    fn place(&self, area: f64) -> f64 {
        let area = area / self.shift;
        let rate = 1.0 - self.exponent;
        let log = if rate.abs() < 1e-12 { area } else { ln_1p((rate * area).max(-1.0)) / rate };
        self.shift * exp_m1(log)
    }

    fn height(&self, z: f64) -> f64 {
        exp(-self.exponent * ln_1p(z / self.shift))
    }

    /// One draw: rejection-inversion (Hörmann & Derflinger 1996, doi:10.1145/235025.235029).
    pub(crate) fn sample(&self, rng: &mut Rng) -> u64 {
        if self.last == 0 {
            return 0;
        }
        loop {
            let area = rng.uniform(self.high, self.low);
            let z = self.place(area);
            let k = ((z + 0.5).max(0.0) as u64).min(self.last);
            let whole = k as f64;
            if whole - z <= self.sure || area >= self.area(whole + 0.5) - self.height(whole) {
                return k;
            }
        }
    }

    /// What sums of `n` draws are made from, where each is made with probability `share` and else 0.
    pub(super) fn sums(&self, share: f64, n: f64) -> Sums {
        let (all, draws) = (self.high - self.low, share * n);
        let start = (self.high - JUMPS / draws * all).max(self.area(0.5));
        let jumps = (self.high - start) / all;
        let below = ShiftedZipf::new(self.exponent, self.shift, self.place(start).max(0.0) as u64).moments();
        let (weight, square) = (share * (1.0 - jumps), below.variance + below.mean * below.mean);
        let mean = weight * below.mean;
        let deviation = (n * (weight * square - mean * mean).max(0.0)).sqrt();
        Sums { law: *self, start, jumps: draws * jumps, mean: n * mean, deviation }
    }

    pub(super) fn moments(&self) -> Moments {
        let mut sums = [0.0; 3];
        let mut add = |powers: [f64; 3]| sums.iter_mut().zip(powers).for_each(|(sum, power)| *sum += power);
        for k in (0..SUMMED).take_while(|&k| k <= self.last) {
            let (k, height) = (k as f64, self.height(k as f64));
            add([height, k * height, k * k * height]);
        }
        if self.last >= SUMMED {
            add(self.tail(SUMMED as f64, self.last as f64));
        }
        let mean = sums[1] / sums[0];
        Moments { mean, variance: (sums[2] / sums[0] - mean * mean).max(0.0) }
    }

    /// Sums of `k^j·height(k)` from `low` to `high`: Euler and Maclaurin's formula to the first derivative.
    fn tail(&self, low: f64, high: f64) -> [f64; 3] {
        let integral = |power: f64| {
            let primitive = |z: f64| powers(self.exponent - power, ln_1p(z / self.shift));
            primitive(high) - primitive(low)
        };
        let (flat, linear, square) = (integral(0.0), integral(1.0), integral(2.0));
        // In t = 1 + z/shift, where z = shift·(t - 1).
        let integrals = [flat, linear - flat, square - 2.0 * linear + flat];
        std::array::from_fn(|power| {
            let value = |z: f64| integer_power(z, power) * self.height(z);
            let slope = |z: f64| value(z) * (power as f64 / z - self.exponent / (z + self.shift));
            integrals[power] * integer_power(self.shift, power + 1)
                + (value(low) + value(high)) / 2.0
                + (slope(high) - slope(low)) / 12.0
        })
    }
}

/// Draws of a sum that are made one by one, on average: the largest.
const JUMPS: f64 = 8.0;

/// Sums of draws: the largest ones, which decide it where the tail is heavy, and a normal number for all others.
pub(super) struct Sums {
    law: ShiftedZipf,
    /// Where the uniforms of large draws begin.
    start: f64,
    jumps: f64,
    mean: f64,
    deviation: f64,
}

impl Sums {
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let mut sum = (self.mean + self.deviation * rng.standard_normal()).max(0.0);
        // Times between large draws, of which so many are expected in one.
        let mut time = rng.standard_exponential();
        while time < self.jumps {
            sum += self.law.place(rng.uniform(self.start, self.law.high)).max(0.0);
            time += rng.standard_exponential();
        }
        sum
    }
}

/// ∫ t^-exponent from 1 to e^log.
fn powers(exponent: f64, log: f64) -> f64 {
    let rate = 1.0 - exponent;
    if rate.abs() < 1e-12 { log } else { exp_m1(rate * log) / rate }
}

fn integer_power(x: f64, power: usize) -> f64 {
    (0..power).fold(1.0, |product, _| product * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summed(law: ShiftedZipf) -> (f64, f64) {
        let height = |k: u64| law.height(k as f64);
        let total: f64 = (0..=law.last).map(height).sum();
        let mean = (0..=law.last).map(|k| k as f64 * height(k)).sum::<f64>() / total;
        let square = (0..=law.last).map(|k| (k as f64 - mean) * (k as f64 - mean) * height(k)).sum::<f64>();
        (mean, square / total)
    }

    #[test]
    fn moments_are_those_of_the_sums() {
        for exponent in [0.3, 1.0, 1.5, 2.0, 3.0, 4.5] {
            for shift in [1.0, 7.5, 3000.0] {
                for last in [0, 1, 63, 64, 100, 30_000] {
                    let law = ShiftedZipf::new(exponent, shift, last);
                    let (mean, variance) = summed(law);
                    let moments = law.moments();
                    assert!((moments.mean - mean).abs() <= 1e-6 * mean, "{law:?}: {moments:?} {mean}");
                    let off = (moments.variance - variance).abs();
                    assert!(off <= 1e-5 * variance, "{law:?}: {moments:?} {variance}");
                }
            }
        }
    }

    #[test]
    fn a_mean_is_met() {
        for exponent in [0.5, 1.0, 1.2, 2.5, 4.0] {
            for mean in [0.0, 0.01, 1.0, 10.0, 1e4] {
                for cap in [100_000, 1 << 40, u64::MAX] {
                    let (law, share) = ShiftedZipf::of_mean(exponent, mean, cap);
                    let found = share * law.moments().mean;
                    assert!((found - mean).abs() <= 1e-6 * mean, "{law:?}: {found} {mean}");
                    assert!(law.shift == 1.0 || share == 1.0);
                    assert_eq!(law.last, cap, "the tail stays");
                }
            }
        }
        let (law, share) = ShiftedZipf::of_mean(1.5, 6.0, 10);
        assert_eq!((law.last, share), (10, 1.0), "beyond the middle: nearly uniform");
        assert!((law.moments().mean - 5.0).abs() < 1e-2);
    }
}
