//! Kuramoto's phase oscillators.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("kuramoto").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "K": 1.0 }), Shape::new(4, 20, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(123_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [1.1052493731436484, 5.1025402722608115, 5.801547725061365]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

mod delayed;
mod drift;
mod inertial;
mod params;
mod phases;

use std::f64::consts::TAU;
use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::Rng;

pub use params::{FrequencyLaw, Method, Params};

use self::delayed::Delayed;
use self::drift::Drift;
use self::inertial::Inertial;
use self::phases::{Phases, Stepped};
use crate::flow::{Flowing, Seen, Stepping};
use crate::graph::{Network, Topology};
use crate::initial::{Initial, Reading};
use crate::oscillators::nodes::Of;

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Kuramoto {
    params: Params,
    topology: Topology,
    initial: Option<Initial>,
    shape: Shape,
}

const STATE: [Reading; 3] = [Reading::Channels, Reading::Transposed, Reading::Matrix];

/// What all realizations share.
pub struct Drawn {
    network: Network,
    omega: Vec<f64>,
}

impl Model for Kuramoto {
    const NAME: &'static str = "kuramoto";
    const FAMILY: &'static str = "oscillators";
    type Params = Params;
    type Drawn = Drawn;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.finite("K", params.coupling);
        problems.positive("dt", params.dt);
        problems.finite("omega_mu", params.omega_mu);
        problems.non_negative("omega_sigma", params.omega_sigma);
        problems.finite("omega_low", params.omega_low);
        let range = params.omega_low..params.omega_high;
        problems.require(
            "omega_high",
            params.omega_high.is_finite() && !range.is_empty(),
            format_args!("be finite and above omega_low = {}", params.omega_low),
            params.omega_high,
        );
        problems.non_negative("noise_std", params.noise_std);
        problems.finite("alpha", params.alpha);
        problems.non_negative("inertia", params.inertia);
        let dt = params.dt;
        let damped = params.inertia == 0.0 || params.inertia >= 0.5 * dt;
        problems.require(
            "inertia",
            damped,
            format_args!("be 0 or at least dt / 2 = {}", 0.5 * dt),
            params.inertia,
        );
        let rk4 = params.inertia == 0.0 || params.method == Method::Rk4;
        problems.require("method", rk4, "be \"rk4\" where there is inertia", "\"euler\"");
        check_delay(&params, shape, problems);
        let topology = Topology::new(&params.graph(), shape.channels(), problems);
        let initial = match &params.theta0 {
            None => Some(None),
            Some(theta0) => {
                Initial::new("theta0", (theta0.shape(), theta0.data()), &STATE, shape, problems).map(Some)
            }
        };
        let (topology, initial) = (topology?, initial?);
        problems.is_empty().then_some(Kuramoto { params, topology, initial, shape })
    }

    fn facts(&self) -> Facts {
        let method = match self.params.method {
            Method::Rk4 => "rk4",
            Method::Euler => "euler",
        };
        // A stage sums both sines and cosines over neighbours.
        let stage =
            2.0 + 30.0 / self.shape.slab() as f64 + 2.0 * self.topology.cost(self.shape.realizations());
        let stages = if self.params.method == Method::Rk4 { 4.0 } else { 1.0 };
        let noise = if self.params.noise_std > 0.0 { 2.5 } else { 0.0 };
        let (width, mut values, mut looks) = (self.shape.slab(), 9.0, 0.0);
        if self.params.inertia > 0.0 {
            values = 18.0;
        }
        if self.params.delay > 0.0 {
            values += 2.0 * delayed::steps_kept(self.params.delay / self.params.dt);
            looks = 0.6 * stages;
        }
        Facts::new(TimeAxis::Seconds { dt: self.params.dt })
            .attribute("dt", self.params.dt)
            .attribute("method", method)
            .attribute("topology", self.params.graph().name())
            .state_bytes((8.0 * values) as usize * width + self.topology.bytes())
            .cost(stages * stage + looks + noise)
            .angles()
            .interventions()
    }

    fn draw(&self, rng: &mut Rng) -> Drawn {
        let network = self.topology.draw(rng);
        let mut omega = vec![0.0; self.shape.channels()];
        match self.params.omega_dist {
            FrequencyLaw::Normal => {
                rng.fill_normal(self.params.omega_mu, self.params.omega_sigma, &mut omega)
            }
            FrequencyLaw::Uniform => {
                rng.fill_uniform(self.params.omega_low, self.params.omega_high, &mut omega)
            }
        }
        Drawn { network, omega }
    }

    fn start(&self, drawn: &Arc<Drawn>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let (channels, total) = (self.shape.channels(), self.shape.realizations());
        let width = channels * realizations.len();
        let theta = match &self.initial {
            Some(initial) => initial.columns(realizations.clone()),
            None => {
                let mut drawn = vec![0.0; width];
                rng.fill_uniform(0.0, TAU, &mut drawn);
                drawn
            }
        };
        let Params { coupling, alpha, inertia, delay, method, dt, noise_std, .. } = self.params;
        let drift = Drift::new(drawn, coupling, alpha, realizations.len());
        let of = Of { realizations, total };
        if inertia > 0.0 {
            let (mut x, mut noise) = (theta, Vec::new());
            x.extend_from_slice(&drift.omega);
            if noise_std > 0.0 {
                noise = vec![0.0; width];
                noise.resize(2 * width, noise_std / inertia);
            }
            let seen = Seen { channels, realizations: of.realizations.len() };
            let stepping = Stepping { dt, substeps: 1, transient: 0 };
            return Box::new(Flowing::new(Inertial { drift, inertia, of }, seen, stepping, x, noise, rng));
        }
        let stepped = Stepped { method, dt, noise: noise_std * dt.sqrt() };
        if delay > 0.0 {
            return Box::new(Delayed::new(drift, stepped, delay / dt, &theta, rng, of));
        }
        Box::new(Phases::new(drift, stepped, theta, rng, of))
    }

    fn truth(&self, drawn: &Drawn) -> Truth {
        let mut truth = Truth::default();
        drawn.network.tell(0, &mut truth);
        truth.array("omega", &[self.shape.channels()], drawn.omega.clone());
        truth
    }
}

