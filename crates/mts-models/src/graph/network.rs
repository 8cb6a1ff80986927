//! Neighbours, and sums over them.

use mts_core::{Edge, Graph, Truth};
use mts_rng::simd;

use super::masks::Masks;
use super::sums::{self, Edges};

/// Neighbours and weights, stored as sparsely as they are.
#[derive(Clone, Debug)]
pub enum Network {
    /// All pairs, weight 1.
    Complete(usize),
    /// A circle, weight 1. Two nodes share one edge, one node has none.
    Ring(usize),
    /// Compressed rows: the neighbours of each node in ascending order. Where edges have directions, those that
    /// act on it.
    Sparse {
        /// Where each node's neighbours start, and the end.
        offsets: Vec<usize>,
        /// The neighbours.
        neighbours: Vec<u32>,
        /// Their weights; all 1 where empty.
        weights: Vec<f64>,
        /// The same once more for one realization; empty where that would not help.
        masks: Masks,
        /// Whether a neighbour's neighbour may not be the node itself.
        directed: bool,
        /// What was drawn beside the edges.
        beside: Beside,
    },
}

/// What was drawn together with a graph.
#[derive(Clone, Debug)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// Two coordinates of each node.
    Positions(Vec<f64>),
    /// The nodes in an order in which each acts on later ones alone.
    Order(Vec<f64>),
}

impl Network {
    /// From pairs i < j in ascending order, and their weights (all 1 where empty).
    pub(super) fn from_pairs(nodes: usize, pairs: &[(u32, u32)], pair_weights: &[f64]) -> Self {
        let mut offsets = vec![0; nodes + 1];
        for &(i, j) in pairs {
            offsets[i as usize + 1] += 1;
            offsets[j as usize + 1] += 1;
        }
        (0..nodes).for_each(|node| offsets[node + 1] += offsets[node]);
        let mut next = offsets.clone();
        let mut neighbours = vec![0; 2 * pairs.len()];
        let mut weights = vec![0.0; 2 * pair_weights.len()];
        // Pairs are sorted, so each node first meets its smaller neighbours, then its larger ones:
        // rows come out in ascending order.
        for (at, &(i, j)) in pairs.iter().enumerate() {
            for (node, neighbour) in [(j, i), (i, j)] {
                let place = &mut next[node as usize];
                neighbours[*place] = neighbour;
                if let Some(weight) = pair_weights.get(at) {
                    weights[*place] = *weight;
                }
                *place += 1;
            }
        }
        let masks = if pair_weights.is_empty() { Masks::new(nodes, pairs) } else { Masks::default() };
        Network::Sparse { offsets, neighbours, weights, masks, directed: false, beside: Beside::Nothing }
    }

    /// From influences (to, from, weight) in ascending order.
    pub(super) fn from_arcs(nodes: usize, arcs: &[(u32, u32, f64)]) -> Self {
        let mut offsets = vec![0; nodes + 1];
        arcs.iter().for_each(|(to, _, _)| offsets[*to as usize + 1] += 1);
        (0..nodes).for_each(|node| offsets[node + 1] += offsets[node]);
        let neighbours = arcs.iter().map(|(_, from, _)| *from).collect();
        let plain = arcs.iter().all(|(_, _, weight)| *weight == 1.0);
        let weights = if plain { Vec::new() } else { arcs.iter().map(|(_, _, weight)| *weight).collect() };
        let masks = Masks::default();
        Network::Sparse { offsets, neighbours, weights, masks, directed: true, beside: Beside::Nothing }
    }

    /// Adds what was drawn beside the edges, of which other forms have none.
    #[must_use]
    pub(super) fn with(mut self, drawn: Beside) -> Self {
        if let Network::Sparse { beside, .. } = &mut self {
            *beside = drawn;
        }
        self
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        match self {
            Network::Complete(nodes) | Network::Ring(nodes) => *nodes,
            Network::Sparse { offsets, .. } => offsets.len() - 1,
        }
    }

