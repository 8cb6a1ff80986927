//! A structural causal model in time.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("scm_lagged").expect("compiled in");
//! let link = serde_json::json!({ "from": 0, "to": 1, "lag": 2, "function": "tanh", "weight": 0.8 });
//! let params = serde_json::json!({ "links": [link], "noise": "laplace" });
//! let model = entry.build(params, Shape::new(3, 15, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(5_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[12..15], [-1.0547225667324602, 0.8627975888929494, -2.068911690928453]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mts_core::{Array, Edge, Facts, Graph, Model, Numbers, Problems, Process, Shape, TimeAxis, Truth, Value};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ar::stabilised;
use super::drawing::Law;
use super::history::Continued;
pub use super::links::Function;
use super::links::{Link, linear_radius, order};
use super::recursion::{companion_fits, stabilise_cost};
use super::sparse_var::MAX_BURN_IN;
pub use super::structural::Noise;
use super::structural::Structural;
use crate::each::repeated as per_value;
use crate::each::{each, each_non_negative};

/// Structural causal model with lags, nonlinear links and links within the step: the truth of methods that discover
/// causes.
///
/// x_t,m = a_m x_{t-1,m} + Σ w f(x_{t-lag,from}) + η over the links (from, m, lag, f, w), where lag may be 0. The functions
/// f are `linear` x, `tanh`, `sin`, `saturating` x² / (1 + x²) and `bump` x exp(-x² / 2): all but the first are bounded.
/// The noise η has standard deviation `noise_std` and mean 0, in any of its laws.
///
/// Without `links` they are drawn first: for each ordered pair of channels there is one with probability `density`, or
/// `parents` others act on each; along a random order of the channels a link acts within the step with probability
/// `contemporaneous`, else lags are uniform on 1, …, p; weights are uniform on [low, high] with either sign, functions uniform among
/// `functions`. Where the linear links, those within the step followed back, reach the spectral radius `radius`, weights of
/// lag k are multiplied by c^k so that they have that radius. Own `links` are taken as they are, and refused where the radius
/// is 1 or more, or links within the step form a cycle.
///
/// Starts from zeros and runs for `burn_in` steps before the first value; one draw per value, and one for each of the
/// burn-in. The truth has the graph `causal`, with the past of each channel itself, and the functions in the order of its
/// edges.
///
/// Reference: J. Runge et al. (2019), doi:10.1126/sciadv.aau4996.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// The largest lag of links that are drawn, at least 1.
    #[schemars(range(min = 1))]
    pub p: usize,
    /// Probability that one channel acts on another, from 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub density: f64,
    /// How many others act on each channel, less than M: instead of `density`.
    pub parents: Option<usize>,
    /// Probability that a link along the random order acts within the step, from 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub contemporaneous: f64,
    /// The least size of a weight that is drawn, at least 0.
    #[schemars(range(min = 0.0))]
    pub low: f64,
    /// The greatest size of a weight that is drawn, at least `low`.
    #[schemars(range(min = 0.0))]
    pub high: f64,
    /// The functions that links are drawn from.
    pub functions: Vec<Function>,
    /// Spectral radius that drawn linear links are brought down to, strictly between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub radius: f64,
    /// Own links instead of drawn ones.
    pub links: Option<Vec<OwnLink>>,
    /// What each channel keeps of its last value, a, strictly between -1 and 1: one number, or one per channel.
    pub autocorrelation: Numbers,
    /// The law of the noise.
    pub noise: Noise,
    /// Standard deviation of the noise, at least 0: one number, or one per channel.
    pub noise_std: Numbers,
    /// Steps before the first value.
    #[schemars(range(max = 1_000_000))]
    pub burn_in: usize,
}

/// A link of a document.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnLink {
    /// The channel that acts.
    pub from: usize,
    /// The channel that is acted on.
    pub to: usize,
    /// After how many steps; 0 within the step.
    #[serde(default = "one_step")]
    pub lag: usize,
    /// How.
    #[serde(default = "linear")]
    pub function: Function,
    /// How strongly.
    #[serde(default = "half")]
    pub weight: f64,
}

fn one_step() -> usize {
    1
}

fn linear() -> Function {
    Function::Linear
}

fn half() -> f64 {
    0.5
}

