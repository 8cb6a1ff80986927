//! Integers of every width: NumPy's `integers(low, high, dtype=..., endpoint=True)`.

use crate::Rng;
use crate::words::Words;

/// A type of integer that [`Rng::integers_inclusive`] draws: `i8` to `i64`, `u8` to `u64`, `bool`.
pub trait Integer: sealed::Integer {}

mod sealed {
    use crate::Rng;

    pub trait Integer: Copy + PartialOrd + std::fmt::Debug {
        /// `self - low`, which is not negative.
        fn offset_from(self, low: Self) -> u64;
        /// Fills with values uniform on `low..=low + last`.
        fn fill(rng: &mut Rng, low: Self, last: u64, out: &mut [Self]);
    }
}

impl Rng {
    /// Uniform on `low..=high`, as NumPy draws one integer of this type.
    ///
    /// ```
    /// use mts_rng::Rng;
    ///
    /// // >>> rng = numpy.random.default_rng(42)
    /// // >>> rng.integers(-128, 127, dtype=numpy.int8, endpoint=True)
    /// // 8
    /// assert_eq!(Rng::from_seed(42_u64).integers_inclusive(i8::MIN, i8::MAX), 8);
    /// ```
    ///
    /// # Panics
    ///
    /// Where `low > high`.
    pub fn integers_inclusive<T: Integer>(&mut self, low: T, high: T) -> T {
        let mut out = [low];
        self.fill_integers_inclusive(low, high, &mut out);
        out[0]
    }

    /// Fills with integers uniform on `low..=high`, as one call in NumPy does.
    ///
    /// Integers of 8 and 16 bits share a half word between four and two values, bools one between 32. What is
    /// left of it at the end of the call is dropped, so for these types (and no others) a bulk form is not the
    /// same as single draws.
    ///
    /// ```
    /// use mts_rng::Rng;
    ///
    /// // >>> numpy.random.default_rng(42).integers(0, 100, size=5, dtype=numpy.uint8)
    /// // array([14, 84,  8, 12, 77], dtype=uint8)
    /// let mut out = [0_u8; 5];
    /// Rng::from_seed(42_u64).fill_integers_inclusive(0, 99, &mut out);
    /// assert_eq!(out, [14, 84, 8, 12, 77]);
    /// ```
    ///
    /// # Panics
    ///
    /// Where `low > high`.
    pub fn fill_integers_inclusive<T: Integer>(&mut self, low: T, high: T, out: &mut [T]) {
        assert!(low <= high, "empty range {low:?}..={high:?}");
        let last = high.offset_from(low);
        if last == 0 {
            out.fill(low);
        } else {
            T::fill(self, low, last, out);
        }
    }
}

/// Cuts half words into pieces, lowest first.
struct Pieces {
    words: Words,
    bits: u32,
    left: u32,
}

macro_rules! short_integers {
    ($($integer:ty as $piece:ty;)+) => {$(
        impl Integer for $integer {}

        impl sealed::Integer for $integer {
            fn offset_from(self, low: Self) -> u64 {
                (self as $piece).wrapping_sub(low as $piece).into()
            }

            fn fill(rng: &mut Rng, low: Self, last: u64, out: &mut [Self]) {
                const PIECES: usize = 32 / <$piece>::BITS as usize;

                let mut words = rng.words;
                if last == <$piece>::MAX.into() {
                    // All values of the type are allowed: pieces as they are.
                    for chunk in out.chunks_mut(PIECES) {
                        let mut bits = words.next_u32();
                        for value in chunk {
                            *value = low.wrapping_add(bits as $integer);
                            bits >>= <$piece>::BITS;
                        }
                    }
                    rng.words = words;
                    return;
                }
                let count = last as u32 + 1;
                let rejected = (<$piece>::MAX as u32 + 1) % count;
                // Each value takes one piece at least: as long as there is room for those of a whole half word, none
                // is left over, and no branch depends on which are rejected.
                let mut made = 0;
                while let Some(room) = out[made..].first_chunk_mut::<PIECES>() {
                    let mut bits = words.next_u32();
                    let mut accepted = 0;
                    for _ in 0..PIECES {
                        let product = u32::from(bits as $piece) * count;
                        room[accepted] = low.wrapping_add((product >> <$piece>::BITS) as $integer);
                        accepted += usize::from(u32::from(product as $piece) >= rejected);
                        bits >>= <$piece>::BITS;
                    }
                    made += accepted;
                }
                let mut pieces = Pieces { words, bits: 0, left: 0 };
                for value in &mut out[made..] {
                    let mut product = pieces.next::<{ <$piece>::BITS }>() * count;
                    while u32::from(product as $piece) < rejected {
                        product = pieces.next::<{ <$piece>::BITS }>() * count;
                    }
                    *value = low.wrapping_add((product >> <$piece>::BITS) as $integer);
                }
                rng.words = pieces.words;
            }
        }
    )+};
}

short_integers! {
    i8 as u8;
    u8 as u8;
    i16 as u16;
    u16 as u16;
}

impl Pieces {
    /// The next `BITS` bits.
    #[inline(always)]
    fn next<const BITS: u32>(&mut self) -> u32 {
        if self.left == 0 {
            self.bits = self.words.next_u32();
            self.left = 32 / BITS;
        }
        let piece = self.bits & ((1 << BITS) - 1);
        self.bits >>= BITS;
        self.left -= 1;
        piece
    }
}

macro_rules! long_integers {
    ($($integer:ty as $unsigned:ty;)+) => {$(
        impl Integer for $integer {}

        impl sealed::Integer for $integer {
            fn offset_from(self, low: Self) -> u64 {
                (self as $unsigned).wrapping_sub(low as $unsigned).into()
            }

            fn fill(rng: &mut Rng, low: Self, last: u64, out: &mut [Self]) {
                rng.words.fill_bounded(last, out, |offset| low.wrapping_add(offset as $integer));
            }
        }
    )+};
}

long_integers! {
    i32 as u32;
    u32 as u32;
    i64 as u64;
    u64 as u64;
}

impl Integer for bool {}

impl sealed::Integer for bool {
    fn offset_from(self, low: Self) -> u64 {
        u64::from(self) - u64::from(low)
    }

    /// Only called for both values: one bit for each, lowest first.
    fn fill(rng: &mut Rng, _low: Self, _last: u64, out: &mut [Self]) {
        for chunk in out.chunks_mut(32) {
            let bits = rng.next_u32();
            for (i, value) in chunk.iter_mut().enumerate() {
                *value = bits >> i & 1 == 1;
            }
        }
    }
}
