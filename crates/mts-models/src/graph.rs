//! Who is whose neighbour: the undirected graphs that coupled models share.
#![cfg_attr(
    not(all(feature = "maps", feature = "oscillators", feature = "sde")),
    allow(dead_code, reason = "each family uses a part of this")
)]

mod masks;
mod sums;

use mts_core::{Edge, Graph, Problems, Tensor};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use masks::Masks;
use sums::Edges;

/// The kinds of graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Everybody is everybody's neighbour.
    Complete,
    /// Two neighbours each, in a circle.
    Ring,
    /// Each pair with probability p.
    ErdosRenyi,
    /// Each pair with one probability within a block and another one between blocks.
    Sbm,
}

impl Kind {
    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Complete => "complete",
            Kind::Ring => "ring",
            Kind::ErdosRenyi => "erdos_renyi",
            Kind::Sbm => "sbm",
        }
    }
}

/// The parameters of a graph as coupled models have them.
pub struct GraphParams<'a> {
    /// `topology`
    pub kind: Kind,
    /// `p`
    pub p: Option<f64>,
    /// `block_sizes`
    pub block_sizes: Option<&'a [usize]>,
    /// `p_intra`
    pub p_intra: Option<f64>,
    /// `p_inter`
    pub p_inter: Option<f64>,
    /// `A`: weights, which replace the topology.
    pub weights: Option<&'a Tensor>,
}

/// A validated graph before anything is drawn.
#[derive(Clone, Debug)]
pub enum Topology {
    /// Nothing to draw.
    Fixed(Network),
    /// Each pair is joined with the probability of its blocks.
    Blocks {
        /// The block of each node.
        block_of: Vec<usize>,
        /// Probability within a block.
        intra: f64,
        /// Probability between blocks.
        inter: f64,
    },
}

/// Neighbours and weights, stored as sparsely as they are.
#[derive(Clone, Debug)]
pub enum Network {
    /// All pairs, weight 1.
    Complete(usize),
    /// A circle, weight 1. Two nodes share one edge, one node has none.
    Ring(usize),
    /// Compressed rows: the neighbours of each node in ascending order.
    Sparse {
        /// Where each node's neighbours start, and the end.
        offsets: Vec<usize>,
        /// The neighbours.
        neighbours: Vec<u32>,
        /// Their weights; all 1 where empty.
        weights: Vec<f64>,
        /// The same once more for one realization; empty where that would not help.
        masks: Masks,
    },
}

/// Nodes of a drawn graph: its M·M uniforms then take a minute.
const MAX_DRAWN: usize = 1 << 17;

impl Topology {
    /// Checks the parameters of a graph over `nodes` nodes.
    pub fn new(params: &GraphParams, nodes: usize, problems: &mut Problems) -> Option<Self> {
        for (name, probability) in [("p", params.p), ("p_intra", params.p_intra), ("p_inter", params.p_inter)]
        {
            if let Some(probability) = probability {
                problems.between(name, probability, 0.0, 1.0);
            }
        }
        let drawn = matches!(params.kind, Kind::ErdosRenyi | Kind::Sbm) && params.weights.is_none();
        if drawn && nodes > MAX_DRAWN {
            let topology = params.kind.name();
            problems.add(
                "M",
                format_args!("must be at most {MAX_DRAWN} for topology \"{topology}\", found {nodes}"),
            );
            return None;
        }
        if let Some(weights) = params.weights {
            return own_matrix(weights, nodes, problems).map(Topology::Fixed);
        }
        let mut required = |name: &str, value: Option<f64>| {
            if value.is_none() {
                problems.add(name, format_args!("is required by topology \"{}\"", params.kind.name()));
            }
            value
        };
        match params.kind {
            Kind::Complete => Some(Topology::Fixed(Network::Complete(nodes))),
            Kind::Ring => Some(Topology::Fixed(Network::Ring(nodes))),
            Kind::ErdosRenyi => {
                let p = required("p", params.p)?;
                Some(Topology::Blocks { block_of: vec![0; nodes], intra: p, inter: p })
            }
            Kind::Sbm => {
                let (intra, inter) =
                    (required("p_intra", params.p_intra), required("p_inter", params.p_inter));
                let block_of = blocks(params.block_sizes, nodes, problems)?;
                Some(Topology::Blocks { block_of, intra: intra?, inter: inter? })
            }
        }
    }

    /// Bytes that the drawn graph takes, as far as is known.
    pub fn bytes(&self) -> usize {
        match self {
            Topology::Fixed(Network::Sparse { offsets, neighbours, weights, masks }) => {
                8 * offsets.len() + 4 * neighbours.len() + 8 * weights.len() + masks.bytes()
            }
            Topology::Fixed(_) => 0,
            Topology::Blocks { block_of, intra, inter } => {
                let nodes = block_of.len() as f64;
                // Each end of an edge: 4 bytes here, as many while it is drawn, 32 in the truth, and
                // as much again in the truth's file.
                (80.0 * intra.max(*inter) * nodes * nodes) as usize + 8 * block_of.len()
            }
        }
    }

