//! Rates that change now and then.

use mts_core::{Problems, Shape, Tensor};

/// Rates that last equally long, over and over again.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    /// (channel or one for all, piece)
    pub(super) rates: Vec<f64>,
    /// Events before each piece of a cycle, on average, and in all of it: one more than pieces.
    sums: Vec<f64>,
    pub(super) count: usize,
    pub(super) length: f64,
    cycle: f64,
}

impl Pieces {
    pub(super) fn new(rates: &Tensor, length: f64, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let channels = shape.channels();
        let count = match rates.shape() {
            [count @ 1..=usize::MAX] => *count,
            [found, count @ 1..=usize::MAX] if *found == channels => *count,
            found => {
                let rule = format_args!(
                    "must be a list or a matrix of {channels} rows, one per channel, found shape {found:?}"
                );
                problems.add("rates", rule);
                return None;
            }
        };
        if let Some(bad) = rates.data().iter().find(|rate| !(rate.is_finite() && **rate >= 0.0)) {
            problems.non_negative("rates", *bad);
            return None;
        }
        let mut sums = Vec::with_capacity(rates.data().len() / count * (count + 1));
        for row in rates.data().chunks_exact(count) {
            let mut sum = 0.0;
            sums.push(sum);
            for rate in row {
                sum += rate * length;
                sums.push(sum);
            }
        }
        if let Some(bad) = sums.iter().find(|sum| !sum.is_finite()) {
            problems.add("rates", format_args!("times length must be finite, found {bad}"));
            return None;
        }
        let cycle = count as f64 * length;
        Some(Pieces { rates: rates.data().to_vec(), sums, count, length, cycle })
    }

    /// The mean number of events of a channel within `dt` seconds after `t`.
    pub(super) fn mean(&self, channel: usize, t: f64, dt: f64) -> f64 {
        let row = if self.rates.len() == self.count { 0 } else { channel };
        let total = self.sums[row * (self.count + 1) + self.count];
        let (begin, left) = (t % self.cycle, dt % self.cycle);
        let end = begin + left;
        // Whole ones, by what is left: a quotient just below a whole number rounds up to it.
        let cycles = ((dt - left) / self.cycle).round();
        let wrapped = if end >= self.cycle {
            total + self.before(row, end - self.cycle)
        } else {
            self.before(row, end)
        };
        cycles * total + (wrapped - self.before(row, begin))
    }

    /// Events from the beginning of a cycle to `at` in it.
    fn before(&self, row: usize, at: f64) -> f64 {
        let piece = ((at / self.length) as usize).min(self.count - 1);
        self.sums[row * (self.count + 1) + piece]
            + self.rates[row * self.count + piece] * (at - piece as f64 * self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_piece() {
        let mut problems = Problems::default();
        assert!(Pieces::new(&Vec::new().into(), 1.0, Shape::of(1, 1, 1), &mut problems).is_none());
        assert!(problems.to_string().contains("found shape [0]"), "{problems}");
    }

    /// 1 % 0.1 is nearly 0.1, while 1 / 0.1 is 10.
    #[test]
    fn cycles_that_rounding_completes_count_once() {
        for (length, dt, mean) in [(0.05, 1.0, 15.0), (0.05, 0.3, 4.5), (0.15, 0.9, 13.5), (0.5, 7.0, 105.0)]
        {
            let (rates, shape) = (vec![10.0, 20.0].into(), Shape::of(1, 1, 1));
            let pieces = Pieces::new(&rates, length, shape, &mut Problems::default()).unwrap();
            for step in 0..100 {
                let found = pieces.mean(0, f64::from(step) * dt, dt);
                assert!((found - mean).abs() < 1e-9, "{length} s in {dt} s, step {step}: {found}");
            }
        }
    }
}
