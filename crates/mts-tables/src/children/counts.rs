//! Counts of children, given their sum.

use mts_rng::Rng;

use super::law::{CountLaw, Draws, Moments};
use super::{Infeasible, split};

/// The law of the counts of a relationship.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    /// What each parent has.
    pub(super) min: u64,
    /// What it may have beyond that; without it, any number.
    cap: Option<u64>,
    draws: Draws,
    /// Of what is drawn.
    drawn: Moments,
    /// Of a count, once a sum is met. None where sums have a law that can be drawn from exactly: that of balls
    /// thrown at boxes or taken from urns.
    variance: Option<f64>,
}

/// Children beyond the least that halves are split by chance alone up to: a law of counts says little about so few.
const FEW: u64 = 64;

/// Pairs of sums that are drawn for a split, at most.
const PAIRS: u32 = 8;

/// A pair whose sum is so many times what there is, or less, is near enough.
const NEAR: f64 = 1.1;

impl Counts {
    pub(super) fn new(
        parents: u64,
        children: u64,
        min: u64,
        max: Option<u64>,
        law: CountLaw,
    ) -> Result<Self, Infeasible> {
        law.check()?;
        check(parents, children, min, max)?;
        if parents == 0 {
            // Whatever is asked of nobody.
            return Counts::new(1, min, min, None, CountLaw::Fixed);
        }
        let (min, max) = match law {
            CountLaw::Fixed => (children / parents, Some(children.div_ceil(parents))),
            _ => (min, max),
        };
        let more = children - min * parents;
        let mean = more as f64 / parents as f64;
        let cap = max.map(|max| max - min);
        law.agrees(parents, children, min, cap)?;
        let (draws, drawn) = Draws::new(law, mean, min, cap, more);
        let variance = (!matches!(draws, Draws::None)).then(|| met(drawn, mean, cap));
        Ok(Counts { min, cap, draws, drawn, variance })
    }

    /// How many of `children` belong to the first `left` of `left + right` parents.
    pub(super) fn split(&self, rng: &mut Rng, children: u64, left: u64, right: u64) -> u64 {
        let parents = left + right;
        let more = children - self.min * parents;
        let share = left as f64 / parents as f64;
        let more_left = match (self.variance, self.cap) {
            (Some(_), None) if more > FEW && self.draws.is_heavy() => {
                self.split_heavy(rng, more, left as f64, right as f64)
            }
            (Some(variance), cap) if more > FEW => {
                let mean = more as f64 * share;
                // No more than if every split were as likely.
                let most = mean * (more as f64 - mean) / 3.0;
                let variance = (variance * left as f64 * (1.0 - share)).min(most);
                let (low, high) = match cap {
                    None => (0, more),
                    Some(cap) => bounds(more, product(cap, left), product(cap, right)),
                };
                split::normal(rng, mean, variance).clamp(low, high)
            }
            (_, None) => split::thrown(rng, more, share),
            (_, Some(cap)) => split::taken(rng, more, product(cap, left), product(cap, right)),
        };
        self.min * left + more_left
    }

    /// The same where few have most: in proportion to sums that are drawn, those of some pairs that are nearest to what
    /// there is. Of a sum that is unusually large, one half has nearly all, since one parent has.
    fn split_heavy(&self, rng: &mut Rng, more: u64, left: f64, right: f64) -> u64 {
        let Draws::Zipf(law, share) = &self.draws else {
            return split::thrown(rng, more, left / (left + right));
        };
        let sums = [left, right].map(|parents| law.sums(*share, parents));
        let (mut nearest, mut share) = (f64::INFINITY, left / (left + right));
        for _ in 0..PAIRS {
            let [left, right] = [sums[0].sample(rng), sums[1].sample(rng)];
            let off = ((left + right) / more as f64).max(f64::MIN_POSITIVE);
            let off = if off > 1.0 { off } else { 1.0 / off };
            if off < nearest && left + right > 0.0 {
                (nearest, share) = (off, left / (left + right));
            }
            if nearest < NEAR {
                break;
            }
        }
        (more as f64 * share).round_ties_even().clamp(0.0, more as f64) as u64
    }

