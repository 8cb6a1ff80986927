//! The Hawkes process.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("hawkes").expect("compiled in");
//! let params = serde_json::json!({ "mu": 1.0, "alpha": [[0.4, 0.0], [0.5, 0.2]] });
//! let model = entry.build(params, Shape::new(2, 24, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [2.0, 3.0, 2.0]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Array, Facts, Label, Map, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, Tensor,
    TimeAxis, Truth,
};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::branching::{Branching, shares};
use super::cluster::{Clusters, Event, Stream};
use super::counts;
use crate::each::each_non_negative;

/// Hawkes processes, counted in bins: events that call for further events, in their own channel and in others.
///
/// The rate of channel i is λᵢ(t) = μᵢ + Σⱼ αᵢⱼ Σ_k β exp(-β (t - t_jk)), over the events t_jk < t of
/// each channel j. So an event of channel j has, on average, αᵢⱼ children in channel i, after delays that are
/// exponential with mean 1 / β. The spectral radius ρ of α must be below 1; the stationary rates are
/// (I - α)⁻¹ μ.
///
/// Made exactly, in continuous time, from immigrants and their descendants: immigrants of all channels
/// are Poisson, and each event has a Poisson number of children. One exponential and, where there
/// are several channels to choose from, one uniform per immigrant and per child; uniforms for
/// the number of children; in the order of time within a step, realization by realization. Events
/// begin without a past `transient` seconds before the first step; by default it is so long that what is missing
/// at the first step is of the order of e⁻²⁰.
///
/// Each event is a label `event` at its step, with its `time` in seconds, its `number` in the order
/// of time among all channels of its realization, counted from 0, and, unless it is an immigrant, the
/// number of its `parent`; parents from before the first step have negative numbers. The
/// truth holds α as a graph.
///
/// Channels: events per bin.
///
/// References: A. G. Hawkes (1971), doi:10.1093/biomet/58.1.83; the clusters: A. G. Hawkes, D. Oakes (1974),
/// doi:10.2307/3212693.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Rate of immigrants μ, events per second, at least 0, in one channel above: one number, or one per channel.
    pub mu: Numbers,
    /// Mean numbers of children α, at least 0: a matrix, row = channel of the child, column = channel of the
    /// parent; or one number, by which each channel excites itself alone. Where not given, 0.3 in
    /// the same channel and 0.2 in the next, the last's being the first.
    pub alpha: Option<Tensor>,
    /// Decay β per second, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub beta: f64,
    /// Seconds per bin, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Seconds before the first step in which there are events already, at least 0; 20 / (β (1 - ρ)) where
    /// not given.
    #[schemars(range(min = 0.0))]
    pub transient: Option<f64>,
}

