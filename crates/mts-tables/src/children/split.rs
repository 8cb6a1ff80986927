//! Draws from urns: with and without putting back, of two kinds of balls and of many.

use mts_rng::Rng;
use mts_rng::laws::{Binomial, Hypergeometric, Law};

/// Urns below this are drawn from exactly.
const EXACT: u128 = 1_000_000_000;

/// From this variance on, what is drawn from a larger urn is normal enough.
const NORMAL: f64 = 1000.0;

/// Of `count` balls taken at once from an urn of `left` and `right` ones: how many are left ones.
pub(super) fn taken(rng: &mut Rng, count: u64, left: u128, right: u128) -> u64 {
    let total = left + right;
    let rest = total - u128::from(count);
    // It is the smaller part that is counted: what is taken or what stays, the left ones or the right ones.
    if rest < count.into() {
        return (left - u128::from(taken(rng, rest as u64, left, right))) as u64;
    }
    if right < left {
        return count - taken(rng, count, right, left);
    }
    if count == 0 || left == 0 {
        return 0;
    }
    let drawn = if total < EXACT {
        let law = Hypergeometric::new(left as u64, right as u64, count);
        law.expect("an urn below 10^9, and no more taken than there are").sample(rng)
    } else {
        let (share, part) = (left as f64 / total as f64, count as f64 / total as f64);
        let mean = count as f64 * share;
        let variance = mean * (1.0 - share) * (1.0 - part);
        if variance < NORMAL {
            // One of the two shares is so small that putting back changes nothing.
            let (fewer, share) = if u128::from(count) < left { (count, share) } else { (left as u64, part) };
            thrown(rng, fewer, share)
        } else {
            normal(rng, mean, variance)
        }
    };
    let at_most = left.min(count.into()) as u64;
    drawn.clamp(u128::from(count).saturating_sub(right) as u64, at_most)
}

/// Of `count` balls thrown at two boxes: how many fall into the one that has this share.
pub(super) fn thrown(rng: &mut Rng, count: u64, share: f64) -> u64 {
    if count > i64::MAX as u64 {
        // More than the law takes.
        return thrown(rng, count / 2, share) + thrown(rng, count - count / 2, share);
    }
    Binomial::new(count, share).expect("a count below 2^63 and a share").sample(rng)
}

/// A whole number near a normal one, 0 where that is negative.
pub(super) fn normal(rng: &mut Rng, mean: f64, variance: f64) -> u64 {
    (mean + variance.sqrt() * rng.standard_normal() + 0.5).floor() as u64
}

/// Balls for each box up to which they are thrown one by one; beyond it, at halves of the boxes first.
const SINGLY: u64 = 16;

/// Throws `count` balls at boxes of one size.
pub(super) fn throw(rng: &mut Rng, count: u64, boxes: &mut [u64]) {
    match boxes {
        [] => {}
        [only] => *only += count,
        _ if count / SINGLY < boxes.len() as u64 => {
            let len = boxes.len() as u64;
            for _ in 0..count / 2 {
                let word = rng.next_u64();
                boxes[(((word & 0xffff_ffff) * len) >> 32) as usize] += 1;
                boxes[(((word >> 32) * len) >> 32) as usize] += 1;
            }
            if count % 2 == 1 {
                boxes[(((rng.next_u64() >> 32) * len) >> 32) as usize] += 1;
            }
        }
        _ => {
            let (left, right) = boxes.split_at_mut(boxes.len() / 2);
            let share = left.len() as f64 / (left.len() + right.len()) as f64;
            let count_left = thrown(rng, count, share);
            throw(rng, count_left, left);
            throw(rng, count - count_left, right);
        }
    }
}

/// Tries for each ball, at most and on average, that are faster than halves.
const TRIES: u128 = 4;

/// Takes `count` balls at once from urns that hold `balls`, of which there are `total`, and adds to `chosen`, which
/// begins with zeros, how many come from each.
pub(super) fn choose(rng: &mut Rng, count: u64, balls: &[u64], total: u128, chosen: &mut [u64]) {
    let rest = total - u128::from(count);
    if count == 0 || balls.is_empty() {
        return;
    }
    if balls.len() == 1 {
        chosen[0] = count;
        return;
    }
    if rest < count.into() {
        choose(rng, rest as u64, balls, total, chosen);
        for (chosen, balls) in chosen.iter_mut().zip(balls) {
            *chosen = balls - *chosen;
        }
        return;
    }
    let len = balls.len() as u64;
    let most = balls.iter().copied().max().unwrap_or(0);
    if count / SINGLY < len && u128::from(most) * u128::from(len) <= TRIES / 2 * total {
        let mut left = count;
        while left > 0 {
            // What the choice of an urn leaves of a word chooses the ball.
            let word = u128::from(rng.next_u64()) * u128::from(len);
            let (urn, rest) = ((word >> 64) as usize, word as u64);
            let ball = ((u128::from(rest) * u128::from(most)) >> 64) as u64;
            let accepted = ball < balls[urn] - chosen[urn];
            chosen[urn] += u64::from(accepted);
            left -= u64::from(accepted);
        }
        return;
    }
    let middle = balls.len() / 2;
    let (left, right) = balls.split_at(middle);
    let (chosen_left, chosen_right) = chosen.split_at_mut(middle);
    let total_left = sum(left);
    let count_left = taken(rng, count, total_left, total - total_left);
    choose(rng, count_left, left, total_left, chosen_left);
    choose(rng, count - count_left, right, total - total_left, chosen_right);
}

/// Their sum.
pub(super) fn sum(counts: &[u64]) -> u128 {
    counts.iter().map(|&count| u128::from(count)).sum()
}
