//! Lagged graphs that are drawn: who acts on whom, after how many steps, how strongly.

use mts_core::{Edge, Problems};
use mts_rng::Rng;

/// How a graph is drawn.
#[derive(Clone, Debug)]
pub(super) struct Law {
    /// The largest lag.
    pub(super) lags: usize,
    /// Probability of each pair, where there is no number of parents.
    pub(super) density: f64,
    /// How many others act on each.
    pub(super) parents: Option<usize>,
    /// Whether others act only along a random order.
    pub(super) acyclic: bool,
    /// Probability that a link along a random order acts within the step.
    pub(super) contemporaneous: f64,
    /// The sizes of weights.
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Law {
    /// Checks what a parameter of the same name says.
    pub(super) fn check(&self, channels: usize, problems: &mut Problems) {
        problems.within("density", self.density, 0.0, 1.0);
        problems.within("contemporaneous", self.contemporaneous, 0.0, 1.0);
        problems.within("low", self.low, 0.0, MAX_WEIGHT);
        problems.within("high", self.high, self.low.clamp(0.0, MAX_WEIGHT), MAX_WEIGHT);
        if let Some(parents) = self.parents {
            let rule = format_args!("be less than M = {channels}");
            problems.require("parents", parents < channels, rule, parents);
        }
    }

    /// Links between different channels, in the order of (to, from): a random order of the channels first, where it
    /// matters; then for each channel its parents, each with lag, size and sign.
    pub(super) fn draw(&self, channels: usize, rng: &mut Rng) -> Vec<Edge> {
        let ordered = self.acyclic || self.contemporaneous > 0.0;
        let place = if ordered { rng.permutation(channels) } else { Vec::new() };
        let before = |from: usize, to: usize| ordered && place[from] < place[to];
        let mut links = Vec::new();
        for to in 0..channels {
            let may = |from: &usize| *from != to && (!self.acyclic || before(*from, to));
            let mut parents: Vec<usize> = (0..channels).filter(may).collect();
            match self.parents {
                Some(count) => {
                    rng.shuffle(&mut parents);
                    parents.truncate(count);
                    parents.sort_unstable();
                }
                None => parents.retain(|_| rng.random() < self.density),
            }
            for from in parents {
                let instant =
                    self.contemporaneous > 0.0 && before(from, to) && rng.random() < self.contemporaneous;
                let lag = if instant { 0 } else { 1 + rng.bounded(self.lags as u64 - 1) as usize };
                links.push(Edge { from, to, lag, weight: self.weight(rng) });
            }
        }
        links
    }

    /// A size in [low, high] of either sign.
    pub(super) fn weight(&self, rng: &mut Rng) -> f64 {
        let size = rng.uniform(self.low, self.high);
        if rng.random() < 0.5 { -size } else { size }
    }

    /// Links per channel, about.
    pub(super) fn expected(&self, channels: usize) -> f64 {
        let all = (channels - 1) as f64 * if self.acyclic { 0.5 } else { 1.0 };
        self.parents.map_or(self.density * all, |parents| all.min(parents as f64))
    }
}

/// The square is finite.
const MAX_WEIGHT: f64 = 1e100;
