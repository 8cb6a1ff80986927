//! Bounded integers without bias (Lemire 2019, doi:10.1145/3230636), as NumPy draws them.

use crate::Rng;

impl Rng {
    /// Uniform on `low..high`. Ranges below 2³² take 32 random bits, a single value none.
    ///
    /// # Panics
    ///
    /// Where `low >= high`.
    #[inline]
    pub fn integers(&mut self, low: i64, high: i64) -> i64 {
        assert!(low < high, "empty range {low}..{high}");
        low.wrapping_add(self.bounded(last_offset(low, high)) as i64)
    }

    /// Fills with [`integers`](Self::integers).
    ///
    /// # Panics
    ///
    /// Where `low >= high`.
    pub fn fill_integers(&mut self, low: i64, high: i64, out: &mut [i64]) {
        assert!(low < high, "empty range {low}..{high}");
        let last = last_offset(low, high);
        self.words.fill_bounded(last, out, |offset| low.wrapping_add(offset as i64));
    }

    /// Uniform on `0..=last`: NumPy's `integers(0, last, endpoint=True)`.
    #[inline]
    pub fn bounded(&mut self, last: u64) -> u64 {
        self.words.bounded(last)
    }
}

fn last_offset(low: i64, high: i64) -> u64 {
    (high as u64).wrapping_sub(low as u64) - 1
}
