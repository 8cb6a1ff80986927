//! Renewal processes.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("renewal").expect("compiled in");
//! let params = serde_json::json!({ "rate": 2, "shape": 5, "law": "gamma" });
//! let model = entry.build(params, Shape::new(2, 24, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..4], [2.0, 4.0, 2.0, 3.0]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Array, Facts, Label, Map, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, TimeAxis,
    Truth,
};
use mts_rng::laws::{Gamma, Law, Weibull};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counts;
use crate::each::each;

/// Renewal processes, counted in bins: waits that are independent, more regular or more bursty than chance.
///
/// The waits between the events of a channel are independent of each other and of other channels, with mean 1 / λ: `gamma` with
/// shape k (coefficient of variation 1 / √k), or `weibull` with shape k. k = 1 is the Poisson process; above,
/// events are more regular, below, they come in bursts. The process is stationary: the first wait is a
/// uniform share of a wait that is drawn with a weight of its length, so that the mean count is λ dt from the first
/// step on. Exact in continuous time. Draws: for each value that wait and the share, then a wait after
/// each event, value by value in each step.
///
/// Each event is a label `event` at its step, with its `time` in seconds.
///
/// Channels: events per bin.
///
/// Reference: D. R. Cox (1962), Renewal Theory, Methuen.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Rate λ, events per second, above 0: one number, or one per channel.
    pub rate: Numbers,
    /// The law of waits.
    pub law: WaitLaw,
    /// Shape k of waits, in 0.1..=1000: one number, or one per channel.
    pub shape: Numbers,
    /// Seconds per bin, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
}

/// The law of waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WaitLaw {
    /// Density as x^(k-1) exp(-k λ x).
    Gamma,
    /// Survival exp(-(x / scale)^k).
    Weibull,
}