    /// Fills with counts whose sum is `children`.
    pub(super) fn fill(&self, rng: &mut Rng, children: u64, counts: &mut [u64]) {
        let parents = counts.len() as u64;
        let more = children - self.min * parents;
        let cap = self.cap.unwrap_or(u64::MAX).min(more);
        if self.variance.is_some() {
            counts.iter_mut().for_each(|count| *count = self.draws.sample(rng, cap));
            self.draw_again(rng, more, cap, counts);
        } else {
            counts.fill(0);
        }
        let drawn = split::sum(counts);
        let mut chosen = vec![0; counts.len()];
        if drawn >= more.into() {
            // Too many: each of them goes or stays by chance.
            split::choose(rng, more, counts, drawn, &mut chosen);
            counts.copy_from_slice(&chosen);
        } else if let Some(cap) = self.cap {
            // Too few: what is missing takes places that are free, by chance.
            let free: Vec<u64> = counts.iter().map(|count| cap - count).collect();
            split::choose(rng, more - drawn as u64, &free, product(cap, parents) - drawn, &mut chosen);
            counts.iter_mut().zip(chosen).for_each(|(count, chosen)| *count += chosen);
        } else if self.draws.is_heavy() {
            // A sum is unusually large because of one.
            counts[rng.bounded(parents - 1) as usize] += more - drawn as u64;
        } else {
            split::throw(rng, more - drawn as u64, counts);
        }
        counts.iter_mut().for_each(|count| *count += self.min);
    }

    /// Draws some counts again and keeps those that bring the sum nearer to `more`.
    ///
    /// The larger of two draws stays where too few were drawn, and the smaller where too many were: over many sums
    /// the law stays what it is. Where its mean is another one, that would be no law at all, so nothing is done.
    fn draw_again(&self, rng: &mut Rng, more: u64, cap: u64, counts: &mut [u64]) {
        let parents = counts.len() as f64;
        let error = (2.0 * self.drawn.variance * parents).sqrt();
        if (self.drawn.mean * parents - more as f64).abs() > 6.0 * error {
            return;
        }
        let mut missing = i128::from(more) - split::sum(counts) as i128;
        for _ in 0..counts.len() {
            if missing == 0 {
                return;
            }
            let parent = rng.bounded(counts.len() as u64 - 1) as usize;
            let draw = self.draws.sample(rng, cap);
            let nearer = missing - (i128::from(draw) - i128::from(counts[parent]));
            if nearer.abs() < missing.abs() {
                counts[parent] = draw;
                missing = nearer;
            }
        }
    }
}

/// Whether there are such counts.
fn check(parents: u64, children: u64, min: u64, max: Option<u64>) -> Result<(), Infeasible> {
    if let Some(max) = max.filter(|&max| max < min) {
        return Err(Infeasible::Bounds { min, max });
    }
    if product(parents, min) > children.into() {
        return Err(Infeasible::TooFew { parents, min, children });
    }
    match max {
        Some(max) if product(parents, max) < children.into() => {
            Err(Infeasible::TooMany { parents, max, children })
        }
        None if parents == 0 && children > 0 => Err(Infeasible::NoParents { children }),
        _ => Ok(()),
    }
}

/// The variance of counts of these moments once chance has made `mean` their mean.
fn met(drawn: Moments, mean: f64, cap: Option<u64>) -> f64 {
    let thinned = |share: f64, of: f64| share * share * drawn.variance + share * (1.0 - share) * of;
    if drawn.mean >= mean {
        return if mean > 0.0 { thinned(mean / drawn.mean, drawn.mean) } else { 0.0 };
    }
    match cap {
        None => drawn.variance + (mean - drawn.mean),
        // What is thinned is the free places.
        Some(cap) => {
            let free = cap as f64 - drawn.mean;
            thinned((cap as f64 - mean) / free, free)
        }
    }
}

/// The least and the most of `count` that the left half can take.
fn bounds(count: u64, left: u128, right: u128) -> (u64, u64) {
    (u128::from(count).saturating_sub(right) as u64, left.min(count.into()) as u64)
}

fn product(count: u64, each: u64) -> u128 {
    u128::from(count) * u128::from(each)
}
