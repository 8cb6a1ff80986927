//! Van der Pol's relaxation oscillators.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("van_der_pol").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "mu": 3.0 }), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[100 * 10..][..3], [-2.0993257916823613, -1.09996066591136, -2.01316263306702]);
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
    /// Van der Pol oscillators on a graph: rhythms from nearly sines to jumps, which entrain each other.
    ///
    /// dx_i = v_i dt, dv_i = [μ_i (1 - x_i²) v_i - x_i + G Σ_j A_ij (x_j - x_i)] dt + σ dW. Alone and without noise, a
    /// node comes to a cycle of amplitude about 2, whose period grows from 2π (1 + μ²/16) for small μ to about
    /// (3 - 2 ln 2) μ for large μ. Integrated by the classical Runge–Kutta method of order 4 with steps of dt /
    /// substeps; the noise σ √(dt / substeps) Z is added to v after each of them (order 1 in law). Steps are refused where they exceed 2.5
    /// times the shortest time scale, of 1 / (1 + 3 μ + 2 G · strongest node), as far as the graph is known before it is
    /// drawn; where x is far beyond 2, what is fastest is μ x².
    ///
    /// Draws: the graph (for `erdos_renyi` and `sbm`, N·N uniforms for N nodes), standard normals for all initial
    /// values unless given, then one normal per value and Runge–Kutta step if σ > 0, of which the later half is used.
    ///
    /// Channels: x of all nodes, then v of all nodes; time in units of 1 / frequency of the undamped oscillator. The
    /// graph of the truth is over nodes.
    ///
    /// Reference: B. van der Pol (1926), doi:10.1080/14786442608564127.
    pub struct Params on Kind::Ring;

    /// Strength of the damping μ, at least 0: one number, or one per node.
    pub mu: Numbers = 1.0.into();
    /// Coupling strength G, at least 0.
    #[serde(rename = "G")]
    #[schemars(range(min = 0.0))]
    pub coupling: f64 = 0.2;
    /// Noise σ in v per square root of a second, at least 0.
    #[schemars(range(min = 0.0))]
    pub noise_std: f64 = 0.0;
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64 = 0.1;
    /// Runge–Kutta steps within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32 = 2;
    /// Seconds that are integrated and thrown away before the first step, at least 0.
    #[schemars(range(min = 0.0))]
    pub transient: f64 = 0.0;
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
pub struct VanDerPol {
    params: Params,
    mu: Vec<f64>,
    topology: Topology,
    orbit: Orbit,
    initial: Option<Initial>,
    shape: Shape,
}

impl Model for VanDerPol {
    const NAME: &'static str = "van_der_pol";
    const FAMILY: &'static str = "oscillators";
    const CHANNELS: Channels = Channels::PerNode(&["x", "v"]);
    const SHAPE: Shape = Shape::of(10, 500, 1);
    type Params = Params;
    type Drawn = Network;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let nodes = shape.channels() / 2;
        let mu = each_of("node", "mu", &params.mu, nodes, problems);
        let negative = mu.iter().flatten().find(|mu| **mu < 0.0);
        negative.into_iter().for_each(|mu| problems.non_negative("mu", *mu));
        problems.non_negative("G", params.coupling);
        problems.non_negative("noise_std", params.noise_std);
        nodes::check_attractive(params.weights.as_ref(), problems);
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems);
        let topology = Topology::new(&params.graph(), nodes, problems);
        let initial = nodes::given_state(params.x0.as_ref(), shape, problems);
        let (mu, topology, orbit, initial) = (mu?, topology?, orbit?, initial?);
        if problems.is_empty() {
            let own = 1.0 + 3.0 * nodes::greatest(&mu);
            nodes::check_rate(own, params.coupling, &topology, orbit.stepping(), problems);
        }
        problems.is_empty().then_some(VanDerPol { params, mu, topology, orbit, initial, shape })
    }

    fn facts(&self) -> Facts {
        let substeps = f64::from(self.params.substeps);
        let noise = if self.params.noise_std > 0.0 { 2.5 } else { 0.0 };
        let sums = 2.0 * self.topology.cost(self.shape.realizations());
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .attribute("topology", self.params.graph().name())
            .state_bytes(72 * self.shape.slab() + self.topology.bytes())
            .cost((2.5 + sums + noise + 75.0 / self.shape.slab() as f64) * substeps)
            .interventions()
    }

    fn draw(&self, rng: &mut Rng) -> Network {
        self.topology.draw(rng)
    }

    fn start(&self, network: &Arc<Network>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
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
        let mut noise = Vec::new();
        if self.params.noise_std > 0.0 {
            noise = vec![0.0; x.len() / 2];
            noise.resize(x.len(), self.params.noise_std);
        }
        let flow = Relaxation {
            mu: repeated(&self.mu, count),
            diffusion: Diffusion::new(network, self.params.coupling, count),
            of,
        };
        let seen = Seen { channels, realizations: count };
        Box::new(Flowing::new(flow, seen, self.orbit.stepping(), x, noise, rng))
    }

    fn truth(&self, network: &Network) -> Truth {
        let mut truth = Truth::default();
        network.tell(0, &mut truth);
        truth.array("mu", &[self.mu.len()], self.mu.clone());
        truth.scalar("G", self.params.coupling);
        truth
    }
}

struct Relaxation {
    /// One per node and realization.
    mu: Vec<f64>,
    diffusion: Diffusion,
    of: Of,
}

impl Flow for Relaxation {
    #[inline(always)]
    fn slope(&mut self, _t: f64, state: &[f64], slope: &mut [f64]) {
        let width = self.mu.len();
        let (x, v) = (&state[..width], &state[width..2 * width]);
        let (dx, dv) = slope.split_at_mut(width);
        let dv = &mut dv[..width];
        dx.copy_from_slice(v);
        for at in 0..width {
            dv[at] = self.mu[at] * (1.0 - x[at] * x[at]) * v[at] - x[at];
        }
        self.diffusion.add(x, dv);
    }

    fn truth(&self, initial: &[f64], truth: &mut Truth) {
        self.of.tell(initial, truth);
    }
}
