//! Where the children of the parents of a leaf begin.

use std::ops::Range;

use super::ladder::Ladder;
use super::marks::Marks;
use super::tree::LEAF;

/// Where the children of each parent of a leaf begin, counted from the leaf's first.
#[derive(Clone, Debug)]
pub(super) enum Offsets {
    /// Of few children to a parent.
    Few(Marks),
    Many(Ladder<u32>),
    /// More than a word of 32 bits counts.
    TooMany(Ladder<u64>),
}

/// Children to a parent up to which a bit for each of them is less than a number for each parent.
const FEW: u64 = 16;

const _: () = assert!(LEAF as usize <= Marks::PARENTS, "marks count parents of a leaf");

impl Offsets {
    pub(super) fn new(counts: &[u64]) -> Self {
        let total: u64 = counts.iter().sum();
        if total <= FEW * counts.len() as u64 {
            return Offsets::Few(Marks::new(counts));
        }
        let starts = std::iter::once(0).chain(counts.iter().scan(0, |sum: &mut u64, count| {
            *sum += count;
            Some(*sum)
        }));
        if u32::try_from(total).is_ok() {
            Offsets::Many(Ladder::new(starts.map(|start| start as u32).collect()))
        } else {
            Offsets::TooMany(Ladder::new(starts.collect()))
        }
    }

    /// The parent of a child.
    #[inline]
    pub(super) fn find(&self, child: u64) -> usize {
        match self {
            Offsets::Few(marks) => marks.find(child),
            Offsets::Many(ladder) => ladder.find(child),
            Offsets::TooMany(ladder) => ladder.find(child),
        }
    }

    /// The first of three steps to [`find`](Self::find) a parent, each of which waits for memory.
    #[inline]
    pub(super) fn look(&self, child: u64) -> u64 {
        match self {
            Offsets::Few(marks) => marks.word(child),
            Offsets::Many(ladder) => ladder.step(child).into(),
            Offsets::TooMany(ladder) => ladder.step(child).into(),
        }
    }

    /// The second one.
    #[inline]
    pub(super) fn place(&self, look: u64, child: u64) -> usize {
        match self {
            Offsets::Few(_) => Marks::place(look, child),
            Offsets::Many(ladder) => ladder.find_from(look as u32, child),
            Offsets::TooMany(ladder) => ladder.find_from(look as u32, child),
        }
    }

    /// The third one.
    #[inline]
    pub(super) fn parent(&self, place: usize) -> usize {
        match self {
            Offsets::Few(marks) => marks.parent(place),
            Offsets::Many(_) | Offsets::TooMany(_) => place,
        }
    }

    /// The children of a parent.
    pub(super) fn range(&self, parent: usize) -> Range<u64> {
        match self {
            Offsets::Few(marks) => marks.range(parent),
            Offsets::Many(ladder) => ladder.range(parent),
            Offsets::TooMany(ladder) => ladder.range(parent),
        }
    }

    /// Adds the parent of each of these children, counted from `first` on.
    pub(super) fn expand(&self, children: Range<u64>, first: u64, out: &mut Vec<u64>) {
        match self {
            Offsets::Few(marks) => marks.expand(children, first, out),
            Offsets::Many(ladder) => ladder.expand(children, first, out),
            Offsets::TooMany(ladder) => ladder.expand(children, first, out),
        }
    }

    /// Bytes that it takes elsewhere.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Offsets::Few(marks) => marks.bytes(),
            Offsets::Many(ladder) => ladder.bytes(),
            Offsets::TooMany(ladder) => ladder.bytes(),
        }
    }
}
