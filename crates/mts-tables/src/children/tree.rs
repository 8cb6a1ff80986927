//! How many children the leaves have.

use mts_rng::{Key, keyed};

use super::counts::Counts;
use super::ladder::Ladder;

/// Parents of a leaf.
pub(super) const LEAF: u64 = 4096;

/// Parents that are counted together, and their children's slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) index: u64,
    pub(super) start: u64,
    pub(super) children: u64,
}

/// Splits the children between halves of the leaves, and again, by a draw for each node: any leaf without the others.
///
/// Kept are only the sums that are asked for most, at one level; those below it are drawn again.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    key: Key,
    parents: u64,
    children: u64,
    /// Leaves below a node that is kept, as a power of two.
    level: u32,
    kept: Ladder<u64>,
}

/// Nodes that are kept at most.
const KEPT: u64 = 1 << 20;

impl Tree {
    /// A tree that keeps no more nodes than fit into `bytes`, or one.
    pub(super) fn new(key: Key, parents: u64, children: u64, counts: &Counts, bytes: u64) -> Self {
        let leaves = parents.div_ceil(LEAF).max(1);
        let top = leaves.next_power_of_two().ilog2();
        let most = (bytes / 16).clamp(1, KEPT);
        let level = (0..=top).find(|level| leaves.div_ceil(1 << level) <= most).unwrap_or(top);
        let empty = Ladder::new(vec![0, 0]);
        let mut tree = Tree { key, parents, children, level, kept: empty };
        let mut starts = vec![0];
        tree.keep(counts, top, 0, children, &mut starts);
        tree.kept = Ladder::new(starts);
        tree
    }

    /// The same that keeps no more than fits into `bytes`.
    pub(super) fn with_budget(&self, counts: &Counts, bytes: u64) -> Self {
        Tree::new(self.key, self.parents, self.children, counts, bytes)
    }

    fn keep(&self, counts: &Counts, level: u32, index: u64, children: u64, starts: &mut Vec<u64>) {
        if level == self.level {
            let start = starts.last().copied().unwrap_or(0);
            starts.push(start + children);
            return;
        }
        let left = self.left(counts, level, index, children);
        self.keep(counts, level - 1, 2 * index, left, starts);
        if self.size(level - 1, 2 * index + 1) > 0 {
            self.keep(counts, level - 1, 2 * index + 1, children - left, starts);
        }
    }

    /// The parents of a node.
    fn size(&self, level: u32, index: u64) -> u64 {
        // In parents, the end of a node can be beyond any table's.
        let (start, end) = (u128::from(index) << level, u128::from(index + 1) << level);
        let clip = |leaf: u128| (leaf * u128::from(LEAF)).min(self.parents.into()) as u64;
        clip(end) - clip(start)
    }

    /// The children of a node's left half.
    fn left(&self, counts: &Counts, level: u32, index: u64, children: u64) -> u64 {
        let (left, right) = (self.size(level - 1, 2 * index), self.size(level - 1, 2 * index + 1));
        if right == 0 {
            return children;
        }
        // There are below 2⁵² leaves.
        let mut rng = keyed(self.key, u64::from(level) << 52 | index);
        counts.split(&mut rng, children, left, right)
    }

    /// True where each leaf is kept.
    pub(super) fn keeps_leaves(&self) -> bool {
        self.level == 0
    }

    /// The leaf that holds a slot.
    #[inline]
    pub(super) fn with_slot(&self, counts: &Counts, slot: u64) -> Leaf {
        let node = self.kept.find(slot);
        self.descend(counts, node, |_, _, middle| slot < middle)
    }

    /// The leaf of this number.
    pub(super) fn leaf(&self, counts: &Counts, index: u64) -> Leaf {
        self.descend(counts, (index >> self.level) as usize, |level, _, _| index >> (level - 1) & 1 == 0)
    }

    /// From a node that is kept down to a leaf: `left` tells from a level, an index and the slot where the right half
    /// begins whether to go left.
    #[inline]
    fn descend(&self, counts: &Counts, node: usize, left: impl Fn(u32, u64, u64) -> bool) -> Leaf {
        let start = self.kept.start(node);
        let mut leaf = Leaf { index: node as u64, start, children: self.kept.start(node + 1) - start };
        for level in (1..=self.level).rev() {
            let middle = self.left(counts, level, leaf.index, leaf.children);
            let goes_left = left(level, leaf.index, leaf.start + middle);
            leaf = if goes_left {
                Leaf { index: 2 * leaf.index, start: leaf.start, children: middle }
            } else {
                let children = leaf.children - middle;
                Leaf { index: 2 * leaf.index + 1, start: leaf.start + middle, children }
            };
        }
        leaf
    }
}