    /// Nanoseconds per value that the sums over neighbours take, roughly; those of the complete graph and the ring
    /// are nothing beside the rest of a model.
    pub fn cost(&self, realizations: usize) -> f64 {
        let (nodes, degree, weighted) = match self {
            Topology::Fixed(Network::Sparse { neighbours, weights, offsets, .. }) => {
                let nodes = offsets.len() as f64 - 1.0;
                (nodes, neighbours.len() as f64 / nodes, !weights.is_empty())
            }
            Topology::Fixed(_) => return 0.0,
            Topology::Blocks { block_of, intra, inter } => {
                let nodes = block_of.len() as f64;
                let sizes = block_of.chunk_by(|a, b| a == b).map(|block| block.len() as f64);
                let degrees = sizes.map(|size| size * (intra * size + inter * (nodes - size)));
                (nodes, degrees.sum::<f64>() / nodes, false)
            }
        };
        if realizations >= 4 {
            4.0 / realizations as f64 + 0.08 * degree
        } else {
            let masked = if weighted { f64::INFINITY } else { 0.07 * nodes };
            1.5 + masked.min(0.9 * degree)
        }
    }

    /// Draws the graph: M·M uniforms row by row, as the reference does, of which those above the
    /// diagonal decide.
    pub fn draw(&self, rng: &mut Rng) -> Network {
        let (block_of, intra, inter) = match self {
            Topology::Fixed(network) => return network.clone(),
            Topology::Blocks { block_of, intra, inter } => (block_of, *intra, *inter),
        };
        let nodes = block_of.len();
        let mut row = vec![0.0; nodes];
        let mut pairs = Vec::new();
        for i in 0..nodes {
            rng.fill_random(&mut row);
            for j in i + 1..nodes {
                let probability = if block_of[i] == block_of[j] { intra } else { inter };
                if row[j] < probability {
                    pairs.push((i as u32, j as u32));
                }
            }
        }
        Network::from_pairs(nodes, &pairs, &[])
    }
}

/// (A + Aᵀ) / 2 without its diagonal.
fn own_matrix(weights: &Tensor, nodes: usize, problems: &mut Problems) -> Option<Network> {
    if weights.shape() != [nodes, nodes] {
        problems.add("A", format_args!("must have shape [{nodes}, {nodes}], found {:?}", weights.shape()));
        return None;
    }
    let data = weights.data();
    if let Some(bad) = data.iter().find(|x| !x.is_finite()) {
        problems.finite("A", *bad);
        return None;
    }
    let (mut pairs, mut halves) = (Vec::new(), Vec::new());
    for i in 0..nodes {
        for j in i + 1..nodes {
            let weight = (data[i * nodes + j] + data[j * nodes + i]) / 2.0;
            if weight != 0.0 {
                pairs.push((i as u32, j as u32));
                halves.push(weight);
            }
        }
    }
    Some(Network::from_pairs(nodes, &pairs, &halves))
}

fn blocks(sizes: Option<&[usize]>, nodes: usize, problems: &mut Problems) -> Option<Vec<usize>> {
    let Some(sizes) = sizes else {
        problems.add("block_sizes", "is required by topology \"sbm\"");
        return None;
    };
    let sum = sizes.iter().try_fold(0_usize, |sum, size| sum.checked_add(*size));
    if sum != Some(nodes) {
        problems.add("block_sizes", format_args!("must add up to M = {nodes}, found {sizes:?}"));
        return None;
    }
    Some(sizes.iter().enumerate().flat_map(|(block, size)| std::iter::repeat_n(block, *size)).collect())
}

impl Network {
    /// From pairs i < j in ascending order, and their weights (all 1 where empty).
    fn from_pairs(nodes: usize, pairs: &[(u32, u32)], pair_weights: &[f64]) -> Self {
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
        Network::Sparse { offsets, neighbours, weights, masks }
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        match self {
            Network::Complete(nodes) | Network::Ring(nodes) => *nodes,
            Network::Sparse { offsets, .. } => offsets.len() - 1,
        }
    }