impl Default for Params {
    fn default() -> Self {
        Params {
            p: 2,
            density: 0.2,
            parents: None,
            contemporaneous: 0.3,
            low: 0.3,
            high: 0.8,
            functions: vec![Function::Linear, Function::Tanh, Function::Sin, Function::Saturating],
            radius: 0.9,
            links: None,
            autocorrelation: 0.5.into(),
            noise: Noise::Normal,
            noise_std: 1.0.into(),
            burn_in: 200,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct ScmLagged {
    /// The largest lag.
    lags: usize,
    law: Law,
    functions: Vec<Function>,
    radius: f64,
    own: Option<Links>,
    autocorrelation: Vec<f64>,
    noise: Noise,
    noise_std: Vec<f64>,
    burn_in: usize,
    shape: Shape,
}

/// The links of a dataset, the past of each channel itself among them.
#[derive(Clone, Debug)]
pub struct Links {
    /// Effects within the step behind their causes.
    links: Arc<[Link]>,
    radius_before: f64,
    radius_after: f64,
}

impl Model for ScmLagged {
    const NAME: &'static str = "scm_lagged";
    const FAMILY: &'static str = "autoregressive";
    type Params = Params;
    type Drawn = Links;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let channels = shape.channels();
        let drawn_lags = super::history::order(params.p, shape, problems)?;
        let law = Law {
            lags: drawn_lags,
            density: params.density,
            parents: params.parents,
            acyclic: false,
            contemporaneous: params.contemporaneous,
            low: params.low,
            high: params.high,
        };
        law.check(channels, problems);
        problems.between("radius", params.radius, 0.0, 1.0);
        problems.require("functions", !params.functions.is_empty(), "name at least one", "none");
        let short = params.burn_in <= MAX_BURN_IN;
        problems.require("burn_in", short, format_args!("be at most {MAX_BURN_IN}"), params.burn_in);
        let noise_std = each_non_negative("noise_std", &params.noise_std, channels, problems);
        let autocorrelation = each("autocorrelation", &params.autocorrelation, channels, problems);
        let (noise_std, autocorrelation) = (noise_std?, autocorrelation?);
        if let Some(a) = autocorrelation.iter().find(|a| a.abs() >= 1.0) {
            problems.between("autocorrelation", *a, -1.0, 1.0);
        }
        let longest = params.links.iter().flatten().map(|link| link.lag).max();
        let lags = longest.map_or(drawn_lags, |lag| lag.max(1));
        super::history::order(lags, shape, problems)?;
        companion_fits(lags, channels, problems)?;
        let own = params.links.as_ref().map(|own| own_links(own, &autocorrelation, lags, problems));
        let own = own.map_or(Some(None), |own| own.map(Some))?;
        problems.is_empty().then_some(ScmLagged {
            lags,
            law,
            functions: params.functions,
            radius: params.radius,
            own,
            autocorrelation,
            noise: params.noise,
            noise_std,
            burn_in: params.burn_in,
            shape,
        })
    }

    fn facts(&self) -> Facts {
        let (channels, slab) = (self.shape.channels(), self.shape.slab());
        let drawn = self.law.expected(channels) + 1.0;
        let links = self.own.as_ref().map_or(drawn, |own| own.links.len() as f64 / channels as f64);
        let link = if self.shape.realizations() < 4 { 4.5 } else { 0.8 };
        let noise = if self.noise == Noise::Laplace { 6.0 } else { 3.0 };
        Facts::new(TimeAxis::Steps)
            .attribute("p", self.lags)
            .attribute("noise_std", Array::from(self.noise_std.clone()))
            .state_bytes(8 * (self.lags + 2) * slab + 80 * (links * channels as f64) as usize)
            .cost(noise + link * links + 20.0 / slab as f64)
            .draw_cost(if self.own.is_none() { stabilise_cost(self.lags, channels) } else { 0.0 })
            .interventions()
    }

    fn draw(&self, rng: &mut Rng) -> Links {
        if let Some(own) = &self.own {
            return own.clone();
        }
        let channels = self.shape.channels();
        let mut links = own_past(&self.autocorrelation);
        for edge in self.law.draw(channels, rng) {
            let function = self.functions[rng.bounded(self.functions.len() as u64 - 1) as usize];
            links.push(Link { edge, function });
        }
        // Drawn along an order: there is no cycle.
        let order = order(&links, channels).unwrap_or_else(|_| (0..channels).collect());
        let radius_before = linear_radius(&links, &order, self.lags);
        let mut radius_after = radius_before;
        if radius_before >= self.radius {
            let factor = self.radius / radius_before;
            links.iter_mut().for_each(|link| link.edge.weight *= math::pow(factor, link.edge.lag as f64));
            radius_after = linear_radius(&links, &order, self.lags);
        }
        Links { links: sorted(links, &order).into(), radius_before, radius_after }
    }

    fn start(&self, drawn: &Arc<Links>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let step = Structural {
            links: drawn.links.clone(),
            noise: self.noise,
            noise_std: per_value(&self.noise_std, realizations.len()),
            causes: vec![0.0; realizations.len()],
            rng,
        };
        Box::new(Continued::after(self.burn_in, self.lags, step, self.shape, realizations))
    }

    fn truth(&self, drawn: &Links) -> Truth {
        let mut truth = Truth::default();
        let mut links = drawn.links.to_vec();
        links.sort_by_key(|link| (link.edge.from, link.edge.to, link.edge.lag));
        let edges = links.iter().map(|link| link.edge).collect();
        truth.graph("causal", Graph::Edges { nodes: self.shape.channels(), edges });
        let names = links.iter().map(|link| Value::from(link.function.name())).collect();
        truth.scalar("functions", Value::List(names));
        truth.scalar("stabilised", stabilised(&[drawn.radius_before], &[drawn.radius_after]));
        truth.array("noise_std", &[self.shape.channels()], self.noise_std.clone());
        truth
    }
}

/// The link of each channel to itself.
fn own_past(autocorrelation: &[f64]) -> Vec<Link> {
    let link =
        |(m, weight)| Link { edge: Edge { from: m, to: m, lag: 1, weight }, function: Function::Linear };
    let own = autocorrelation.iter().copied().enumerate();
    own.filter(|(_, weight)| *weight != 0.0).map(link).collect()
}

/// In the order that effects are computed in.
fn sorted(mut links: Vec<Link>, order: &[usize]) -> Vec<Link> {
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, m)| place[*m] = at);
    links.sort_by_key(|link| (place[link.edge.to], link.edge.lag, link.edge.from));
    links
}

