//! What oscillators on graphs have in common: numbers of nodes, initial states, and coupling by differences.

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Problems, Shape, Tensor, Truth};
use mts_rng::Rng;

use crate::each::repeated;
use crate::flow::Stepping;
use crate::graph::{Network, Topology};
use crate::initial::{Initial, Reading};

/// Which realizations a process makes, of how many.
#[derive(Clone, Debug)]
pub(super) struct Of {
    pub(super) realizations: Range<usize>,
    pub(super) total: usize,
}

impl Of {
    /// Adds the initial state.
    pub(super) fn tell(&self, state: &[f64], truth: &mut Truth) {
        let channels = state.len() / self.realizations.len();
        truth.columns("initial_state", &[channels], self.total, self.realizations.clone(), state);
    }
}

/// The greatest absolute value.
pub(super) fn greatest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |greatest, x| x.abs().max(greatest))
}

/// The initial state where it is given: a number per channel, or a matrix.
pub(super) fn given_state(
    x0: Option<&Tensor>,
    shape: Shape,
    problems: &mut Problems,
) -> Option<Option<Initial>> {
    let readings = [Reading::Channels, Reading::Matrix];
    match x0 {
        None => Some(None),
        Some(x0) => Initial::new("x0", (x0.shape(), x0.data()), &readings, shape, problems).map(Some),
    }
}

/// Weights that can only pull nodes towards each other.
pub(super) fn check_attractive(weights: Option<&Tensor>, problems: &mut Problems) {
    let negative = weights.into_iter().flat_map(|a| a.data()).find(|a| **a < 0.0);
    negative.into_iter().for_each(|a| problems.non_negative("A", *a));
}

/// Refuses steps in which something decays so fast that a Runge–Kutta step makes it grow. Of the coupling only what
/// is known before a graph is drawn can be checked.
pub(super) fn check_rate(
    own: f64,
    strength: f64,
    topology: &Topology,
    stepping: Stepping,
    problems: &mut Problems,
) {
    // RK4 is stable down to -2.785.
    const LIMIT: f64 = 2.5;
    let rate = own + 2.0 * strength.abs() * topology.strongest().unwrap_or(0.0);
    let step = stepping.dt / stepping.substeps as f64;
    let rule =
        format_args!("be at most substeps · {:.3e} for rates of up to {rate:.3} per second", LIMIT / rate);
    problems.require("dt", rate * step <= LIMIT, rule, stepping.dt);
}

/// Frequencies of nodes: what is given, and normals around it where they differ.
pub(super) fn detuned(omega: &[f64], sigma: f64, rng: &mut Rng) -> Vec<f64> {
    let mut drawn = vec![0.0; omega.len()];
    if sigma > 0.0 {
        rng.fill_normal(0.0, sigma, &mut drawn);
    }
    drawn.iter().zip(omega).map(|(drawn, omega)| drawn + omega).collect()
}

/// G Σ_j A_ij (x_j - x_i), added to a slope.
pub(super) struct Diffusion {
    /// Shared by all processes: there may be one for each realization.
    network: Arc<Network>,
    strength: f64,
    /// Sums of weights, one per node and realization.
    degrees: Vec<f64>,
    totals: Vec<f64>,
    sums: Vec<f64>,
}

impl Diffusion {
    pub(super) fn new(network: &Arc<Network>, strength: f64, realizations: usize) -> Self {
        let degrees = repeated(&network.degrees(), realizations);
        Diffusion {
            network: network.clone(),
            strength,
            totals: vec![0.0; realizations],
            sums: vec![0.0; degrees.len()],
            degrees,
        }
    }

    /// For one component: (node, realization).
    #[inline(always)]
    pub(super) fn add(&mut self, x: &[f64], slope: &mut [f64]) {
        self.network.sum_neighbours(x, &mut self.totals, &mut self.sums);
        for (((slope, x), sum), degree) in slope.iter_mut().zip(x).zip(&self.sums).zip(&self.degrees) {
            *slope += self.strength * (sum - degree * x);
        }
    }
}
