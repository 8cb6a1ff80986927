//! Where the children of a few parents begin, in little memory.

use std::ops::Range;

/// A bit for each child, set where it is the first one of its parent.
///
/// What stands before a child is counted by the word that it is in, and by no other: one access to memory, which for
/// children in no order takes longer than everything else.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    /// The bits of some children, and below them how many are set before these.
    words: Box<[u64]>,
    children: u32,
    /// The parents that have children, unless all have some.
    parents: Option<Box<[u16]>>,
}

/// Bits of a word that count.
const COUNT: u32 = 16;

/// Children of a word.
const WORD: u64 = 64 - COUNT as u64;

impl Marks {
    /// Parents, at most: as many as a word counts.
    pub(super) const PARENTS: usize = 1 << COUNT;

    /// For no more parents than [`PARENTS`](Self::PARENTS), and no more than 2³² - 1 children in all.
    pub(super) fn new(counts: &[u64]) -> Self {
        let children: u64 = counts.iter().sum();
        let mut words = vec![0_u64; children.div_ceil(WORD) as usize].into_boxed_slice();
        let mut start = 0;
        for count in counts.iter().filter(|count| **count > 0) {
            words[(start / WORD) as usize] |= 1 << (start % WORD + u64::from(COUNT));
            start += count;
        }
        let mut before = 0;
        for word in &mut words {
            let marks = u64::from(word.count_ones());
            *word |= before;
            before += marks;
        }
        let some = || (0..counts.len()).filter(|parent| counts[*parent] > 0);
        let parents = (some().count() < counts.len()).then(|| some().map(|parent| parent as u16).collect());
        Marks { words, children: children as u32, parents }
    }

    /// The parent of a child.
    #[inline]
    pub(super) fn find(&self, child: u64) -> usize {
        self.parent(Self::place(self.word(child), child))
    }

    /// What is known of a child and its neighbours.
    #[inline]
    pub(super) fn word(&self, child: u64) -> u64 {
        self.words[(child / WORD) as usize]
    }

    /// The place of a child's parent among those with children.
    #[inline]
    pub(super) fn place(word: u64, child: u64) -> usize {
        let marks = word >> COUNT & (u64::MAX >> (63 - child % WORD));
        (word as u16 as u32 + marks.count_ones()) as usize - 1
    }

    /// The parent at a place among those with children.
    #[inline]
    pub(super) fn parent(&self, place: usize) -> usize {
        self.parents.as_ref().map_or(place, |parents| parents[place].into())
    }

    /// The children of a parent.
    pub(super) fn range(&self, parent: usize) -> Range<u64> {
        let found =
            self.parents.as_ref().map_or(Ok(parent), |parents| parents.binary_search(&(parent as u16)));
        match found {
            Ok(place) => self.start(place)..self.start(place + 1),
            Err(next) => self.start(next)..self.start(next),
        }
    }

    /// Where the children of the parent at a place among those with children begin.
    fn start(&self, place: usize) -> u64 {
        let at = self.words.partition_point(|word| usize::from(*word as u16) <= place).saturating_sub(1);
        let Some(word) = self.words.get(at) else { return 0 };
        let mut marks = word >> COUNT;
        for _ in usize::from(*word as u16)..place {
            marks &= marks.wrapping_sub(1);
        }
        match marks {
            0 => self.children.into(),
            marks => at as u64 * WORD + u64::from(marks.trailing_zeros()),
        }
    }

    /// Adds the parent of each of these children, counted from `first` on.
    pub(super) fn expand(&self, children: Range<u64>, first: u64, out: &mut Vec<u64>) {
        out.extend(children.map(|child| first + self.find(child) as u64));
    }

    /// Bytes that it takes.
    pub(super) fn bytes(&self) -> u64 {
        let parents = self.parents.as_ref().map_or(0, |parents| size_of_val(&**parents));
        (size_of_val(&*self.words) + parents) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_where_it_should_is_found() {
        let lists: [&[u64]; 9] = [
            &[1],
            &[0, 0],
            &[0, 3, 0],
            &[2, 1, 4],
            &[48, 48, 1],
            &[0, 47, 0, 0, 2, 95, 1, 0],
            &[200, 0, 1, 300],
            &[1; 500],
            &[0; 500],
        ];
        for counts in lists {
            let marks = Marks::new(counts);
            let mut start = 0;
            for (parent, count) in counts.iter().enumerate() {
                assert_eq!(marks.range(parent), start..start + count, "{counts:?} {parent}");
                assert!((start..start + count).all(|child| marks.find(child) == parent), "{counts:?}");
                start += count;
            }
        }
    }
}