fn own_links(
    own: &[OwnLink],
    autocorrelation: &[f64],
    lags: usize,
    problems: &mut Problems,
) -> Option<Links> {
    let channels = autocorrelation.len();
    let mut links = own_past(autocorrelation);
    let place = |edge: Edge| (edge.from, edge.to, edge.lag);
    let mut known: BTreeSet<_> = links.iter().map(|link| place(link.edge)).collect();
    for (at, link) in own.iter().enumerate() {
        let name = format!("links[{at}]");
        for (end, channel) in [("from", link.from), ("to", link.to)] {
            let rule = format_args!("be less than M = {channels}");
            problems.require(&format!("{name}.{end}"), channel < channels, rule, channel);
        }
        problems.finite(&format!("{name}.weight"), link.weight);
        let OwnLink { from, to, lag, function, weight } = *link;
        let edge = Edge { from, to, lag, weight };
        if !known.insert(place(edge)) {
            let rule = format_args!(
                "must be the only one from {from} to {to} at lag {lag} (autocorrelation is one from each channel to itself at 1)"
            );
            problems.add(&name, rule);
        }
        links.push(Link { edge, function });
    }
    if !problems.is_empty() {
        return None;
    }
    let order = match order(&links, channels) {
        Ok(order) => order,
        Err(cycle) => {
            let cycle: Vec<String> = cycle.iter().map(usize::to_string).collect();
            let rule = format_args!("must be acyclic within the step, found the cycle {}", cycle.join(" → "));
            problems.add("links", rule);
            return None;
        }
    };
    let radius = linear_radius(&links, &order, lags);
    let rule = "be stable: the linear ones must have a spectral radius below 1";
    problems.require("links", radius < 1.0, rule, radius);
    Some(Links { links: sorted(links, &order).into(), radius_before: radius, radius_after: radius })
}
