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

use mts_core::{
    Facts, Held, Model, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth,
};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::each::repeated;
use crate::graph::{Kind, Network, Topology, on_a_graph};
use crate::held;
use crate::initial::{Initial, Reading};

on_a_graph! {
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
    pub struct Params on Kind::Ring;

    /// Growth r of the logistic map, above 0; chaotic for most values from 3.57 to 4.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub r: f64 = 3.8;
    /// Coupling ε, from 0 (none) to 1 (neighbours only).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub epsilon: f64 = 0.1;
    /// The ends of the ring are joined; there is no other boundary.
    pub boundary: Boundary = Boundary::Periodic;
    /// Initial state, strictly between 0 and 1: one number per channel, or a matrix, read as
    /// (channel, realization) where that fits, else as (realization, channel). Drawn where not given.
    pub x0: Option<Tensor> = None;
    /// Own weights A (M × M), none of them below 0, instead of a topology; made symmetric as (A + Aᵀ) / 2, unless
    /// `directed`, without diagonal.
    #[serde(rename = "A", skip_serializing_if = "Option::is_none")]
    pub weights: Option<Tensor> = None;
}

/// The boundary of the lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Boundary {
    /// The ends are joined.
    Periodic,
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
        let negative = params.weights.iter().flat_map(|a| a.data()).find(|a| **a < 0.0);
        negative.into_iter().for_each(|a| problems.non_negative("A", *a));
        let topology = Topology::new(&params.graph(), shape.channels(), problems);
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
            .attribute("topology", self.params.graph().name())
            .attribute("epsilon", self.params.epsilon)
            .attribute("r", self.params.r)
            .attribute("boundary", "periodic")
            .state_bytes(32 * self.shape.slab() + self.topology.bytes())
            .cost(0.7 + 14.0 / slab + self.topology.cost(self.shape.realizations()))
            .interventions()
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
            divisors: repeated(&drawn.divisors, realizations.len()),
            totals: vec![0.0; realizations.len()],
            started: false,
            held: Vec::new(),
            realizations,
            total,
        })
    }

    fn truth(&self, drawn: &Drawn) -> Truth {
        let mut truth = Truth::default();
        drawn.network.tell(1, &mut truth);
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
    held: Vec<Held>,
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
        if self.held.is_empty() {
            return simd::dispatch(Fill { lattice: self, steps });
        }
        let (first, rest) = steps.split_at_mut(self.x.len());
        simd::dispatch(Fill { lattice: self, steps: first });
        held::impose(&self.held, self.realizations.len(), &mut self.x, first);
        self.held.clear();
        simd::dispatch(Fill { lattice: self, steps: rest });
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

    fn hold(&mut self, held: &[Held]) {
        self.held.extend_from_slice(held);
    }
}
