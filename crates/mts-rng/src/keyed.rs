//! Generators with random access.

use mts_hash::SeedSequence;

use crate::Rng;
use crate::pcg64::Pcg64;

/// What all rows of one column, or all members of one family, share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u64; 4]);

impl From<&SeedSequence> for Key {
    fn from(seed: &SeedSequence) -> Self {
        let words = seed.generate_u64(4);
        Key([words[0], words[1], words[2], words[3]])
    }
}

/// An independent generator for `row`, made in a few nanoseconds: any row's draws without those
/// of the rows before it.
///
/// The rows of a key lie on one PCG64 sequence of length 2¹²⁸, at starts that two rounds of a
/// 64-bit mixing function (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195) scatter.
///
/// ```
/// use mts_hash::SeedSequence;
/// use mts_rng::{Key, keyed};
///
/// let key = Key::from(&SeedSequence::new(42_u64).named("price"));
/// let millionth = keyed(key, 1_000_000).random();
/// assert_eq!(keyed(key, 1_000_000).random(), millionth);
/// assert_ne!(keyed(key, 1_000_001).random(), millionth);
/// ```
#[inline]
pub fn keyed(key: Key, row: u64) -> Rng {
    let [a, b, c, d] = key.0;
    let high = scatter(row.wrapping_mul(GOLDEN_GAMMA).wrapping_add(a));
    let low = scatter(high.wrapping_add(row) ^ b);
    let state = u128::from(high) << 64 | u128::from(low);
    let increment = u128::from(c) << 64 | u128::from(d) | 1;
    Rng::from_pcg(Pcg64 { state, increment })
}

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
fn scatter(word: u64) -> u64 {
    let word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neighbouring rows, and the same row of neighbouring keys, must look unrelated: the
    /// correlation of n uniforms has standard deviation 1/√n.
    #[test]
    fn neighbours_are_uncorrelated() {
        let root = SeedSequence::new(9_u64);
        let keys = [Key::from(&root.child(0)), Key::from(&root.child(1))];
        let draw = |key, row| keyed(key, row).random() - 0.5;
        let n = 200_000;
        let correlation = |pair: &dyn Fn(u64) -> (f64, f64)| {
            (0..n).map(pair).map(|(x, y)| x * y).sum::<f64>() * 12.0 / n as f64
        };
        let limit = 5.0 / (n as f64).sqrt();
        for lag in [1, 2, 3, 256, 1 << 32] {
            let r = correlation(&|row| (draw(keys[0], row), draw(keys[0], row + lag)));
            assert!(r.abs() < limit, "lag {lag}: {r}");
        }
        let r = correlation(&|row| (draw(keys[0], row), draw(keys[1], row)));
        assert!(r.abs() < limit, "keys: {r}");
    }

    #[test]
    fn first_draws_are_uniform_over_rows() {
        let key = Key::from(&SeedSequence::new(1_u64));
        let (rows, bins) = (256_000, 256);
        let mut counts = vec![0_u32; bins];
        for row in 0..rows {
            counts[(keyed(key, row).random() * bins as f64) as usize] += 1;
        }
        let expected = rows as f64 / bins as f64;
        let chi2: f64 = counts
            .iter()
            .map(|&c| {
                let d = f64::from(c) - expected;
                d * d / expected
            })
            .sum();
        // 255 degrees of freedom: six standard deviations either way.
        assert!((chi2 - 255.0).abs() < 6.0 * (2.0_f64 * 255.0).sqrt(), "{chi2}");
    }
}
