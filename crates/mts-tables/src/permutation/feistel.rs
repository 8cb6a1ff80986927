//! A Feistel network on a rectangle.

use mts_rng::Rng;

/// A rectangle of nearly equal sides, the smallest that holds a domain, and the keys of the rounds that permute it.
///
/// Halves of a number of bits would do, but such a square can be four times as large as the domain, and who falls
/// outside has to go through the rounds again (Black & Rogaway 2002, doi:10.1007/3-540-45760-7_9). Here the share
/// outside is below one in the shorter side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Feistel<const ROUNDS: usize> {
    width: u64,
    height: u64,
    /// (2⁶⁴ - 1) / width: dividing takes longer than two rounds.
    reciprocal: u64,
    keys: [u64; ROUNDS],
}

/// The constants of two multiplications that mix well: Stafford's variant 13 of MurmurHash3.
const FIRST: u64 = 0xbf58_476d_1ce4_e5b9;
const SECOND: u64 = 0x94d0_49bb_1331_11eb;

/// A number below `side` for each `half`.
#[inline(always)]
fn round(half: u64, key: u64, side: u64) -> u64 {
    let word = (half ^ key).wrapping_mul(FIRST);
    let word = (word ^ word >> 32).wrapping_mul(SECOND);
    ((u128::from(word) * u128::from(side)) >> 64) as u64
}

impl<const ROUNDS: usize> Feistel<ROUNDS> {
    /// For the numbers below `size`, which is from 1 to 2¹²⁷.
    pub(super) fn draw(rng: &mut Rng, size: u128) -> Self {
        let width = ceil_sqrt(size);
        let height = size.div_ceil(width.into()) as u64;
        Feistel { width, height, reciprocal: u64::MAX / width, keys: std::array::from_fn(|_| rng.next_u64()) }
    }

    #[inline(always)]
    fn forward(&self, mut x: u64, mut y: u64) -> (u64, u64) {
        for keys in self.keys.chunks_exact(2) {
            x = add(x, round(y, keys[0], self.width), self.width);
            y = add(y, round(x, keys[1], self.height), self.height);
        }
        (x, y)
    }

    #[inline(always)]
    fn backward(&self, mut x: u64, mut y: u64) -> (u64, u64) {
        for keys in self.keys.rchunks_exact(2) {
            y = subtract(y, round(x, keys[1], self.height), self.height);
            x = subtract(x, round(y, keys[0], self.width), self.width);
        }
        (x, y)
    }
}

/// Modulo a side of at most 2⁶³·√2, as are both terms.
#[inline(always)]
fn add(x: u64, y: u64, side: u64) -> u64 {
    // Sides of a wide domain leave no bit for a carry.
    let rest = side - y;
    if x >= rest { x - rest } else { x + y }
}

#[inline(always)]
fn subtract(x: u64, y: u64, side: u64) -> u64 {
    if x >= y { x - y } else { x + (side - y) }
}

/// Domains that a word can count.
impl<const ROUNDS: usize> Feistel<ROUNDS> {
    #[inline(always)]
    fn split(&self, index: u64) -> (u64, u64) {
        let quotient = ((u128::from(index) * u128::from(self.reciprocal)) >> 64) as u64;
        let rest = index - quotient * self.width;
        // The quotient falls short by one at most.
        let short = rest >= self.width;
        (if short { rest - self.width } else { rest }, quotient + u64::from(short))
    }

    #[inline(always)]
    fn join(&self, (x, y): (u64, u64)) -> u64 {
        // Below width·height, which is 2⁶⁴ at most.
        y * self.width + x
    }

    #[inline(always)]
    pub(super) fn at(&self, index: u64, size: u64) -> u64 {
        let (mut x, mut y) = self.split(index);
        loop {
            (x, y) = self.forward(x, y);
            let value = self.join((x, y));
            if value < size {
                return value;
            }
        }
    }

    #[inline(always)]
    pub(super) fn inverse(&self, value: u64, size: u64) -> u64 {
        let (mut x, mut y) = self.split(value);
        loop {
            (x, y) = self.backward(x, y);
            let index = self.join((x, y));
            if index < size {
                return index;
            }
        }
    }
}

/// Wider domains.
impl<const ROUNDS: usize> Feistel<ROUNDS> {
    fn split_wide(&self, index: u128) -> (u64, u64) {
        let width = u128::from(self.width);
        ((index % width) as u64, (index / width) as u64)
    }

    fn join_wide(&self, (x, y): (u64, u64)) -> u128 {
        u128::from(y) * u128::from(self.width) + u128::from(x)
    }

    pub(super) fn at_wide(&self, index: u128, size: u128) -> u128 {
        let mut value = index;
        loop {
            let (x, y) = self.split_wide(value);
            value = self.join_wide(self.forward(x, y));
            if value < size {
                return value;
            }
        }
    }

    pub(super) fn inverse_wide(&self, value: u128, size: u128) -> u128 {
        let mut index = value;
        loop {
            let (x, y) = self.split_wide(index);
            index = self.join_wide(self.backward(x, y));
            if index < size {
                return index;
            }
        }
    }
}

/// The least whole number whose square is at least `size`.
fn ceil_sqrt(size: u128) -> u64 {
    let root = size.isqrt();
    (root + u128::from(root * root < size)) as u64
}
