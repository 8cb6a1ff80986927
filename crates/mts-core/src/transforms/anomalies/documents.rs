//! Anomalies as documents have them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::place::Place;

/// A kind of anomaly: its own fields, and those that say where they are.
macro_rules! placed {
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$note])* pub $field: $type,)*
            /// The expected share of steps at which one begins, of each channel and realization: at most
            /// one in the length and the gap. Instead of `at`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(range(min = 0.0, max = 1.0))]
            pub rate: Option<f64>,
            /// The steps at which they begin, in all channels and realizations, counted from 0. Instead of
            /// `rate`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub at: Option<Vec<usize>>,
            /// Steps that are left as they are between two of them, at least.
            #[serde(default)]
            pub gap: usize,
            /// The channels that they are in, counted from 0; all where not given.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub channels: Option<Vec<usize>>,
        }

        impl $name {
            pub(super) fn place(&self, length: usize) -> Place<'_> {
                Place {
                    rate: self.rate,
                    at: self.at.as_deref(),
                    length,
                    gap: self.gap,
                    channels: self.channels.as_deref(),
                }
            }
        }
    };
}

placed! {
    /// One value is moved. See [`Anomalies::Spike`](super::Anomalies::Spike).
    Spike {
        /// By how much, above 0.
        #[schemars(extend("exclusiveMinimum" = 0.0))]
        size: f64,
        /// Upwards or downwards.
        #[serde(default)]
        sign: Sign,
    }
}

placed! {
    /// The level is moved for some steps. See [`Anomalies::LevelShift`](super::Anomalies::LevelShift).
    LevelShift {
        /// Steps that it lasts, at least 1.
        #[schemars(range(min = 1))]
        length: usize,
        /// By how much, above 0.
        #[schemars(extend("exclusiveMinimum" = 0.0))]
        size: f64,
        /// Upwards or downwards.
        #[serde(default)]
        sign: Sign,
    }
}

placed! {
    /// A slope is added for some steps. See [`Anomalies::Trend`](super::Anomalies::Trend).
    Trend {
        /// Steps that it lasts, at least 1.
        #[schemars(range(min = 1))]
        length: usize,
        /// What its last step adds, above 0.
        #[schemars(extend("exclusiveMinimum" = 0.0))]
        size: f64,
        /// Upwards or downwards.
        #[serde(default)]
        sign: Sign,
    }
}

placed! {
    /// Deviations grow or shrink for some steps. See [`Anomalies::Variance`](super::Anomalies::Variance).
    Variance {
        /// Steps that it lasts, at least 1.
        #[schemars(range(min = 1))]
        length: usize,
        /// Times how much, at least 0.
        #[schemars(range(min = 0.0))]
        factor: f64,
    }
}

placed! {
    /// The last value is held for some steps. See [`Anomalies::Flatline`](super::Anomalies::Flatline).
    Flatline {
        /// Steps that it lasts, at least 1.
        #[schemars(range(min = 1))]
        length: usize,
    }
}

placed! {
    /// Two channels exchange their values for some steps. See [`Anomalies::Swap`](super::Anomalies::Swap).
    Swap {
        /// Steps that it lasts, at least 1.
        #[schemars(range(min = 1))]
        length: usize,
    }
}

placed! {
    /// A shape is added to the values of some steps, or replaces them. See [`Anomalies::Pattern`](super::Anomalies::Pattern).
    Pattern {
        /// Steps that it lasts, at least 1.
        #[schemars(range(min = 1))]
        length: usize,
        /// The shape: the name of a wave, or a list of values, which is repeated.
        shape: PatternShape,
        /// Times how much, above 0.
        #[serde(default = "one")]
        #[schemars(extend("exclusiveMinimum" = 0.0))]
        amplitude: f64,
        /// Steps per period of a wave, above 0; the whole length where not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(extend("exclusiveMinimum" = 0.0))]
        period: Option<f64>,
        /// Whether it is added or replaces the values.
        #[serde(default)]
        mode: Mode,
        /// Upwards or downwards.
        #[serde(default)]
        sign: Sign,
    }
}

fn one() -> f64 {
    1.0
}

/// Upwards or downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Either, as likely.
    #[default]
    Random,
    /// Upwards: +.
    Up,
    /// Downwards: -.
    Down,
}

impl Sign {
    /// `size` with this sign, or that of chance.
    pub(super) fn of(self, size: f64, up: bool) -> f64 {
        let up = match self {
            Sign::Random => up,
            Sign::Up => true,
            Sign::Down => false,
        };
        if up { size } else { -size }
    }
}

/// What a pattern does to the values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It is added to them.
    #[default]
    Add,
    /// It replaces them.
    Replace,
}

/// The shape of a pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum PatternShape {
    /// A wave.
    Wave(Wave),
    /// These values, over and over.
    Values(Vec<f64>),
}

/// A function of period 1 between -1 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wave {
    /// sin(2π u)
    Sine,
    /// 2 u - 1
    Sawtooth,
    /// 1 in the first half, -1 in the second.
    Square,
}

impl Wave {
    /// At `u` in 0..1.
    pub(in crate::transforms) fn at(self, u: f64) -> f64 {
        match self {
            Wave::Sine => mts_rng::math::sin(std::f64::consts::TAU * u),
            Wave::Sawtooth => 2.0 * u - 1.0,
            Wave::Square => {
                if u < 0.5 {
                    1.0
                } else {
                    -1.0
                }
            }
        }
    }

    pub(in crate::transforms) fn name(self) -> &'static str {
        match self {
            Wave::Sine => "sine",
            Wave::Sawtooth => "sawtooth",
            Wave::Square => "square",
        }
    }

    pub(in crate::transforms) fn named(name: &str) -> Option<Self> {
        [Wave::Sine, Wave::Sawtooth, Wave::Square].into_iter().find(|wave| wave.name() == name)
    }
}
