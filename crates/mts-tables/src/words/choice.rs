//! Choices: what a value is made of, drawn, counted through, or just counted.
//!
//! Each kind of value is written once, against [`Choice`]. With a generator that gives a drawn value, with a
//! number the value of that number, and with [`Count`] how many there are. A text that shows each of its
//! choices is therefore different for each number below the count.

use mts_rng::Rng;

/// Where the choices of one value come from.
pub(super) trait Choice {
    /// One of `0..count`.
    fn below(&mut self, count: u64) -> u64;

    /// One of `0..count`, by a law of its own where it is drawn. With a count of 1: a choice that this value
    /// does not show, drawn nevertheless, so that what follows is the same for all values of a group.
    fn either(&mut self, count: u64, drawn: impl FnOnce(&mut Rng) -> u64) -> u64;

    /// A text of a list that is not empty.
    fn text<'a>(&mut self, list: &[&'a str]) -> &'a str {
        self.of::<&str>(list)
    }

    /// A member of a list that is not empty.
    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

impl Choice for Rng {
    #[inline]
    fn below(&mut self, count: u64) -> u64 {
        self.bounded(count - 1)
    }

    #[inline]
    fn either(&mut self, _count: u64, drawn: impl FnOnce(&mut Rng) -> u64) -> u64 {
        drawn(self)
    }
}

/// A number, taken apart digit by digit, the radix of each being the choice's count.
pub(super) struct Nth(pub u128);

impl Choice for Nth {
    fn below(&mut self, count: u64) -> u64 {
        let digit = self.0 % u128::from(count);
        self.0 /= u128::from(count);
        digit as u64
    }

    fn either(&mut self, count: u64, _drawn: impl FnOnce(&mut Rng) -> u64) -> u64 {
        self.below(count)
    }
}

/// The product of all radices.
pub(super) struct Count(pub u128);

impl Choice for Count {
    fn below(&mut self, count: u64) -> u64 {
        self.0 *= u128::from(count);
        0
    }

    fn either(&mut self, count: u64, _drawn: impl FnOnce(&mut Rng) -> u64) -> u64 {
        self.below(count)
    }
}
