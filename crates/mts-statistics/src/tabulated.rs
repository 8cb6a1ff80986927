//! Distribution functions that have no closed form.

/// A distribution function from its density, by Simpson's rule between equal knots, and cubic between them.
#[derive(Clone, Debug)]
pub struct Tabulated {
    low: f64,
    width: f64,
    /// Probability up to each knot.
    sums: Vec<f64>,
    /// Density at each knot, times the width.
    slopes: Vec<f64>,
}

/// Intervals: with smooth densities the error is then far below the 10⁻³ that samples resolve.
const CELLS: usize = 4096;

impl Tabulated {
    /// The law on [`low`, `high`] with a density proportional to this one.
    pub fn new(low: f64, high: f64, density: impl Fn(f64) -> f64) -> Self {
        let width = (high - low) / CELLS as f64;
        let at = |halves: usize| density(low + width * 0.5 * halves as f64);
        let mut sums = vec![0.0];
        let mut slopes = vec![at(0)];
        let mut sum = 0.0;
        for cell in 0..CELLS {
            let (middle, right) = (at(2 * cell + 1), at(2 * cell + 2));
            sum += (slopes[cell] + 4.0 * middle + right) / 6.0;
            sums.push(sum);
            slopes.push(right);
        }
        sums.iter_mut().chain(&mut slopes).for_each(|value| *value /= sum);
        Tabulated { low, width, sums, slopes }
    }

    /// The probability up to `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        let place = (x - self.low) / self.width;
        if place.is_nan() {
            return f64::NAN;
        }
        if place <= 0.0 || place >= CELLS as f64 {
            return if place <= 0.0 { 0.0 } else { 1.0 };
        }
        let (cell, t) = (place as usize, place.fract());
        let rise = self.sums[cell + 1] - self.sums[cell];
        let (left, right) = (self.slopes[cell], self.slopes[cell + 1]);
        // Hermite's cubic through both values and both slopes.
        self.sums[cell]
            + t * (left + t * ((3.0 * rise - 2.0 * left - right) + t * (left + right - 2.0 * rise)))
    }
}

#[cfg(test)]
mod tests {
    use mts_rng::math::exp;
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::*;

    #[test]
    fn agrees_with_the_normal_law() {
        let (law, table) =
            (Normal::new(0.0, 1.0).unwrap(), Tabulated::new(-10.0, 10.0, |x| exp(-0.5 * x * x)));
        for i in -900..=900 {
            let x = f64::from(i) * 0.01;
            assert!((table.cdf(x) - law.cdf(x)).abs() < 1e-10, "{x}");
        }
        assert_eq!((table.cdf(-11.0), table.cdf(11.0)), (0.0, 1.0));
    }
}
