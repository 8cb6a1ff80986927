//! Izhikevich's neurons.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("izhikevich").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [-64.88178375299744, -12.976356750599487, -57.175010646649795]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Channels, Facts, Label, Map, Model, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis,
    Truth,
};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::initial::{Columns, Origin};

/// Izhikevich's neurons: spikes and bursts of the kinds that cortex has, each spike labelled.
///
/// v' = 0.04 v² + 5 v + 140 - u + I + η Z, u' = a (b v - u), per millisecond; where v reaches 30 mV the neuron
/// spikes: c becomes v, and d is added to u. Steps of 1 ms as published: reset of those that spiked, two Euler steps
/// of 0.5 ms for v with the same current, then one of 1 ms for u (order 1; other steps give other spike times). The
/// first value is the initial state. What is seen of v stops at 30, its value at a spike; the label `spike` of v's
/// channel is on that step. For b = 0.2 a neuron that gets more than I = 4 has no rest.
///
/// Draws: where `x0` is not given, v of each neuron, uniform on [-70, -60), and u = b v; then, if η > 0, one normal
/// per neuron, realization and step.
///
/// Channels: v of each neuron in mV, then u of each. Neurons are not coupled.
///
/// Reference: E. M. Izhikevich (2003), doi:10.1109/TNN.2003.820440.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// The kind of neuron: a, b, c and d, where these are not given.
    pub cell: Cell,
    /// Rate of the recovery a per millisecond.
    pub a: Option<f64>,
    /// Dependence of the recovery on v, b.
    pub b: Option<f64>,
    /// Value of v after a spike c, in mV, below 30.
    #[schemars(extend("exclusiveMaximum" = 30.0))]
    pub c: Option<f64>,
    /// What a spike adds to the recovery, d.
    pub d: Option<f64>,
    /// Mean current I.
    #[serde(rename = "I")]
    pub current: f64,
    /// Standard deviation η of the current, drawn in each step; at least 0.
    #[schemars(range(min = 0.0))]
    pub noise_std: f64,
    /// Initial state: one number per channel, or a matrix of one column per realization. Drawn where not given.
    pub x0: Option<Tensor>,
}

/// Published kinds of neurons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Spikes that slow down: a = 0.02, b = 0.2, c = -65, d = 8.
    RegularSpiking,
    /// A burst, then single spikes: a = 0.02, b = 0.2, c = -55, d = 4.
    IntrinsicallyBursting,
    /// Bursts: a = 0.02, b = 0.2, c = -50, d = 2.
    Chattering,
    /// Fast spikes that do not slow down: a = 0.1, b = 0.2, c = -65, d = 2.
    FastSpiking,
    /// Spikes from little current: a = 0.02, b = 0.25, c = -65, d = 2.
    LowThresholdSpiking,
    /// Spikes also after the end of inhibition: a = 0.02, b = 0.25, c = -65, d = 0.05.
    ThalamoCortical,
    /// Swings before it spikes: a = 0.1, b = 0.26, c = -65, d = 2.
    Resonator,
}

impl Cell {
    /// a, b, c and d.
    fn numbers(self) -> [f64; 4] {
        match self {
            Cell::RegularSpiking => [0.02, 0.2, -65.0, 8.0],
            Cell::IntrinsicallyBursting => [0.02, 0.2, -55.0, 4.0],
            Cell::Chattering => [0.02, 0.2, -50.0, 2.0],
            Cell::FastSpiking => [0.1, 0.2, -65.0, 2.0],
            Cell::LowThresholdSpiking => [0.02, 0.25, -65.0, 2.0],
            Cell::ThalamoCortical => [0.02, 0.25, -65.0, 0.05],
            Cell::Resonator => [0.1, 0.26, -65.0, 2.0],
        }
    }
}

