//! Orders and bytes: NumPy's `shuffle`, `permutation`, `bytes`.

use crate::Rng;

impl Rng {
    /// Puts the elements into a random order: NumPy's `shuffle` of a list or a vector.
    ///
    /// Durstenfeld 1964, doi:10.1145/364520.364540, from the end; integers by masking and drawing again. NumPy's
    /// `permuted(x, axis=-1)` is a shuffle of each row in turn.
    ///
    /// ```
    /// use mts_rng::Rng;
    ///
    /// // >>> x = [0, 1, 2, 3, 4]; numpy.random.default_rng(42).shuffle(x); x
    /// // [4, 2, 3, 1, 0]
    /// let mut x = [0, 1, 2, 3, 4];
    /// Rng::from_seed(42_u64).shuffle(&mut x);
    /// assert_eq!(x, [4, 2, 3, 1, 0]);
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        let mut words = self.words;
        let mut last = items.len().saturating_sub(1);
        while last > 0 {
            // From here down to the next power of two the mask is the same. A rejected candidate swaps the
            // element with itself: that is faster than a branch nobody can predict.
            let mask = usize::MAX >> last.leading_zeros();
            while last > mask / 2 {
                let candidate = words.masked_once(mask as u64) as usize;
                let accepted = candidate <= last;
                items.swap(last, if accepted { candidate } else { last });
                last -= usize::from(accepted);
            }
        }
        self.words = words;
    }

    /// Puts the rows of a matrix into a random order: NumPy's `shuffle` of an array of more than one axis,
    /// `width` elements to each index of the first.
    ///
    /// ```
    /// use mts_rng::Rng;
    ///
    /// // >>> x = numpy.arange(6).reshape(3, 2); numpy.random.default_rng(42).shuffle(x); x
    /// // array([[4, 5], [2, 3], [0, 1]])
    /// let mut x = [0, 1, 2, 3, 4, 5];
    /// Rng::from_seed(42_u64).shuffle_rows(&mut x, 2);
    /// assert_eq!(x, [4, 5, 2, 3, 0, 1]);
    /// ```
    ///
    /// # Panics
    ///
    /// Where the rows are not whole.
    pub fn shuffle_rows<T>(&mut self, items: &mut [T], width: usize) {
        if items.is_empty() {
            return;
        }
        assert!(width > 0 && items.len().is_multiple_of(width), "{} items in rows of {width}", items.len());
        for i in (1..items.len() / width).rev() {
            let j = self.words.masked(i as u64) as usize;
            if i != j {
                let (head, tail) = items.split_at_mut(i * width);
                head[j * width..][..width].swap_with_slice(&mut tail[..width]);
            }
        }
    }

    /// The numbers below `count` in a random order: NumPy's `permutation(count)`.
    ///
    /// For a permuted copy of anything else, copy and [`shuffle`](Self::shuffle).
    ///
    /// ```
    /// use mts_rng::Rng;
    ///
    /// // >>> numpy.random.default_rng(42).permutation(5)
    /// // array([4, 2, 3, 1, 0])
    /// assert_eq!(Rng::from_seed(42_u64).permutation(5), [4, 2, 3, 1, 0]);
    /// ```
    pub fn permutation(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        self.shuffle(&mut order);
        order
    }

    /// Random bytes: NumPy's `bytes(count)`.
    ///
    /// ```
    /// use mts_rng::Rng;
    ///
    /// // >>> numpy.random.default_rng(42).bytes(5)
    /// // b'\x88&\xd9\x16\xcd'
    /// assert_eq!(Rng::from_seed(42_u64).bytes(5), b"\x88&\xd9\x16\xcd");
    /// ```
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.fill_bytes(&mut bytes);
        bytes
    }

    /// Fills with random bytes: the low half of a word, then its high half, little-endian, the last half cut.
    pub fn fill_bytes(&mut self, out: &mut [u8]) {
        self.words.fill_bytes(out);
    }
}
