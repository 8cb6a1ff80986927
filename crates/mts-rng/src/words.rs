//! Whole and half words from one stream.

use crate::pcg64::Pcg64;

/// The bit generator, and what a 32-bit draw left of its word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) pcg: Pcg64,
    /// The high half of the last word that served a 32-bit draw. NumPy keeps it over 64-bit draws.
    pub(crate) half: Option<u32>,
}

impl Words {
    /// The low half of a fresh word, then its high half.
    #[inline(always)]
    pub(crate) fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.half.take() {
            return half;
        }
        let word = self.pcg.next_u64();
        self.half = Some((word >> 32) as u32);
        word as u32
    }

    /// Uniform on `0..=last` by Lemire's multiplication (doi:10.1145/3230636).
    #[inline]
    pub(crate) fn bounded(&mut self, last: u64) -> u64 {
        match last {
            0 => 0,
            0xffff_ffff => self.next_u32().into(),
            u64::MAX => self.pcg.next_u64(),
            _ => match u32::try_from(last + 1) {
                Ok(count) => self.below_u32(count).into(),
                Err(_) => self.below_u64(last + 1),
            },
        }
    }

    /// [`bounded`](Self::bounded) for each element, made into what `value` makes of it.
    #[inline(always)]
    pub(crate) fn fill_bounded<T>(&mut self, last: u64, out: &mut [T], value: impl Fn(u64) -> T) {
        // A copy stays in registers; one loop for each method.
        let mut words = *self;
        match last {
            0xffff_ffff => out.iter_mut().for_each(|out| *out = value(words.next_u32().into())),
            u64::MAX => out.iter_mut().for_each(|out| *out = value(words.pcg.next_u64())),
            _ => match u32::try_from(last + 1) {
                Ok(1) => out.iter_mut().for_each(|out| *out = value(0)),
                Ok(count) => words.fill_below_u32(count, out, |offset| value(offset.into())),
                Err(_) => out.iter_mut().for_each(|out| *out = value(words.below_u64(last + 1))),
            },
        }
        *self = words;
    }

    /// [`below_u32`](Self::below_u32) for each element, two to a word as long as neither is rejected.
    #[inline(always)]
    fn fill_below_u32<T>(&mut self, count: u32, out: &mut [T], value: impl Fn(u32) -> T) {
        let rejected = count.wrapping_neg() % count;
        let mut i = 0;
        while i < out.len() {
            if let (None, [first, second, ..]) = (self.half, &mut out[i..]) {
                let mut pcg = self.pcg;
                let word = pcg.next_u64();
                let (low, high) = ((word & 0xffff_ffff) * u64::from(count), (word >> 32) * u64::from(count));
                if low as u32 >= rejected && high as u32 >= rejected {
                    self.pcg = pcg;
                    *first = value((low >> 32) as u32);
                    *second = value((high >> 32) as u32);
                    i += 2;
                    continue;
                }
            }
            out[i] = value(self.below_u32(count));
            i += 1;
        }
    }

    #[inline(always)]
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

    #[inline(always)]
    fn below_u64(&mut self, count: u64) -> u64 {
        let mut product = u128::from(self.pcg.next_u64()) * u128::from(count);
        if (product as u64) < count {
            let rejected = count.wrapping_neg() % count;
            while (product as u64) < rejected {
                product = u128::from(self.pcg.next_u64()) * u128::from(count);
            }
        }
        (product >> 64) as u64
    }

    /// Uniform on `0..=last` by cutting words to the bits of `last` and drawing again beyond it.
    #[inline(always)]
    pub(crate) fn masked(&mut self, last: u64) -> u64 {
        if last == 0 {
            return 0;
        }
        let mask = u64::MAX >> last.leading_zeros();
        loop {
            let candidate = self.masked_once(mask);
            if candidate <= last {
                return candidate;
            }
        }
    }

    /// Random bits where the mask has ones, from a half word where that is enough.
    #[inline(always)]
    pub(crate) fn masked_once(&mut self, mask: u64) -> u64 {
        mask & if mask <= u32::MAX.into() { self.next_u32().into() } else { self.pcg.next_u64() }
    }

    /// Half words, little-endian, the last one cut.
    pub(crate) fn fill_bytes(&mut self, bytes: &mut [u8]) {
        let split = if self.half.is_some() { bytes.len().min(4) } else { 0 };
        let (first, rest) = bytes.split_at_mut(split);
        let (whole, last) = rest.split_at_mut(rest.len() / 8 * 8);
        self.fill_bytes_by_halves(first);
        for chunk in whole.chunks_exact_mut(8) {
            chunk.copy_from_slice(&self.pcg.next_u64().to_le_bytes());
        }
        self.fill_bytes_by_halves(last);
    }

    fn fill_bytes_by_halves(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(4) {
            chunk.copy_from_slice(&self.next_u32().to_le_bytes()[..chunk.len()]);
        }
    }
}
