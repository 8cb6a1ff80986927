//! The bit generator: PCG XSL RR 128/64 (O'Neill 2014, HMC-CS-2014-0905), NumPy's PCG64.

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// Distance of one NumPy `jumped`: 2¹²⁸ divided by the golden ratio.
const JUMP: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// A 128-bit linear congruential generator with a permuted 64-bit output. Small enough to live in
/// registers during bulk draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pcg64 {
    pub(crate) state: u128,
    /// Odd.
    pub(crate) increment: u128,
}

impl Pcg64 {
    /// Seeded as NumPy does from four 64-bit words.
    pub(crate) fn from_words(words: [u64; 4]) -> Self {
        let wide = |high, low| u128::from(high) << 64 | u128::from(low);
        let mut pcg = Pcg64 { state: 0, increment: wide(words[2], words[3]) << 1 | 1 };
        pcg.step();
        pcg.state = pcg.state.wrapping_add(wide(words[0], words[1]));
        pcg.step();
        pcg
    }

    #[inline(always)]
    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    #[inline(always)]
    pub(crate) fn next_u64(&mut self) -> u64 {
        self.step();
        let folded = (self.state >> 64) as u64 ^ self.state as u64;
        folded.rotate_right((self.state >> 122) as u32)
    }

    /// A float in [0, 1): the 53 high bits.
    #[inline(always)]
    pub(crate) fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Moves on by `delta` draws (mod 2¹²⁸) in O(log delta) (Brown 1994, "Random number generation
    /// with arbitrary strides").
    pub(crate) fn advance(&mut self, mut delta: u128) {
        let (mut multiplier, mut increment) = (MULTIPLIER, self.increment);
        let (mut total_multiplier, mut total_increment) = (1_u128, 0_u128);
        while delta > 0 {
            if delta & 1 == 1 {
                total_multiplier = total_multiplier.wrapping_mul(multiplier);
                total_increment = total_increment.wrapping_mul(multiplier).wrapping_add(increment);
            }
            increment = increment.wrapping_mul(multiplier.wrapping_add(1));
            multiplier = multiplier.wrapping_mul(multiplier);
            delta >>= 1;
        }
        self.state = self.state.wrapping_mul(total_multiplier).wrapping_add(total_increment);
    }

    pub(crate) fn jump(&mut self, jumps: u128) {
        self.advance(JUMP.wrapping_mul(jumps));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::Rng as _;

    #[test]
    fn equals_rand_pcg() {
        let words = [0xdead_beef, 1 << 63, 0x0123_4567_89ab_cdef, 42];
        let mut ours = Pcg64::from_words(words);
        let wide = |high, low| u128::from(high) << 64 | u128::from(low);
        let mut theirs = rand_pcg::Pcg64::new(wide(words[0], words[1]), wide(words[2], words[3]));
        for _ in 0..1000 {
            assert_eq!(ours.next_u64(), theirs.next_u64());
        }
        ours.advance(u128::MAX - 12345);
        theirs.advance(u128::MAX - 12345);
        assert_eq!(ours.next_u64(), theirs.next_u64());
    }
}
