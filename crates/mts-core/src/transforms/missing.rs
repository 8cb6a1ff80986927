//! Values that are missing.

use mts_hash::{Map, SeedSequence};
use mts_rng::laws::Geometric;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::effect::{Effect, Spoil};
use super::select::Selection;
use super::spans::{Law, Spans};
use crate::{Label, Problems, Saved, Shape, State, StateError};

const KIND: &str = "missing";

/// Values that are missing: NaN. On each (channel, realization), a stationary Markov chain of two states
/// says which; runs of missing values are of geometric length.
///
/// Each (channel, realization) has a generator of its own: other channels and realizations, selected or
/// not, change nothing there. Draws: three per run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// The share of values that are missing on average, at least 0 and below 1.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1.0))]
    pub rate: f64,
    /// The mean length of a run of missing values, at least 1; 1 where no two follow each other. Where it is
    /// not given, each value is missing or not independently of all others: 1 / (1 - rate).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1.0))]
    pub burst: Option<f64>,
    /// The channels with missing values, counted from 0; all where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
}

impl Missing {
    pub(super) fn check(
        &self,
        shape: Shape,
        path: &str,
        problems: &mut Problems,
    ) -> Option<impl Spoil + use<>> {
        let (before, rate) = (problems.len(), self.rate);
        let valid = (0.0..1.0).contains(&rate);
        problems.require(&format!("{path}.rate"), valid, "be at least 0 and below 1", rate);
        let leave = self.burst.map_or(1.0 - rate, |burst| 1.0 / burst);
        if let Some(burst) = self.burst {
            let valid = burst.is_finite() && burst >= 1.0;
            problems.require(&format!("{path}.burst"), valid, "be at least 1", burst);
            let most = burst / (burst + 1.0);
            let rule =
                format_args!("be at most burst / (burst + 1) = {most:?}, as one value lies between runs");
            problems.require(&format!("{path}.rate"), !valid || rate <= most, rule, rate);
        }
        let selection = Selection::new(self.channels.as_deref(), shape, path, problems)?;
        if problems.len() > before {
            return None;
        }
        let chain = |enter: f64| {
            let (between, within) = (Geometric::new(enter.min(1.0)).ok()?, Geometric::new(leave).ok()?);
            Some(Law::Chain { rate, between, within })
        };
        // Rates below the least number that has an inverse never happen.
        let enter = if self.burst.is_some() { rate * leave / (1.0 - rate) } else { rate };
        Some(Gaps { selection, law: chain(enter).unwrap_or(Law::Never) })
    }
}

struct Gaps {
    selection: Selection,
    law: Law,
}

impl Spoil for Gaps {
    fn start(&self, seed: &SeedSequence) -> Box<dyn Effect> {
        Box::new(Running { spans: Spans::new(self.law.clone(), self.selection.clone(), seed) })
    }

    fn memory(&self) -> u64 {
        Spans::memory(&self.selection)
    }
}

struct Running {
    spans: Spans,
}

impl Effect for Running {
    fn apply(&mut self, first: usize, slabs: &mut [f64], labels: &mut Vec<Label>) {
        let shape = self.spans.shape();
        let slab = shape.slab();
        self.spans.visit(&(first..first + slabs.len() / slab), |selection, event| {
            let offset = selection.offset(event.lane);
            event.now.clone().for_each(|step| slabs[(step - first) * slab + offset] = f64::NAN);
            if event.ends(shape.steps()) {
                let steps = event.steps.start..event.now.end;
                labels.push(selection.label(event.lane, KIND, steps, Map::new()));
            }
        });
    }

    fn reset(&mut self) {
        self.spans.reset();
    }

    fn save(&self, state: &mut State) {
        self.spans.save(state);
    }

    fn restore(&mut self, _: usize, saved: &mut Saved<'_>) -> Result<(), StateError> {
        self.spans.restore(saved)
    }
}
