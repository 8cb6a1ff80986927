//! Hénon's map.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("henon").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [1.1951467042975843, -0.08142386024860075, -1.081149762959329]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Channels, Facts, Model, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::iterate::{Iterated, Map};
use crate::initial::Origin;

/// Hénon's map of the plane: folded sheets of chaos, and the textbook example of a strange attractor.
///
/// x' = 1 - a x² + y, y' = b x. The first value is the initial state, after the transient. Areas shrink by |b| in each
/// step. With a = 1.4, b = 0.3 the largest Lyapunov exponent is 0.419 per step: two copies that differ by
/// rounding are independent after about 90 steps, so that nothing but the same engine reproduces long runs.
///
/// Beyond |x| = (1 + |b| + √((1 + |b|)² + 4a)) / 2a orbits may leave for infinity. Parameters and initial
/// states whose orbits leave within 1000 steps are refused; of drawn states, the corners of their square are tried.
/// An orbit that leaves later is reported as not finite.
///
/// Draws: where `x0` is not given, two numbers per realization, uniform on [-0.1, 0.1): the square lies within the
/// basin of the classical parameters.
///
/// Channels: x, y, without unit.
///
/// References: M. Hénon (1976), doi:10.1007/BF01608556; the exponent: J. C. Sprott (2003), Chaos and Time-Series
/// Analysis, Oxford.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Strength of the fold a, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub a: f64,
    /// Share of an area that a step keeps, b, from -1 to 1; positive ones mirror it too.
    #[schemars(range(min = -1.0, max = 1.0))]
    pub b: f64,
    /// Steps that are made and thrown away before the first one.
    pub transient: u32,
    /// Where the transient starts: two numbers (x, y), or a matrix of one column per realization. Drawn where not
    /// given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params { a: 1.4, b: 0.3, transient: 100, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Henon {
    params: Params,
    origin: Origin,
    shape: Shape,
}

/// Steps within which an orbit must not leave.
const TRIED: u32 = 1000;

/// Half the side of the square of drawn states.
const SIDE: f64 = 0.1;

impl Model for Henon {
    const NAME: &'static str = "henon";
    const FAMILY: &'static str = "maps";
    const CHANNELS: Channels = Channels::Named(&["x", "y"]);
    const SHAPE: Shape = Shape::of(2, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("a", params.a);
        problems.within("b", params.b, -1.0, 1.0);
        let origin = Origin::new(params.x0.as_ref(), shape, problems)?;
        if !problems.is_empty() {
            return None;
        }
        let (a, b) = (params.a, params.b);
        match &params.x0 {
            Some(x0) => {
                let (xs, ys) = x0.data().split_at(x0.data().len() / 2);
                let leaving = xs.iter().zip(ys).find_map(|(x, y)| escape(a, b, *x, *y).map(|n| (x, y, n)));
                if let Some((x, y, steps)) = leaving {
                    let found = format_args!("({x}, {y}), which leaves after {steps} steps");
                    problems.require("x0", false, "start orbits that stay", found);
                }
            }
            None => {
                let square = [(-SIDE, -SIDE), (-SIDE, SIDE), (SIDE, -SIDE), (SIDE, SIDE), (0.0, 0.0)];
                let leaving = square.into_iter().find_map(|(x, y)| escape(a, b, x, y));
                if let Some(steps) = leaving {
                    let found =
                        format_args!("{a}: with b = {b}, orbits from around 0 leave after {steps} steps");
                    problems.require("a", false, "let orbits stay", found);
                }
            }
        }
        problems.is_empty().then_some(Henon { params, origin, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps)
            .state_bytes(24 * self.shape.slab())
            .unseen(self.params.transient as usize)
            .cost(0.6 + 8.0 / self.shape.slab() as f64)
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let count = realizations.len();
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![0.0; 2 * count];
            rng.fill_uniform(-SIDE, SIDE, &mut x);
            x
        });
        let Params { a, b, transient, .. } = self.params;
        Box::new(Iterated::new(Fold { a, b }, x, transient, columns))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        truth.scalar("a", self.params.a);
        truth.scalar("b", self.params.b);
        truth
    }
}

/// After how many steps an orbit is beyond what can stay, if it is soon.
fn escape(a: f64, b: f64, mut x: f64, mut y: f64) -> Option<u32> {
    let width = 1.0 + b.abs();
    let bound = (width + (width * width + 4.0 * a).sqrt()) / (2.0 * a);
    for steps in 0..TRIED {
        // Orbits beyond the bound may come back once; ten times as far out they do not.
        if x.abs() > 10.0 * bound {
            return Some(steps);
        }
        (x, y) = (1.0 - a * x * x + y, b * x);
    }
    None
}

struct Fold {
    a: f64,
    b: f64,
}

impl Map for Fold {
    #[inline(always)]
    fn step(&mut self, x: &mut [f64]) {
        let (x, y) = x.split_at_mut(x.len() / 2);
        for (x, y) in x.iter_mut().zip(y) {
            let next = 1.0 - self.a * *x * *x + *y;
            *y = self.b * *x;
            *x = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn orbits_that_leave_are_refused() {
        let refused = |params: serde_json::Value| {
            let mut problems = Problems::default();
            let params = serde_json::from_value(params).unwrap();
            assert!(Henon::new(params, Shape::of(2, 5, 1), &mut problems).is_none());
            problems.to_string()
        };
        let parameters = refused(json!({ "a": 2.0 }));
        assert!(parameters.contains("\"a\" must let orbits stay, found 2: with b = 0.3"), "{parameters}");
        let state = refused(json!({ "x0": [2.0, 1.0] }));
        assert!(state.contains("\"x0\" must start orbits that stay, found (2, 1), which leaves"), "{state}");
        assert!(refused(json!({ "b": 1.1 })).contains("\"b\" must lie in [-1, 1]"));
    }
}
