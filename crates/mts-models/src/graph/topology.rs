//! A graph as it is asked for, before anything is drawn.

use mts_core::{Problems, Tensor};
use mts_rng::Rng;

use super::random::Recipe;
use super::{GraphParams, Kind, Network};

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
    /// Drawn in another way.
    Drawn(Recipe),
}

/// Nodes of a graph whose pairs are looked at one by one: their M·M uniforms then take a minute.
const MAX_DRAWN: usize = 1 << 17;

/// Edges of a graph that is drawn edge by edge.
const MAX_EDGES: usize = 1 << 26;

impl Topology {
    /// Checks the parameters of a graph over `nodes` nodes.
    pub fn new(params: &GraphParams, nodes: usize, problems: &mut Problems) -> Option<Self> {
        for (name, probability) in [("p", params.p), ("p_intra", params.p_intra), ("p_inter", params.p_inter)]
        {
            if let Some(probability) = probability {
                problems.between(name, probability, 0.0, 1.0);
            }
        }
        if let Some(probability) = params.p_rewire {
            problems.within("p_rewire", probability, 0.0, 1.0);
        }
        if let Some(radius) = params.radius {
            problems.positive("radius", radius);
        }
        if let Some(weights) = params.weights {
            return own_matrix(weights, nodes, params, problems).map(Topology::Fixed);
        }
        if params.directed && params.kind != Kind::Dag {
            problems.add(
                "directed",
                format_args!("requires \"A\", as topology \"{}\" has no directions", params.kind.name()),
            );
        }
        let by_pairs = matches!(params.kind, Kind::ErdosRenyi | Kind::Sbm | Kind::Dag | Kind::Geometric);
        if by_pairs && nodes > MAX_DRAWN {
            let topology = params.kind.name();
            problems.add(
                "M",
                format_args!("must be at most {MAX_DRAWN} for topology \"{topology}\", found {nodes}"),
            );
            return None;
        }
        let mut required = |name: &str, given: bool| {
            if !given {
                problems.add(name, format_args!("is required by topology \"{}\"", params.kind.name()));
            }
        };
        match params.kind {
            Kind::Complete => Some(Topology::Fixed(Network::Complete(nodes))),
            Kind::Ring => Some(Topology::Fixed(Network::Ring(nodes))),
            Kind::ErdosRenyi => {
                required("p", params.p.is_some());
                let p = params.p?;
                Some(Topology::Blocks { block_of: vec![0; nodes], intra: p, inter: p })
            }
            Kind::Sbm => {
                required("p_intra", params.p_intra.is_some());
                required("p_inter", params.p_inter.is_some());
                let block_of = blocks(params.block_sizes, nodes, problems)?;
                Some(Topology::Blocks { block_of, intra: params.p_intra?, inter: params.p_inter? })
            }
            Kind::Lattice => {
                required("rows", params.rows.is_some());
                let rows = params.rows?;
                if rows == 0 || !nodes.is_multiple_of(rows) {
                    problems.add("rows", format_args!("must divide the {nodes} nodes, found {rows}"));
                    return None;
                }
                Some(Topology::Fixed(torus(rows, nodes / rows)))
            }
            Kind::WattsStrogatz => {
                required("k", params.k.is_some());
                required("p_rewire", params.p_rewire.is_some());
                let (k, p_rewire) = (params.k?, params.p_rewire?);
                let fits = k >= 2 && k.is_multiple_of(2) && k < nodes;
                problems.require("k", fits, format_args!("be even, from 2 to below {nodes} nodes"), k);
                few("k", k / 2, nodes, problems);
                Some(Topology::Drawn(Recipe::SmallWorld { nodes, k, p_rewire }))
            }
            Kind::BarabasiAlbert => {
                required("m", params.m.is_some());
                let m = params.m?;
                let fits = m >= 1 && m < nodes;
                problems.require("m", fits, format_args!("lie from 1 to below {nodes} nodes"), m);
                few("m", m, nodes, problems);
                Some(Topology::Drawn(Recipe::Preferential { nodes, m }))
            }
            Kind::Geometric => {
                required("radius", params.radius.is_some());
                Some(Topology::Drawn(Recipe::Geometric { nodes, radius: params.radius? }))
            }
            Kind::Dag => {
                required("p", params.p.is_some());
                Some(Topology::Drawn(Recipe::Dag { nodes, p: params.p? }))
            }
        }
    }

