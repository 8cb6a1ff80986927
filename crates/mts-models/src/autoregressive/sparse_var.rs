//! Vector autoregression with few links, which are known.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("sparse_var").expect("compiled in");
//! let params = serde_json::json!({ "p": 3, "parents": 2 });
//! let model = entry.build(params, Shape::new(5, 15, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(5_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[12..15], [0.3118979325020337, -0.10612773068128797, -0.3542278123050818]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Array, Edge, Facts, Graph, Held, Model, Numbers, Problems, Process, Shape, Tensor, TimeAxis, Truth,
};
use mts_rng::{Rng, math, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ar::stabilised;
use super::drawing::Law;
use super::history::{Continued, History, Step};
use super::recursion::{companion_fits, companion_radius, stabilise_cost};
use crate::each::each_non_negative;
use crate::each::repeated as per_value;

/// Vector autoregression whose few links are known: the truth of methods that look for Granger causes.
///
/// x_t,m = Σ a x_{t-lag,from} + σ_m Z over the links (from, m, lag, a). Without `edges`, links are drawn first: each
/// channel acts on itself at lag 1 (unless `self_links` is false), and for each ordered pair of channels there is one
/// with probability `density`, or `parents` others act on each; lags are uniform on 1, …, p, weights uniform on
/// [low, high] with either sign. Where the companion matrix of drawn links reaches the spectral radius `radius`, weights of lag k are
/// multiplied by c^k so that it has that radius. The truth holds the links as the graph `granger`, and both radii.
/// Own `edges` are taken as they are, and refused where the radius is 1 or more.
///
/// Starts from zeros and runs for `burn_in` steps before the first value; one draw per value, and one for each of the
/// burn-in.
///
/// References: C. W. J. Granger (1969), doi:10.2307/1912791; L. Barnett, A. K. Seth (2014),
/// doi:10.1016/j.jneumeth.2013.10.018.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Order: the largest lag of links that are drawn, at least 1.
    #[schemars(range(min = 1))]
    pub p: usize,
    /// Probability that one channel acts on another, from 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub density: f64,
    /// How many others act on each channel, less than M: instead of `density`. Fewer, where links are acyclic and there are
    /// not as many before it.
    pub parents: Option<usize>,
    /// Whether channels act on others only along a random order, so that there are no feedbacks.
    pub acyclic: bool,
    /// Whether each channel acts on itself at lag 1.
    pub self_links: bool,
    /// The least size of a weight that is drawn, at least 0.
    #[schemars(range(min = 0.0))]
    pub low: f64,
    /// The greatest size of a weight that is drawn, at least `low`.
    #[schemars(range(min = 0.0))]
    pub high: f64,
    /// Spectral radius that drawn links are brought down to, strictly between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub radius: f64,
    /// Own links instead of drawn ones: a list of [from, to, lag, weight].
    pub edges: Option<Tensor>,
    /// Standard deviation σ of the noise, at least 0: one number, or one per channel.
    pub noise_std: Numbers,
    /// Steps before the first value.
    #[schemars(range(max = 1_000_000))]
    pub burn_in: usize,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            p: 2,
            density: 0.2,
            parents: None,
            acyclic: false,
            self_links: true,
            low: 0.2,
            high: 0.5,
            radius: 0.9,
            edges: None,
            noise_std: 1.0.into(),
            burn_in: 200,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct SparseVar {
    order: usize,
    law: Law,
    self_links: bool,
    radius: f64,
    /// Own links and their radius.
    edges: Option<Links>,
    noise_std: Vec<f64>,
    burn_in: usize,
    shape: Shape,
}

/// The links of a dataset.
#[derive(Clone, Debug)]
pub struct Links {
    /// In the order of (to, lag, from).
    links: Vec<Edge>,
    radius_before: f64,
    radius_after: f64,
}

/// Longer ones would run for hours.
pub(super) const MAX_BURN_IN: usize = 1_000_000;

impl Model for SparseVar {
    const NAME: &'static str = "sparse_var";
    const FAMILY: &'static str = "autoregressive";
    type Params = Params;
    type Drawn = Links;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let channels = shape.channels();
        let drawn_order = super::history::order(params.p, shape, problems)?;
        let law = Law {
            lags: drawn_order,
            density: params.density,
            parents: params.parents,
            acyclic: params.acyclic,
            contemporaneous: 0.0,
            low: params.low,
            high: params.high,
        };
        law.check(channels, problems);
        problems.between("radius", params.radius, 0.0, 1.0);
        let short = params.burn_in <= MAX_BURN_IN;
        problems.require("burn_in", short, format_args!("be at most {MAX_BURN_IN}"), params.burn_in);
        let noise_std = each_non_negative("noise_std", &params.noise_std, channels, problems);
        let own = params.edges.as_ref().map(|edges| own_links(edges, shape, problems));
        let (noise_std, own) = (noise_std?, own.map_or(Some(None), |own| own.map(Some))?);
        let longest = own.as_ref().and_then(|own| own.iter().map(|edge| edge.lag).max());
        let order = longest.unwrap_or(drawn_order);
        companion_fits(order, channels, problems)?;
        let edges = own.map(|links| {
            let radius = companion_radius(&dense(&links, order, channels), order, channels);
            let rule = "be stationary: their companion matrix must have a spectral radius below 1";
            problems.require("edges", radius < 1.0, rule, radius);
            Links { links, radius_before: radius, radius_after: radius }
        });
        problems.is_empty().then_some(SparseVar {
            order,
            law,
            self_links: params.self_links,
            radius: params.radius,
            edges,
            noise_std,
            burn_in: params.burn_in,
            shape,
        })
    }

    fn facts(&self) -> Facts {
        let (channels, slab) = (self.shape.channels(), self.shape.slab());
        let drawn = self.law.expected(channels) + f64::from(u8::from(self.self_links));
        let links = self.edges.as_ref().map_or(drawn, |own| own.links.len() as f64 / channels as f64);
        let link = if self.shape.realizations() < 4 { 1.0 } else { 0.3 };
        Facts::new(TimeAxis::Steps)
            .attribute("p", self.order)
            .attribute("noise_std", Array::from(self.noise_std.clone()))
            .state_bytes(8 * (self.order + 2) * slab + 64 * (links * channels as f64) as usize)
            .cost(3.0 + link * links + 20.0 / slab as f64)
            .draw_cost(if self.edges.is_none() { stabilise_cost(self.order, channels) } else { 0.0 })
            .interventions()
    }

    fn draw(&self, rng: &mut Rng) -> Links {
        if let Some(own) = &self.edges {
            return own.clone();
        }
        let channels = self.shape.channels();
        let own = if self.self_links { 0..channels } else { 0..0 };
        let mut links: Vec<Edge> =
            own.map(|m| Edge { from: m, to: m, lag: 1, weight: self.law.weight(rng) }).collect();
        links.extend(self.law.draw(channels, rng));
        links.sort_by_key(|edge| (edge.to, edge.lag, edge.from));
        let radius =
            |links: &[Edge]| companion_radius(&dense(links, self.order, channels), self.order, channels);
        let radius_before = radius(&links);
        if radius_before < self.radius {
            return Links { links, radius_before, radius_after: radius_before };
        }
        let factor = self.radius / radius_before;
        links.iter_mut().for_each(|edge| edge.weight *= math::pow(factor, edge.lag as f64));
        let radius_after = radius(&links);
        Links { links, radius_before, radius_after }
    }

    fn start(&self, drawn: &Arc<Links>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let step = Sparse {
            drawn: drawn.clone(),
            noise: per_value(&self.noise_std, realizations.len()),
            realizations: realizations.len(),
            rng,
        };
        Box::new(Continued::after(self.burn_in, self.order, step, self.shape, realizations))
    }

    fn truth(&self, drawn: &Links) -> Truth {
        let mut truth = Truth::default();
        let mut edges = drawn.links.clone();
        edges.sort_by_key(|edge| (edge.from, edge.to, edge.lag));
        truth.graph("granger", Graph::Edges { nodes: self.shape.channels(), edges });
        truth.scalar("stabilised", stabilised(&[drawn.radius_before], &[drawn.radius_after]));
        truth.array("noise_std", &[self.shape.channels()], self.noise_std.clone());
        truth
    }
}

