//! The time coordinate.

use std::fmt;

use crate::{Instants, instants};

/// What the steps of a dataset stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TimeAxis {
    /// Counted steps 0, 1, 2, …, as integers: models in discrete time.
    Steps,
    /// Seconds 0, dt, 2·dt, …: models in continuous time.
    Seconds {
        /// Seconds from one step to the next.
        dt: f64,
    },
    /// Dates and times of day: where a document gives the axis a start and a frequency.
    Instants(Instants),
}

/// One coordinate of a [`TimeAxis`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Time {
    /// A step.
    Step(i64),
    /// Seconds since the first step.
    Second(f64),
    /// Microseconds since 1970-01-01T00:00:00 of the same calendar and clock.
    Instant(i64),
}

impl TimeAxis {
    /// The coordinate of `step`: `step` itself, `step · dt`, or a date.
    pub fn at(self, step: usize) -> Time {
        match self {
            TimeAxis::Steps => Time::Step(step as i64),
            TimeAxis::Seconds { dt } => Time::Second(step as f64 * dt),
            TimeAxis::Instants(instants) => Time::Instant(instants.at(step)),
        }
    }
}

impl Time {
    /// Reads a date such as `2024-01-01` or `2024-01-01T06:30:00.5`, without a zone.
    pub fn instant(text: &str) -> Option<Self> {
        Some(Time::Instant(instants::microseconds(instants::parse(text)?)))
    }

    /// The coordinate as a number: steps, seconds, or microseconds.
    pub fn as_f64(self) -> f64 {
        match self {
            Time::Step(whole) | Time::Instant(whole) => whole as f64,
            Time::Second(seconds) => seconds,
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Time::Step(step) => write!(f, "{step}"),
            Time::Second(seconds) => write!(f, "{seconds:?}"),
            Time::Instant(microseconds) => write!(f, "{}", instants::civil(*microseconds)),
        }
    }
}