    /// Bytes that the drawn graph takes, as far as is known.
    pub fn bytes(&self) -> usize {
        // Each end of an edge: 4 bytes here, as many while it is drawn, 32 in the truth, and as much again in the
        // truth's file.
        const END: f64 = 80.0;
        match self {
            Topology::Fixed(network) => network.bytes(),
            Topology::Blocks { block_of, intra, inter } => {
                let nodes = block_of.len() as f64;
                (END * intra.max(*inter) * nodes * nodes) as usize + 8 * block_of.len()
            }
            Topology::Drawn(recipe) => {
                let nodes = recipe.nodes() as f64;
                (nodes * (END * recipe.degree() + 64.0)) as usize
            }
        }
    }

    /// Nanoseconds per value that the sums over neighbours take, roughly; those of the complete graph and the ring
    /// are nothing beside the rest of a model.
    pub fn cost(&self, realizations: usize) -> f64 {
        let (nodes, degree, maskable) = match self {
            Topology::Fixed(Network::Sparse { neighbours, weights, offsets, directed, .. }) => {
                let nodes = offsets.len() as f64 - 1.0;
                (nodes, neighbours.len() as f64 / nodes, weights.is_empty() && !directed)
            }
            Topology::Fixed(_) => return 0.0,
            Topology::Blocks { block_of, intra, inter } => {
                let nodes = block_of.len() as f64;
                let sizes = block_of.chunk_by(|a, b| a == b).map(|block| block.len() as f64);
                let degrees = sizes.map(|size| size * (intra * size + inter * (nodes - size)));
                (nodes, degrees.sum::<f64>() / nodes, true)
            }
            Topology::Drawn(recipe) => (recipe.nodes() as f64, recipe.degree(), !recipe.directed()),
        };
        if realizations >= 4 {
            4.0 / realizations as f64 + 0.08 * degree
        } else {
            let masked = if maskable { 0.07 * nodes } else { f64::INFINITY };
            1.5 + masked.min(0.9 * degree)
        }
    }

    /// Draws the graph: where pairs are looked at, M·M uniforms row by row, as the reference does, of which those
    /// above the diagonal decide.
    pub fn draw(&self, rng: &mut Rng) -> Network {
        let (block_of, intra, inter) = match self {
            Topology::Fixed(network) => return network.clone(),
            Topology::Drawn(recipe) => return recipe.draw(rng),
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

    /// The greatest sum of absolute weights that one node gets, where nothing is drawn.
    pub fn strongest(&self) -> Option<f64> {
        match self {
            Topology::Fixed(network) => Some(network.strongest()),
            _ => None,
        }
    }
}

fn few(name: &str, each: usize, nodes: usize, problems: &mut Problems) {
    let edges = each.saturating_mul(nodes);
    let rule = format_args!("give at most {MAX_EDGES} edges");
    problems.require(name, edges <= MAX_EDGES, rule, format_args!("{edges} edges"));
}

/// A grid whose opposite sides are joined.
fn torus(rows: usize, columns: usize) -> Network {
    let mut pairs = Vec::with_capacity(2 * rows * columns);
    for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
        let node = row * columns + column;
        let others = [row * columns + (column + 1) % columns, (row + 1) % rows * columns + column];
        let joined = others.into_iter().filter(|other| *other != node);
        pairs.extend(joined.map(|other| (node.min(other) as u32, node.max(other) as u32)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    Network::from_pairs(rows * columns, &pairs, &[])
}

/// The weights as they are, where they have directions; else (A + Aᵀ) / 2. Without the diagonal.
fn own_matrix(
    weights: &Tensor,
    nodes: usize,
    params: &GraphParams,
    problems: &mut Problems,
) -> Option<Network> {
    if weights.shape() != [nodes, nodes] {
        problems.add("A", format_args!("must have shape [{nodes}, {nodes}], found {:?}", weights.shape()));
        return None;
    }
    let data = weights.data();
    if let Some(bad) = data.iter().find(|x| !x.is_finite()) {
        problems.finite("A", *bad);
        return None;
    }
    if params.directed || params.kind == Kind::Dag {
        let arcs = data.iter().enumerate().map(|(at, weight)| (at / nodes, at % nodes, *weight));
        let arcs = arcs.filter(|(to, from, weight)| to != from && *weight != 0.0);
        let arcs: Vec<(u32, u32, f64)> = arcs.map(|(to, from, w)| (to as u32, from as u32, w)).collect();
        let network = Network::from_arcs(nodes, &arcs);
        if let (Kind::Dag, Some(node)) = (params.kind, network.on_a_cycle()) {
            problems.add(
                "A",
                format_args!(
                    "must have no cycles for topology \"dag\": node {node} acts on itself through others"
                ),
            );
            return None;
        }
        return Some(network);
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