/// Rows [from, to, lag, weight].
fn own_links(edges: &Tensor, shape: Shape, problems: &mut Problems) -> Option<Vec<Edge>> {
    let [_, 4] = edges.shape() else {
        let found = edges.shape();
        let rule = format_args!("must be a list of [from, to, lag, weight], found shape {found:?}");
        problems.add("edges", rule);
        return None;
    };
    let whole = |x: f64, low: usize, high: usize| {
        (x >= low as f64 && x <= high as f64 && x.floor() == x).then_some(x as usize)
    };
    let last = shape.channels() - 1;
    let mut links = Vec::new();
    for row in edges.data().chunks_exact(4) {
        let numbers =
            (whole(row[0], 0, last), whole(row[1], 0, last), whole(row[2], 1, super::history::MAX_ORDER));
        let (Some(from), Some(to), Some(lag)) = numbers else {
            let rule = format_args!("must join channels 0 to {last} at lags of at least 1, found {row:?}");
            problems.add("edges", rule);
            return None;
        };
        problems.finite("edges", row[3]);
        links.push(Edge { from, to, lag, weight: row[3] });
    }
    links.sort_by_key(|edge| (edge.to, edge.lag, edge.from));
    let place = |edge: &Edge| (edge.from, edge.to, edge.lag);
    if let Some(twice) = links.windows(2).find(|pair| place(&pair[0]) == place(&pair[1])) {
        problems.add("edges", format_args!("must name each link once, found {:?} twice", place(&twice[0])));
    }
    problems.is_empty().then_some(links)
}

