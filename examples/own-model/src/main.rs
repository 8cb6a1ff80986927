//! A model of one's own, and a command with every verb of `mts` that knows it.
//!
//! ```sh
//! cargo run -- show telegraph
//! cargo run -- generate telegraph.yaml --out data
//! cargo run -- verify data
//! ```

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A random telegraph: every channel jumps between -1 and 1.
///
/// In each step a channel jumps with probability `rate`, independently of all others; it starts at
/// -1 or 1 with equal chances. Autocorrelation (1 - 2 rate)^lag.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Params {
    /// Probability of a jump per step, from 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    rate: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { rate: 0.1 }
    }
}

struct Telegraph {
    rate: f64,
    shape: Shape,
}

impl Model for Telegraph {
    const NAME: &'static str = "telegraph";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.within("rate", params.rate, 0.0, 1.0);
        problems.is_empty().then_some(Telegraph { rate: params.rate, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps).attribute("rate", self.rate).state_bytes(8 * self.shape.slab())
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let width = self.shape.channels() * realizations.len();
        let state = (0..width).map(|_| if rng.random() < 0.5 { -1.0 } else { 1.0 }).collect();
        let total = self.shape.realizations();
        Box::new(Jumps { rate: self.rate, state, rng, realizations, total, started: false })
    }

    fn truth(&self, _: &()) -> Truth {
        Truth::default()
    }
}

struct Jumps {
    rate: f64,
    state: Vec<f64>,
    rng: Rng,
    realizations: Range<usize>,
    total: usize,
    started: bool,
}

impl Process for Jumps {
    fn fill(&mut self, steps: &mut [f64]) {
        for slab in steps.chunks_exact_mut(self.state.len()) {
            if self.started {
                for x in &mut self.state {
                    *x = if self.rng.random() < self.rate { -*x } else { *x };
                }
            }
            self.started = true;
            slab.copy_from_slice(&self.state);
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.state);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.state)?;
        self.started = saved.flag()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let channels = self.state.len() / self.realizations.len();
        truth.columns("initial_state", &[channels], self.total, self.realizations.clone(), &self.state);
    }
}

fn main() -> ExitCode {
    mts_cli::run(mts_models::registry().with::<Telegraph>(), std::env::args_os())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_contract() {
        let registry = mts_core::Registry::default().with::<Telegraph>();
        let entry = registry.get("telegraph").expect("just added");
        mts_core::contract::check(entry, &serde_json::json!({ "rate": 0.3 }), Shape::of(3, 60, 2));
    }
}
