//! Statistics of a dataset while it passes.

use crate::Statistics;

/// Collects count, mean, squares and extremes (Welford 1962, doi:10.1080/00401706.1962.10490022).
#[derive(Default)]
pub(crate) struct Summary {
    count: u64,
    mean: f64,
    squares: f64,
    extremes: Option<(f64, f64)>,
}

impl Summary {
    pub(crate) fn add(&mut self, values: &[f64]) {
        // Of values that are missing nothing is known.
        for &x in values.iter().filter(|x| !x.is_nan()) {
            self.count += 1;
            let distance = x - self.mean;
            self.mean += distance / self.count as f64;
            self.squares += distance * (x - self.mean);
            let (low, high) = self.extremes.unwrap_or((x, x));
            self.extremes = Some((low.min(x), high.max(x)));
        }
    }

    pub(crate) fn statistics(&self) -> Statistics {
        let (min, max) = self.extremes.unwrap_or((f64::NAN, f64::NAN));
        Statistics { mean: self.mean, std: (self.squares / self.count as f64).sqrt(), min, max }
    }
}