impl Default for Params {
    fn default() -> Self {
        Params { rate: 1.0.into(), law: WaitLaw::Gamma, shape: 4.0.into(), dt: 1.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Renewal {
    rate: Vec<f64>,
    k: Vec<f64>,
    waits: Arc<Vec<Wait>>,
    dt: f64,
    shape: Shape,
}

#[derive(Clone, Copy, Debug)]
enum Wait {
    /// The law, and that of its shape + 1: what it is with a weight of its length.
    Gamma { wait: Gamma, long: Gamma },
    /// The law of a standard wait, the gamma whose power is a long one, the exponent and the scale.
    Weibull { wait: Weibull, long: Gamma, exponent: f64, scale: f64 },
}

/// Mean events of a bin, at most: each one is made.
const MAX_EVENTS: f64 = 100.0;

/// Rates lie between the reciprocal of this and this.
const MAX_RATE: f64 = 1e100;

impl Model for Renewal {
    const NAME: &'static str = "renewal";
    const FAMILY: &'static str = "points";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("dt", params.dt);
        let rate = each("rate", &params.rate, shape.channels(), problems);
        let k = each("shape", &params.shape, shape.channels(), problems);
        let (rate, k) = (rate?, k?);
        for (name, numbers, low, high) in
            [("rate", &rate, 1.0 / MAX_RATE, MAX_RATE), ("shape", &k, 0.1, 1000.0)]
        {
            if let Some(bad) = numbers.iter().find(|x| !(low..=high).contains(*x)) {
                problems.within(name, *bad, low, high);
            }
        }
        if let Some(bad) = rate.iter().map(|rate| rate * params.dt).find(|mean| *mean > MAX_EVENTS) {
            problems.add("rate", format_args!("times dt must be at most {MAX_EVENTS:e}, found {bad:e}"));
        }
        if !problems.is_empty() {
            return None;
        }
        let waits = rate.iter().zip(&k).map(|(rate, k)| Wait::new(params.law, *rate, *k)).collect();
        Some(Renewal { rate, k, waits: Arc::new(waits), dt: params.dt, shape })
    }

    fn facts(&self) -> Facts {
        let events = self.rate.iter().fold(0.0, |sum, rate| sum + rate * self.dt) / self.rate.len() as f64;
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .attribute("rate", Array::from(self.rate.clone()))
            .state_bytes(
                (8 + (counts::LABEL_BYTES * events) as usize) * self.shape.slab()
                    + 96 * self.shape.channels(),
            )
            .cost(3.0 + 0.12 * counts::label_cost(events))
            .labelled()
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let count = realizations.len();
        let first = |at: usize| {
            let long = self.waits[at / count].long(&mut rng);
            long * rng.random()
        };
        Box::new(Counting {
            next: (0..self.shape.channels() * count).map(first).collect(),
            waits: self.waits.clone(),
            realizations,
            dt: self.dt,
            shape: self.shape,
            step: 0,
            labels: Vec::new(),
            rng,
        })
    }

    fn truth(&self, _: &()) -> Truth {
        let channels = self.shape.channels();
        let mut truth = Truth::default();
        truth.array("rate", &[channels], self.rate.clone());
        truth.array("shape", &[channels], self.k.clone());
        truth
    }
}

impl Wait {
    /// Of parameters that were checked.
    fn new(law: WaitLaw, rate: f64, k: f64) -> Self {
        let known = "parameters within their limits";
        let gamma = |shape: f64, scale: f64| Gamma::new(shape, scale).expect(known);
        match law {
            WaitLaw::Gamma => {
                let scale = 1.0 / (rate * k);
                Wait::Gamma { wait: gamma(k, scale), long: gamma(k + 1.0, scale) }
            }
            WaitLaw::Weibull => {
                let exponent = 1.0 / k;
                let scale = math::exp(-math::lgamma(1.0 + exponent)) / rate;
                let long = gamma(1.0 + exponent, 1.0);
                Wait::Weibull { wait: Weibull::new(k).expect(known), long, exponent, scale }
            }
        }
    }

    #[inline]
    fn draw(&self, rng: &mut Rng) -> f64 {
        match self {
            Wait::Gamma { wait, .. } => wait.sample(rng),
            Wait::Weibull { wait, scale, .. } => scale * wait.sample(rng),
        }
    }

    /// A wait that an inspector finds, who comes at any time.
    fn long(&self, rng: &mut Rng) -> f64 {
        match self {
            Wait::Gamma { long, .. } => long.sample(rng),
            Wait::Weibull { long, exponent, scale, .. } => scale * math::pow(long.sample(rng), *exponent),
        }
    }
}

struct Counting {
    /// When each value's next event is.
    next: Vec<f64>,
    waits: Arc<Vec<Wait>>,
    realizations: Range<usize>,
    dt: f64,
    shape: Shape,
    step: usize,
    labels: Vec<Label>,
    rng: Rng,
}

impl Process for Counting {
    fn fill(&mut self, steps: &mut [f64]) {
        let count = self.realizations.len();
        for slab in steps.chunks_exact_mut(self.next.len()) {
            let end = (self.step + 1) as f64 * self.dt;
            for (at, (value, next)) in slab.iter_mut().zip(&mut self.next).enumerate() {
                *value = 0.0;
                while *next < end {
                    *value += 1.0;
                    self.labels.push(Label {
                        channel: Some(at / count),
                        realization: Some(self.realizations.start + at % count),
                        steps: self.step..self.step + 1,
                        kind: "event",
                        details: Map::from_iter([("time", *next)]),
                    });
                    *next += self.waits[at / count].draw(&mut self.rng);
                }
            }
            self.step += 1;
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.u64(self.step as u64);
        state.f64s(&self.next);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        self.step = counts::step(self.shape, saved)?;
        saved.f64s(&mut self.next)?;
        let now = self.step as f64 * self.dt;
        self.next.iter().try_for_each(|next| counts::later(*next, now))?;
        self.labels.clear();
        Ok(())
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
    }
}
