//! Which parent each row of a child table belongs to.

mod counts;
mod infeasible;
mod ladder;
mod law;
mod marks;
mod moments;
mod offsets;
mod shelf;
mod split;
mod tree;
mod zipf;

use std::borrow::Cow;
use std::ops::Range;

use mts_hash::SeedSequence;
use mts_rng::{Key, keyed};

pub use infeasible::Infeasible;
pub use law::CountLaw;

pub(crate) use zipf::ShiftedZipf;

use counts::Counts;
use offsets::Offsets;
use shelf::{Leaves, Shelf};
use tree::{LEAF, Leaf, Tree};

/// Slots that are looked up together.
const GROUP: usize = 64;

/// The children of each parent, without a list of them.
///
/// The children of a relationship stand in slots, those of a parent side by side, in the parents' order. How many
/// there are is exact, and how many each parent has keeps its bounds. Any slot's parent comes without those before
/// it: a tree splits the children between halves of the parents down to leaves of 4096, and a leaf's counts are
/// drawn together.
///
/// What is remembered decides how long an answer takes and never what it is; threads share it.
///
/// ```
/// use mts_hash::SeedSequence;
/// use mts_tables::{Children, CountLaw};
///
/// // A thousand customers, who have made ten thousand orders, each of them one at least.
/// let seed = SeedSequence::new(42_u64).named("orders").named("customer");
/// let orders = Children::new(&seed, 1000, 10_000, 1, None, CountLaw::Fit)?;
/// let slots = orders.slots(17);
/// assert_eq!(slots.end - slots.start, orders.count(17));
/// assert!(slots.clone().all(|slot| orders.parent(slot) == 17));
///
/// let error = Children::new(&seed, 12, 40, 0, Some(3), CountLaw::Fit).unwrap_err();
/// assert_eq!(error.to_string(), "12 parents × at most 3 children = 36 < 40 rows");
/// # Ok::<(), mts_tables::Infeasible>(())
/// ```
#[derive(Debug)]
pub struct Children {
    parents: u64,
    children: u64,
    counts: Counts,
    tree: Tree,
    leaves: Key,
    shelf: Shelf,
}

impl Children {
    /// Bytes that a relationship may remember, unless told otherwise: enough for 50 million parents.
    pub const BUDGET: u64 = 1 << 28;

    /// `children` rows that belong to `parents` rows, from `min` to `max` to each, by a law.
    ///
    /// # Errors
    ///
    /// Where no counts within the bounds have this sum, or the law has no such parameter.
    pub fn new(
        seed: &SeedSequence,
        parents: u64,
        children: u64,
        min: u64,
        max: Option<u64>,
        law: CountLaw,
    ) -> Result<Self, Infeasible> {
        let counts = Counts::new(parents, children, min, max, law)?;
        let key = Key::from(&seed.child(0));
        let tree = Tree::new(key, parents, children, &counts, Self::BUDGET);
        let shelf = Shelf::new(parents.div_ceil(LEAF), Self::BUDGET);
        Ok(Children { parents, children, counts, tree, leaves: Key::from(&seed.child(1)), shelf })
    }

    /// The same, remembering no more than about so many bytes.
    #[must_use]
    pub fn with_budget(self, bytes: u64) -> Self {
        let tree = self.tree.with_budget(&self.counts, bytes);
        Children { tree, shelf: Shelf::new(self.parents.div_ceil(LEAF), bytes), ..self }
    }

    /// Rows of the parent table.
    pub fn parents_len(&self) -> u64 {
        self.parents
    }

    /// Rows of the child table.
    pub fn len(&self) -> u64 {
        self.children
    }

    /// True without children.
    pub fn is_empty(&self) -> bool {
        self.children == 0
    }

    /// How many children a parent has.
    ///
    /// # Panics
    ///
    /// Where there is no such parent.
    pub fn count(&self, parent: u64) -> u64 {
        let slots = self.slots(parent);
        slots.end - slots.start
    }

    /// The slots of a parent's children.
    ///
    /// # Panics
    ///
    /// Where there is no such parent.
    pub fn slots(&self, parent: u64) -> Range<u64> {
        assert!(parent < self.parents, "parent {parent} of {}", self.parents);
        let leaf = self.tree.leaf(&self.counts, parent / LEAF);
        let within = self.offsets(&self.shelf.leaves(), leaf).range((parent % LEAF) as usize);
        leaf.start + within.start..leaf.start + within.end
    }

    /// The parent of the child in a slot.
    ///
    /// # Panics
    ///
    /// Where there is no such slot.
    #[inline]
    pub fn parent(&self, slot: u64) -> u64 {
        assert!(slot < self.children, "slot {slot} of {}", self.children);
        let leaf = self.tree.with_slot(&self.counts, slot);
        leaf.index * LEAF + self.offsets(&self.shelf.leaves(), leaf).find(slot - leaf.start) as u64
    }

