//! The generator.

use std::convert::Infallible;

use mts_hash::{Entropy, SeedSequence};

use crate::pcg64::Pcg64;
use crate::words::Words;

/// NumPy's `Generator(PCG64)`: the same seed gives the same draws, one by one or in bulk, in any
/// order of calls, to the last bit.
///
/// Method names are NumPy's; `fill_*` are the bulk forms, equal to as many single draws.
///
/// ```
/// use mts_rng::Rng;
///
/// // numpy.random.default_rng(42)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(rng.random(), 0.7739560485559633);
/// assert_eq!(rng.standard_normal(), -1.0399841062404955);
/// assert_eq!(rng.integers(0, 100), 43);
/// ```
#[derive(Clone, Debug)]
pub struct Rng {
    pub(crate) words: Words,
    seed: Option<Box<SeedSequence>>,
}

/// Where a [`Rng`] stands: what NumPy's `bit_generator.state` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// State of the congruential generator.
    pub state: u128,
    /// Its increment, odd.
    pub increment: u128,
    /// A half word waiting for the next 32-bit draw.
    pub half: Option<u32>,
}

impl Rng {
    /// The generator of a seed sequence: `Generator(PCG64(sequence))`.
    pub fn new(seed: SeedSequence) -> Self {
        let words = seed.generate_u64(4);
        let pcg = Pcg64::from_words([words[0], words[1], words[2], words[3]]);
        Rng { words: Words { pcg, half: None }, seed: Some(Box::new(seed)) }
    }

    /// `default_rng(entropy)`.
    pub fn from_seed(entropy: impl Into<Entropy>) -> Self {
        Rng::new(SeedSequence::new(entropy))
    }

    /// A generator that continues at `state`. It cannot [`spawn`](Self::spawn).
    pub fn from_state(state: State) -> Self {
        let pcg = Pcg64 { state: state.state, increment: state.increment | 1 };
        Rng { words: Words { pcg, half: state.half }, seed: None }
    }

    pub(crate) fn from_pcg(pcg: Pcg64) -> Self {
        Rng { words: Words { pcg, half: None }, seed: None }
    }

    /// Where the generator stands.
    pub fn state(&self) -> State {
        let Words { pcg, half } = self.words;
        State { state: pcg.state, increment: pcg.increment, half }
    }

    /// Continues at `state`. What it [`spawn`](Self::spawn)s still comes from its own seed.
    ///
    /// ```
    /// use mts_rng::Rng;
    ///
    /// let mut rng = Rng::from_seed(42_u64);
    /// rng.next_u32();
    /// let saved = rng.state();
    /// let rest = [rng.next_u32(), rng.next_u32()];
    ///
    /// let mut other = Rng::from_seed(42_u64);
    /// other.set_state(saved);
    /// assert_eq!([other.next_u32(), other.next_u32()], rest);
    /// assert_eq!(other.spawn(1).len(), 1);
    /// ```
    pub fn set_state(&mut self, state: State) {
        self.words = Rng::from_state(state).words;
    }

    /// The next `count` generators below this one's seed sequence, independent of it, of each
    /// other, and of what was drawn. Empty for a generator made from a bare state.
    pub fn spawn(&mut self, count: u32) -> Vec<Rng> {
        let children = self.seed.as_mut().map(|seed| seed.spawn(count));
        children.into_iter().flatten().map(Rng::new).collect()
    }

    /// Moves on by `delta` 64-bit draws, backwards by `delta` near 2¹²⁸; drops the half word.
    pub fn advance(&mut self, delta: u128) {
        self.words.pcg.advance(delta);
        self.words.half = None;
    }

    /// A copy that stands `jumps` times 2¹²⁸/φ draws further on: far from any stream in use.
    pub fn jumped(&self, jumps: u128) -> Self {
        let mut rng = self.clone();
        rng.words.pcg.jump(jumps);
        rng.words.half = None;
        rng
    }

    /// The next 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.words.pcg.next_u64()
    }

    /// The next 32 random bits: the low half of a fresh word, then its high half.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        self.words.next_u32()
    }

    /// Uniform on [0, 1), a multiple of 2⁻⁵³.
    #[inline]
    pub fn random(&mut self) -> f64 {
        self.words.pcg.next_f64()
    }

    /// Fills with [`random`](Self::random).
    pub fn fill_random(&mut self, out: &mut [f64]) {
        self.fill_with(out, Pcg64::next_f64);
    }

    /// Uniform on [low, high): `low + (high - low)·U`.
    #[inline]
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random()
    }

    /// Fills with [`uniform`](Self::uniform).
    pub fn fill_uniform(&mut self, low: f64, high: f64, out: &mut [f64]) {
        self.fill_with(out, |pcg| low + (high - low) * pcg.next_f64());
    }

    /// Fills `out` while the bit generator stays in registers.
    #[inline(always)]
    pub(crate) fn fill_with<T>(&mut self, out: &mut [T], mut draw: impl FnMut(&mut Pcg64) -> T) {
        let mut pcg = self.words.pcg;
        for value in out {
            *value = draw(&mut pcg);
        }
        self.words.pcg = pcg;
    }

    /// [`fill_with`](Self::fill_with) for draws that use half words.
    #[inline(always)]
    pub(crate) fn fill_with_words<T>(&mut self, out: &mut [T], mut draw: impl FnMut(&mut Words) -> T) {
        let mut words = self.words;
        for value in out {
            *value = draw(&mut words);
        }
        self.words = words;
    }
}

impl rand_core::TryRng for Rng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_u64())
    }

    /// As NumPy's `bytes`: 32-bit words, little-endian, the last one cut.
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.words.fill_bytes(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_continues_the_stream() {
        let mut rng = Rng::from_seed(7_u64);
        rng.next_u32();
        let mut copy = Rng::from_state(rng.state());
        assert_eq!(copy.state(), rng.state());
        assert!((0..100).all(|_| copy.next_u32() == rng.next_u32() && copy.random() == rng.random()));
        assert!(copy.spawn(3).is_empty());
    }

    #[test]
    fn works_as_a_rand_core_generator() {
        fn first<R: rand_core::Rng>(mut rng: R) -> u64 {
            rng.next_u64()
        }
        assert_eq!(first(Rng::from_seed(1_u64)), Rng::from_seed(1_u64).next_u64());
    }
}
