//! Rössler's band.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("rossler").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [8.484745889552, 0.5012076787952212, 1.5410061686089078]);
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

/// Rössler's flow: a spiral that folds back onto itself, chaos with one clear rhythm.
///
/// dx/dt = -y - z, dy/dt = x + a y, dz/dt = b + z (x - c). Integrated by the classical Runge–Kutta method
/// of order 4 with steps of dt / substeps; above about 0.1 s per Runge–Kutta step the peaks of z are distorted.
/// With a = b = 0.2, c = 5.7 the largest Lyapunov exponent is 0.0714 per second and a turn takes about 5.9 s: two
/// copies that differ by rounding are independent after about 500 s, so no other integrator gives the same
/// values further on. Other parameters have cycles, or orbits that escape: values beyond all bounds are reported
/// as not finite.
///
/// Draws: where `x0` is not given, three standard normals per realization, from which the transient leads onto
/// the attractor.
///
/// Channels: x, y, z, without unit.
///
/// References: O. E. Rössler (1976), doi:10.1016/0375-9601(76)90101-8; the exponent: J. C. Sprott (2003), Chaos and
/// Time-Series Analysis, Oxford.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Growth of the spiral a per second.
    pub a: f64,
    /// Source of z, b.
    pub b: f64,
    /// Value of x above which z grows, c.
    pub c: f64,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Runge–Kutta steps within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32,
    /// Seconds that are integrated and thrown away before the first step, at least 0.
    #[schemars(range(min = 0.0))]
    pub transient: f64,
    /// Where the transient starts: three numbers (x, y, z), or a matrix of one column per realization. Drawn
    /// where not given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params { a: 0.2, b: 0.2, c: 5.7, dt: 0.05, substeps: 1, transient: 200.0, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Rossler {
    params: Params,
    orbit: Orbit,
    origin: Origin,
    shape: Shape,
}

impl Model for Rossler {
    const NAME: &'static str = "rossler";
    const FAMILY: &'static str = "flows";
    const CHANNELS: Channels = Channels::Named(&["x", "y", "z"]);
    const SHAPE: Shape = Shape::of(3, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        for (name, value) in [("a", params.a), ("b", params.b), ("c", params.c)] {
            problems.finite(name, value);
        }
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems);
        let origin = Origin::new(params.x0.as_ref(), shape, problems);
        let (orbit, origin) = (orbit?, origin?);
        problems.is_empty().then_some(Rossler { params, orbit, origin, shape })
    }

    fn facts(&self) -> Facts {
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .state_bytes(32 * self.shape.slab())
            .cost((1.4 + 39.0 / self.shape.slab() as f64) * f64::from(self.params.substeps))
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let seen = Seen { channels: 3, realizations: realizations.len() };
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![0.0; 3 * seen.realizations];
            rng.fill_standard_normal(&mut x);
            x
        });
        let Params { a, b, c, .. } = self.params;
        let flow = Band { a, b, c, columns };
        Box::new(Flowing::new(flow, seen, self.orbit.stepping(), x, Vec::new(), rng))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        for (name, value) in [("a", self.params.a), ("b", self.params.b), ("c", self.params.c)] {
            truth.scalar(name, value);
        }
        truth
    }
}

struct Band {
    a: f64,
    b: f64,
    c: f64,
    columns: Columns,
}

impl Flow for Band {
    #[inline(always)]
    fn slope(&mut self, _t: f64, x: &[f64], slope: &mut [f64]) {
        let count = x.len() / 3;
        let (x, yz) = x.split_at(count);
        let (y, z) = yz.split_at(count);
        let (dx, dyz) = slope.split_at_mut(count);
        let (dy, dz) = dyz.split_at_mut(count);
        for r in 0..count {
            dx[r] = -y[r] - z[r];
            dy[r] = x[r] + self.a * y[r];
            dz[r] = self.b + z[r] * (x[r] - self.c);
        }
    }

    fn truth(&self, initial: &[f64], truth: &mut Truth) {
        self.columns.tell(initial, truth);
    }
}