    /// Adds the parents of the children in consecutive slots.
    ///
    /// # Panics
    ///
    /// Where there are no such slots.
    pub fn parents(&self, slots: Range<u64>, out: &mut Vec<u64>) {
        assert!(slots.end <= self.children, "slots {slots:?} of {}", self.children);
        out.reserve(slots.end.saturating_sub(slots.start) as usize);
        let leaves = self.shelf.leaves();
        let mut slot = slots.start;
        while slot < slots.end {
            let leaf = self.tree.with_slot(&self.counts, slot);
            let end = slots.end.min(leaf.start + leaf.children);
            self.offsets(&leaves, leaf).expand(slot - leaf.start..end - leaf.start, leaf.index * LEAF, out);
            slot = end;
        }
    }

    /// Adds the parents of the children in any slots.
    ///
    /// # Panics
    ///
    /// Where there is no such slot.
    pub fn parents_of(&self, slots: &[u64], out: &mut Vec<u64>) {
        let last = slots.iter().fold(0, |last, &slot| last.max(slot));
        assert!(slots.is_empty() || last < self.children, "slot {last} of {}", self.children);
        let before = out.len();
        let leaves = self.shelf.leaves();
        out.resize(before + slots.len(), 0);
        let mut unknown = Vec::new();
        if self.tree.keeps_leaves() {
            for (number, (slots, out)) in slots.chunks(GROUP).zip(out[before..].chunks_mut(GROUP)).enumerate()
            {
                self.find_remembered(&leaves, slots, number * GROUP, out, &mut unknown);
            }
        } else {
            unknown.extend(0..slots.len());
        }
        // Those of a leaf together: each leaf is drawn once.
        unknown.sort_unstable_by_key(|&at| slots[at]);
        let mut unknown = unknown.as_slice();
        while let Some(&first) = unknown.first() {
            let leaf = self.tree.with_slot(&self.counts, slots[first]);
            let offsets = self.offsets(&leaves, leaf);
            let (within, beyond) =
                unknown.split_at(unknown.partition_point(|&at| slots[at] < leaf.start + leaf.children));
            for &at in within {
                out[before + at] = leaf.index * LEAF + offsets.find(slots[at] - leaf.start) as u64;
            }
            unknown = beyond;
        }
    }

    /// The parents of the children in a group of slots, as far as nothing has to be drawn to know them; the places
    /// of the others, counted from `first` on, are `unknown`.
    ///
    /// Slots in no order lie far apart in memory. One step for all of them, and then the next, lets the processor
    /// wait for many at a time.
    fn find_remembered(
        &self,
        leaves: &Leaves,
        slots: &[u64],
        first: usize,
        out: &mut [u64],
        unknown: &mut Vec<usize>,
    ) {
        const NONE: Leaf = Leaf { index: 0, start: 0, children: 0 };
        let mut of = [NONE; GROUP];
        of.iter_mut().zip(slots).for_each(|(leaf, &slot)| *leaf = self.tree.with_slot(&self.counts, slot));
        let mut offsets = [None; GROUP];
        for (at, (offsets, leaf)) in offsets.iter_mut().zip(&of).take(slots.len()).enumerate() {
            *offsets = leaves.get(leaf.index);
            if offsets.is_none() {
                unknown.push(first + at);
            }
        }
        let found =
            || {
                offsets.iter().zip(slots).zip(&of).map(|((offsets, slot), leaf)| {
                    (offsets.map(|offsets| (offsets, slot - leaf.start)), leaf)
                })
            };
        let mut looks = [0; GROUP];
        for (look, (found, _)) in looks.iter_mut().zip(found()) {
            *look = found.map_or(0, |(offsets, child)| offsets.look(child));
        }
        let mut places = [0; GROUP];
        for ((place, look), (found, _)) in places.iter_mut().zip(looks).zip(found()) {
            *place = found.map_or(0, |(offsets, child)| offsets.place(look, child));
        }
        for ((out, place), (found, leaf)) in out.iter_mut().zip(places).zip(found()) {
            *out = found.map_or(0, |(offsets, _)| leaf.index * LEAF + offsets.parent(place) as u64);
        }
    }

    /// Where the children of a leaf's parents begin, remembered or drawn.
    #[inline]
    fn offsets<'a>(&self, leaves: &'a Leaves, leaf: Leaf) -> Cow<'a, Offsets> {
        match leaves.get(leaf.index) {
            Some(offsets) => Cow::Borrowed(offsets),
            None => leaves.keep(leaf.index, self.draw(leaf)),
        }
    }

    #[cold]
    fn draw(&self, leaf: Leaf) -> Offsets {
        let parents = (self.parents - leaf.index * LEAF).min(LEAF);
        let mut counts = vec![0; parents as usize];
        self.counts.fill(&mut keyed(self.leaves, leaf.index), leaf.children, &mut counts);
        Offsets::new(&counts)
    }
}
