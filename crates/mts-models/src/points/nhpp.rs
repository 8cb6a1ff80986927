//! The Poisson process with a rate that changes in time.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("nhpp").expect("compiled in");
//! let params = serde_json::json!({ "rates": [0, 2, 5], "length": 8.0 });
//! let model = entry.build(params, Shape::new(2, 24, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[46..49], [0.0, 0.0, 3.0]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::f64::consts::{PI, TAU};
use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Array, Facts, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth,
};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counts;
use super::pieces::Pieces;
use crate::each::{each, each_non_negative};

/// Poisson processes whose rate changes in time, counted in bins: arrivals by day and by night.
///
/// By default, the rate swings: λ(t) = b (1 + a sin(2π t / P + φ)). With `rates`, it is constant for
/// `length` seconds at a time, one rate after the other, and then from the first again. The value of a step
/// is the number of events in its dt seconds: Poisson with mean ∫ λ(t) dt, independent of all others. The
/// integrals are exact: b dt (1 + a sin(2π (t + dt/2) / P + φ) sinc(π dt / P)) with sinc x = sin x / x, and
/// sums of rates times durations; no thinning is needed, and no error grows with dt. One
/// count per value, in the order of the values: for means below 10 one uniform more than the count,
/// above about 1.3 pairs of uniforms. Time is T dt with the precision of a float.
///
/// Channels: events per bin.
///
/// Reference: P. A. W. Lewis, G. S. Shedler (1979), doi:10.1002/nav.3800260304.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Mean rate b, events per second, at least 0: one number, or one per channel.
    pub base: Numbers,
    /// Relative amplitude a, in 0..=1: one number, or one per channel.
    pub amplitude: Numbers,
    /// Period P in seconds, above 0: one number, or one per channel.
    pub period: Numbers,
    /// Phase φ in radians at t = 0: one number, or one per channel.
    pub phase: Numbers,
    /// Rates instead of the swing, events per second, at least 0: a list for all channels, or a (channel,
    /// piece) matrix.
    pub rates: Option<Tensor>,
    /// Seconds that each of `rates` lasts, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub length: f64,
    /// Seconds per bin, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            base: 2.0.into(),
            amplitude: 0.8.into(),
            period: 24.0.into(),
            phase: 0.0.into(),
            rates: None,
            length: 1.0,
            dt: 1.0,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Nhpp {
    rate: Arc<Rate>,
    dt: f64,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Rate {
    /// Numbers of each channel.
    Swing {
        base: Vec<f64>,
        amplitude: Vec<f64>,
        period: Vec<f64>,
        phase: Vec<f64>,
    },
    Pieces(Pieces),
}

impl Model for Nhpp {
    const NAME: &'static str = "nhpp";
    const FAMILY: &'static str = "points";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("dt", params.dt);
        problems.positive("length", params.length);
        let swing = Rate::swing(&params, shape, problems);
        let rate = match &params.rates {
            None => swing?,
            Some(rates) => Rate::Pieces(Pieces::new(rates, params.length, shape, problems)?),
        };
        let most = rate.most();
        if most * params.dt > counts::LARGEST {
            let name = if params.rates.is_some() { "rates" } else { "base" };
            let rule =
                format_args!("times dt must be at most {:e}, found {:e}", counts::LARGEST, most * params.dt);
            problems.add(name, rule);
        }
        problems.is_empty().then_some(Nhpp { rate: Arc::new(rate), dt: params.dt, shape })
    }

    fn facts(&self) -> Facts {
        let channels = self.shape.channels() as f64;
        let facts = Facts::new(TimeAxis::Seconds { dt: self.dt }).attribute("dt", self.dt);
        let facts = match &*self.rate {
            Rate::Swing { base, amplitude, period, phase } => facts
                .attribute("base", Array::from(base.clone()))
                .attribute("amplitude", Array::from(amplitude.clone()))
                .attribute("period", Array::from(period.clone()))
                .attribute("phase", Array::from(phase.clone())),
            Rate::Pieces(pieces) => facts.attribute("length", pieces.length),
        };
        let count = counts::cost(0.5 * self.rate.most() * self.dt);
        facts.state_bytes(0).cost(count + 55.0 * channels / self.shape.slab() as f64)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        Box::new(Counting {
            rate: self.rate.clone(),
            dt: self.dt,
            realizations: realizations.len(),
            shape: self.shape,
            step: 0,
            rng,
        })
    }

    fn truth(&self, _: &()) -> Truth {
        let channels = self.shape.channels();
        let mut truth = Truth::default();
        match &*self.rate {
            Rate::Swing { base, amplitude, period, phase } => {
                truth.array("base", &[channels], base.clone());
                truth.array("amplitude", &[channels], amplitude.clone());
                truth.array("period", &[channels], period.clone());
                truth.array("phase", &[channels], phase.clone());
            }
            Rate::Pieces(pieces) => {
                truth.array(
                    "rates",
                    &[pieces.rates.len() / pieces.count, pieces.count],
                    pieces.rates.clone(),
                );
                truth.scalar("length", pieces.length);
            }
        }
        truth
    }
}

