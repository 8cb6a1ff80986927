//! FitzHugh's and Nagumo's neuron.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("fitzhugh_nagumo").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [-1.0184624581207848, -0.23768604555023407, -1.004032761589918]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Channels, Facts, Model, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::flow::{Flow, Flowing, Seen};
use crate::initial::{Columns, Origin};
use crate::orbit::Orbit;

/// FitzHugh's and Nagumo's excitable neuron: one spike for a kick that is strong enough, spikes for ever under current.
///
/// dv = (v - v³/3 - w + I) dt + η dW, dw/dt = (v + a - b w) / τ. The drift is integrated by the classical
/// Runge–Kutta method of order 4 with steps of h = dt / substeps; the noise η √h Z is added after each (order 1 in
/// law; additive, so that Itô and Stratonovich agree); above about 0.5 s per Runge–Kutta step spikes are distorted. For
/// b < 1 there is one fixed point; with a = 0.7, b = 0.8, τ = 12.5 it loses its stability at I = 0.331 and
/// regains it at I = 1.419, in between the neuron spikes for ever.
///
/// Draws: where `x0` is not given, v and w of each neuron, uniform on [-2, 2); then, if η > 0, one normal per
/// neuron, realization and Runge–Kutta step.
///
/// Channels: v of each neuron, then w of each; without unit. Neurons are not coupled.
///
/// References: R. FitzHugh (1961), doi:10.1016/S0006-3495(61)86902-6; J. Nagumo, S. Arimoto, S. Yoshizawa (1962),
/// doi:10.1109/JRPROC.1962.288235.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Rest of the recovery a.
    pub a: f64,
    /// Return of the recovery b, at least 0.
    #[schemars(range(min = 0.0))]
    pub b: f64,
    /// How many times slower the recovery is τ, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub tau: f64,
    /// Current I.
    #[serde(rename = "I")]
    pub current: f64,
    /// Noise η of v per square root of a second, at least 0.
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
            a: 0.7,
            b: 0.8,
            tau: 12.5,
            current: 0.5,
            noise_std: 0.0,
            dt: 0.2,
            substeps: 1,
            transient: 100.0,
            x0: None,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct FitzHughNagumo {
    params: Params,
    orbit: Orbit,
    origin: Origin,
    shape: Shape,
}

impl Model for FitzHughNagumo {
    const NAME: &'static str = "fitzhugh_nagumo";
    const FAMILY: &'static str = "neural";
    const CHANNELS: Channels = Channels::PerNode(&["v", "w"]);
    const SHAPE: Shape = Shape::of(2, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.finite("a", params.a);
        problems.non_negative("b", params.b);
        problems.positive("tau", params.tau);
        problems.finite("I", params.current);
        problems.non_negative("noise_std", params.noise_std);
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems);
        let origin = Origin::new(params.x0.as_ref(), shape, problems);
        let (orbit, origin) = (orbit?, origin?);
        problems.is_empty().then_some(FitzHughNagumo { params, orbit, origin, shape })
    }

    fn facts(&self) -> Facts {
        let noise = if self.params.noise_std > 0.0 { 1.5 } else { 0.0 };
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .state_bytes(40 * self.shape.slab())
            .cost((1.6 + noise + 60.0 / self.shape.slab() as f64) * f64::from(self.params.substeps))
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let seen = Seen { channels: self.shape.channels(), realizations: realizations.len() };
        let width = seen.channels * seen.realizations;
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![0.0; width];
            rng.fill_uniform(-2.0, 2.0, &mut x);
            x
        });
        let Params { a, b, tau, current, noise_std, .. } = self.params;
        // The noise is that of the first values of the state: all v.
        let noise = if noise_std > 0.0 { vec![noise_std; width / 2] } else { Vec::new() };
        let flow = Neurons { a, b, tau, current, columns };
        Box::new(Flowing::new(flow, seen, self.orbit.stepping(), x, noise, rng))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        let Params { a, b, tau, current, .. } = self.params;
        for (name, value) in [("a", a), ("b", b), ("tau", tau), ("I", current)] {
            truth.scalar(name, value);
        }
        truth
    }
}

struct Neurons {
    a: f64,
    b: f64,
    tau: f64,
    current: f64,
    columns: Columns,
}

impl Flow for Neurons {
    #[inline(always)]
    fn slope(&mut self, _t: f64, x: &[f64], slope: &mut [f64]) {
        let count = x.len() / 2;
        let (v, w) = x.split_at(count);
        let (dv, dw) = slope.split_at_mut(count);
        let rate = 1.0 / self.tau;
        for (((dv, dw), v), w) in dv.iter_mut().zip(dw).zip(v).zip(w) {
            *dv = v - v * v * v / 3.0 - w + self.current;
            *dw = (v + self.a - self.b * w) * rate;
        }
    }

    fn truth(&self, initial: &[f64], truth: &mut Truth) {
        self.columns.tell(initial, truth);
    }
}
