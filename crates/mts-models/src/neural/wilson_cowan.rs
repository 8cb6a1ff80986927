//! Wilson's and Cowan's populations.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("wilson_cowan").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.1072367334964631, 0.051350971663536735, 0.10516097503111617]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Channels, Facts, Model, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::math::kernel;
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::flow::{Flow, Flowing, Seen};
use crate::initial::{Columns, Origin};
use crate::orbit::Orbit;

/// Wilson's and Cowan's excitatory and inhibitory populations: rest, hysteresis, and rhythms of a piece of cortex.
///
/// τ_E dE = (-E + (k_E - r_E E) S_E(c1 E - c2 I + P)) dt + η τ_E dW,
/// τ_I dI/dt = -I + (k_I - r_I I) S_I(c3 E - c4 I + Q),
/// with S(x) = 1 / (1 + exp(-a (x - θ))) - 1 / (1 + exp(a θ)) and k = 1 - 1 / (1 + exp(a θ)), its largest value. The
/// drift is integrated by the classical Runge–Kutta method of order 4 with steps of h = dt / substeps; the noise
/// η √h Z is added to E after each (order 1 in law; additive, so that Itô and Stratonovich agree). Steps above a fifth
/// of the shorter τ are inaccurate. The defaults are the paper's limit cycle (its figure 11), with τ = 8 ms about
/// 25 cycles per second; for P = 0 there is rest alone.
///
/// Draws: where `x0` is not given, E and I of each node, uniform on [0, 0.5); then, if η > 0, one normal per
/// node, realization and Runge–Kutta step.
///
/// Channels: E of each node, then I of each: shares of the cells that are active, less those at rest. Nodes are not
/// coupled.
///
/// Reference: H. R. Wilson, J. D. Cowan (1972), doi:10.1016/S0006-3495(72)86068-5.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Excitation of E by E, c1.
    pub c1: f64,
    /// Inhibition of E by I, c2.
    pub c2: f64,
    /// Excitation of I by E, c3.
    pub c3: f64,
    /// Inhibition of I by I, c4.
    pub c4: f64,
    /// Steepness a of the response of E, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub a_e: f64,
    /// Steepness a of the response of I, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub a_i: f64,
    /// Threshold θ of E.
    pub theta_e: f64,
    /// Threshold θ of I.
    pub theta_i: f64,
    /// Refractoriness r of E, at least 0.
    #[schemars(range(min = 0.0))]
    pub r_e: f64,
    /// Refractoriness r of I, at least 0.
    #[schemars(range(min = 0.0))]
    pub r_i: f64,
    /// Seconds that E takes to follow τ, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub tau_e: f64,
    /// Seconds that I takes to follow τ, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub tau_i: f64,
    /// Input to E, P.
    #[serde(rename = "P")]
    pub input_e: f64,
    /// Input to I, Q.
    #[serde(rename = "Q")]
    pub input_i: f64,
    /// Noise η of E per square root of a second, at least 0.
    #[schemars(range(min = 0.0))]
    pub noise_std: f64,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Runge–Kutta steps within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32,
    /// Seconds that are integrated and thrown away before the first step, at least 0.
    #[schemars(range(min = 0.0))]
    pub transient: f64,
    /// Where the transient starts: one number per channel, or a matrix of one column per realization. Drawn
    /// where not given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            c1: 16.0,
            c2: 12.0,
            c3: 15.0,
            c4: 3.0,
            a_e: 1.3,
            a_i: 2.0,
            theta_e: 4.0,
            theta_i: 3.7,
            r_e: 1.0,
            r_i: 1.0,
            tau_e: 0.008,
            tau_i: 0.008,
            input_e: 1.25,
            input_i: 0.0,
            noise_std: 0.0,
            dt: 0.001,
            substeps: 1,
            transient: 0.5,
            x0: None,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct WilsonCowan {
    params: Params,
    orbit: Orbit,
    origin: Origin,
    shape: Shape,
}

