//! Slow changes of the level.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use mts_hash::SeedSequence;

use super::added::{Added, GRADUAL, LINEAR, SEASONAL, SUDDEN};
use super::effect::{Effect, Spoil, block};
use super::select::Selection;
use crate::{Label, Problems, Shape};

/// A slow change of the level: x'(t) = x(t) + d(t), where t is the step, counted from 0. The same for all
/// realizations, and nothing of it is random.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Drift {
    /// d(t) = slope · t.
    Linear(LinearDrift),
    /// d(t) = amplitude · sin(2π t / period + phase).
    Seasonal(SeasonalDrift),
    /// d(t) = size from `at` on, 0 before.
    Sudden(SuddenDrift),
    /// d(t) = size · ramp(u), where u = (t + 1 - from) / (until - from) is cut to [0, 1].
    Gradual(GradualDrift),
}

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinearDrift {
    /// What each step adds.
    pub slope: f64,
    /// The channels that drift, counted from 0; all where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
}

/// A sine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeasonalDrift {
    /// The greatest value that is added.
    pub amplitude: f64,
    /// Steps per period, above 0; they need not be whole.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub period: f64,
    /// The angle at the first step, in radians.
    #[serde(default)]
    pub phase: f64,
    /// The channels that drift, counted from 0; all where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuddenDrift {
    /// The first step that is moved.
    pub at: usize,
    /// By how much.
    pub size: f64,
    /// The channels that drift, counted from 0; all where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
}

/// A ramp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradualDrift {
    /// The first step that is moved.
    pub from: usize,
    /// The step before this one is the first that is moved by all of `size`.
    pub until: usize,
    /// By how much.
    pub size: f64,
    /// How it grows.
    #[serde(default)]
    pub ramp: Ramp,
    /// The channels that drift, counted from 0; all where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
}

/// How something grows from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ramp {
    /// u
    #[default]
    Linear,
    /// 3 u² - 2 u³, which begins and ends slowly.
    Smooth,
}

impl Ramp {
    pub(super) fn at(self, u: f64) -> f64 {
        match self {
            Ramp::Linear => u,
            Ramp::Smooth => u * u * (3.0 - 2.0 * u),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Ramp::Linear => "linear",
            Ramp::Smooth => "smooth",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Ramp::Linear, Ramp::Smooth].into_iter().find(|ramp| ramp.name() == name)
    }
}

impl Drift {
    pub(super) fn check(
        &self,
        shape: Shape,
        path: &str,
        problems: &mut Problems,
    ) -> Option<impl Spoil + use<>> {
        let (before, of) = (problems.len(), |key: &str| format!("{path}.{key}"));
        let (channels, kind, first, added) = match self {
            Drift::Linear(LinearDrift { slope, channels }) => {
                problems.finite(&of("slope"), *slope);
                (channels, LINEAR, 0, Added::Line { slope: *slope })
            }
            Drift::Seasonal(SeasonalDrift { amplitude, period, phase, channels }) => {
                problems.finite(&of("amplitude"), *amplitude);
                problems.positive(&of("period"), *period);
                problems.finite(&of("phase"), *phase);
                let added = Added::Season { amplitude: *amplitude, period: *period, phase: *phase };
                (channels, SEASONAL, 0, added)
            }
            Drift::Sudden(SuddenDrift { at, size, channels }) => {
                let last = shape.steps() - 1;
                problems.require(&of("at"), *at <= last, format_args!("be a step in 0..={last}"), at);
                problems.finite(&of("size"), *size);
                (channels, SUDDEN, *at, Added::Level(*size))
            }
            Drift::Gradual(GradualDrift { from, until, size, ramp, channels }) => {
                let rule = format!("be above from = {from} and at most T = {}", shape.steps());
                problems.require(&of("until"), *until > *from && *until <= shape.steps(), rule, until);
                problems.finite(&of("size"), *size);
                let added = Added::Ramp { from: *from, until: *until, size: *size, ramp: *ramp };
                (channels, GRADUAL, *from, added)
            }
        };
        let selection = Selection::new(channels.as_deref(), shape, path, problems)?;
        (problems.len() == before).then_some(Drifting { selection, kind, first, added })
    }
}

/// A validated [`Drift`], running or not: nothing changes from step to step.
#[derive(Clone)]
struct Drifting {
    selection: Selection,
    kind: &'static str,
    /// Before this step nothing is added.
    first: usize,
    added: Added,
}

impl Spoil for Drifting {
    fn start(&self, _: &SeedSequence) -> Box<dyn Effect> {
        let steps = vec![0.0; block(self.selection.shape())];
        Box::new(Running { drift: self.clone(), steps })
    }

    fn memory(&self) -> u64 {
        8 * block(self.selection.shape()) as u64
    }
}

struct Running {
    drift: Drifting,
    /// What is added at each step of a block.
    steps: Vec<f64>,
}

impl Effect for Running {
    fn apply(&mut self, first: usize, slabs: &mut [f64], labels: &mut Vec<Label>) {
        let Drifting { selection, kind, first: from, added } = &self.drift;
        let slab = selection.shape().slab();
        let (end, before) = (first + slabs.len() / slab, from.saturating_sub(first));
        if let Some(slabs) = slabs.get_mut(before * slab..) {
            let steps = &mut self.steps[..slabs.len() / slab];
            added.fill(first + before, steps);
            add(selection, steps, slabs);
        }
        if end == selection.shape().steps() {
            let mut details = added.details();
            if let Added::Ramp { from, until, ramp, .. } = added {
                details.insert("from", *from);
                details.insert("until", *until);
                details.insert("ramp", ramp.name());
            }
            selection.throughout(kind, &(*from..end), &details, labels);
        }
    }

    fn reset(&mut self) {}
}

fn add(selection: &Selection, steps: &[f64], slabs: &mut [f64]) {
    let slab = selection.shape().slab();
    if slab == 1 {
        slabs.iter_mut().zip(steps).for_each(|(x, added)| *x += added);
        return;
    }
    for row in selection.rows() {
        for (slab, added) in slabs.chunks_exact_mut(slab).zip(steps) {
            slab[row.clone()].iter_mut().for_each(|x| *x += added);
        }
    }
}