impl Rate {
    fn swing(params: &Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let base = each_non_negative("base", &params.base, shape.channels(), problems);
        let amplitude = each("amplitude", &params.amplitude, shape.channels(), problems);
        let period = each("period", &params.period, shape.channels(), problems);
        let phase = each("phase", &params.phase, shape.channels(), problems);
        for bad in amplitude.iter().flatten().filter(|a| !(0.0..=1.0).contains(*a)).take(1) {
            problems.within("amplitude", *bad, 0.0, 1.0);
        }
        for bad in period.iter().flatten().filter(|period| **period <= 0.0).take(1) {
            problems.positive("period", *bad);
        }
        Some(Rate::Swing { base: base?, amplitude: amplitude?, period: period?, phase: phase? })
    }

    /// No rate is greater.
    fn most(&self) -> f64 {
        match self {
            Rate::Swing { base, amplitude, .. } => {
                base.iter().zip(amplitude).fold(0.0, |most: f64, (base, a)| most.max(base * (1.0 + a)))
            }
            Rate::Pieces(pieces) => pieces.rates.iter().fold(0.0, |most: f64, rate| most.max(*rate)),
        }
    }

    /// The mean number of events of a channel within `dt` seconds after `t`.
    fn mean(&self, channel: usize, t: f64, dt: f64) -> f64 {
        match self {
            Rate::Swing { base, amplitude, period, phase } => {
                let (period, half) = (period[channel], PI * dt / period[channel]);
                let turn = (t + 0.5 * dt) % period / period;
                let swing = math::sin(TAU * turn + phase[channel]) * sinc(half);
                base[channel] * dt * (1.0 + amplitude[channel] * swing)
            }
            Rate::Pieces(pieces) => pieces.mean(channel, t, dt),
        }
    }
}

/// sin x / x.
fn sinc(x: f64) -> f64 {
    if x < 1e-8 { 1.0 } else { math::sin(x) / x }
}

struct Counting {
    rate: Arc<Rate>,
    dt: f64,
    realizations: usize,
    shape: Shape,
    step: usize,
    rng: Rng,
}

impl Process for Counting {
    fn fill(&mut self, steps: &mut [f64]) {
        for slab in steps.chunks_exact_mut(self.shape.channels() * self.realizations) {
            let t = self.step as f64 * self.dt;
            for (channel, row) in slab.chunks_exact_mut(self.realizations).enumerate() {
                let mean = self.rate.mean(channel, t, self.dt);
                counts::fill(&counts::law(mean), &mut self.rng, row);
            }
            self.step += 1;
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.u64(self.step as u64);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        self.step = counts::step(self.shape, saved)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_integrals() {
        let shape = Shape::of(2, 10, 1);
        let mut problems = Problems::default();
        let rates = Tensor::new(vec![2, 3], vec![1.0, 0.0, 4.0, 2.0, 2.0, 2.0]);
        let pieces = Params { rates, length: 0.5, ..Params::default() };
        let swing = Params { phase: 0.7.into(), period: 3.3.into(), ..Params::default() };
        for params in [pieces, swing] {
            let rate = Nhpp::new(params, shape, &mut problems).unwrap().rate;
            for (channel, t, dt) in [(0, 0.3, 0.1), (0, 1.2, 0.5), (1, 7.9, 4.6), (0, 1.4, 13.7)] {
                let cells = 20_000;
                let width = dt / f64::from(cells);
                let sum: f64 =
                    (0..cells).map(|cell| rate.mean(channel, t + f64::from(cell) * width, width)).sum();
                let mean = rate.mean(channel, t, dt);
                assert!((mean - sum).abs() < 1e-9 * mean, "{mean} {sum}");
                let Rate::Pieces(pieces) = &*rate else { continue };
                let at = |t: f64| pieces.rates[channel * 3 + (t % 1.5 / 0.5) as usize];
                let sum: f64 = (0..cells).map(|cell| at(t + (f64::from(cell) + 0.5) * width) * width).sum();
                assert!((mean - sum).abs() < 1e-3 * mean.max(1.0), "{mean} {sum}");
            }
        }
    }
}
