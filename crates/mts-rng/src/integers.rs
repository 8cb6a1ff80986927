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
        self.integer_from(low, last_offset(low, high))
    }

    /// Fills with [`integers`](Self::integers).
    ///
    /// # Panics
    ///
    /// Where `low >= high`.
    pub fn fill_integers(&mut self, low: i64, high: i64, out: &mut [i64]) {
        assert!(low < high, "empty range {low}..{high}");
        let last = last_offset(low, high);
        for value in out {
            *value = self.integer_from(low, last);
        }
    }

    #[inline]
    fn integer_from(&mut self, low: i64, last: u64) -> i64 {
        low.wrapping_add(self.bounded(last) as i64)
    }

    /// Uniform on `0..=last`: NumPy's `integers(0, last, endpoint=True)`.
    #[inline]
    pub fn bounded(&mut self, last: u64) -> u64 {
        match last {
            0 => 0,
            0xffff_ffff => self.next_u32().into(),
            u64::MAX => self.next_u64(),
            _ => match u32::try_from(last + 1) {
                Ok(count) => self.below_u32(count).into(),
                Err(_) => self.below_u64(last + 1),
            },
        }
    }

    #[inline]
    fn below_u32(&mut self, count: u32) -> u32 {
        let mut product = u64::from(self.next_u32()) * u64::from(count);
        if (product as u32) < count {
            let rejected = count.wrapping_neg() % count;
            while (product as u32) < rejected {
                product = u64::from(self.next_u32()) * u64::from(count);
            }
        }
        (product >> 32) as u32
    }

    fn below_u64(&mut self, count: u64) -> u64 {
        let mut product = u128::from(self.next_u64()) * u128::from(count);
        if (product as u64) < count {
            let rejected = count.wrapping_neg() % count;
            while (product as u64) < rejected {
                product = u128::from(self.next_u64()) * u128::from(count);
            }
        }
        (product >> 64) as u64
    }
}

fn last_offset(low: i64, high: i64) -> u64 {
    (high as u64).wrapping_sub(low as u64) - 1
}
