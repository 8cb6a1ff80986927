//! Who is whose neighbour as bits, for graphs in which many are.

use mts_rng::simd::Kernel;

/// A bit for each pair of nodes: 32 nodes share a word, and there is a word for each node that may be
/// their neighbour.
///
/// Where one realization is summed alone, there is nothing beside a neighbour's value that could be added
/// at the same time. Four nodes can, if each takes the value or 0.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    /// (panel, neighbour)
    words: Vec<u32>,
    nodes: usize,
}

/// Nodes of a word.
const PANEL: usize = 32;

/// Nodes that are added to at a time.
const LANES: usize = 4;

/// All bits of a lane where a bit of the index is set.
static SPREAD: [[u64; LANES]; 1 << LANES] = {
    let mut table = [[0; LANES]; 1 << LANES];
    let mut at = 0;
    while at < LANES << LANES {
        let (bits, lane) = (at / LANES, at % LANES);
        table[bits][lane] = if bits >> lane & 1 == 1 { u64::MAX } else { 0 };
        at += 1;
    }
    table
};

/// Pairs per edge, both counted twice: in thinner graphs the edges alone are fewer than the words.
const THIN: usize = 12;

impl Masks {
    /// Of unweighted edges; empty where they are few.
    pub(super) fn new(nodes: usize, pairs: &[(u32, u32)]) -> Self {
        if 2 * pairs.len() * THIN < nodes * nodes {
            return Masks::default();
        }
        let mut words = vec![0; nodes.div_ceil(PANEL) * nodes];
        for &(i, j) in pairs {
            for (node, neighbour) in [(i as usize, j as usize), (j as usize, i as usize)] {
                words[node / PANEL * nodes + neighbour] |= 1 << (node % PANEL);
            }
        }
        Masks { words, nodes }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// What they take.
    pub fn bytes(&self) -> usize {
        4 * self.words.len()
    }

    /// The sums of `x` over the neighbours of each node. Both are (node, realization).
    pub(super) fn sums<'a>(&'a self, x: &'a [f64], realizations: usize, sums: &'a mut [f64]) -> Sums<'a> {
        Sums { masks: self, x, realizations, sums }
    }
}

/// Each sum runs over the nodes in ascending order. Adding 0 for those that are no neighbours changes no bit,
/// because a sum that starts from +0 never becomes -0.
pub(super) struct Sums<'a> {
    masks: &'a Masks,
    x: &'a [f64],
    realizations: usize,
    sums: &'a mut [f64],
}

impl Kernel for Sums<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Sums { masks, x, realizations, sums } = self;
        let panels = masks.words.chunks_exact(masks.nodes).zip(sums.chunks_mut(PANEL * realizations));
        for (words, sums) in panels {
            for column in 0..realizations {
                let mut lanes = [[0.0; LANES]; PANEL / LANES];
                for (word, x) in words.iter().zip(x[column..].iter().step_by(realizations)) {
                    let mut word = *word;
                    for lanes in &mut lanes {
                        for (lane, mask) in lanes.iter_mut().zip(&SPREAD[word as usize % SPREAD.len()]) {
                            *lane += f64::from_bits(x.to_bits() & mask);
                        }
                        word >>= LANES;
                    }
                }
                let sums = sums[column..].iter_mut().step_by(realizations);
                for (sum, lane) in sums.zip(lanes.as_flattened()) {
                    *sum = *lane;
                }
            }
        }
    }
}
