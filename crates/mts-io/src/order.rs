//! The order of the long form: time, then channel, then realization.

use std::fmt;

use mts_core::{Shape, TimeAxis};

use crate::IoError;

/// A time coordinate as a file holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Time {
    Step(i64),
    Second(f64),
}

/// What identifies a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) time: Time,
    pub(crate) channel: i64,
    pub(crate) realization: i64,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Time::Step(step) => write!(f, "(time {step}")?,
            Time::Second(second) => write!(f, "(time {second:?}")?,
        }
        write!(f, ", channel {}, realization {})", self.channel, self.realization)
    }
}

/// Walks the rows of a long form, checks their order, and learns the sizes that are not known.
pub(crate) struct Order {
    realizations: Option<usize>,
    channels: Option<usize>,
    dt: Option<f64>,
    seconds: bool,
    /// Step, channel and realization of the row before.
    at: Option<[usize; 3]>,
}

impl Order {
    pub(crate) fn unknown(seconds: bool) -> Self {
        Order { realizations: None, channels: None, dt: None, seconds, at: None }
    }

    pub(crate) fn known(shape: Shape, time: TimeAxis) -> Self {
        let dt = if let TimeAxis::Seconds { dt } = time { Some(dt) } else { None };
        Order {
            realizations: Some(shape.realizations()),
            channels: Some(shape.channels()),
            dt,
            seconds: dt.is_some(),
            at: None,
        }
    }

    /// Takes the next row; the error says what was expected.
    pub(crate) fn row(&mut self, key: Key) -> Result<(), String> {
        let next = self.next(key);
        let expected = self.key(next, key);
        // Bits, for -0.0 and NaN are no coordinates.
        let same_time = match (key.time, expected.time) {
            (Time::Second(found), Time::Second(expected)) => found.to_bits() == expected.to_bits(),
            (found, expected) => found == expected,
        };
        if !same_time || (key.channel, key.realization) != (expected.channel, expected.realization) {
            return Err(format!("found {key}, expected {expected}"));
        }
        if let (1, Time::Second(dt), None) = (next[0], key.time, self.dt) {
            if !(dt.is_finite() && dt > 0.0) {
                return Err(format!("found {key}, expected a later time than that of the step before"));
            }
            self.dt = Some(dt);
        }
        if let Some([step, channel, _]) = self.at {
            if next[1] != channel || next[0] != step {
                self.realizations = self.realizations.or(self.at.map(|at| at[2] + 1));
            }
            if next[0] != step {
                self.channels = self.channels.or(Some(channel + 1));
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

    fn key(&self, [step, channel, realization]: [usize; 3], found: Key) -> Key {
        let time = match (self.seconds, self.dt, found.time) {
            (false, ..) => Time::Step(step as i64),
            (true, Some(dt), _) => Time::Second(TimeAxis::Seconds { dt }.at(step)),
            (true, None, time @ Time::Second(_)) if step == 1 => time,
            (true, None, _) => Time::Second(0.0),
        };
        Key { time, channel: channel as i64, realization: realization as i64 }
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
        // One step tells nothing of the next.
        let seconds = TimeAxis::Seconds { dt: self.dt.unwrap_or(1.0) };
        Ok((shape, if self.seconds { seconds } else { TimeAxis::Steps }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(time: i64, channel: i64, realization: i64) -> Key {
        Key { time: Time::Step(time), channel, realization }
    }

    fn learn(rows: impl IntoIterator<Item = Key>) -> Result<(Shape, TimeAxis), String> {
        let mut order = Order::unknown(false);
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
        let mut seconds = Order::unknown(true);
        for (time, good) in [(0.0, true), (0.1, true), (0.2, true), (0.3, false)] {
            let row = Key { time: Time::Second(time), channel: 0, realization: 0 };
            assert_eq!(seconds.row(row).is_ok(), good, "{time}");
        }
        assert_eq!(seconds.finish().unwrap().1, TimeAxis::Seconds { dt: 0.1 });
    }
}
