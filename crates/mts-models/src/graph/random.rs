//! Random graphs that are not drawn pair by pair of blocks.

use std::collections::BTreeSet;
use std::f64::consts::PI;

use mts_rng::Rng;

use super::network::{Beside, Network};

/// How a random graph is made. What it requires was checked.
#[derive(Clone, Debug)]
pub enum Recipe {
    /// Watts and Strogatz' small world.
    SmallWorld {
        /// The number of nodes.
        nodes: usize,
        /// Neighbours before edges are led elsewhere.
        k: usize,
        /// The probability that one is.
        p_rewire: f64,
    },
    /// Barabási and Albert's growth.
    Preferential {
        /// The number of nodes.
        nodes: usize,
        /// Edges of a new node.
        m: usize,
    },
    /// Points in the unit square.
    Geometric {
        /// The number of nodes.
        nodes: usize,
        /// The greatest distance of neighbours.
        radius: f64,
    },
    /// Without cycles.
    Dag {
        /// The number of nodes.
        nodes: usize,
        /// The probability of each edge.
        p: f64,
    },
}

impl Recipe {
    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        match self {
            Recipe::SmallWorld { nodes, .. }
            | Recipe::Preferential { nodes, .. }
            | Recipe::Geometric { nodes, .. }
            | Recipe::Dag { nodes, .. } => *nodes,
        }
    }

    /// The mean number of neighbours, at most.
    pub fn degree(&self) -> f64 {
        let others = self.nodes() as f64 - 1.0;
        match self {
            Recipe::SmallWorld { k, .. } => *k as f64,
            Recipe::Preferential { m, .. } => 2.0 * *m as f64,
            Recipe::Geometric { radius, .. } => others * (PI * radius * radius).min(1.0),
            Recipe::Dag { p, .. } => 0.5 * others * p,
        }
    }

    /// Whether edges have directions.
    pub fn directed(&self) -> bool {
        matches!(self, Recipe::Dag { .. })
    }

    /// Draws the graph.
    pub(super) fn draw(&self, rng: &mut Rng) -> Network {
        match *self {
            Recipe::SmallWorld { nodes, k, p_rewire } => small_world(nodes, k, p_rewire, rng),
            Recipe::Preferential { nodes, m } => preferential(nodes, m, rng),
            Recipe::Geometric { nodes, radius } => geometric(nodes, radius, rng),
            Recipe::Dag { nodes, p } => dag(nodes, p, rng),
        }
    }
}

/// Circle by circle, as in the paper: a uniform for each edge from node i to i + distance, and where it is below
/// `p_rewire`, another end for it, drawn until it is neither i nor a neighbour of i.
fn small_world(nodes: usize, k: usize, p_rewire: f64, rng: &mut Rng) -> Network {
    let mut of: Vec<BTreeSet<u32>> = (0..nodes)
        .map(|i| {
            (1..=k / 2).flat_map(|d| [(i + d) % nodes, (i + nodes - d) % nodes]).map(|j| j as u32).collect()
        })
        .collect();
    for distance in 1..=k / 2 {
        for i in 0..nodes {
            // Whoever has all others for neighbours has nowhere else to lead an edge to.
            if rng.random() < p_rewire && of[i].len() < nodes - 1 {
                let end = loop {
                    let end = rng.bounded(nodes as u64 - 1) as u32;
                    if end as usize != i && !of[i].contains(&end) {
                        break end;
                    }
                };
                let old = (i + distance) % nodes;
                of[i].remove(&(old as u32));
                of[old].remove(&(i as u32));
                of[i].insert(end);
                of[end as usize].insert(i as u32);
            }
        }
    }
    let larger = |(i, all): (usize, &BTreeSet<u32>)| {
        all.iter().filter(move |j| **j as usize > i).map(move |j| (i as u32, *j)).collect::<Vec<_>>()
    };
    let pairs: Vec<(u32, u32)> = of.iter().enumerate().flat_map(larger).collect();
    Network::from_pairs(nodes, &pairs, &[])
}

/// A node is drawn by its degree as an end of any edge; again, where the new node has it already.
fn preferential(nodes: usize, m: usize, rng: &mut Rng) -> Network {
    let mut pairs: Vec<(u32, u32)> = (1..=m as u32).map(|leaf| (0, leaf)).collect();
    let mut ends: Vec<u32> = pairs.iter().flat_map(|(i, j)| [*i, *j]).collect();
    let mut chosen = BTreeSet::new();
    for node in m as u32 + 1..nodes as u32 {
        while chosen.len() < m {
            chosen.insert(ends[rng.bounded(ends.len() as u64 - 1) as usize]);
        }
        pairs.extend(chosen.iter().map(|old| (*old, node)));
        ends.extend(chosen.iter().flat_map(|old| [*old, node]));
        chosen.clear();
    }
    pairs.sort_unstable();
    Network::from_pairs(nodes, &pairs, &[])
}

/// Two uniforms for each node, in order.
fn geometric(nodes: usize, radius: f64, rng: &mut Rng) -> Network {
    let mut positions = vec![0.0; 2 * nodes];
    rng.fill_random(&mut positions);
    let place = |node: usize| (positions[2 * node], positions[2 * node + 1]);
    // From left to right, so that only what is near in one direction is looked at.
    let mut order: Vec<usize> = (0..nodes).collect();
    order.sort_unstable_by(|a, b| place(*a).0.total_cmp(&place(*b).0).then(a.cmp(b)));
    let mut pairs = Vec::new();
    for (rank, &i) in order.iter().enumerate() {
        let (x, y) = place(i);
        for &j in &order[rank + 1..] {
            let (dx, dy) = (place(j).0 - x, place(j).1 - y);
            if dx > radius {
                break;
            }
            if dx * dx + dy * dy <= radius * radius {
                pairs.push((i.min(j) as u32, i.max(j) as u32));
            }
        }
    }
    pairs.sort_unstable();
    Network::from_pairs(nodes, &pairs, &[]).with(Beside::Positions(positions))
}

/// An order, then a uniform for each pair in that order.
fn dag(nodes: usize, p: f64, rng: &mut Rng) -> Network {
    let order = rng.permutation(nodes);
    let mut row = vec![0.0; nodes];
    let mut arcs = Vec::new();
    for (rank, &from) in order.iter().enumerate() {
        let later = &order[rank + 1..];
        rng.fill_random(&mut row[..later.len()]);
        let joined = later.iter().zip(&row).filter(|(_, u)| **u < p);
        arcs.extend(joined.map(|(&to, _)| (to as u32, from as u32, 1.0)));
    }
    arcs.sort_unstable_by_key(|(to, from, _)| (*to, *from));
    let order = order.into_iter().map(|node| node as f64).collect();
    Network::from_arcs(nodes, &arcs).with(Beside::Order(order))
}
