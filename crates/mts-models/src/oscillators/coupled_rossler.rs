//! Rössler's chaotic oscillators on a graph.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("coupled_rossler").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "transient": 0 }), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[100 * 15..][..3], [-0.43382055858619084, 0.13094881074877682, -0.8940735043691539]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Channels, Facts, Model, Numbers, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::Rng;

use super::nodes::{self, Diffusion, Of};
use crate::each::{each_of, repeated};
use crate::flow::{Flow, Flowing, Seen};
use crate::graph::{Kind, Network, Topology, on_a_graph};
use crate::initial::Initial;
use crate::orbit::Orbit;

on_a_graph! {
    /// Rössler systems coupled through x on a graph: chaos that synchronises, in phase or completely.
    ///
    /// dx_i/dt = -ω_i y_i - z_i + ε Σ_j A_ij (x_j - x_i), dy_i/dt = ω_i x_i + a y_i, dz_i/dt = b + z_i (x_i - c).
    /// Integrated by the classical Runge–Kutta method of order 4 with steps of dt / substeps. Without detuning, equal
    /// nodes stay equal; they become equal where ε times each eigenvalue of the graph's Laplacian, but for 0, lies in the
    /// interval in which its master stability function is negative: with a = b = 0.2 and c = 5.7, from about 0.15 to about
    /// 4.3. Detuned nodes synchronise in phase at weaker coupling. Steps are refused where they exceed 2.5 times the
    /// shortest time scale, of 1 / (3 c + ω + 2 ε · strongest node), as far as the graph is known before it is drawn.
    /// Nodes are chaotic: what differs by rounding is independent after some hundred seconds.
    ///
    /// Draws: the graph (for `erdos_renyi` and `sbm`, N·N uniforms for N nodes), a normal per node if `omega_sigma`
    /// > 0, then standard normals for all initial values unless given; those of z are then divided by 10.
    ///
    /// Channels: x of all nodes, then y, then z, without unit. The graph of the truth is over nodes.
    ///
    /// References: O. E. Rössler (1976), doi:10.1016/0375-9601(76)90101-8; L. M. Pecora & T. L. Carroll (1998),
    /// doi:10.1103/PhysRevLett.80.2109.
    pub struct Params on Kind::Ring;

    /// Growth of y, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub a: f64 = 0.2;
    /// Source of z, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub b: f64 = 0.2;
    /// Value of x at which z begins to grow, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub c: f64 = 5.7;
    /// Coupling strength ε, at least 0.
    #[schemars(range(min = 0.0))]
    pub epsilon: f64 = 0.1;
    /// Frequency ω, radians per second: one number, or one per node.
    pub omega: Numbers = 1.0.into();
    /// Standard deviation of what is drawn for each node and added to ω, at least 0.
    #[schemars(range(min = 0.0))]
    pub omega_sigma: f64 = 0.02;
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64 = 0.1;
    /// Runge–Kutta steps within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32 = 2;
    /// Seconds that are integrated and thrown away before the first step, at least 0.
    #[schemars(range(min = 0.0))]
    pub transient: f64 = 100.0;
    /// Own weights A (node × node), none of them below 0, instead of a topology; made symmetric as (A + Aᵀ) / 2, unless
    /// `directed`, without diagonal.
    #[serde(rename = "A")]
    pub weights: Option<Tensor> = None;
    /// Where the transient starts: a number per channel, or a matrix of one column per realization. Drawn where not
    /// given.
    pub x0: Option<Tensor> = None;
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct CoupledRossler {
    params: Params,
    omega: Vec<f64>,
    topology: Topology,
    orbit: Orbit,
    initial: Option<Initial>,
    shape: Shape,
}

/// What all realizations share.
pub struct Drawn {
    network: Arc<Network>,
    omega: Vec<f64>,
}

impl Model for CoupledRossler {
    const NAME: &'static str = "coupled_rossler";
    const FAMILY: &'static str = "oscillators";
    const CHANNELS: Channels = Channels::PerNode(&["x", "y", "z"]);
    const SHAPE: Shape = Shape::of(15, 500, 1);
    type Params = Params;
    type Drawn = Drawn;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let nodes = shape.channels() / 3;
        for (name, value) in [("a", params.a), ("b", params.b), ("c", params.c)] {
            problems.positive(name, value);
        }
        problems.non_negative("epsilon", params.epsilon);
        let omega = each_of("node", "omega", &params.omega, nodes, problems);
        problems.non_negative("omega_sigma", params.omega_sigma);
        nodes::check_attractive(params.weights.as_ref(), problems);
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems);
        let topology = Topology::new(&params.graph(), nodes, problems);
        let initial = nodes::given_state(params.x0.as_ref(), shape, problems);
        let (omega, topology, orbit, initial) = (omega?, topology?, orbit?, initial?);
        if problems.is_empty() {
            let own = 3.0 * params.c + nodes::greatest(&omega);
            nodes::check_rate(own, params.epsilon, &topology, orbit.stepping(), problems);
        }
        problems.is_empty().then_some(CoupledRossler { params, omega, topology, orbit, initial, shape })
    }

    fn facts(&self) -> Facts {
        let substeps = f64::from(self.params.substeps);
        let sums = 4.0 / 3.0 * self.topology.cost(self.shape.realizations());
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .attribute("topology", self.params.graph().name())
            .state_bytes(56 * self.shape.slab() + self.topology.bytes())
            .cost((4.3 + sums + 30.0 / self.shape.slab() as f64) * substeps)
            .interventions()
    }

    fn draw(&self, rng: &mut Rng) -> Drawn {
        let network = Arc::new(self.topology.draw(rng));
        Drawn { network, omega: nodes::detuned(&self.omega, self.params.omega_sigma, rng) }
    }

    fn start(&self, drawn: &Arc<Drawn>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let (channels, count) = (self.shape.channels(), realizations.len());
        let of = Of { realizations: realizations.clone(), total: self.shape.realizations() };
        let x = match &self.initial {
            Some(initial) => initial.columns(realizations),
            None => {
                let mut x = vec![0.0; channels * count];
                rng.fill_standard_normal(&mut x);
                x[channels / 3 * 2 * count..].iter_mut().for_each(|z| *z *= 0.1);
                x
            }
        };
        let Params { a, b, c, epsilon, .. } = self.params;
        let omega = repeated(&drawn.omega, count);
        let diffusion = Diffusion::new(&drawn.network, epsilon, count);
        let flow = Rossler { a, b, c, omega, diffusion, of };
        let seen = Seen { channels, realizations: count };
        Box::new(Flowing::new(flow, seen, self.orbit.stepping(), x, Vec::new(), rng))
    }

    fn truth(&self, drawn: &Drawn) -> Truth {
        let mut truth = Truth::default();
        drawn.network.tell(0, &mut truth);
        truth.array("omega", &[drawn.omega.len()], drawn.omega.clone());
        let Params { a, b, c, epsilon, .. } = self.params;
        for (name, value) in [("a", a), ("b", b), ("c", c), ("epsilon", epsilon)] {
            truth.scalar(name, value);
        }
        truth
    }
}

struct Rossler {
    a: f64,
    b: f64,
    c: f64,
    /// One per node and realization.
    omega: Vec<f64>,
    diffusion: Diffusion,
    of: Of,
}

impl Flow for Rossler {
    #[inline(always)]
    fn slope(&mut self, _t: f64, state: &[f64], slope: &mut [f64]) {
        let width = self.omega.len();
        let (x, y, z) = (&state[..width], &state[width..2 * width], &state[2 * width..3 * width]);
        let (dx, rest) = slope.split_at_mut(width);
        let (dy, dz) = rest.split_at_mut(width);
        let dz = &mut dz[..width];
        for at in 0..width {
            dx[at] = -self.omega[at] * y[at] - z[at];
            dy[at] = self.omega[at] * x[at] + self.a * y[at];
            dz[at] = self.b + z[at] * (x[at] - self.c);
        }
        self.diffusion.add(x, dx);
    }

    fn truth(&self, initial: &[f64], truth: &mut Truth) {
        self.of.tell(initial, truth);
    }
}
