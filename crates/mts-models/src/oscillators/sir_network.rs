//! Epidemics from node to node.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("sir_network").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "beta": 0.05 }), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! let ill = |step: &[f64]| step.iter().filter(|state| **state == 1.0).count();
//! let ill: Vec<_> = dataset.values().chunks_exact(50).map(ill).collect();
//! assert_eq!((ill[0], ill[5], ill[30]), (1, 40, 3));
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Facts, Held, Label, Map, Model, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis,
    Truth,
};
use mts_rng::{Rng, math};

use super::nodes::{self, Of};
use crate::graph::{Kind, Network, Topology, on_a_graph};
use crate::initial::{Initial, Reading};

on_a_graph! {
    /// An epidemic on a graph, person by person: who fell ill when, and from whom, is known.
    ///
    /// Each channel is a node: 0 susceptible, 1 infected, 2 recovered. In each step, an infected neighbour j of a
    /// susceptible node i infects it with probability β (with weights, 1 - (1 - β)^A_ij), independently of others;
    /// an infected node recovers with probability γ, and a recovered one becomes susceptible again with probability ξ.
    /// All look at the state before the step, so that a node is infected for at least one step and can infect in the one
    /// in which it recovers: over its whole illness, a node infects a given susceptible neighbour with probability β / (β +
    /// γ - βγ), if no one else does. On large complete graphs with β = b / M, it is the chain binomial model of Reed
    /// and Frost, here with geometric illnesses; for small rates, Kermack and McKendrick's equations.
    ///
    /// Labels: `infection`, with the node `from` which it came unless infected from the beginning, `recovery`, and
    /// `waning` where immunity is lost, each of one step, at which the channel has its new value. Nodes can be held at any
    /// of the three states: one that is held at 2 is vaccinated.
    ///
    /// Draws: the graph (for `erdos_renyi` and `sbm`, M·M uniforms); in each realization, unless `x0` is given, as many
    /// different nodes as are infected at first; then one uniform per value and step.
    ///
    /// References: W. O. Kermack & A. G. McKendrick (1927), doi:10.1098/rspa.1927.0118; on graphs, M. E. J. Newman
    /// (2002), doi:10.1103/PhysRevE.66.016128.
    pub struct Params on Kind::Complete;

    /// Probability β that a neighbour infects in a step, from 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub beta: f64 = 0.01;
    /// Probability γ to recover in a step, from 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub gamma: f64 = 0.1;
    /// Probability ξ to lose immunity in a step, from 0 (never) to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub xi: f64 = 0.0;
    /// Nodes that are infected at first, at most M.
    pub infected: usize = 1;
    /// Own weights A (M × M), none of them below 0, instead of a topology; made symmetric as (A + Aᵀ) / 2, unless
    /// `directed`, without diagonal.
    #[serde(rename = "A")]
    pub weights: Option<Tensor> = None;
    /// Initial states 0, 1 or 2: one per channel, or a matrix of one column per realization. Drawn where not given.
    pub x0: Option<Tensor> = None;
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct SirNetwork {
    params: Params,
    topology: Topology,
    initial: Option<Initial>,
    shape: Shape,
}

/// Susceptible, infected, recovered.
const STATES: [f64; 3] = [0.0, 1.0, 2.0];

impl Model for SirNetwork {
    const NAME: &'static str = "sir_network";
    const FAMILY: &'static str = "oscillators";
    const SHAPE: Shape = Shape::of(50, 200, 1);
    type Params = Params;
    type Drawn = Network;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        for (name, probability) in [("beta", params.beta), ("gamma", params.gamma), ("xi", params.xi)] {
            problems.within(name, probability, 0.0, 1.0);
        }
        let (infected, nodes) = (params.infected, shape.channels());
        problems.require("infected", infected <= nodes, format_args!("be at most M = {nodes}"), infected);
        nodes::check_attractive(params.weights.as_ref(), problems);
        let topology = Topology::new(&params.graph(), nodes, problems);
        let initial = match &params.x0 {
            None => Some(None),
            Some(x0) => {
                let unknown = x0.data().iter().find(|x| !STATES.contains(x));
                unknown.into_iter().for_each(|x| problems.require("x0", false, "be 0, 1 or 2", x));
                let readings = [Reading::Channels, Reading::Matrix];
                Initial::new("x0", (x0.shape(), x0.data()), &readings, shape, problems).map(Some)
            }
        };
        let (topology, initial) = (topology?, initial?);
        problems.is_empty().then_some(SirNetwork { params, topology, initial, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps)
            .attribute("topology", self.params.graph().name())
            .attribute("states", vec!["susceptible", "infected", "recovered"])
            // A node can be named in several labels that wait.
            .state_bytes(256 * self.shape.slab() + self.topology.bytes())
            .cost(8.0 + self.topology.cost(self.shape.realizations()))
            .labelled()
            .interventions_among(&STATES)
    }

    fn draw(&self, rng: &mut Rng) -> Network {
        self.topology.draw(rng)
    }

    fn start(&self, network: &Arc<Network>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let (nodes, count) = (self.shape.channels(), realizations.len());
        let states = match &self.initial {
            Some(initial) => initial.columns(realizations.clone()),
            None => {
                let mut states = vec![0.0; nodes * count];
                for realization in 0..count {
                    // The first ones of a shuffled order, drawn one by one.
                    let mut order: Vec<usize> = (0..nodes).collect();
                    for place in 0..self.params.infected {
                        let other = place + rng.bounded((nodes - place) as u64 - 1) as usize;
                        order.swap(place, other);
                        states[order[place] * count + realization] = 1.0;
                    }
                }
                states
            }
        };
        let Params { beta, gamma, xi, .. } = self.params;
        Box::new(Epidemic {
            network: network.clone(),
            hazard: -math::ln_1p(-beta),
            gamma,
            xi,
            rng,
            infected: vec![0.0; states.len()],
            pressure: vec![0.0; states.len()],
            totals: vec![0.0; count],
            states,
            done: 0,
            labels: Vec::new(),
            held: Vec::new(),
            of: Of { realizations, total: self.shape.realizations() },
        })
    }

    fn truth(&self, network: &Network) -> Truth {
        let mut truth = Truth::default();
        network.tell(1, &mut truth);
        let Params { beta, gamma, xi, .. } = self.params;
        for (name, value) in [("beta", beta), ("gamma", gamma), ("xi", xi)] {
            truth.scalar(name, value);
        }
        truth
    }
}

struct Epidemic {
    network: Arc<Network>,
    /// -ln(1 - β), of an edge of weight 1; infinite for β = 1.
    hazard: f64,
    gamma: f64,
    xi: f64,
    rng: Rng,
    /// (node, realization)
    states: Vec<f64>,
    /// 1 where infected.
    infected: Vec<f64>,
    /// Weights of infected neighbours.
    pressure: Vec<f64>,
    totals: Vec<f64>,
    /// Steps that were handed out.
    done: u64,
    labels: Vec<Label>,
    held: Vec<Held>,
    of: Of,
}

impl Epidemic {
    fn label(&mut self, node: usize, realization: usize, kind: &'static str, from: Option<usize>) {
        let step = self.done as usize;
        let mut details = Map::new();
        if let Some(from) = from {
            details.insert("from", from);
        }
        self.labels.push(Label {
            channel: Some(node),
            realization: Some(self.of.realizations.start + realization),
            steps: step..step.saturating_add(1),
            kind,
            details,
        });
    }

    /// Who infected a node, at a place in 0..1 of its neighbours' hazards: within a step, the first of several wins as
    /// often as its hazard is a part of all.
    fn source(&self, node: usize, realization: usize, place: f64) -> Option<usize> {
        let count = self.totals.len();
        let goal = place * self.pressure[node * count + realization];
        let (mut sum, mut found) = (0.0, None);
        self.network.each_parent(node, |parent, weight| {
            // The last one also where rounding left the goal behind all.
            if self.infected[parent * count + realization] > 0.0
                && weight > 0.0
                && (found.is_none() || sum <= goal)
            {
                found = Some(parent);
                sum += weight;
            }
        });
        found
    }

    /// What is held is as it is told to be, whatever happened to it in this step: labels since `told` do not say.
    fn hold_now(&mut self, told: usize) {
        let count = self.totals.len();
        let held = std::mem::take(&mut self.held);
        for Held { channel, value } in &held {
            self.states[channel * count..][..count].fill(*value);
            let mut place = 0;
            self.labels.retain(|label| {
                place += 1;
                place <= told || label.channel != Some(*channel)
            });
        }
    }

    /// One step, with a uniform for each value in `slab`.
    fn step(&mut self, slab: &[f64]) {
        for (infected, state) in self.infected.iter_mut().zip(&self.states) {
            *infected = f64::from(u8::from(*state == 1.0));
        }
        self.network.sum_neighbours(&self.infected, &mut self.totals, &mut self.pressure);
        let count = self.totals.len();
        for (at, u) in slab.iter().enumerate() {
            let (node, realization) = (at / count, at % count);
            let state = self.states[at];
            if state == 0.0 {
                // What is above the sum of hazards is above 1 - exp(-sum).
                let hazard = self.hazard * self.pressure[at];
                if self.pressure[at] > 0.0 && *u < hazard {
                    let probability = -math::exp_m1(-hazard);
                    if *u < probability {
                        self.states[at] = 1.0;
                        let from = self.source(node, realization, u / probability);
                        self.label(node, realization, "infection", from);
                    }
                }
            } else if state == 1.0 {
                if *u < self.gamma {
                    self.states[at] = 2.0;
                    self.label(node, realization, "recovery", None);
                }
            } else if *u < self.xi {
                self.states[at] = 0.0;
                self.label(node, realization, "waning", None);
            }
        }
    }
}

impl Process for Epidemic {
    fn fill(&mut self, steps: &mut [f64]) {
        let count = self.totals.len();
        for slab in steps.chunks_exact_mut(self.states.len()) {
            let told = self.labels.len();
            if self.done == 0 {
                for at in 0..self.states.len() {
                    if self.states[at] == 1.0 {
                        self.label(at / count, at % count, "infection", None);
                    }
                }
            } else {
                self.rng.fill_random(slab);
                self.step(slab);
            }
            self.hold_now(told);
            self.done = self.done.saturating_add(1);
            slab.copy_from_slice(&self.states);
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.states);
        state.u64(self.done);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.states)?;
        self.done = saved.u64()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        self.of.tell(&self.states, truth);
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
    }

    fn hold(&mut self, held: &[Held]) {
        self.held.extend_from_slice(held);
    }
}
