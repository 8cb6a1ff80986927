//! The parameters that all models on graphs have.

use mts_core::Tensor;

use super::Kind;

/// The parameters of a graph as coupled models have them.
#[derive(Clone, Copy, Debug)]
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
    /// `k`
    pub k: Option<usize>,
    /// `p_rewire`
    pub p_rewire: Option<f64>,
    /// `m`
    pub m: Option<usize>,
    /// `radius`
    pub radius: Option<f64>,
    /// `rows`
    pub rows: Option<usize>,
    /// `directed`
    pub directed: bool,
    /// `A`: weights, which replace the topology.
    pub weights: Option<&'a Tensor>,
}

impl GraphParams<'_> {
    /// A graph of a kind, without anything that it may require.
    pub fn of(kind: Kind) -> Self {
        GraphParams {
            kind,
            p: None,
            block_sizes: None,
            p_intra: None,
            p_inter: None,
            k: None,
            p_rewire: None,
            m: None,
            radius: None,
            rows: None,
            directed: false,
            weights: None,
        }
    }

    /// What the graph is called: its kind, or that it is one's own.
    pub fn name(&self) -> &'static str {
        if self.weights.is_some() { "own" } else { self.kind.name() }
    }
}

/// The parameters of a model on a graph: its own ones, each with its default, and those of the graph, which are the
/// same everywhere. What came later is left out of identities where it is not given.
macro_rules! on_a_graph {
    (
        $(#[$meta:meta])*
        pub struct Params on $topology:expr;
        $($(#[$field_meta:meta])* pub $field:ident: $type:ty = $default:expr;)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct Params {
            $($(#[$field_meta])* pub $field: $type,)*
            /// Who is coupled to whom.
            pub topology: $crate::graph::Kind,
            /// Probability of an edge in `erdos_renyi` and `dag`, strictly between 0 and 1.
            #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
            pub p: Option<f64>,
            /// Sizes of the blocks of `sbm`, which add up to the number of nodes.
            pub block_sizes: Option<Vec<usize>>,
            /// Probability of an edge within a block of `sbm`, strictly between 0 and 1.
            #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
            pub p_intra: Option<f64>,
            /// Probability of an edge between blocks of `sbm`, strictly between 0 and 1.
            #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
            pub p_inter: Option<f64>,
            /// Neighbours of each node in `watts_strogatz` before edges are led elsewhere: even, from 2 to below the
            /// number of nodes.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schemars(range(min = 2))]
            pub k: Option<usize>,
            /// Probability in `watts_strogatz` that an edge is led elsewhere, from 0 to 1.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schemars(range(min = 0.0, max = 1.0))]
            pub p_rewire: Option<f64>,
            /// Edges of each new node in `barabasi_albert`, from 1 to below the number of nodes.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schemars(range(min = 1))]
            pub m: Option<usize>,
            /// Greatest distance of neighbours in `geometric`, above 0; the square's sides are 1.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schemars(extend("exclusiveMinimum" = 0.0))]
            pub radius: Option<f64>,
            /// Rows of `lattice`, which divide the number of nodes.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schemars(range(min = 1))]
            pub rows: Option<usize>,
            /// True where `A` is taken as it is: A_mn is how strongly n acts on m, and m need not act on n. With
            /// topology `dag`, which is directed anyway, `A` must be without cycles.
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            pub directed: bool,
        }

        impl Default for Params {
            fn default() -> Self {
                Params {
                    $($field: $default,)*
                    topology: $topology,
                    p: Some(0.1),
                    block_sizes: None,
                    p_intra: None,
                    p_inter: None,
                    k: None,
                    p_rewire: None,
                    m: None,
                    radius: None,
                    rows: None,
                    directed: false,
                }
            }
        }

        impl Params {
            /// Those of the graph.
            pub(crate) fn graph(&self) -> $crate::graph::GraphParams<'_> {
                $crate::graph::GraphParams {
                    kind: self.topology,
                    p: self.p,
                    block_sizes: self.block_sizes.as_deref(),
                    p_intra: self.p_intra,
                    p_inter: self.p_inter,
                    k: self.k,
                    p_rewire: self.p_rewire,
                    m: self.m,
                    radius: self.radius,
                    rows: self.rows,
                    directed: self.directed,
                    weights: self.weights.as_ref(),
                }
            }
        }
    };
}
pub(crate) use on_a_graph;
