//! Coupled logistic maps.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("cml").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "epsilon": 0.15 }), Shape::new(6, 20, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(11_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.12931306236366122, 0.49927930671523474, 0.6012953609081108]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::graph::{GraphParams, Kind, Network, Topology};
use crate::initial::{self, Initial, Reading};

/// A lattice of logistic maps, each coupled to the mean of its neighbours: chaos in space and time.
///
/// x'_m = (1 - ε) f(x_m) + ε / k_m Σ_n A_mn f(x_n) with f(x) = r x (1 - x) and k_m the number of
/// neighbours; clipped to [0, 1]. The first value is the initial state. For ε = 0 and r = 4 each map
/// is Ulam's, with Lyapunov exponent ln 2. A node without neighbours gets nothing from the coupling:
/// x' = (1 - ε) f(x). Chaos doubles a difference in the last bit about every step: nothing but the
/// same engine reproduces long runs.
///
/// Draws: the graph (for `erdos_renyi` and `sbm`, M·M uniforms), then the initial state (uniform on
/// [0.001, 0.999), unless given).
///
/// Reference: K. Kaneko (1984), doi:10.1143/PTP.72.480.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Growth r of the logistic map, above 0; chaotic for most values from 3.57 to 4.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub r: f64,
    /// Coupling ε, from 0 (none) to 1 (neighbours only).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub epsilon: f64,
    /// Who is coupled to whom.
    pub topology: Kind,
    /// Probability of an edge in `erdos_renyi`, strictly between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub p: Option<f64>,
    /// Sizes of the blocks of `sbm`, which add up to M.
    pub block_sizes: Option<Vec<usize>>,
    /// Probability of an edge within a block of `sbm`, strictly between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub p_intra: Option<f64>,
    /// Probability of an edge between blocks of `sbm`, strictly between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub p_inter: Option<f64>,
    /// The ends of the ring are joined; there is no other boundary.
    pub boundary: Boundary,
    /// Initial state, strictly between 0 and 1: one number per channel, or a matrix, read as
    /// (channel, realization) where that fits, else as (realization, channel). Drawn where not given.
    pub x0: Option<Tensor>,
}

/// The boundary of the lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Boundary {
    /// The ends are joined.
    Periodic,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            r: 3.8,
            epsilon: 0.1,
            topology: Kind::Ring,
            p: Some(0.1),
            block_sizes: None,
            p_intra: None,
            p_inter: None,
            boundary: Boundary::Periodic,
            x0: None,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct CoupledMaps {
    params: Params,
    topology: Topology,
    initial: Option<Initial>,
    shape: Shape,
}

const STATE: [Reading; 3] = [Reading::Channels, Reading::Matrix, Reading::Transposed];

/// What all realizations share.
pub struct Drawn {
    network: Network,
    /// At least 1 each.
    divisors: Vec<f64>,
}

impl Model for CoupledMaps {
    const NAME: &'static str = "cml";
    const FAMILY: &'static str = "maps";
    type Params = Params;
    type Drawn = Drawn;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("r", params.r);
        problems.within("epsilon", params.epsilon, 0.0, 1.0);
        let graph = GraphParams {
            kind: params.topology,
            p: params.p,
            block_sizes: params.block_sizes.as_deref(),
            p_intra: params.p_intra,
            p_inter: params.p_inter,
            weights: None,
        };
        let topology = Topology::new(&graph, shape.channels(), problems);
        let initial = match &params.x0 {
            None => Some(None),
            Some(x0) => {
                let outside = x0.data().iter().find(|x| !(**x > 0.0 && **x < 1.0));
                outside.into_iter().for_each(|x| problems.between("x0", *x, 0.0, 1.0));
                Initial::new("x0", (x0.shape(), x0.data()), &STATE, shape, problems).map(Some)
            }
        };
        let (topology, initial) = (topology?, initial?);
        problems.is_empty().then_some(CoupledMaps { params, topology, initial, shape })
    }

    fn facts(&self) -> Facts {
        let slab = self.shape.slab() as f64;
        Facts::new(TimeAxis::Steps)
            .attribute("topology", self.params.topology.name())
            .attribute("epsilon", self.params.epsilon)
            .attribute("r", self.params.r)
            .attribute("boundary", "periodic")
            .state_bytes(32 * self.shape.slab() + self.topology.bytes())
            .cost(0.7 + 14.0 / slab + self.topology.cost(self.shape.realizations()))
    }

    fn draw(&self, rng: &mut Rng) -> Drawn {
        let network = self.topology.draw(rng);
        let divisors =
            network.degrees().into_iter().map(|degree| if degree > 0.0 { degree } else { 1.0 }).collect();
        Drawn { network, divisors }
    }

    fn start(&self, drawn: &Arc<Drawn>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let total = self.shape.realizations();
        let width = self.shape.channels() * realizations.len();
        let x = match &self.initial {
            Some(initial) => initial.columns(realizations.clone()),
            None => {
                let mut drawn = vec![0.0; width];
                rng.fill_uniform(0.001, 0.999, &mut drawn);
                drawn
            }
        };
        Box::new(Lattice {
            drawn: drawn.clone(),
            r: self.params.r,
            epsilon: self.params.epsilon,
            x,
            image: vec![0.0; width],
            sums: vec![0.0; width],
            divisors: initial::per_channel(&drawn.divisors, realizations.len()),
            totals: vec![0.0; realizations.len()],
            started: false,
            realizations,
            total,
        })
    }

    fn truth(&self, drawn: &Drawn) -> Truth {
        let mut truth = Truth::default();
        truth.graph("adjacency", drawn.network.truth(1));
        truth
    }
}

struct Lattice {
    drawn: Arc<Drawn>,
    r: f64,
    epsilon: f64,
    x: Vec<f64>,
    image: Vec<f64>,
    sums: Vec<f64>,
    /// One per value of a slab.
    divisors: Vec<f64>,
    totals: Vec<f64>,
    started: bool,
    realizations: Range<usize>,
    total: usize,
}

/// Fills slabs, all of them in one build: a step of a few values costs less than to choose it.
struct Fill<'a> {
    lattice: &'a mut Lattice,
    steps: &'a mut [f64],
}

impl simd::Kernel for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Fill { lattice, steps } = self;
        for slab in steps.chunks_exact_mut(lattice.x.len()) {
            if lattice.started {
                lattice.step();
            }
            lattice.started = true;
            slab.copy_from_slice(&lattice.x);
        }
    }
}

impl Lattice {
    #[inline(always)]
    fn step(&mut self) {
        for (image, x) in self.image.iter_mut().zip(&self.x) {
            *image = self.r * x * (1.0 - x);
        }
        self.drawn.network.sum_neighbours(&self.image, &mut self.totals, &mut self.sums);
        let means = self.sums.iter().zip(&self.divisors);
        for ((x, image), (sum, divisor)) in self.x.iter_mut().zip(&self.image).zip(means) {
            let mixed = (1.0 - self.epsilon) * image + self.epsilon * (sum / divisor);
            *x = mixed.clamp(0.0, 1.0);
        }
    }
}

impl Process for Lattice {
    fn fill(&mut self, steps: &mut [f64]) {
        simd::dispatch(Fill { lattice: self, steps });
    }

    fn save(&self, state: &mut State) {
        state.f64s(&self.x);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.f64s(&mut self.x)?;
        self.started = saved.flag()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let channels = self.drawn.divisors.len();
        truth.columns("initial_state", &[channels], self.total, self.realizations.clone(), &self.x);
    }
}
