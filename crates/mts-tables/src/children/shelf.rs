//! Leaves that are remembered.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::ladder::Ladder;

/// Where the children of each parent of a leaf begin, counted from the leaf's first.
#[derive(Clone, Debug)]
pub(super) enum Offsets {
    /// Half as large, as nearly all are.
    Narrow(Ladder<u32>),
    Wide(Ladder<u64>),
}

impl Offsets {
    pub(super) fn new(counts: &[u64]) -> Self {
        let total: u64 = counts.iter().sum();
        let starts = std::iter::once(0).chain(counts.iter().scan(0, |sum: &mut u64, count| {
            *sum += count;
            Some(*sum)
        }));
        if u32::try_from(total).is_ok() {
            Offsets::Narrow(Ladder::new(starts.map(|start| start as u32).collect()))
        } else {
            Offsets::Wide(Ladder::new(starts.collect()))
        }
    }

    /// The parent of a child.
    #[inline]
    pub(super) fn find(&self, child: u64) -> usize {
        match self {
            Offsets::Narrow(ladder) => ladder.find(child),
            Offsets::Wide(ladder) => ladder.find(child),
        }
    }

    /// Where to look for the parent of a child.
    #[inline]
    pub(super) fn step(&self, child: u64) -> u32 {
        match self {
            Offsets::Narrow(ladder) => ladder.step(child),
            Offsets::Wide(ladder) => ladder.step(child),
        }
    }

    /// The parent of a child, from its [`step`](Self::step) on.
    #[inline]
    pub(super) fn find_from(&self, step: u32, child: u64) -> usize {
        match self {
            Offsets::Narrow(ladder) => ladder.find_from(step, child),
            Offsets::Wide(ladder) => ladder.find_from(step, child),
        }
    }

    /// The children of a parent.
    pub(super) fn range(&self, parent: usize) -> Range<u64> {
        match self {
            Offsets::Narrow(ladder) => ladder.start(parent)..ladder.start(parent + 1),
            Offsets::Wide(ladder) => ladder.start(parent)..ladder.start(parent + 1),
        }
    }

    /// Adds the parent of each of these children, counted from `first` on.
    pub(super) fn expand(&self, children: Range<u64>, first: u64, out: &mut Vec<u64>) {
        let mut parent = self.find(children.start);
        let mut child = children.start;
        while child < children.end {
            let end = self.range(parent).end.min(children.end);
            out.extend(std::iter::repeat_n(first + parent as u64, (end - child) as usize));
            (child, parent) = (end, parent + 1);
        }
    }

    fn bytes(&self) -> u64 {
        match self {
            Offsets::Narrow(ladder) => ladder.bytes(),
            Offsets::Wide(ladder) => ladder.bytes(),
        }
    }
}

/// Leaves by their numbers, as many as there is room for; first come, first served.
#[derive(Debug)]
pub(super) struct Shelf {
    places: Box<[OnceLock<Offsets>]>,
    /// Bytes that are left.
    room: AtomicU64,
}

impl Shelf {
    pub(super) fn new(leaves: u64, bytes: u64) -> Self {
        let places = leaves * size_of::<OnceLock<Offsets>>() as u64;
        match bytes.checked_sub(places) {
            Some(room) => {
                let places = (0..leaves).map(|_| OnceLock::new()).collect();
                Shelf { places, room: AtomicU64::new(room) }
            }
            None => Shelf { places: Box::default(), room: AtomicU64::new(0) },
        }
    }

    #[inline]
    pub(super) fn get(&self, leaf: u64) -> Option<&Offsets> {
        self.places.get(leaf as usize)?.get()
    }

    /// Remembers a leaf, if there is room.
    pub(super) fn keep(&self, leaf: u64, offsets: Offsets) -> Cow<'_, Offsets> {
        let Some(place) = self.places.get(leaf as usize) else { return Cow::Owned(offsets) };
        let bytes = offsets.bytes();
        let take = |room: u64| room.checked_sub(bytes);
        if self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
            return Cow::Owned(offsets);
        }
        let mut faster = true;
        let kept = place.get_or_init(|| {
            faster = false;
            offsets
        });
        if faster {
            // Another thread was.
            self.room.fetch_add(bytes, Ordering::Relaxed);
        }
        Cow::Borrowed(kept)
    }
}
