//! Who is whose neighbour: the graphs that coupled models share.
#![cfg_attr(
    not(all(feature = "maps", feature = "oscillators", feature = "sde")),
    allow(dead_code, reason = "each family uses a part of this")
)]

mod masks;
mod network;
mod params;
mod random;
mod sums;
#[cfg(test)]
mod tests;
mod topology;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use masks::Masks;
pub use network::{Beside, Network};
pub use params::GraphParams;
pub(crate) use params::on_a_graph;
pub use random::Recipe;
pub use topology::Topology;

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
    /// Four neighbours each, in a grid of `rows` rows whose opposite sides are joined.
    Lattice,
    /// A small world: k neighbours each, in a circle, and each edge led elsewhere with probability `p_rewire`
    /// (Watts & Strogatz 1998, doi:10.1038/30918).
    WattsStrogatz,
    /// Without a scale: a star of m + 1 nodes, then one node after the other with m edges, to nodes that are drawn
    /// by their degrees (Barabási & Albert 1999, doi:10.1126/science.286.5439.509).
    BarabasiAlbert,
    /// Points in the unit square, joined where they are at most `radius` apart.
    Geometric,
    /// Directed and without cycles: an order of the nodes is drawn, and each acts on each later one with
    /// probability p.
    Dag,
}

impl Kind {
    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Complete => "complete",
            Kind::Ring => "ring",
            Kind::ErdosRenyi => "erdos_renyi",
            Kind::Sbm => "sbm",
            Kind::Lattice => "lattice",
            Kind::WattsStrogatz => "watts_strogatz",
            Kind::BarabasiAlbert => "barabasi_albert",
            Kind::Geometric => "geometric",
            Kind::Dag => "dag",
        }
    }
}
