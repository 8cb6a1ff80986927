//! From values to positions.

use super::dates;
use super::ticks::{self, Ticks};

/// What the positions along an axis stand for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scale {
    /// Numbers.
    Linear,
    /// Positive numbers, by their logarithm.
    Log,
    /// Microseconds since 1970.
    Dates,
    /// Whole numbers, whose ticks are whole.
    Counts,
    /// Places with names, the first around 0.
    Names(Vec<String>),
}

/// An axis: its name, scale and range.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    pub(crate) label: String,
    scale: Scale,
    from: f64,
    to: f64,
}

impl Axis {
    /// An axis from `from` to `to`; a range without width is widened.
    pub(crate) fn new(label: impl Into<String>, scale: Scale, from: f64, to: f64) -> Self {
        let (from, to) = match &scale {
            Scale::Log => widen(libm::log10(from), libm::log10(to), 0.5),
            Scale::Dates => widen(from, to, 0.5e6),
            Scale::Linear | Scale::Counts | Scale::Names(_) => widen(from, to, 0.5),
        };
        Axis { label: label.into(), scale, from, to }
    }

    /// An axis of cells, each around its place, with a name.
    pub(crate) fn names(label: impl Into<String>, names: Vec<String>) -> Self {
        let to = names.len() as f64 - 0.5;
        Axis::new(label, Scale::Names(names), -0.5, to)
    }

    /// With room beyond both ends, a share of the range.
    pub(crate) fn with_room(mut self, share: f64) -> Self {
        // Halves first: the range of the largest numbers is no number.
        let room = (self.to / 2.0 - self.from / 2.0) * 2.0 * share;
        self.from = (self.from - room).max(f64::MIN / 2.0);
        self.to = (self.to + room).min(f64::MAX / 2.0);
        self
    }

    /// Where `value` is: 0 at the beginning, 1 at the end.
    pub(crate) fn share(&self, value: f64) -> f64 {
        let value = if matches!(self.scale, Scale::Log) { libm::log10(value) } else { value };
        (value / 2.0 - self.from / 2.0) / (self.to / 2.0 - self.from / 2.0)
    }

    /// About `count` ticks.
    pub(crate) fn ticks(&self, count: usize) -> Ticks {
        match &self.scale {
            Scale::Linear => ticks::linear(self.from, self.to, count),
            Scale::Counts => ticks::whole(self.from, self.to, count),
            Scale::Log => ticks::log(self.from, self.to, count),
            Scale::Dates => dates::ticks(self.from, self.to, count),
            Scale::Names(names) => ticks::names(names, count),
        }
    }
}

fn widen(from: f64, to: f64, by: f64) -> (f64, f64) {
    let from = from.clamp(f64::MIN / 2.0, f64::MAX / 2.0);
    let to = to.clamp(f64::MIN / 2.0, f64::MAX / 2.0);
    // What 53 bits cannot tell apart has no ticks either.
    let least = from.abs().max(to.abs()) * 1e-13;
    if to - from > least {
        return (from, to);
    }
    let middle = from / 2.0 + to / 2.0;
    let by = by.max(middle.abs() * 1e-3);
    (middle - by, middle + by)
}
