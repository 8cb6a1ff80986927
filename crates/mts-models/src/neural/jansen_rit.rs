//! Jansen's and Rit's column of cortex.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("jansen_rit").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [8.227178927851838, 7.732023191110468, 7.226411203084044]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::Rng;
use mts_rng::math::kernel;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::flow::{Flow, Flowing, Seen};
use crate::initial::Columns;
use crate::orbit::Orbit;

/// Jansen's and Rit's column of cortex, driven by noise: an EEG with alpha waves.
///
/// y0'' = A a S(y1 - y2) - 2 a y0' - a² y0, y1'' = A a (p + C2 S(C1 y0)) - 2 a y1' - a² y1,
/// y2'' = B b C4 S(C3 y0) - 2 b y2' - b² y2 with S(v) = 2 e0 / (1 + exp(r (v0 - v))) and C1 = C, C2 = 0.8 C,
/// C3 = C4 = 0.25 C. Seen is y1 - y2, the potential of the pyramidal cells. The drift is integrated by the classical
/// Runge–Kutta method of order 4 with steps of h = dt / substeps; above 5 ms it is inaccurate, and above the shorter of 1/a
/// and 1/b refused, where the method comes to rest at potentials that the equations do not have.
///
/// The input p is white noise around `p_mean`, of the power of an input that is drawn anew every millisecond with the
/// standard deviation `p_std`: after each step A a s √h Z is added to y1', with s = p_std √(1 ms). The law of the
/// waves does not depend on h (order 1 in law; additive, so that Itô and Stratonovich agree). The paper draws p
/// uniformly between 120 and 320 per second. Without noise the upper fixed point is unstable for p between 89.8 and
/// 315.7: there the column has alpha waves of about 10 cycles per second; up to 113.6 a quiet rest is stable beside.
///
/// Draws: six normals per channel and realization, one for each value of the state (standard deviation 1 for
/// potentials in mV, 10 for their slopes per second), from which the transient leads to the waves; then, if
/// `p_std` > 0, one normal per channel, realization and Runge–Kutta step.
///
/// Channels: columns that are not coupled, in mV.
///
/// References: B. H. Jansen, V. G. Rit (1995), doi:10.1007/BF00199471; the bifurcations: F. Grimbert, O. Faugeras
/// (2006), doi:10.1162/neco.2006.18.12.3052.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Excitatory gain A in mV, above 0.
    #[serde(rename = "A")]
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub gain_e: f64,
    /// Inhibitory gain B in mV, above 0.
    #[serde(rename = "B")]
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub gain_i: f64,
    /// Excitatory rate a per second, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub a: f64,
    /// Inhibitory rate b per second, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub b: f64,
    /// Number of synapses C, at least 0; waves need about 135.
    #[serde(rename = "C")]
    #[schemars(range(min = 0.0))]
    pub synapses: f64,
    /// Half the largest firing rate e0 per second, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub e0: f64,
    /// Potential v0 of half the largest rate, in mV.
    pub v0: f64,
    /// Steepness r of the firing rate per mV, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub r: f64,
    /// Mean input p, pulses per second.
    pub p_mean: f64,
    /// Standard deviation of the input, pulses per second, if it were drawn every millisecond; at least 0.
    #[schemars(range(min = 0.0))]
    pub p_std: f64,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Runge–Kutta steps within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32,
    /// Seconds that are integrated and thrown away before the first step, at least 0.
    #[schemars(range(min = 0.0))]
    pub transient: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            gain_e: 3.25,
            gain_i: 22.0,
            a: 100.0,
            b: 50.0,
            synapses: 135.0,
            e0: 2.5,
            v0: 6.0,
            r: 0.56,
            p_mean: 220.0,
            p_std: 22.0,
            dt: 0.004,
            substeps: 4,
            transient: 2.0,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct JansenRit {
    params: Params,
    orbit: Orbit,
    shape: Shape,
}

/// Seconds between draws of an input of standard deviation `p_std`.
const DRAWN: f64 = 0.001;

