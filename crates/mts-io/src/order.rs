//! The order of rows: time, then channel, then realization.

use std::fmt;

use mts_core::{Shape, Time, TimeAxis};

use crate::IoError;
use crate::times::{Times, same};

/// What identifies a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) time: Time,
    pub(crate) channel: i64,
    pub(crate) realization: i64,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(time {}, channel {}, realization {})", self.time, self.channel, self.realization)
    }
}

/// Walks the rows of a table, checks their order, and learns the sizes that are not known.
pub(crate) struct Order {
    realizations: Option<usize>,
    channels: Option<usize>,
    times: Times,
    /// Step, channel and realization of the row before.
    at: Option<[usize; 3]>,
}

impl Order {
    pub(crate) fn unknown() -> Self {
        Order { realizations: None, channels: None, times: Times::unknown(), at: None }
    }

    /// Where the axis alone is to be learned.
    pub(crate) fn sized(shape: Shape) -> Self {
        let (realizations, channels) = (Some(shape.realizations()), Some(shape.channels()));
        Order { realizations, channels, ..Order::unknown() }
    }

    pub(crate) fn known(shape: Shape, time: TimeAxis) -> Self {
        Order { times: Times::known(time), ..Order::sized(shape) }
    }

    /// Takes the next row; the error says what was expected.
    #[inline]
    pub(crate) fn row(&mut self, key: Key) -> Result<(), String> {
        let next = self.next(key);
        let [step, channel, realization] = next;
        let expected = |time| {
            let expected = Key { time, channel: channel as i64, realization: realization as i64 };
            format!("found {key}, expected {expected}")
        };
        let is_new = self.at.is_none_or(|[before, ..]| step != before);
        if is_new {
            self.times.take(key.time).map_err(expected)?;
        } else if let Some(time) = self.times.at().filter(|time| !same(*time, key.time)) {
            return Err(expected(time));
        }
        if (key.channel, key.realization) != (channel as i64, realization as i64) {
            return Err(expected(key.time));
        }
        if let Some([before, channel_before, realization_before]) = self.at {
            if step != before || channel != channel_before {
                self.realizations = self.realizations.or(Some(realization_before + 1));
            }
            if step != before {
                self.channels = self.channels.or(Some(channel_before + 1));
            }
        }
        self.at = Some(next);
        Ok(())
    }

    /// The place after the last one; where several are possible, the one that `key` asks for.
    fn next(&self, key: Key) -> [usize; 3] {
        let Some([step, channel, realization]) = self.at else { return [0, 0, 0] };
        let full = self.realizations.map(|n| realization + 1 == n);
        if !full.unwrap_or(key.realization == 0) {
            return [step, channel, realization + 1];
        }
        let full = self.channels.map(|n| channel + 1 == n);
        if !full.unwrap_or(key.channel == 0) {
            return [step, channel + 1, 0];
        }
        [step + 1, 0, 0]
    }

    /// The sizes and the axis, after the last row.
    pub(crate) fn finish(&self) -> Result<(Shape, TimeAxis), IoError> {
        let Some([step, channel, realization]) = self.at else {
            return Err(IoError::damaged("there are no rows"));
        };
        let realizations = self.realizations.unwrap_or(realization + 1);
        let channels = self.channels.unwrap_or(channel + 1);
        if (channel + 1, realization + 1) != (channels, realizations) {
            return Err(IoError::damaged(format!(
                "the last step ends at channel {channel}, realization {realization}; each step has {channels} \
                 channels and {realizations} realizations"
            )));
        }
        let shape = Shape::new(channels, step + 1, realizations);
        let shape = shape.map_err(|error| IoError::damaged(error.to_string()))?;
        Ok((shape, self.times.axis()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(time: i64, channel: i64, realization: i64) -> Key {
        Key { time: Time::Step(time), channel, realization }
    }

    fn learn(rows: impl IntoIterator<Item = Key>) -> Result<(Shape, TimeAxis), String> {
        let mut order = Order::unknown();
        for row in rows {
            order.row(row)?;
        }
        order.finish().map_err(|error| error.to_string())
    }

    #[test]
    fn learns_every_small_shape() {
        for (m, t, r) in (0..64).map(|i| (i % 4 + 1, i / 4 % 4 + 1, i / 16 + 1)) {
            let rows = (0..m * t * r).map(|i| key(i / (m * r), i / r % m, i % r));
            let shape = Shape::of(m as usize, t as usize, r as usize);
            assert_eq!(learn(rows), Ok((shape, TimeAxis::Steps)));
        }
    }

    #[test]
    fn refuses_other_orders() {
        assert!(learn([]).is_err());
        assert!(learn([key(1, 0, 0)]).is_err());
        assert!(learn([key(0, 0, 0), key(0, 0, 0)]).is_err());
        assert!(learn([key(0, 0, 0), key(0, 0, 2)]).is_err());
        assert!(learn([key(0, 0, 0), key(2, 0, 0)]).is_err());
        assert!(learn([key(0, 0, 0), key(0, 1, 0), key(1, 0, 0)]).unwrap_err().contains("the last step"));
        assert!(learn([key(0, 0, 0), key(0, 0, 1), key(1, 0, 0), key(2, 0, 0)]).is_err());
        let mut seconds = Order::unknown();
        for (time, good) in [(0.0, true), (0.1, true), (0.2, true), (0.3, false)] {
            let row = Key { time: Time::Second(time), channel: 0, realization: 0 };
            assert_eq!(seconds.row(row).is_ok(), good, "{time}");
        }
    }
}
