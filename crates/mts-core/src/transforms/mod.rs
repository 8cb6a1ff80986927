//! What a record can do to the values of a model, chunk by chunk, each step labelled.
//!
//! A list of [`Transform`]s is checked once, as [`Transforms`], and [applied](Transforms::apply) to any
//! source. First come those that *shape* the data (`burn_in`, `every`, `zscore`, `mixing`), then those that
//! *spoil* them (`drift`, `observation_noise`, `anomalies`, `clip`, `quantise`), last of all `missing`: with
//! any other order, labels would not tell sizes and steps of what comes out. Within that order, they are
//! done as they are listed.
//!
//! | transform | what comes out | labels |
//! |---|---|---|
//! | `burn_in` | the steps behind the first ones | the model's, shifted and cut |
//! | `every` | each so-manyth step | the model's, as far as they cover steps that are kept |
//! | `zscore` | (x - mean) / s along an axis | the model's |
//! | `mixing` | W x at each step | the model's, on its own channels |
//! | `drift` | x + d(t) | `drift_linear`, `drift_seasonal`, `drift_sudden`, `drift_gradual`: from the first step that is moved to the end |
//! | `observation_noise` | x + sigma · ε | `observation_noise`: all steps |
//! | `anomalies` | another value for some steps | `spike`, `level_shift`, `trend`, `variance`, `flatline`, `swap`, `pattern`: each of them |
//! | `clip` | a limit instead of values beyond | `clip`: each run of such values |
//! | `quantise` | the nearest level | `quantise`: all steps |
//! | `missing` | NaN | `missing`: each run |
//!
//! Labels have the steps of what comes out, and in their details the numbers that make them: sizes with
//! their signs, limits, levels. Those of all realizations, or all channels, name none.
//!
//! What spoils says so in labels, and [`added()`] gives back from them what was added. The same data before
//! that are [one call away](Transforms::apply_clean).
//!
//! ```
//! use mts_core::transforms::{Transforms, added};
//! use mts_core::{Dataset, Dtype, Head, Map, Problems, Shape, SlabSource, TimeAxis};
//! use mts_hash::SeedSequence;
//!
//! let list = serde_json::json!([
//!     { "every": 2 },
//!     { "anomalies": { "kind": "level_shift", "at": [3], "length": 2, "size": 5, "sign": "up" } },
//!     { "missing": { "rate": 0.2 } },
//! ]);
//! let mut problems = Problems::default();
//! let shape = Shape::new(1, 6, 1)?;
//! let transforms = Transforms::new(serde_json::from_value(list)?, shape, &mut problems);
//! let transforms = transforms.ok_or(problems)?;
//! assert_eq!(transforms.source_steps(), 12);
//!
//! // Any source of so many steps will do, such as a `Series`.
//! let head = Head {
//!     shape: transforms.source_shape(),
//!     time: TimeAxis::Seconds { dt: 0.5 },
//!     dtype: Dtype::F64,
//!     attributes: Map::new(),
//!     truth: None,
//! };
//! let model = Dataset::new(head, (0..12).map(f64::from).collect()).expect("12 values");
//! let mut source = transforms.apply(Box::new(model.clone().into_source()), &SeedSequence::new(2_u64));
//! assert_eq!(source.head().time, TimeAxis::Seconds { dt: 1.0 });
//! let spoilt = Dataset::collect(&mut *source)?;
//! assert_eq!(format!("{:?}", spoilt.values()), "[0.0, NaN, NaN, 11.0, 13.0, 10.0]");
//!
//! let mut labels = Vec::new();
//! source.labels(&mut labels);
//! assert_eq!((labels[1].kind, labels[1].steps.clone()), ("level_shift", 3..5));
//! let clean = Dataset::collect(&mut *transforms.apply_clean(Box::new(model.into_source())))?;
//! assert_eq!(added(&labels[1], 3).map(|added| spoilt.values()[3] - added), Some(clean.values()[3]));
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

mod added;
mod anomalies;
mod drift;
mod effect;
mod levels;
mod list;
mod missing;
mod mixing;
mod noise;
mod select;
mod spans;
mod structure;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ZscoreAxis;

pub use self::added::added;
pub use self::anomalies::{
    Anomalies, Flatline, LevelShift, Mode, Pattern, PatternShape, Sign, Spike, Swap, Trend, Variance, Wave,
};
pub use self::drift::{Drift, GradualDrift, LinearDrift, Ramp, SeasonalDrift, SuddenDrift};
pub use self::levels::{Clip, Quantise};
pub use self::list::Transforms;
pub use self::missing::Missing;
pub use self::mixing::Mixing;
pub use self::noise::{NoiseLaw, ObservationNoise};

/// One thing that is done to the values of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    /// Steps of the model that are thrown away before the first one; the time begins behind them. Labels
    /// are shifted and cut, but times and numbers in their details stay those of the model; the truth tells
    /// of the first state before them.
    BurnIn(usize),
    /// Keeps each so-manyth step, the first one included: at least 1. A step of seconds becomes so many
    /// times as long. Labels keep what is left of their steps, and what happens between two steps that are kept is
    /// told of the first of them, states that only hold there aside; lags in the truth stay those of the model.
    Every(#[schemars(range(min = 1))] usize),
    /// Mean 0 and standard deviation 1 along an axis: over the steps, channels or realizations.
    Zscore(ZscoreAxis),
    /// A linear mixture of the channels.
    Mixing(Mixing),
    /// A slow change of the level.
    Drift(Drift),
    /// Noise of observation.
    ObservationNoise(ObservationNoise),
    /// Stretches in which a channel is not as it should be.
    Anomalies(Anomalies),
    /// Limits.
    Clip(Clip),
    /// Levels at equal distances.
    Quantise(Quantise),
    /// Values that are missing.
    Missing(Missing),
}

impl Transform {
    /// The name in documents.
    pub fn name(&self) -> &'static str {
        match self {
            Transform::BurnIn(_) => "burn_in",
            Transform::Every(_) => "every",
            Transform::Zscore(_) => "zscore",
            Transform::Mixing(_) => "mixing",
            Transform::Drift(_) => "drift",
            Transform::ObservationNoise(_) => "observation_noise",
            Transform::Anomalies(_) => "anomalies",
            Transform::Clip(_) => "clip",
            Transform::Quantise(_) => "quantise",
            Transform::Missing(_) => "missing",
        }
    }

    fn rank(&self) -> Rank {
        match self {
            Transform::BurnIn(_) | Transform::Every(_) | Transform::Zscore(_) | Transform::Mixing(_) => {
                Rank::Shapes
            }
            Transform::Missing(_) => Rank::Removes,
            _ => Rank::Spoils,
        }
    }
}

/// What has to come before what.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Shapes,
    Spoils,
    Removes,
}
