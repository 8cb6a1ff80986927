//! Which of many consecutive ranges holds a place.

use std::ops::Range;

/// Consecutive ranges from 0 on, empty ones included, and where to look for a place.
#[derive(Clone, Debug)]
pub(super) struct Ladder<T> {
    /// Where each begins, and the end, which is repeated for a whole window.
    starts: Box<[T]>,
    /// Places to a step, as a power of two.
    shift: u32,
    /// The range that holds the first place of each step, and the last range: little is left to search between.
    steps: Box<[u32]>,
}

/// Ranges to a step, about.
const RANGES: usize = 4;

/// Ranges that are looked at together: in a search that nearly always ends there, no branch is hard to predict.
const WINDOW: usize = 8;

impl<T: Copy + Into<u64>> Ladder<T> {
    /// From where each range begins, and the end.
    pub(super) fn new(mut starts: Vec<T>) -> Self {
        let ranges = starts.len() - 1;
        let end: u64 = starts[ranges].into();
        let wanted = (ranges / RANGES) as u64;
        let shift = (0..64).find(|shift| end >> shift <= wanted).unwrap_or(63);
        let mut range = 0;
        let mut steps: Vec<u32> = (0..=end.saturating_sub(1) >> shift)
            .map(|step| {
                while range + 1 < ranges && starts[range + 1].into() <= step << shift {
                    range += 1;
                }
                range as u32
            })
            .collect();
        steps.push(ranges.saturating_sub(1) as u32);
        starts.resize(ranges + WINDOW + 1, starts[ranges]);
        Ladder { starts: starts.into(), shift, steps: steps.into() }
    }

    /// Where a range begins, or for their number where all end.
    pub(super) fn start(&self, range: usize) -> u64 {
        self.starts[range].into()
    }

    /// The range that holds a place before the end.
    #[inline]
    pub(super) fn find(&self, place: u64) -> usize {
        self.find_from(self.step(place), place)
    }

    /// Where to look for a place: the range that holds the first place of its step.
    #[inline]
    pub(super) fn step(&self, place: u64) -> u32 {
        self.steps[(place >> self.shift) as usize]
    }

    /// The same as [`find`](Self::find), from the place's [`step`](Self::step) on.
    #[inline]
    pub(super) fn find_from(&self, low: u32, place: u64) -> usize {
        let low = low as usize;
        let ended = |&end: &T| end.into() <= place;
        let window = &self.starts[low + 1..][..WINDOW];
        let passed = window.iter().map(|end| usize::from(ended(end))).sum::<usize>();
        if passed < WINDOW {
            return low + passed;
        }
        let (low, high) = (low + WINDOW, self.steps[(place >> self.shift) as usize + 1] as usize);
        low + self.starts[low + 1..=high].partition_point(ended)
    }

    /// The places of a range.
    pub(super) fn range(&self, range: usize) -> Range<u64> {
        self.start(range)..self.start(range + 1)
    }

    /// Adds the range of each of these places, counted from `first` on.
    pub(super) fn expand(&self, places: Range<u64>, first: u64, out: &mut Vec<u64>) {
        let mut place = places.start;
        let mut range = self.find(place);
        while place < places.end {
            let end = self.start(range + 1).min(places.end);
            out.extend(std::iter::repeat_n(first + range as u64, (end - place) as usize));
            (place, range) = (end, range + 1);
        }
    }

    /// Bytes that it takes elsewhere.
    pub(super) fn bytes(&self) -> u64 {
        (size_of_val(&*self.starts) + size_of_val(&*self.steps)) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_search_finds() {
        let lists: [&[u32]; 8] = [
            &[0, 1],
            &[0, 0, 0, 5],
            &[0, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 9],
            &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
            &[0, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1006, u32::MAX],
            &[0, 3, 3, 3],
            &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            &[0, 64],
        ];
        for starts in lists {
            let ladder = Ladder::new(starts.to_vec());
            let end = *starts.last().unwrap();
            for place in (0..end.min(2000)).chain(end - end.min(10)..end) {
                let found = ladder.find(place.into());
                assert!(starts[found] <= place && place < starts[found + 1], "{starts:?} {place} {found}");
            }
        }
    }
}