/// Coefficients (lag, to, from).
fn dense(links: &[Edge], order: usize, channels: usize) -> Vec<f64> {
    let mut phi = vec![0.0; order * channels * channels];
    for edge in links {
        phi[((edge.lag - 1) * channels + edge.to) * channels + edge.from] = edge.weight;
    }
    phi
}

struct Sparse {
    drawn: Arc<Links>,
    /// One per value of a slab.
    noise: Vec<f64>,
    realizations: usize,
    rng: Rng,
}

impl Step for Sparse {
    fn noise(&mut self, slabs: &mut [f64]) {
        self.rng.fill_standard_normal(slabs);
        for slab in slabs.chunks_exact_mut(self.noise.len()) {
            slab.iter_mut().zip(&self.noise).for_each(|(z, noise)| *z *= noise);
        }
    }

    fn step(&mut self, history: &History, slab: &mut [f64], _: &[Held]) {
        let Sparse { drawn, realizations, .. } = self;
        simd::dispatch(Add { links: &drawn.links, realizations: *realizations, history, slab });
    }

    fn rng(&self) -> &Rng {
        &self.rng
    }

    fn rng_mut(&mut self) -> &mut Rng {
        &mut self.rng
    }
}

/// What all links add, each to all realizations.
struct Add<'a> {
    links: &'a [Edge],
    realizations: usize,
    history: &'a History,
    slab: &'a mut [f64],
}

impl simd::Kernel for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Add { links, realizations, history, slab } = self;
        for edge in links {
            let past = &history.lag(edge.lag)[edge.from * realizations..][..realizations];
            let values = &mut slab[edge.to * realizations..][..realizations];
            values.iter_mut().zip(past).for_each(|(x, past)| *x = edge.weight.mul_add(*past, *x));
        }
    }
}
