//! What is added to values, step by step, and how it is read back from labels.

use std::f64::consts::TAU;
use std::sync::Arc;

use mts_hash::{Map, Value};
use mts_rng::math;

use super::anomalies::Wave;
use super::drift::Ramp;
use crate::Label;

pub(super) const SPIKE: &str = "spike";
pub(super) const LEVEL_SHIFT: &str = "level_shift";
pub(super) const TREND: &str = "trend";
pub(super) const PATTERN: &str = "pattern";
pub(super) const LINEAR: &str = "drift_linear";
pub(super) const SEASONAL: &str = "drift_seasonal";
pub(super) const SUDDEN: &str = "drift_sudden";
pub(super) const GRADUAL: &str = "drift_gradual";

/// What the transform that `label` tells of added to the values of `step`; `None` where it did something
/// else. Outside the label's steps it is 0.
///
/// The clean value is the spoilt one minus this, up to one rounding, as long as no other label covers it.
///
/// ```
/// use mts_core::transforms::added;
/// use mts_core::{Label, Map};
///
/// let details: Map = [("size", -3.0)].into_iter().collect();
/// let shift = Label { channel: Some(0), realization: Some(0), steps: 5..8, kind: "level_shift", details };
/// assert_eq!((added(&shift, 7), added(&shift, 8)), (Some(-3.0), Some(0.0)));
/// assert_eq!(added(&Label { kind: "flatline", ..shift }, 7), None);
/// ```
pub fn added(label: &Label, step: usize) -> Option<f64> {
    let added = Added::read(label)?;
    Some(if label.steps.contains(&step) { added.at(step) } else { 0.0 })
}

/// What is added, as a function of the step.
#[derive(Clone, Debug)]
pub(super) enum Added {
    Level(f64),
    /// Up to `size` at the last step before `until`, and from then on.
    Ramp {
        from: usize,
        until: usize,
        size: f64,
        ramp: Ramp,
    },
    Line {
        slope: f64,
    },
    Season {
        amplitude: f64,
        period: f64,
        phase: f64,
    },
    Pattern {
        start: usize,
        amplitude: f64,
        wave: Template,
    },
}

/// The form of a pattern.
#[derive(Clone, Debug)]
pub(super) enum Template {
    Wave {
        wave: Wave,
        period: f64,
    },
    /// Over and over.
    Values(Arc<[f64]>),
}

impl Added {
    pub(super) fn at(&self, step: usize) -> f64 {
        match self {
            Added::Level(size) => *size,
            Added::Ramp { from, until, size, ramp } => {
                if step < *from {
                    0.0
                } else if step + 1 >= *until {
                    *size
                } else {
                    size * ramp.at((step + 1 - from) as f64 / (until - from) as f64)
                }
            }
            Added::Line { slope } => slope * step as f64,
            Added::Season { amplitude, period, phase } => amplitude * math::sin(angle(step, *period, *phase)),
            Added::Pattern { start, amplitude, wave } => amplitude * wave.at(step - start),
        }
    }

    /// Fills with what is added at the steps from `first` on: as [`at`](Self::at), but faster.
    pub(super) fn fill(&self, first: usize, steps: &mut [f64]) {
        if let Added::Season { amplitude, period, phase } = self {
            steps.iter_mut().enumerate().for_each(|(i, x)| *x = angle(first + i, *period, *phase));
            math::sin_in_place(steps);
            steps.iter_mut().for_each(|x| *x *= amplitude);
        } else {
            steps.iter_mut().enumerate().for_each(|(i, x)| *x = self.at(first + i));
        }
    }

    /// From the details that [`details`](Self::details) wrote into a label.
    fn read(label: &Label) -> Option<Self> {
        let number = |key| label.details.get(key).and_then(Value::as_f64);
        let step = |key| label.details.get(key)?.as_int()?.to_u64().and_then(|step| step.try_into().ok());
        match label.kind {
            SPIKE | LEVEL_SHIFT | SUDDEN => Some(Added::Level(number("size")?)),
            TREND => {
                let (from, until) = (label.steps.start, label.steps.end);
                Some(Added::Ramp { from, until, size: number("size")?, ramp: Ramp::Linear })
            }
            GRADUAL => {
                let ramp = Ramp::named(label.details.get("ramp")?.as_str()?)?;
                Some(Added::Ramp { from: step("from")?, until: step("until")?, size: number("size")?, ramp })
            }
            LINEAR => Some(Added::Line { slope: number("slope")? }),
            SEASONAL => {
                let (period, phase) = (number("period")?, number("phase")?);
                Some(Added::Season { amplitude: number("amplitude")?, period, phase })
            }
            PATTERN if label.details.get("replaces").is_none() => {
                let (start, amplitude) = (label.steps.start, number("amplitude")?);
                Some(Added::Pattern { start, amplitude, wave: Template::read(&label.details)? })
            }
            _ => None,
        }
    }

    /// All that [`read`](Self::read) needs beside the kind and the steps.
    pub(super) fn details(&self) -> Map {
        let mut details = Map::new();
        match self {
            Added::Level(size) => drop(details.insert("size", *size)),
            // A trend's ramp is its steps.
            Added::Ramp { size, .. } => drop(details.insert("size", *size)),
            Added::Line { slope } => drop(details.insert("slope", *slope)),
            Added::Season { amplitude, period, phase } => {
                details.insert("amplitude", *amplitude);
                details.insert("period", *period);
                details.insert("phase", *phase);
            }
            Added::Pattern { amplitude, wave, .. } => {
                details.insert("amplitude", *amplitude);
                wave.tell(&mut details);
            }
        }
        details
    }
}

/// 2π step / period + phase, with whole turns left out.
fn angle(step: usize, period: f64, phase: f64) -> f64 {
    let turns = step as f64 / period;
    TAU * (turns - turns.floor()) + phase
}

impl Template {
    /// The step of this number within the pattern.
    pub(super) fn at(&self, step: usize) -> f64 {
        match self {
            Template::Wave { wave, period } => {
                let turns = step as f64 / period;
                wave.at(turns - turns.floor())
            }
            Template::Values(values) => values[step % values.len()],
        }
    }

    pub(super) fn tell(&self, details: &mut Map) {
        match self {
            Template::Wave { wave, period } => {
                details.insert("shape", wave.name());
                details.insert("period", *period);
            }
            Template::Values(values) => drop(details.insert("shape", values.to_vec())),
        }
    }

    fn read(details: &Map) -> Option<Self> {
        match details.get("shape")? {
            Value::Str(name) => {
                let period = details.get("period")?.as_f64()?;
                Some(Template::Wave { wave: Wave::named(name)?, period })
            }
            Value::List(values) if !values.is_empty() => {
                Some(Template::Values(values.iter().map(Value::as_f64).collect::<Option<_>>()?))
            }
            _ => None,
        }
    }
}