impl Default for Params {
    fn default() -> Self {
        Params {
            cell: Cell::RegularSpiking,
            a: None,
            b: None,
            c: None,
            d: None,
            current: 10.0,
            noise_std: 1.0,
            x0: None,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Izhikevich {
    params: Params,
    /// a, b, c and d.
    numbers: [f64; 4],
    origin: Origin,
    shape: Shape,
}

/// Seconds per step.
const DT: f64 = 0.001;

/// The peak of a spike.
const PEAK: f64 = 30.0;

impl Model for Izhikevich {
    const NAME: &'static str = "izhikevich";
    const FAMILY: &'static str = "neural";
    const CHANNELS: Channels = Channels::PerNode(&["v", "u"]);
    const SHAPE: Shape = Shape::of(2, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let own = [("a", params.a), ("b", params.b), ("c", params.c), ("d", params.d)];
        let mut numbers = params.cell.numbers();
        for ((name, own), number) in own.into_iter().zip(&mut numbers) {
            *number = own.unwrap_or(*number);
            problems.finite(name, *number);
        }
        problems.require("c", numbers[2] < PEAK, "be below the peak of 30 mV", numbers[2]);
        problems.finite("I", params.current);
        problems.non_negative("noise_std", params.noise_std);
        let origin = Origin::new(params.x0.as_ref(), shape, problems)?;
        problems.is_empty().then_some(Izhikevich { params, numbers, origin, shape })
    }

    fn facts(&self) -> Facts {
        let noise = if self.params.noise_std > 0.0 { 1.5 } else { 0.0 };
        Facts::new(TimeAxis::Seconds { dt: DT })
            .attribute("dt", DT)
            .state_bytes(24 * self.shape.slab())
            .cost(2.0 + noise + 20.0 / self.shape.slab() as f64)
            .labelled()
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let [a, b, c, d] = self.numbers;
        let half = self.shape.channels() / 2 * realizations.len();
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![0.0; 2 * half];
            let (v, u) = x.split_at_mut(half);
            rng.fill_uniform(-70.0, -60.0, v);
            u.iter_mut().zip(v).for_each(|(u, v)| *u = b * *v);
            x
        });
        let noise = self.params.noise_std;
        Box::new(Neurons {
            numbers: [a, b, c, d],
            current: self.params.current,
            noise,
            input: vec![self.params.current; half],
            rng,
            x,
            done: 0,
            labels: Vec::new(),
            columns,
        })
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        for (name, value) in ["a", "b", "c", "d"].into_iter().zip(self.numbers) {
            truth.scalar(name, value);
        }
        truth
    }
}

struct Neurons {
    /// a, b, c and d.
    numbers: [f64; 4],
    current: f64,
    noise: f64,
    /// The current of each neuron in this step.
    input: Vec<f64>,
    rng: Rng,
    /// All v, not stopped at the peak, then all u.
    x: Vec<f64>,
    /// Steps that were handed out.
    done: u64,
    labels: Vec<Label>,
    columns: Columns,
}

impl Neurons {
    #[inline(always)]
    fn step(&mut self) {
        if self.noise > 0.0 {
            self.rng.fill_standard_normal(&mut self.input);
            self.input.iter_mut().for_each(|input| *input = self.current + self.noise * *input);
        }
        let [a, b, c, d] = self.numbers;
        let (v, u) = self.x.split_at_mut(self.input.len());
        for ((v, u), input) in v.iter_mut().zip(u).zip(&self.input) {
            let spiked = *v >= PEAK;
            let mut now = if spiked { c } else { *v };
            let recovery = if spiked { *u + d } else { *u };
            now += 0.5 * (0.04 * now * now + 5.0 * now + 140.0 - recovery + input);
            now += 0.5 * (0.04 * now * now + 5.0 * now + 140.0 - recovery + input);
            *v = now;
            *u = recovery + a * (b * now - recovery);
        }
    }

    fn label(&mut self) {
        let step = self.done as usize;
        let Range { start, end } = self.columns.realizations;
        for (at, _) in self.x[..self.input.len()].iter().enumerate().filter(|(_, v)| **v >= PEAK) {
            self.labels.push(Label {
                channel: Some(at / (end - start)),
                realization: Some(start + at % (end - start)),
                steps: step..step.saturating_add(1),
                kind: "spike",
                details: Map::new(),
            });
        }
    }
}

struct Fill<'a> {
    neurons: &'a mut Neurons,
    slabs: &'a mut [f64],
}

impl simd::Kernel for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Fill { neurons, slabs } = self;
        for slab in slabs.chunks_exact_mut(neurons.x.len()) {
            if neurons.done > 0 {
                neurons.step();
            }
            slab.copy_from_slice(&neurons.x);
            slab[..neurons.input.len()].iter_mut().for_each(|v| *v = v.min(PEAK));
            neurons.label();
            neurons.done = neurons.done.saturating_add(1);
        }
    }
}

impl Process for Neurons {
    fn fill(&mut self, steps: &mut [f64]) {
        simd::dispatch(Fill { neurons: self, slabs: steps });
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.x);
        state.u64(self.done);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.x)?;
        self.done = saved.u64()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        self.columns.tell(&self.x, truth);
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn neurons_that_would_spike_without_end_are_refused() {
        let mut problems = Problems::default();
        let params = serde_json::from_value(json!({ "c": 30.0, "noise_std": -1.0 })).unwrap();
        assert!(Izhikevich::new(params, Shape::of(2, 5, 1), &mut problems).is_none());
        let problems = problems.to_string();
        assert!(problems.contains("\"c\" must be below the peak of 30 mV, found 30"), "{problems}");
        assert!(problems.contains("\"noise_std\" must be >= 0, found -1"), "{problems}");
    }
}
