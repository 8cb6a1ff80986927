//! Integers by what each adds to the one before it: Parquet's delta encoding.

use super::codec::varint;
use super::hybrid::width;

/// Differences that share a least one, and those among them that have the same number of bits.
const BLOCK: usize = 256;
const MINI_BLOCK: usize = 64;

/// Appends at least one integer.
pub(super) fn write(numbers: &[i64], body: &mut Vec<u8>) {
    for count in [BLOCK, BLOCK / MINI_BLOCK, numbers.len()] {
        varint(count as u64, body);
    }
    zigzag(numbers[0], body);
    let mut deltas = [0; BLOCK];
    // The first number of each block but the first is the last one of the block before.
    for first in (0..numbers.len() - 1).step_by(BLOCK) {
        let last = (first + BLOCK).min(numbers.len() - 1);
        let deltas = &mut deltas[..last - first];
        let pairs = numbers[first..=last].array_windows();
        deltas.iter_mut().zip(pairs).for_each(|(delta, [one, next])| *delta = next.wrapping_sub(*one));
        block(deltas, body);
    }
}

fn block(deltas: &[i64], body: &mut Vec<u8>) {
    let least = deltas.iter().copied().fold(i64::MAX, i64::min);
    zigzag(least, body);
    let widths = body.len();
    body.resize(widths + BLOCK / MINI_BLOCK, 0);
    for (place, deltas) in deltas.chunks(MINI_BLOCK).enumerate() {
        let above = |delta: i64| delta.wrapping_sub(least) as u64;
        let most = deltas.iter().map(|delta| above(*delta)).fold(0, u64::max);
        let bits = width(most);
        body[widths + place] = bits as u8;
        let (end, mut word, mut filled) = (body.len() + bits * MINI_BLOCK / 8, 0_u128, 0);
        for delta in deltas {
            word |= u128::from(above(*delta)) << filled;
            filled += bits;
            while filled >= 8 {
                body.push(word as u8);
                word >>= 8;
                filled -= 8;
            }
        }
        if filled > 0 {
            body.push(word as u8);
        }
        // A block that is not full ends as if zeros followed.
        body.resize(end, 0);
    }
}

/// Small numbers of either sign are small.
fn zigzag(number: i64, body: &mut Vec<u8>) {
    varint(((number << 1) ^ (number >> 63)) as u64, body);
}