impl Model for WilsonCowan {
    const NAME: &'static str = "wilson_cowan";
    const FAMILY: &'static str = "neural";
    const CHANNELS: Channels = Channels::PerNode(&["E", "I"]);
    const SHAPE: Shape = Shape::of(2, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { c1, c2, c3, c4, a_e, a_i, theta_e, theta_i, r_e, r_i, tau_e, tau_i, .. } = params;
        let (p, q) = (params.input_e, params.input_i);
        let finite = [("c1", c1), ("c2", c2), ("c3", c3), ("c4", c4), ("P", p), ("Q", q)];
        for (name, value) in finite.into_iter().chain([("theta_e", theta_e), ("theta_i", theta_i)]) {
            problems.finite(name, value);
        }
        for (name, value) in [("a_e", a_e), ("a_i", a_i), ("tau_e", tau_e), ("tau_i", tau_i)] {
            problems.positive(name, value);
        }
        for (name, value) in [("r_e", r_e), ("r_i", r_i), ("noise_std", params.noise_std)] {
            problems.non_negative(name, value);
        }
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems);
        let origin = Origin::new(params.x0.as_ref(), shape, problems);
        let (orbit, origin) = (orbit?, origin?);
        problems.is_empty().then_some(WilsonCowan { params, orbit, origin, shape })
    }

    fn facts(&self) -> Facts {
        let noise = if self.params.noise_std > 0.0 { 1.5 } else { 0.0 };
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .state_bytes(48 * self.shape.slab())
            .cost((7.0 + noise + 230.0 / self.shape.slab() as f64) * f64::from(self.params.substeps))
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let seen = Seen { channels: self.shape.channels(), realizations: realizations.len() };
        let width = seen.channels * seen.realizations;
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![0.0; width];
            rng.fill_uniform(0.0, 0.5, &mut x);
            x
        });
        let p = &self.params;
        let population =
            |tau: f64, refractory: f64, [from_e, from_i, input]: [f64; 3], a: f64, theta: f64| {
                let rest = 1.0 / (1.0 + math::exp(a * theta));
                Population { rate: 1.0 / tau, refractory, from_e, from_i, input: input - theta, a, rest }
            };
        let populations = [
            population(p.tau_e, p.r_e, [p.c1, -p.c2, p.input_e], p.a_e, p.theta_e),
            population(p.tau_i, p.r_i, [p.c3, -p.c4, p.input_i], p.a_i, p.theta_i),
        ];
        // The noise is that of the first values of the state: all E.
        let noise = if p.noise_std > 0.0 { vec![p.noise_std; width / 2] } else { Vec::new() };
        let flow = Tissue { populations, waves: vec![0.0; width / 2], columns };
        Box::new(Flowing::new(flow, seen, self.orbit.stepping(), x, noise, rng))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        let Params { c1, c2, c3, c4, input_e, input_i, .. } = self.params;
        let known = [("c1", c1), ("c2", c2), ("c3", c3), ("c4", c4), ("P", input_e), ("Q", input_i)];
        known.into_iter().for_each(|(name, value)| truth.scalar(name, value));
        truth
    }
}

/// One of the two equations of a node.
struct Population {
    /// 1/τ
    rate: f64,
    refractory: f64,
    from_e: f64,
    from_i: f64,
    /// The input beyond the threshold.
    input: f64,
    a: f64,
    /// The response to nothing, which is subtracted.
    rest: f64,
}

struct Tissue {
    populations: [Population; 2],
    /// Room for exponentials.
    waves: Vec<f64>,
    columns: Columns,
}

impl Flow for Tissue {
    #[inline(always)]
    fn slope(&mut self, _t: f64, x: &[f64], slope: &mut [f64]) {
        let count = x.len() / 2;
        let (e, i) = x.split_at(count);
        let slopes = slope.chunks_exact_mut(count).zip([e, i]);
        for (of, (slope, own)) in self.populations.iter().zip(slopes) {
            for ((wave, e), i) in self.waves.iter_mut().zip(e).zip(i) {
                *wave = -of.a * (of.from_e * e + of.from_i * i + of.input);
            }
            kernel::exp_in_place(&mut self.waves);
            let most = 1.0 - of.rest;
            for ((slope, wave), own) in slope.iter_mut().zip(&self.waves).zip(own) {
                let response = 1.0 / (1.0 + wave) - of.rest;
                *slope = of.rate * ((most - of.refractory * own) * response - own);
            }
        }
    }

    fn truth(&self, initial: &[f64], truth: &mut Truth) {
        self.columns.tell(initial, truth);
    }
}