impl Default for Params {
    fn default() -> Self {
        Params { mu: 0.5.into(), alpha: None, beta: 1.0, dt: 1.0, transient: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Hawkes {
    mu: Vec<f64>,
    /// Stationary rates of each channel.
    rates: Vec<f64>,
    clusters: Arc<Clusters>,
    beta: f64,
    dt: f64,
    transient: f64,
    shape: Shape,
}

/// Events before the first step of a realization, at most: some seconds.
const MAX_TRANSIENT: f64 = 1e7;

/// The least rate per second: no wait overflows.
const SLOWEST: f64 = 1e-300;

/// Mean events of a bin of all channels, at most: each one is made.
const MAX_EVENTS: f64 = 100.0;

impl Model for Hawkes {
    const NAME: &'static str = "hawkes";
    const FAMILY: &'static str = "points";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("dt", params.dt);
        if let Some(transient) = params.transient {
            problems.non_negative("transient", transient);
        }
        let branching = Branching::new(params.alpha.as_ref(), shape.channels(), problems);
        let mu = each_non_negative("mu", &params.mu, shape.channels(), problems);
        let (branching, mu) = (branching?, mu?);
        let total = mu.iter().fold(0.0, |sum, mu| sum + mu);
        problems.require("mu", total >= SLOWEST, "be above 0 in at least one channel", total);
        problems.require(
            "beta",
            params.beta >= SLOWEST,
            format_args!("be at least {SLOWEST:e}"),
            params.beta,
        );
        let rates = branching.stationary(&mu);
        let rate = rates.iter().fold(0.0, |sum, rate| sum + rate);
        let transient = params.transient.unwrap_or(20.0 / (params.beta * (1.0 - branching.radius())));
        let limits = [
            ("mu", rate * params.dt / shape.channels() as f64, MAX_EVENTS, "events per bin and channel"),
            ("transient", rate * transient, MAX_TRANSIENT, "events before the first step"),
        ];
        for (name, found, most, what) in limits {
            if !problems.is_empty() || found <= most {
                continue;
            }
            problems.add(name, format_args!("must give at most {most:e} {what} on average, found {found:e}"));
        }
        let (immigrants, wait, delay) = (shares(&mu), 1.0 / total, 1.0 / params.beta);
        let clusters = Arc::new(Clusters { branching, immigrants, wait, delay });
        let Params { beta, dt, .. } = params;
        problems.is_empty().then_some(Hawkes { mu, rates, clusters, beta, dt, transient, shape })
    }

    fn facts(&self) -> Facts {
        let (channels, realizations) = (self.shape.channels(), self.shape.realizations());
        let rate = self.rates.iter().fold(0.0, |sum, rate| sum + rate);
        let immigrants = 1.0 / self.clusters.wait;
        // All others were children, who waited 1 / β, or from the beginning on.
        let wait = (self.transient + self.shape.steps() as f64 * self.dt).min(1.0 / self.beta);
        let waiting = ((rate - immigrants) * wait) as usize;
        let told = ((counts::LABEL_BYTES * rate * self.dt) as usize).saturating_mul(realizations);
        let room = waiting.saturating_mul(48).saturating_add(128).saturating_mul(realizations);
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .attribute("beta", self.beta)
            .attribute("mu", Array::from(self.mu.clone()))
            .state_bytes(room.saturating_add(told).saturating_add(8 * channels * channels))
            .cost(3.0 + 30.0 / channels as f64 + counts::label_cost(rate * self.dt / channels as f64))
            .labelled()
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let clusters = self.clusters.clone();
        let stream = |_| {
            let mut stream = Stream::new(&clusters, -self.transient, &mut rng);
            while stream.next(&clusters, 0.0, &mut rng).is_some() {}
            stream.renumber();
            stream
        };
        let streams = realizations.clone().map(stream).collect();
        Box::new(Counting {
            clusters: clusters.clone(),
            streams,
            dt: self.dt,
            first: realizations.start,
            shape: self.shape,
            step: 0,
            labels: Vec::new(),
            rng,
        })
    }

    fn truth(&self, _: &()) -> Truth {
        let channels = self.shape.channels();
        let mut truth = Truth::default();
        truth.array("mu", &[channels], self.mu.clone());
        truth.array("stationary_rate", &[channels], self.rates.clone());
        truth.scalar("beta", self.beta);
        truth.scalar("spectral_radius", self.clusters.branching.radius());
        truth.graph("influence", self.clusters.branching.graph());
        truth
    }
}

struct Counting {
    clusters: Arc<Clusters>,
    /// One for each realization.
    streams: Vec<Stream>,
    dt: f64,
    /// The first realization.
    first: usize,
    shape: Shape,
    step: usize,
    labels: Vec<Label>,
    rng: Rng,
}

impl Process for Counting {
    fn fill(&mut self, steps: &mut [f64]) {
        let realizations = self.streams.len();
        for slab in steps.chunks_exact_mut(self.shape.channels() * realizations) {
            slab.fill(0.0);
            let end = (self.step + 1) as f64 * self.dt;
            for (r, stream) in self.streams.iter_mut().enumerate() {
                while let Some(event) = stream.next(&self.clusters, end, &mut self.rng) {
                    slab[event.channel * realizations + r] += 1.0;
                    self.labels.push(label(event, self.first + r, self.step));
                }
            }
            self.step += 1;
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.u64(self.step as u64);
        self.streams.iter().for_each(|stream| stream.save(state));
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        self.step = counts::step(self.shape, saved)?;
        let (now, channels) = (self.step as f64 * self.dt, self.shape.channels());
        self.streams.iter_mut().try_for_each(|stream| stream.restore(channels, now, saved))?;
        self.labels.clear();
        Ok(())
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
    }
}

fn label(event: Event, realization: usize, step: usize) -> Label {
    let mut details = Map::new();
    details.insert("number", event.number);
    if let Some(parent) = event.parent {
        details.insert("parent", parent);
    }
    details.insert("time", event.time);
    Label {
        channel: Some(event.channel),
        realization: Some(realization),
        steps: step..step + 1,
        kind: "event",
        details,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_that_wait_take_room() {
        let alpha = Tensor::new(vec![2, 2], vec![0.0, 0.0, 1000.0, 0.0]);
        let params = Params { alpha, mu: vec![0.1, 0.0].into(), beta: 0.01, ..Params::default() };
        let model = Hawkes::new(params, Shape::of(2, 1, 1), &mut Problems::default()).unwrap();
        assert!(model.facts().state_bytes > 48 * 9_999, "{}", model.facts().state_bytes);
        let params = Params { beta: 1e-300, transient: Some(0.0), ..Params::default() };
        let model = Hawkes::new(params, Shape::of(2, 10, 1), &mut Problems::default()).unwrap();
        assert!(model.facts().state_bytes < 2000, "{}", model.facts().state_bytes);
    }
}