    /// The sum of the weights of each node's neighbours.
    pub fn degrees(&self) -> Vec<f64> {
        let nodes = self.nodes();
        let mut degrees = vec![0.0; nodes];
        self.sum_neighbours(&vec![1.0; nodes], &mut [0.0], &mut degrees);
        degrees
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

    /// The graph as truth.
    pub fn truth(&self, lag: usize) -> Graph {
        match self {
            Network::Complete(nodes) => Graph::Complete { nodes: *nodes },
            Network::Ring(nodes) => Graph::Ring { nodes: *nodes },
            Network::Sparse { offsets, neighbours, weights, .. } => {
                let edges = offsets.windows(2).enumerate().flat_map(|(from, range)| {
                    (range[0]..range[1]).map(move |at| Edge {
                        from,
                        to: neighbours[at] as usize,
                        lag,
                        weight: weights.get(at).copied().unwrap_or(1.0),
                    })
                });
                Graph::Edges { nodes: self.nodes(), edges: edges.collect() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every stored form against the plain double sum over its truth.
    #[test]
    fn sums_equal_the_double_sum() {
        let weights = Tensor::new(vec![3, 3], vec![0.0, 1.0, 0.5, 0.2, 9.0, 0.0, 0.5, 0.0, 0.0]).unwrap();
        let plain = |kind, nodes, weights| {
            let params = GraphParams {
                kind,
                p: Some(0.4),
                block_sizes: Some(&[2, 5]),
                p_intra: Some(0.9),
                p_inter: Some(0.2),
                weights,
            };
            Topology::new(&params, nodes, &mut Problems::default()).unwrap().draw(&mut Rng::from_seed(1_u64))
        };
        let networks = [
            plain(Kind::Complete, 19, None),
            plain(Kind::Ring, 1, None),
            plain(Kind::Ring, 2, None),
            plain(Kind::Ring, 5, None),
            plain(Kind::ErdosRenyi, 20, None),
            plain(Kind::Sbm, 7, None),
            plain(Kind::Complete, 3, Some(&weights)),
        ];
        for network in networks {
            for realizations in [1, 3] {
                let nodes = network.nodes();
                let mut x = vec![0.0; nodes * realizations];
                Rng::from_seed(2_u64).fill_standard_normal(&mut x);
                let mut sums = vec![f64::NAN; x.len()];
                network.sum_neighbours(&x, &mut vec![0.0; realizations], &mut sums);
                let mut expected = vec![0.0; x.len()];
                for Edge { from, to, weight, .. } in edges(&network) {
                    for r in 0..realizations {
                        expected[to * realizations + r] += weight * x[from * realizations + r];
                    }
                }
                for (sum, expected) in sums.iter().zip(&expected) {
                    assert!((sum - expected).abs() < 1e-13, "{network:?}");
                }
            }
        }
    }

    /// However many are summed together, each sum runs over its neighbours in ascending order.
    #[test]
    fn sums_have_one_order() {
        let erdos_renyi = |nodes, p| {
            let params = GraphParams {
                kind: Kind::ErdosRenyi,
                p: Some(p),
                block_sizes: None,
                p_intra: None,
                p_inter: None,
                weights: None,
            };
            let topology = Topology::new(&params, nodes, &mut Problems::default()).unwrap();
            topology.draw(&mut Rng::from_seed(1_u64))
        };
        let mut weights = vec![0.0; 19 * 19];
        Rng::from_seed(3_u64).fill_standard_normal(&mut weights);
        let own = own_matrix(&Tensor::new(vec![19, 19], weights).unwrap(), 19, &mut Problems::default());
        let networks = [
            erdos_renyi(70, 0.02),
            erdos_renyi(70, 0.3),
            erdos_renyi(33, 0.99),
            erdos_renyi(3, 0.5),
            own.unwrap(),
        ];
        for network in networks {
            let nodes = network.nodes();
            for realizations in [1, 2, 3, 4, 7, 8, 31, 32, 61] {
                let mut x = vec![0.0; nodes * realizations];
                Rng::from_seed(2_u64).fill_standard_normal(&mut x);
                // What is no neighbour must not matter, and what is must.
                (x[0], x[nodes * realizations / 2]) = (f64::NAN, -0.0);
                let mut sums = vec![1.0; x.len()];
                network.sum_neighbours(&x, &mut vec![0.0; realizations], &mut sums);
                let mut expected = vec![0.0; x.len()];
                for Edge { from, to, weight, .. } in edges(&network) {
                    for r in 0..realizations {
                        expected[to * realizations + r] += weight * x[from * realizations + r];
                    }
                }
                let bits = |x: &[f64]| -> Vec<u64> { x.iter().map(|x| x.to_bits()).collect() };
                assert_eq!(bits(&sums), bits(&expected), "{nodes} nodes, {realizations} realizations");
            }
        }
    }

    fn edges(network: &Network) -> Vec<Edge> {
        let edge = |from, to| Edge { from, to, lag: 0, weight: 1.0 };
        match network.truth(0) {
            Graph::Edges { edges, .. } => edges,
            Graph::Complete { nodes } => {
                (0..nodes * nodes).map(|at| edge(at / nodes, at % nodes)).filter(|e| e.from != e.to).collect()
            }
            Graph::Ring { nodes } => {
                let mut pairs: Vec<(usize, usize)> =
                    (0..nodes).flat_map(|i| [(i, (i + 1) % nodes), ((i + 1) % nodes, i)]).collect();
                pairs.sort_unstable();
                pairs.dedup();
                pairs.into_iter().filter(|(i, j)| i != j).map(|(i, j)| edge(i, j)).collect()
            }
        }
    }
}