    /// What it takes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Network::Sparse { offsets, neighbours, weights, masks, .. } => {
                8 * offsets.len() + 4 * neighbours.len() + 8 * weights.len() + masks.bytes()
            }
            Network::Complete(_) | Network::Ring(_) => 0,
        }
    }

    /// The sum of the weights of each node's neighbours.
    pub fn degrees(&self) -> Vec<f64> {
        let nodes = self.nodes();
        let mut degrees = vec![0.0; nodes];
        self.sum_neighbours(&vec![1.0; nodes], &mut [0.0], &mut degrees);
        degrees
    }

    /// The greatest sum of absolute weights of a node's neighbours.
    pub(super) fn strongest(&self) -> f64 {
        match self {
            Network::Sparse { offsets, weights, .. } if !weights.is_empty() => offsets
                .windows(2)
                .map(|row| weights[row[0]..row[1]].iter().map(|weight| weight.abs()).sum::<f64>())
                .fold(0.0, f64::max),
            _ => self.degrees().into_iter().fold(0.0, f64::max),
        }
    }

    /// A node that acts on itself through others, if there is one: what is left where nodes are taken away as long
    /// as nobody acts on them.
    pub(super) fn on_a_cycle(&self) -> Option<usize> {
        let Network::Sparse { offsets, neighbours, .. } = self else { return Some(0) };
        let nodes = self.nodes();
        let mut left = vec![true; nodes];
        let mut count = nodes;
        loop {
            let before = count;
            for node in 0..nodes {
                let parents = &neighbours[offsets[node]..offsets[node + 1]];
                if left[node] && parents.iter().all(|parent| !left[*parent as usize]) {
                    left[node] = false;
                    count -= 1;
                }
            }
            if count == 0 {
                return None;
            }
            if count == before {
                break;
            }
        }
        // Each node that is left has a parent that is left: back along them, a node comes up again.
        let mut node = left.iter().position(|left| *left)?;
        for _ in 0..nodes {
            let parents = &neighbours[offsets[node]..offsets[node + 1]];
            node = *parents.iter().find(|parent| left[**parent as usize])? as usize;
        }
        Some(node)
    }

    /// For each node and realization, the weighted sum of `x` over the node's neighbours. `x` and
    /// `sums` are (node, realization), `totals` holds one number per realization.
    ///
    /// For the loops of kernels: what is cheap is inlined, the loop over edges has builds of its own.
    #[inline(always)]
    pub fn sum_neighbours(&self, x: &[f64], totals: &mut [f64], sums: &mut [f64]) {
        match self {
            Network::Complete(_) => sums::complete(x, totals, sums),
            Network::Ring(_) => sums::ring(x, totals.len(), sums),
            Network::Sparse { masks, .. } if totals.len() < 4 && !masks.is_empty() => {
                simd::dispatch(masks.sums(x, totals.len(), sums));
            }
            Network::Sparse { offsets, neighbours, weights, .. } => {
                simd::dispatch(Edges { offsets, neighbours, weights, x, realizations: totals.len(), sums });
            }
        }
    }

    /// Shows those that act on a node, in ascending order, with their weights.
    pub fn each_parent(&self, node: usize, mut see: impl FnMut(usize, f64)) {
        let nodes = self.nodes();
        match self {
            Network::Complete(_) => {
                (0..nodes).filter(|other| *other != node).for_each(|other| see(other, 1.0))
            }
            Network::Ring(_) => {
                let ends = [(node + nodes - 1) % nodes, (node + 1) % nodes];
                let (first, last) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
                for other in [Some(first), (last > first).then_some(last)].into_iter().flatten() {
                    if other != node {
                        see(other, 1.0);
                    }
                }
            }
            Network::Sparse { offsets, neighbours, weights, .. } => {
                let row = offsets[node]..offsets[node + 1];
                for (at, parent) in row.clone().zip(&neighbours[row]) {
                    see(*parent as usize, weights.get(at).copied().unwrap_or(1.0));
                }
            }
        }
    }

    /// Adds the graph to the truth as `adjacency`, with what was drawn beside it.
    pub fn tell(&self, lag: usize, truth: &mut Truth) {
        truth.graph("adjacency", self.truth(lag));
        if let Network::Sparse { beside, .. } = self {
            match beside {
                Beside::Nothing => {}
                Beside::Positions(positions) => {
                    truth.array("positions", &[self.nodes(), 2], positions.clone())
                }
                Beside::Order(order) => truth.array("causal_order", &[self.nodes()], order.clone()),
            }
        }
    }

    /// The graph as truth.
    pub fn truth(&self, lag: usize) -> Graph {
        match self {
            Network::Complete(nodes) => Graph::Complete { nodes: *nodes },
            Network::Ring(nodes) => Graph::Ring { nodes: *nodes },
            Network::Sparse { offsets, neighbours, weights, directed, .. } => {
                let edges = offsets.windows(2).enumerate().flat_map(|(to, range)| {
                    (range[0]..range[1]).map(move |at| Edge {
                        from: neighbours[at] as usize,
                        to,
                        lag,
                        weight: weights.get(at).copied().unwrap_or(1.0),
                    })
                });
                let mut edges: Vec<Edge> = edges.collect();
                if *directed {
                    edges.sort_unstable_by_key(|edge| (edge.from, edge.to));
                } else {
                    // Rows and columns are the same: no need to sort them.
                    edges.iter_mut().for_each(|edge| std::mem::swap(&mut edge.from, &mut edge.to));
                }
                Graph::Edges { nodes: self.nodes(), edges }
            }
        }
    }
}
