//! What a case draws.

use mts_hash::SeedSequence;
use mts_rng::{Key, Rng, keyed};

/// A generator of choices: those of one case do not depend on other cases.
pub struct Dice(Rng);

impl Dice {
    pub fn new(suite: &str, seed: u64, case: u64) -> Self {
        Dice(keyed(Key::from(&SeedSequence::new(seed).named(suite)), case))
    }

    /// Any 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// One of 0, 1, …, `count` - 1, or 0 where there are none.
    pub fn below(&mut self, count: usize) -> usize {
        self.0.bounded((count as u64).saturating_sub(1)) as usize
    }

    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True in so many of 1000 cases.
    pub fn permille(&mut self, chance: u64) -> bool {
        self.0.bounded(999) < chance
    }

    /// True in so many of 100 cases.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.permille(10 * chance)
    }

    pub fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    pub fn any<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
