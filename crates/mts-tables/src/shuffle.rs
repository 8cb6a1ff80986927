//! The slots of rows that are shuffled.

use mts_hash::SeedSequence;
use mts_rng::{Key, keyed};

use crate::Permutation;

/// Parents among whose children rows are mixed, about: what is remembered of them fits into a processor's cache.
const PARENTS: u64 = 1 << 21;

/// A keyed order of the slots of a relationship.
///
/// Any row's slot can be any other's, but for the largest tables: there, rows near each other take their slots from
/// a part of the parents, those of each of many runs that are spread evenly over all of them, and rows further on from
/// the next such part. Otherwise each batch of rows would ask for parents everywhere, which nobody can remember.
#[derive(Clone, Debug)]
pub(crate) enum Shuffle {
    Whole(Permutation),
    Parts(Parts),
}

/// Slots in runs, and runs in parts: of n parts, part p has the runs p, p + n, p + 2n, …
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    key: Key,
    rows: u64,
    /// Where the first row stands among the rows of all parts. Two relationships of a table otherwise would have
    /// their parts side by side, and parents of one part would never meet those of another.
    shift: u64,
    /// Slots of a run, as a power of two; the last run may be shorter.
    run: u32,
    /// Where each part begins, and the end.
    starts: Box<[u64]>,
}

impl Shuffle {
    /// An order of `rows` slots, as many as there are rows, of `parents` parents.
    pub(crate) fn new(seed: &SeedSequence, rows: u64, parents: u64) -> Self {
        match parents / PARENTS {
            0 | 1 => Shuffle::Whole(Permutation::new(Key::from(seed), rows)),
            parts => Shuffle::Parts(Parts::new(seed, rows, parts, rows / parents.div_ceil(RUN))),
        }
    }

    /// The slots of consecutive rows from `first` on.
    pub(crate) fn fill(&self, first: u64, slots: &mut [u64]) {
        match self {
            Shuffle::Whole(order) => order.fill(first, slots),
            Shuffle::Parts(parts) => parts.fill(first, slots),
        }
    }

    /// The slot of a row.
    pub(crate) fn at(&self, row: u64) -> u64 {
        match self {
            Shuffle::Whole(order) => order.at(row),
            Shuffle::Parts(parts) => {
                let mut slot = [0];
                parts.fill(row, &mut slot);
                slot[0]
            }
        }
    }
}

/// Parents whose children make a run, about: as many as are drawn together.
const RUN: u64 = 4096;

impl Parts {
    /// `parts` parts, no more than there are runs of about `run` slots.
    fn new(seed: &SeedSequence, rows: u64, parts: u64, run: u64) -> Self {
        let run = run.max(1).next_power_of_two().ilog2();
        let runs = rows.div_ceil(1 << run);
        let parts = parts.min(runs).max(1);
        let short = (runs << run) - rows;
        let mut starts = vec![0];
        let mut end = 0;
        for part in 0..parts {
            let runs_of_part = (runs - part).div_ceil(parts);
            let has_last = (runs - 1) % parts == part;
            end += (runs_of_part << run) - if has_last { short } else { 0 };
            starts.push(end);
        }
        let shift = keyed(Key::from(&seed.child(0)), 0).bounded(rows.saturating_sub(1));
        Parts { key: Key::from(seed), rows, shift, run, starts: starts.into() }
    }

    fn fill(&self, first: u64, slots: &mut [u64]) {
        let mut rest = slots;
        let mut row = first;
        while !rest.is_empty() {
            // Below 2⁶³ both.
            let place = (row + self.shift) % self.rows;
            let part = self.starts.partition_point(|start| *start <= place) - 1;
            let [start, end] = [self.starts[part], self.starts[part + 1]];
            let count = (rest.len() as u64).min(end - place);
            let (now, later) = rest.split_at_mut(count as usize);
            let order = Permutation::draw(&mut keyed(self.key, part as u64), end - start);
            order.fill(place - start, now);
            now.iter_mut().for_each(|slot| *slot = self.slot(part as u64, *slot));
            (rest, row) = (later, row + count);
        }
    }

    /// The slot at a place of a part.
    fn slot(&self, part: u64, place: u64) -> u64 {
        let parts = self.starts.len() as u64 - 1;
        let (run, within) = (place >> self.run, place & ((1 << self.run) - 1));
        ((run * parts + part) << self.run) + within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(shuffle: &Shuffle, rows: u64) -> Vec<u64> {
        let mut slots = vec![0; rows as usize];
        shuffle.fill(0, &mut slots);
        slots
    }

    #[test]
    fn each_slot_is_taken_once() {
        let seed = SeedSequence::new(1_u64);
        for rows in [1, 2, 7, 64, 1000, 4097, 30_000] {
            for parts in [1, 2, 3, 10] {
                for run in [0, 1, 5, 64, 3000] {
                    let shuffle = Shuffle::Parts(Parts::new(&seed, rows, parts, run));
                    let slots = all(&shuffle, rows);
                    assert!(slots.iter().zip(0..).all(|(slot, row)| *slot == shuffle.at(row)));
                    let mut piece = vec![0; (rows / 2) as usize];
                    shuffle.fill(rows / 3, &mut piece);
                    assert_eq!(piece, slots[(rows / 3) as usize..][..piece.len()]);
                    let mut sorted = slots;
                    sorted.sort_unstable();
                    assert!(sorted.into_iter().eq(0..rows), "{rows} {parts} {run}");
                }
            }
        }
    }

    #[test]
    fn each_part_is_spread_over_all_slots() {
        let rows = 1 << 20;
        let parts = Parts::new(&SeedSequence::new(1_u64), rows, 8, 1 << 10);
        let (start, end) = (parts.starts[2] + rows - parts.shift, parts.starts[3] + rows - parts.shift);
        let shuffle = Shuffle::Parts(parts);
        let mut counts = [0_u64; 16];
        (start..end).for_each(|row| counts[(shuffle.at(row % rows) >> 16) as usize] += 1);
        assert_eq!(counts, [8 << 10; 16]);
    }

    #[test]
    fn the_largest_tables_alone_have_parts() {
        let seed = SeedSequence::new(1_u64);
        let order = Permutation::new(Key::from(&seed), 10_000);
        let shuffle = Shuffle::new(&seed, 10_000, 2 * PARENTS - 1);
        assert!((0..10_000).all(|row| shuffle.at(row) == order.at(row)));
        let Shuffle::Parts(parts) = Shuffle::new(&seed, 30_000_000, 10 * PARENTS) else { panic!("no parts") };
        assert_eq!((parts.starts.len(), parts.run), (11, 13));
        // More parents than children.
        let Shuffle::Parts(parts) = Shuffle::new(&seed, 5, 10 * PARENTS) else { panic!("no parts") };
        assert_eq!((parts.starts.len(), parts.run), (6, 0));
    }
}
