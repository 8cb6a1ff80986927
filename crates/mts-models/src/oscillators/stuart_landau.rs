//! Stuart and Landau's oscillators near a Hopf bifurcation.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("stuart_landau").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "a": -0.02 }), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[100 * 20..][..3], [-0.04666323298412861, -0.08491976003683606, -0.029885382202512707]);
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
    /// Stuart–Landau oscillators on a graph: noise, rhythm, and what lies between, as in models of the whole brain.
    ///
    /// dz_i = [(a_i + i ω_i) z_i - |z_i|² z_i + G Σ_j A_ij (z_j - z_i)] dt + σ dW, with z = x + i y and independent
    /// noise in x and y: the normal form of a supercritical Hopf bifurcation. Alone and without noise, a node turns on
    /// a circle of radius √a if a > 0, and comes to rest if a < 0. Integrated by the classical Runge–Kutta method of
    /// order 4 with steps of dt / substeps; the noise σ √(dt / substeps) Z is added after each of them (order 1 in law:
    /// at rest, the variance is too large by a part of about |a| dt / substeps). Steps
    /// longer than 2.5 / (ω + 2 (a + 2 G · strongest node)) are refused, as far as the graph is known before it is drawn;
    /// initial states much larger than √a diverge where |z|² dt / substeps exceeds about 1.
    ///
    /// Draws: the graph (for `erdos_renyi` and `sbm`, N·N uniforms for N nodes), a normal per node if `omega_sigma`
    /// > 0, standard normals for all initial values unless given, then one normal per value and Runge–Kutta step if
    /// σ > 0.
    ///
    /// Channels: x of all nodes, then y of all nodes, without unit. The graph of the truth is over nodes.
    ///
    /// References: Y. Kuramoto (1984), doi:10.1007/978-3-642-69689-3; for brains, G. Deco et al. (2017),
    /// doi:10.1038/s41598-017-03073-5.
    pub struct Params on Kind::Complete;

    /// Distance from the bifurcation a, per second: above 0 a node turns by itself; one number, or one per node.
    pub a: Numbers = 1.0.into();
    /// Frequency ω, radians per second: one number, or one per node.
    pub omega: Numbers = 1.0.into();
    /// Standard deviation of what is drawn for each node and added to ω, at least 0.
    #[schemars(range(min = 0.0))]
    pub omega_sigma: f64 = 0.1;
    /// Coupling strength G, per second.
    #[serde(rename = "G")]
    pub coupling: f64 = 0.05;
    /// Noise σ per square root of a second, at least 0.
    #[schemars(range(min = 0.0))]
    pub noise_std: f64 = 0.05;
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64 = 0.1;
    /// Runge–Kutta steps within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32 = 1;
    /// Seconds that are integrated and thrown away before the first step, at least 0.
    #[schemars(range(min = 0.0))]
    pub transient: f64 = 0.0;
    /// Own weights A (node × node) instead of a topology; made symmetric as (A + Aᵀ) / 2, unless `directed`, without
    /// diagonal.
    #[serde(rename = "A")]
    pub weights: Option<Tensor> = None;
    /// Where the transient starts: a number per channel, or a matrix of one column per realization. Drawn where not
    /// given.
    pub x0: Option<Tensor> = None;
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct StuartLandau {
    params: Params,
    a: Vec<f64>,
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

impl Model for StuartLandau {
    const NAME: &'static str = "stuart_landau";
    const FAMILY: &'static str = "oscillators";
    const CHANNELS: Channels = Channels::PerNode(&["x", "y"]);
    const SHAPE: Shape = Shape::of(20, 500, 1);
    type Params = Params;
    type Drawn = Drawn;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let nodes = shape.channels() / 2;
        let a = each_of("node", "a", &params.a, nodes, problems);
        let omega = each_of("node", "omega", &params.omega, nodes, problems);
        problems.non_negative("omega_sigma", params.omega_sigma);
        problems.finite("G", params.coupling);
        problems.non_negative("noise_std", params.noise_std);
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems);
        let topology = Topology::new(&params.graph(), nodes, problems);
        let initial = nodes::given_state(params.x0.as_ref(), shape, problems);
        let (a, omega, topology, orbit, initial) = (a?, omega?, topology?, orbit?, initial?);
        if problems.is_empty() {
            let own = nodes::greatest(&omega) + 2.0 * nodes::greatest(&a);
            nodes::check_rate(own, 2.0 * params.coupling, &topology, orbit.stepping(), problems);
        }
        problems.is_empty().then_some(StuartLandau { params, a, omega, topology, orbit, initial, shape })
    }

    fn facts(&self) -> Facts {
        let substeps = f64::from(self.params.substeps);
        let noise = if self.params.noise_std > 0.0 { 2.5 } else { 0.0 };
        let sums = 4.0 * self.topology.cost(self.shape.realizations());
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .attribute("topology", self.params.graph().name())
            .state_bytes(80 * self.shape.slab() + self.topology.bytes())
            .cost((5.3 + sums + noise + 55.0 / self.shape.slab() as f64) * substeps)
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
                x
            }
        };
        let flow = Hopf {
            a: repeated(&self.a, count),
            omega: repeated(&drawn.omega, count),
            diffusion: Diffusion::new(&drawn.network, self.params.coupling, count),
            of,
        };
        let noise =
            if self.params.noise_std > 0.0 { vec![self.params.noise_std; x.len()] } else { Vec::new() };
        let seen = Seen { channels, realizations: count };
        Box::new(Flowing::new(flow, seen, self.orbit.stepping(), x, noise, rng))
    }

    fn truth(&self, drawn: &Drawn) -> Truth {
        let mut truth = Truth::default();
        drawn.network.tell(0, &mut truth);
        truth.array("a", &[self.a.len()], self.a.clone());
        truth.array("omega", &[drawn.omega.len()], drawn.omega.clone());
        truth.scalar("G", self.params.coupling);
        truth
    }
}

struct Hopf {
    /// One per node and realization, as are the frequencies.
    a: Vec<f64>,
    omega: Vec<f64>,
    diffusion: Diffusion,
    of: Of,
}

impl Flow for Hopf {
    #[inline(always)]
    fn slope(&mut self, _t: f64, state: &[f64], slope: &mut [f64]) {
        let width = self.a.len();
        let (x, y) = (&state[..width], &state[width..2 * width]);
        let (dx, dy) = slope.split_at_mut(width);
        let dy = &mut dy[..width];
        let omega = &self.omega[..width];
        for at in 0..width {
            let growth = self.a[at] - (x[at] * x[at] + y[at] * y[at]);
            dx[at] = growth * x[at] - omega[at] * y[at];
            dy[at] = growth * y[at] + omega[at] * x[at];
        }
        self.diffusion.add(x, dx);
        self.diffusion.add(y, dy);
    }

    fn truth(&self, initial: &[f64], truth: &mut Truth) {
        self.of.tell(initial, truth);
    }
}
