//! Stretches in which a series is not as it should be.

mod additive;
mod documents;
mod held;
mod place;
mod swap;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::additive::{Additive, What};
use self::held::{Held, How};
use self::place::Place;
use self::swap::Swapped;
use super::added::{LEVEL_SHIFT, SPIKE, TREND, Template};
use super::effect::Spoil;
use super::select::Selection;
use crate::{Problems, Shape};

pub use self::documents::{
    Flatline, LevelShift, Mode, Pattern, PatternShape, Sign, Spike, Swap, Trend, Variance, Wave,
};

/// Stretches in which a channel of a realization is not as it should be, at random or given steps.
///
/// With `rate`, one begins at each step with that probability, independently on each (channel,
/// realization), but never while another of the same transform lasts, nor in the gap behind it; what would
/// last beyond the end is not begun. With `at`, one begins at each of those steps, in all channels and
/// realizations. Anomalies of several transforms may meet: they are done in the order of the list, and all
/// are labelled.
///
/// Each (channel, realization) has a generator of its own: other channels and realizations, selected or
/// not, change nothing there. Draws: one to begin with where there is a rate, then two per anomaly. Sizes
/// and signs move no anomaly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Anomalies {
    /// One value is moved: x' = x ± size.
    Spike(Spike),
    /// The level is moved for some steps: x' = x ± size.
    LevelShift(LevelShift),
    /// A slope is added for some steps: x' = x ± size · i / length at step i = 1, 2, …, length of it.
    Trend(Trend),
    /// Deviations grow or shrink for some steps: x' = x₀ + factor · (x - x₀), where x₀ is the value before the
    /// first of them (at the first step of all, that value itself). Labels tell x₀ as `level`.
    Variance(Variance),
    /// The last value is held for some steps: x' = x₀, the value before the first of them (at the first step
    /// of all, that value itself). Labels tell x₀ as `level`.
    Flatline(Flatline),
    /// Two channels exchange their values for some steps. The selected channels are taken in pairs, in the
    /// order of their list: the first with the second, the third with the fourth. Each pair of a
    /// realization is as one channel to `rate`; both are labelled, `with` the other.
    Swap(Swap),
    /// A shape s is added for some steps: x' = x ± amplitude · s(i), or replaces the values:
    /// x' = ± amplitude · s(i), at step i = 0, 1, …, length - 1 of it.
    Pattern(Pattern),
}

impl Anomalies {
    pub(super) fn check(&self, shape: Shape, path: &str, problems: &mut Problems) -> Option<Arc<dyn Spoil>> {
        let before = problems.len();
        let size = |key: &str, size: f64, problems: &mut Problems| {
            problems.positive(&format!("{path}.{key}"), size);
        };
        let what = match self {
            Anomalies::Spike(Spike { size: by, .. }) => {
                size("size", *by, problems);
                Some(What::Level { kind: SPIKE, size: *by })
            }
            Anomalies::LevelShift(LevelShift { size: by, .. }) => {
                size("size", *by, problems);
                Some(What::Level { kind: LEVEL_SHIFT, size: *by })
            }
            Anomalies::Trend(Trend { size: by, .. }) => {
                size("size", *by, problems);
                Some(What::Ramp { kind: TREND, size: *by })
            }
            Anomalies::Variance(Variance { factor, .. }) => {
                problems.non_negative(&format!("{path}.factor"), *factor);
                None
            }
            Anomalies::Pattern(pattern) => {
                size("amplitude", pattern.amplitude, problems);
                let template = template(pattern, path, problems);
                template.map(|template| What::Pattern {
                    template,
                    amplitude: pattern.amplitude,
                    replaces: pattern.mode == Mode::Replace,
                })
            }
            Anomalies::Flatline(_) | Anomalies::Swap(_) => None,
        };
        let place = self.place();
        let selection = Selection::new(place.channels, shape, path, problems);
        let law = place.law(shape, path, problems);
        let (selection, law) = (selection?, law?);
        let spoil: Arc<dyn Spoil> = match self {
            Anomalies::Variance(Variance { factor, .. }) => {
                Arc::new(Held { selection, law, how: How::Scale(*factor) })
            }
            Anomalies::Flatline(_) => Arc::new(Held { selection, law, how: How::Hold }),
            Anomalies::Swap(_) => Arc::new(Swapped::new(&selection, law, path, problems)?),
            Anomalies::Spike(Spike { sign, .. })
            | Anomalies::LevelShift(LevelShift { sign, .. })
            | Anomalies::Trend(Trend { sign, .. })
            | Anomalies::Pattern(Pattern { sign, .. }) => {
                Arc::new(Additive { selection, law, what: what?, sign: *sign })
            }
        };
        (problems.len() == before).then_some(spoil)
    }

    fn place(&self) -> Place<'_> {
        match self {
            Anomalies::Spike(of) => of.place(1),
            Anomalies::LevelShift(of) => of.place(of.length),
            Anomalies::Trend(of) => of.place(of.length),
            Anomalies::Variance(of) => of.place(of.length),
            Anomalies::Flatline(of) => of.place(of.length),
            Anomalies::Swap(of) => of.place(of.length),
            Anomalies::Pattern(of) => of.place(of.length),
        }
    }
}

fn template(pattern: &Pattern, path: &str, problems: &mut Problems) -> Option<Template> {
    let period = format!("{path}.period");
    match &pattern.shape {
        PatternShape::Wave(wave) => {
            let steps = pattern.period.unwrap_or(pattern.length as f64);
            problems.positive(&period, pattern.period.unwrap_or(1.0));
            Some(Template::Wave { wave: *wave, period: steps })
        }
        PatternShape::Values(values) => {
            if let Some(steps) = pattern.period {
                let rule = "be left out where shape lists values, which are repeated";
                problems.require(&period, false, rule, steps);
            }
            let shape = format!("{path}.shape");
            problems.require(&shape, !values.is_empty(), "list at least one value", "none");
            values.iter().for_each(|value| problems.finite(&shape, *value));
            (!values.is_empty()).then(|| Template::Values(values.as_slice().into()))
        }
    }
}