impl Model for JansenRit {
    const NAME: &'static str = "jansen_rit";
    const FAMILY: &'static str = "neural";
    const SHAPE: Shape = Shape::of(1, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { gain_e, gain_i, a, b, synapses, e0, v0, r, p_mean, p_std, .. } = params;
        for (name, value) in [("A", gain_e), ("B", gain_i), ("a", a), ("b", b), ("e0", e0), ("r", r)] {
            problems.positive(name, value);
        }
        problems.finite("v0", v0);
        problems.finite("p_mean", p_mean);
        problems.non_negative("C", synapses);
        problems.non_negative("p_std", p_std);
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems)?;
        let step = params.dt / f64::from(params.substeps);
        let (rule, longest) = ("keep dt / substeps at most 1/a and 1/b", step * a.max(b));
        problems.require("dt", longest <= 1.0, rule, params.dt);
        problems.is_empty().then_some(JansenRit { params, orbit, shape })
    }

    fn facts(&self) -> Facts {
        let noise = if self.params.p_std > 0.0 { 3.0 } else { 0.0 };
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .state_bytes(224 * self.shape.slab())
            .cost((40.0 + noise + 340.0 / self.shape.slab() as f64) * f64::from(self.params.substeps))
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let seen = Seen { channels: self.shape.channels(), realizations: realizations.len() };
        let width = seen.channels * seen.realizations;
        let mut x = vec![0.0; 6 * width];
        rng.fill_standard_normal(&mut x);
        x[..3 * width].iter_mut().for_each(|slope| *slope *= 10.0);
        let Params { gain_e, gain_i, a, b, synapses, e0, v0, r, p_mean, p_std, .. } = self.params;
        // The noise is that of the first values of the state: all y1'.
        let sd = gain_e * a * p_std * DRAWN.sqrt();
        let noise = if p_std > 0.0 { vec![sd; width] } else { Vec::new() };
        let flow = Cortex {
            excitation: gain_e * a,
            inhibition: gain_i * b,
            a,
            b,
            synapses,
            most: 2.0 * e0,
            v0,
            r,
            input: p_mean,
            rates: [vec![0.0; width], vec![0.0; width], vec![0.0; width]],
            columns: Columns { realizations, total: self.shape.realizations() },
        };
        Box::new(Flowing::new(flow, seen, self.orbit.stepping(), x, noise, rng))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        let Params { gain_e, gain_i, synapses, p_mean, p_std, .. } = self.params;
        let known = [("A", gain_e), ("B", gain_i), ("C", synapses), ("p_mean", p_mean), ("p_std", p_std)];
        known.into_iter().for_each(|(name, value)| truth.scalar(name, value));
        truth
    }
}

/// The state is y1', y0', y2', y1, y0, y2: what has noise comes first.
struct Cortex {
    /// A a
    excitation: f64,
    /// B b
    inhibition: f64,
    a: f64,
    b: f64,
    synapses: f64,
    /// 2 e0
    most: f64,
    v0: f64,
    r: f64,
    input: f64,
    /// Firing rates of the three populations, or of what becomes of them.
    rates: [Vec<f64>; 3],
    columns: Columns,
}

impl Flow for Cortex {
    #[inline(always)]
    fn slope(&mut self, _t: f64, x: &[f64], slope: &mut [f64]) {
        let count = x.len() / 6;
        let (velocities, potentials) = x.split_at(3 * count);
        let (dv, dy) = slope.split_at_mut(3 * count);
        dy.copy_from_slice(velocities);
        let (y1, y02) = potentials.split_at(count);
        let (y0, y2) = y02.split_at(count);
        let (c1, c3) = (self.synapses, 0.25 * self.synapses);
        let (c2, c4) = (0.8 * self.synapses, 0.25 * self.synapses);
        let [by_y0, by_pyramids, by_inhibitors] = &mut self.rates;
        for ((((of_1, of_0), of_2), y0), (y1, y2)) in
            by_y0.iter_mut().zip(&mut *by_pyramids).zip(&mut *by_inhibitors).zip(y0).zip(y1.iter().zip(y2))
        {
            *of_1 = self.r * (self.v0 - c1 * y0);
            *of_0 = self.r * (self.v0 - (y1 - y2));
            *of_2 = self.r * (self.v0 - c3 * y0);
        }
        let equations = [
            (self.excitation, c2, self.input, self.a),
            (self.excitation, 1.0, 0.0, self.a),
            (self.inhibition, c4, 0.0, self.b),
        ];
        let rows = dv.chunks_exact_mut(count).zip(velocities.chunks_exact(count));
        let rows = rows.zip(potentials.chunks_exact(count)).zip(&mut self.rates);
        for ((((dv, velocities), potentials), rates), (gain, weight, input, rate)) in rows.zip(equations) {
            kernel::exp_in_place(rates);
            for (((dv, velocity), potential), wave) in
                dv.iter_mut().zip(velocities).zip(potentials).zip(&*rates)
            {
                let fired = self.most / (1.0 + wave);
                *dv = gain * (input + weight * fired) - 2.0 * rate * velocity - rate * rate * potential;
            }
        }
    }

    #[inline(always)]
    fn observe(&self, x: &[f64], slab: &mut [f64]) {
        let count = slab.len();
        for ((seen, y1), y2) in slab.iter_mut().zip(&x[3 * count..]).zip(&x[5 * count..]) {
            *seen = y1 - y2;
        }
    }

    fn truth(&self, initial: &[f64], truth: &mut Truth) {
        self.columns.tell(initial, truth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_end_where_no_rest_is_are_refused() {
        let mut problems = Problems::default();
        let params = Params { dt: 0.02, substeps: 1, ..Params::default() };
        assert!(JansenRit::new(params, JansenRit::SHAPE, &mut problems).is_none());
        assert_eq!(
            problems.to_string(),
            "parameter \"dt\" must keep dt / substeps at most 1/a and 1/b, found 0.02"
        );
    }
}
