//! Time coordinates, checked and learned one after the other.

use mts_core::{Instants, Time, TimeAxis};

/// The coordinates of successive steps against an axis, which is learned where it is not known.
pub(crate) struct Times {
    /// Those that fit so far; empty before the second step of an axis that is not known.
    axes: Vec<TimeAxis>,
    /// Coordinates so far.
    steps: usize,
    /// The last one.
    at: Option<Time>,
}

impl Times {
    pub(crate) fn unknown() -> Self {
        Times { axes: Vec::new(), steps: 0, at: None }
    }

    pub(crate) fn known(axis: TimeAxis) -> Self {
        Times { axes: vec![axis], steps: 0, at: None }
    }

    /// The coordinate of the current step.
    pub(crate) fn at(&self) -> Option<Time> {
        self.at
    }

    /// Takes the coordinate of the next step; the error is the one that was expected.
    pub(crate) fn take(&mut self, found: Time) -> Result<(), Time> {
        if let Some(first) = self.axes.first() {
            let expected = first.at(self.steps);
            self.axes.retain(|axis| same(axis.at(self.steps), found));
            if self.axes.is_empty() {
                return Err(expected);
            }
        } else {
            match (self.at, found) {
                (None, Time::Step(step)) if step != 0 => return Err(Time::Step(0)),
                (None, Time::Second(_)) if !same(found, Time::Second(0.0)) => return Err(Time::Second(0.0)),
                (None, _) => {}
                (Some(first), second) => self.axes = axes(first, second),
            }
            if self.steps > 0 && self.axes.is_empty() {
                return Err(self.at.map_or(found, later));
            }
        }
        self.steps += 1;
        self.at = Some(found);
        Ok(())
    }

    /// The axis, as far as the coordinates tell.
    pub(crate) fn axis(&self) -> TimeAxis {
        match (self.axes.first(), self.at) {
            (Some(axis), _) => *axis,
            // One step alone tells nothing of the next.
            (None, Some(Time::Second(_))) => TimeAxis::Seconds { dt: 1.0 },
            (None, Some(Time::Instant(at))) => {
                Instants::single(at).map_or(TimeAxis::Steps, TimeAxis::Instants)
            }
            (None, _) => TimeAxis::Steps,
        }
    }
}

/// Microseconds.
const DAY: i64 = 86_400_000_000;

/// Bits, for -0.0 and NaN are no coordinates.
pub(crate) fn same(a: Time, b: Time) -> bool {
    match (a, b) {
        (Time::Second(a), Time::Second(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}

/// The axes that begin with two coordinates.
fn axes(first: Time, second: Time) -> Vec<TimeAxis> {
    match (first, second) {
        (Time::Step(_), Time::Step(1)) => vec![TimeAxis::Steps],
        (Time::Second(_), Time::Second(dt)) if dt.is_finite() && dt > 0.0 => vec![TimeAxis::Seconds { dt }],
        (Time::Instant(first), Time::Instant(second)) => {
            Instants::between(first, second).into_iter().map(TimeAxis::Instants).collect()
        }
        _ => Vec::new(),
    }
}

/// A coordinate that could follow.
fn later(at: Time) -> Time {
    match at {
        Time::Step(step) => Time::Step(step + 1),
        Time::Second(_) => Time::Second(1.0),
        Time::Instant(at) => Time::Instant(at.saturating_add(DAY)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(times: impl IntoIterator<Item = Time>) -> Result<TimeAxis, Time> {
        let mut learned = Times::unknown();
        times.into_iter().try_for_each(|time| learned.take(time))?;
        Ok(learned.axis())
    }

    #[test]
    fn every_axis_is_learned() {
        let dates = Instants::new("2024-01-31", "ME", 50).unwrap();
        for axis in [TimeAxis::Steps, TimeAxis::Seconds { dt: 0.1 }, TimeAxis::Instants(dates)] {
            for steps in [2, 3, 50] {
                let learned = learn((0..steps).map(|step| axis.at(step))).unwrap();
                assert!((0..steps).all(|step| same(learned.at(step), axis.at(step))));
            }
            assert_eq!(learn([axis.at(0)]).unwrap().at(0), axis.at(0));
            let mut known = Times::known(axis);
            assert!((0..50).all(|step| known.take(axis.at(step)).is_ok()));
        }
    }

    #[test]
    fn what_does_not_follow_is_refused() {
        let second = Time::Second;
        assert_eq!(learn([Time::Step(1)]), Err(Time::Step(0)));
        assert_eq!(learn([Time::Step(0), Time::Step(2)]), Err(Time::Step(1)));
        assert!(learn([second(-0.0)]).is_err());
        assert!(learn([second(f64::NAN)]).is_err());
        assert!(learn([second(0.0), second(f64::INFINITY)]).is_err());
        assert_eq!(learn([second(0.0), second(0.1), second(0.2), second(0.3)]), Err(second(0.1 * 3.0)));
        assert!(learn([second(0.0), Time::Step(1)]).is_err());
        assert!(learn([Time::Instant(5), Time::Instant(5)]).is_err());
        assert!(learn([Time::Instant(0), Time::Instant(DAY), Time::Instant(3 * DAY)]).is_err());
    }
}