/// Values of the past that are kept, at most: half a gigabyte of phases.
const MAX_PAST: f64 = (1_u64 << 26) as f64;

fn check_delay(params: &Params, shape: Shape, problems: &mut Problems) {
    let (delay, dt) = (params.delay, params.dt);
    problems.non_negative("delay", delay);
    if !(delay > 0.0 && delay.is_finite() && dt > 0.0) {
        return;
    }
    problems.require("delay", delay >= dt, format_args!("be 0 or at least dt = {dt}"), delay);
    problems.require("delay", params.inertia == 0.0, "be 0 where there is inertia", delay);
    let past = delayed::steps_kept(delay / dt) * shape.slab() as f64;
    let rule = format_args!("keep at most {MAX_PAST} values of the past in mind");
    problems.require("delay", past <= MAX_PAST, rule, format_args!("{past}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_stepped_is_refused() {
        let cases = [
            (Params { delay: 0.01, ..Params::default() }, "\"delay\" must be 0 or at least dt = 0.05"),
            (Params { delay: -1.0, ..Params::default() }, "\"delay\" must be >= 0"),
            (Params { delay: 1.0, inertia: 1.0, ..Params::default() }, "must be 0 where there is inertia"),
            (Params { delay: 1e9, ..Params::default() }, "values of the past"),
            (
                Params { inertia: 0.01, ..Params::default() },
                "\"inertia\" must be 0 or at least dt / 2 = 0.025",
            ),
            (Params { inertia: 1.0, method: Method::Euler, ..Params::default() }, "must be \"rk4\""),
            (Params { alpha: f64::NAN, ..Params::default() }, "\"alpha\" must be finite"),
        ];
        for (params, words) in cases {
            let mut problems = Problems::default();
            assert!(Kuramoto::new(params, Shape::of(5, 10, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(words), "{problems} for {words}");
        }
    }
}
