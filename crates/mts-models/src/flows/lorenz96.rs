//! Lorenz' circle of latitude.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("lorenz96").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [3.930189743941205, -2.8564545733582998, 3.395484625804452]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Edge, Facts, Graph, Model, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::flow::{Flow, Flowing, Seen};
use crate::initial::{Columns, Origin};
use crate::orbit::Orbit;

/// Lorenz' circle of weather: any number of places along a latitude, each driven by its neighbours.
///
/// dx_m/dt = (x_{m+1} - x_{m-2}) x_{m-1} - x_m + F, the indices around the circle. The quadratic part keeps
/// Σ x², so that values stay bounded for any F and any number of channels. Integrated by the classical Runge–Kutta
/// method of order 4 with steps of dt / substeps; above about 0.1 s per Runge–Kutta step values diverge, and with F well
/// above 8 sooner. A second stands for five days. x_m = F is stable for F between -1/2 and 8/9; waves follow, and chaos
/// from about F = 4 on.
/// With M = 40 and F = 8 the largest Lyapunov exponent is about 1.67 per second: two copies that differ by rounding
/// are independent after about 20 s, so no other integrator gives the same values further on. With fewer than 4
/// channels some of the four indices are the same place, and there is no chaos: one and three channels have no
/// quadratic part at all, and come to F without acting on each other.
///
/// Draws: where `x0` is not given, one normal per value of the initial state, around F, of which the transient
/// leads onto the attractor.
///
/// Truth: `adjacency`, who acts on whom, as edges of weight 1.
///
/// References: E. N. Lorenz (1996), Predictability: a problem partly solved, ECMWF Seminar on Predictability 1, 1;
/// E. N. Lorenz, K. A. Emanuel (1998), doi:10.1175/1520-0469(1998)055<0399:OSFSWO>2.0.CO;2.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Forcing F; chaotic at 8.
    #[serde(rename = "F")]
    pub forcing: f64,
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
        Params { forcing: 8.0, dt: 0.05, substeps: 1, transient: 20.0, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Lorenz96 {
    params: Params,
    orbit: Orbit,
    origin: Origin,
    shape: Shape,
}

impl Model for Lorenz96 {
    const NAME: &'static str = "lorenz96";
    const FAMILY: &'static str = "flows";
    const SHAPE: Shape = Shape::of(40, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.finite("F", params.forcing);
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems);
        let origin = Origin::new(params.x0.as_ref(), shape, problems);
        let (orbit, origin) = (orbit?, origin?);
        problems.is_empty().then_some(Lorenz96 { params, orbit, origin, shape })
    }

    fn facts(&self) -> Facts {
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .state_bytes(32 * self.shape.slab())
            .cost((2.2 + 60.0 / self.shape.slab() as f64) * f64::from(self.params.substeps))
            .interventions()
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let seen = Seen { channels: self.shape.channels(), realizations: realizations.len() };
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![0.0; seen.channels * seen.realizations];
            rng.fill_normal(self.params.forcing, 1.0, &mut x);
            x
        });
        let flow = Latitude { forcing: self.params.forcing, row: seen.realizations, columns };
        Box::new(Flowing::new(flow, seen, self.orbit.stepping(), x, Vec::new(), rng))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        truth.scalar("F", self.params.forcing);
        truth.graph("adjacency", adjacency(self.shape.channels()));
        truth
    }
}

/// Each place is acted on by the next one and by the two before it, as far as these are others. Of three places the
/// next one is also the second one before, and the difference of both is nothing.
fn adjacency(nodes: usize) -> Graph {
    if nodes == 3 {
        return Graph::Edges { nodes, edges: Vec::new() };
    }
    let mut edges = Vec::with_capacity(3 * nodes);
    for from in 0..nodes {
        // As many steps further on is the place that is acted on: nodes - 1 is one back.
        let mut steps = [(nodes - 1) % nodes, 1 % nodes, 2 % nodes].map(|step| (from + step) % nodes);
        steps.sort_unstable();
        for (k, to) in steps.into_iter().enumerate() {
            if to != from && (k == 0 || steps[k - 1] != to) {
                edges.push(Edge { from, to, lag: 0, weight: 1.0 });
            }
        }
    }
    Graph::Edges { nodes, edges }
}

struct Latitude {
    forcing: f64,
    /// Values of a channel: its realizations.
    row: usize,
    columns: Columns,
}

impl Flow for Latitude {
    #[inline(always)]
    fn slope(&mut self, _t: f64, x: &[f64], slope: &mut [f64]) {
        let (row, all) = (self.row, x.len());
        let channels = all / row;
        // Where the circle closes, row by row; all others in one pass, as their neighbours are a row off.
        let inner = if channels < 4 { 0..0 } else { 2..channels - 1 };
        for m in (0..inner.start).chain(inner.end..channels) {
            let next = (m + 1) % channels * row;
            let before = (m + channels - 1) % channels * row;
            let second = (m + 2 * channels - 2) % channels * row;
            for r in 0..row {
                slope[m * row + r] =
                    (x[next + r] - x[second + r]) * x[before + r] - x[m * row + r] + self.forcing;
            }
        }
        if inner.is_empty() {
            return;
        }
        let slope = &mut slope[2 * row..all - row];
        let (next, before) = (&x[3 * row..], &x[row..all - 2 * row]);
        let (second, own) = (&x[..all - 3 * row], &x[2 * row..all - row]);
        for ((((slope, next), before), second), own) in
            slope.iter_mut().zip(next).zip(before).zip(second).zip(own)
        {
            *slope = (next - second) * before - own + self.forcing;
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
    fn each_place_is_acted_on_by_three_others() {
        let Graph::Edges { edges, .. } = adjacency(6) else { panic!("edges") };
        assert_eq!(edges.len(), 18);
        let on_0: Vec<usize> = edges.iter().filter(|edge| edge.to == 0).map(|edge| edge.from).collect();
        assert_eq!(on_0, [1, 4, 5]);
        assert!(edges.is_sorted_by_key(|edge| (edge.from, edge.to)));
        for (nodes, count) in [(1, 0), (2, 2), (3, 0), (4, 12)] {
            let Graph::Edges { edges, .. } = adjacency(nodes) else { panic!("edges") };
            assert_eq!(edges.len(), count, "{nodes}");
        }
    }
}
