//! Lorenz' convection equations.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("lorenz63").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [11.635493823917281, 2.7200295021328404, 38.89391319670682]);
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

/// Lorenz' model of convection, the best known chaotic flow: two lobes, between which it jumps.
///
/// dx/dt = σ (y - x), dy/dt = x (ρ - z) - y, dz/dt = x y - β z. Integrated by the classical
/// Runge–Kutta method of order 4 with steps of dt / substeps; above about 0.03 s per Runge–Kutta step the
/// attractor is distorted, above 0.1 s values diverge. With σ = 10, ρ = 28, β = 8/3 the largest Lyapunov
/// exponent is 0.9056 per second: two copies that differ by rounding are independent after about
/// 40 s, so no other integrator gives the same values further on.
///
/// Draws: where `x0` is not given, three standard normals per realization around (0, 0, 25), of which the
/// transient leads onto the attractor.
///
/// Channels: x, y, z, without unit.
///
/// References: E. N. Lorenz (1963), doi:10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Prandtl number σ, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub sigma: f64,
    /// Rayleigh number ρ, relative to the onset of convection.
    pub rho: f64,
    /// Shape of the convection cells β, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub beta: f64,
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
        Params { sigma: 10.0, rho: 28.0, beta: 8.0 / 3.0, dt: 0.01, substeps: 1, transient: 20.0, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Lorenz63 {
    params: Params,
    orbit: Orbit,
    origin: Origin,
    shape: Shape,
}

impl Model for Lorenz63 {
    const NAME: &'static str = "lorenz63";
    const FAMILY: &'static str = "flows";
    const CHANNELS: Channels = Channels::Named(&["x", "y", "z"]);
    const SHAPE: Shape = Shape::of(3, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("sigma", params.sigma);
        problems.finite("rho", params.rho);
        problems.positive("beta", params.beta);
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems);
        let origin = Origin::new(params.x0.as_ref(), shape, problems);
        let (orbit, origin) = (orbit?, origin?);
        problems.is_empty().then_some(Lorenz63 { params, orbit, origin, shape })
    }

    fn facts(&self) -> Facts {
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .state_bytes(32 * self.shape.slab())
            .cost((1.4 + 39.0 / self.shape.slab() as f64) * f64::from(self.params.substeps))
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let count = realizations.len();
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![0.0; 3 * count];
            rng.fill_standard_normal(&mut x);
            x[2 * count..].iter_mut().for_each(|z| *z += 25.0);
            x
        });
        let Params { sigma, rho, beta, .. } = self.params;
        let flow = Lorenz { sigma, rho, beta, columns };
        let seen = Seen { channels: 3, realizations: count };
        Box::new(Flowing::new(flow, seen, self.orbit.stepping(), x, Vec::new(), rng))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        for (name, value) in
            [("sigma", self.params.sigma), ("rho", self.params.rho), ("beta", self.params.beta)]
        {
            truth.scalar(name, value);
        }
        truth
    }
}

struct Lorenz {
    sigma: f64,
    rho: f64,
    beta: f64,
    columns: Columns,
}

impl Flow for Lorenz {
    #[inline(always)]
    fn slope(&mut self, _t: f64, x: &[f64], slope: &mut [f64]) {
        let count = x.len() / 3;
        let (x, yz) = x.split_at(count);
        let (y, z) = yz.split_at(count);
        let (dx, dyz) = slope.split_at_mut(count);
        let (dy, dz) = dyz.split_at_mut(count);
        for r in 0..count {
            dx[r] = self.sigma * (y[r] - x[r]);
            dy[r] = x[r] * (self.rho - z[r]) - y[r];
            dz[r] = x[r] * y[r] - self.beta * z[r];
        }
    }

    fn truth(&self, initial: &[f64], truth: &mut Truth) {
        self.columns.tell(initial, truth);
    }
}
