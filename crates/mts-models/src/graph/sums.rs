//! Sums over neighbours, the inner loop of coupled models.

use mts_rng::simd::Kernel;

/// Each node's sum is the total without the node.
#[inline(always)]
pub(super) fn complete(x: &[f64], totals: &mut [f64], sums: &mut [f64]) {
    match totals.len() {
        1 => {
            let total = total_of_one(x);
            for (sum, x) in sums.iter_mut().zip(x) {
                *sum = total - x;
            }
        }
        2 => complete_of::<2>(x, sums),
        3 => complete_of::<3>(x, sums),
        4 => complete_of::<4>(x, sums),
        realizations => {
            totals.fill(0.0);
            for values in x.chunks_exact(realizations) {
                for (total, x) in totals.iter_mut().zip(values) {
                    *total += x;
                }
            }
            for (sums, x) in sums.chunks_exact_mut(realizations).zip(x.chunks_exact(realizations)) {
                for ((sum, x), total) in sums.iter_mut().zip(x).zip(&*totals) {
                    *sum = total - x;
                }
            }
        }
    }
}

/// One realization alone is summed in eight lanes, so that the sum is not bound by the latency of an
/// addition.
#[inline(always)]
fn total_of_one(x: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (chunks, rest) = x.as_chunks::<8>();
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane += x;
        }
    }
    // All lanes, so that they stay in registers: 0 more changes no bit of a sum that started from +0.
    for (i, lane) in lanes.iter_mut().enumerate() {
        *lane += rest.get(i).copied().unwrap_or(0.0);
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// A loop over so few realizations would cost more than what it does.
#[inline(always)]
fn complete_of<const REALIZATIONS: usize>(x: &[f64], sums: &mut [f64]) {
    let mut totals = [0.0; REALIZATIONS];
    for values in x.as_chunks::<REALIZATIONS>().0 {
        for (total, x) in totals.iter_mut().zip(values) {
            *total += x;
        }
    }
    for (sums, x) in sums.as_chunks_mut::<REALIZATIONS>().0.iter_mut().zip(x.as_chunks::<REALIZATIONS>().0) {
        for ((sum, x), total) in sums.iter_mut().zip(x).zip(&totals) {
            *sum = total - x;
        }
    }
}

/// The node before and the node after: but for the ends, the same slab shifted by a node either way.
#[inline(always)]
pub(super) fn ring(x: &[f64], realizations: usize, sums: &mut [f64]) {
    let last = x.len() - realizations;
    match x.len() / realizations {
        1 => sums.fill(0.0),
        2 => {
            sums[..realizations].copy_from_slice(&x[realizations..]);
            sums[realizations..].copy_from_slice(&x[..realizations]);
        }
        _ => {
            add(&x[last..], &x[realizations..2 * realizations], &mut sums[..realizations]);
            add(&x[..last - realizations], &x[2 * realizations..], &mut sums[realizations..last]);
            add(&x[last - realizations..last], &x[..realizations], &mut sums[last..]);
        }
    }
}

#[inline(always)]
fn add(a: &[f64], b: &[f64], sums: &mut [f64]) {
    for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
        *sum = a + b;
    }
}

/// The sums over compressed rows of neighbours.
pub(super) struct Edges<'a> {
    pub(super) offsets: &'a [usize],
    pub(super) neighbours: &'a [u32],
    /// All 1 where empty.
    pub(super) weights: &'a [f64],
    /// (node, realization)
    pub(super) x: &'a [f64],
    pub(super) realizations: usize,
    /// (node, realization)
    pub(super) sums: &'a mut [f64],
}

impl Kernel for Edges<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        if self.weights.is_empty() { self.sum::<false>() } else { self.sum::<true>() }
    }
}

impl Edges<'_> {
    /// Each sum runs over its neighbours in ascending order, in a register. Several at a time, in so many
    /// realizations and nodes that one addition need not wait for the one before.
    #[inline(always)]
    fn sum<const WEIGHTED: bool>(mut self) {
        let mut column = 0;
        while column < self.realizations {
            column += match self.realizations - column {
                32.. => self.band::<1, 32, WEIGHTED>(column),
                16.. => self.band::<2, 16, WEIGHTED>(column),
                8.. => self.band::<4, 8, WEIGHTED>(column),
                4.. => self.band::<4, 4, WEIGHTED>(column),
                2.. => self.band::<8, 2, WEIGHTED>(column),
                _ => self.band::<8, 1, WEIGHTED>(column),
            }
        }
    }

    /// The sums of all nodes in WIDTH realizations, NODES nodes at a time; returns WIDTH.
    #[inline(always)]
    fn band<const NODES: usize, const WIDTH: usize, const WEIGHTED: bool>(&mut self, column: usize) -> usize {
        let nodes = self.offsets.len() - 1;
        let together = nodes - nodes % NODES;
        for node in (0..together).step_by(NODES) {
            self.tile::<NODES, WIDTH, WEIGHTED>(node, column);
        }
        for node in together..nodes {
            self.tile::<1, WIDTH, WEIGHTED>(node, column);
        }
        WIDTH
    }

    #[inline(always)]
    fn tile<const NODES: usize, const WIDTH: usize, const WEIGHTED: bool>(
        &mut self,
        node: usize,
        column: usize,
    ) {
        let mut tile = [[0.0; WIDTH]; NODES];
        let mut common = usize::MAX;
        for range in self.offsets[node..=node + NODES].windows(2) {
            common = common.min(range[1] - range[0]);
        }
        for step in 0..common {
            for (i, lanes) in tile.iter_mut().enumerate() {
                self.add_edge::<WIDTH, WEIGHTED>(self.offsets[node + i] + step, column, lanes);
            }
        }
        for (i, lanes) in tile.iter_mut().enumerate() {
            for edge in self.offsets[node + i] + common..self.offsets[node + i + 1] {
                self.add_edge::<WIDTH, WEIGHTED>(edge, column, lanes);
            }
            self.sums[(node + i) * self.realizations + column..][..WIDTH].copy_from_slice(lanes);
        }
    }

    #[inline(always)]
    fn add_edge<const WIDTH: usize, const WEIGHTED: bool>(
        &self,
        edge: usize,
        column: usize,
        lanes: &mut [f64; WIDTH],
    ) {
        let values = &self.x[self.neighbours[edge] as usize * self.realizations + column..][..WIDTH];
        let weight = if WEIGHTED { self.weights[edge] } else { 1.0 };
        for (lane, x) in lanes.iter_mut().zip(values) {
            *lane += weight * x;
        }
    }
}
