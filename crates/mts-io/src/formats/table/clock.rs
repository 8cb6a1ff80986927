//! What the numbers of a column of times mean.

use mts_core::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Clock {
    Steps,
    Seconds,
    /// Since 1970, in ticks of so many nanoseconds: 1, or whole microseconds.
    Instants {
        tick: i64,
    },
}

impl Clock {
    /// The time that a whole number stands for.
    pub(in crate::formats) fn at(self, found: i64) -> Result<Time, String> {
        let microseconds = match self {
            Clock::Steps => return Ok(Time::Step(found)),
            Clock::Seconds => return Ok(Time::Second(found as f64)),
            Clock::Instants { tick: 1 } => (found % 1000 == 0).then_some(found / 1000),
            Clock::Instants { tick } => found.checked_mul(tick / 1000),
        };
        microseconds
            .map(Time::Instant)
            .ok_or_else(|| format!("the time {found} is not of whole microseconds"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_microseconds() {
        for (tick, found, time) in [
            (1, -2000, Some(-2)),
            (1, 2001, None),
            (1000, 7, Some(7)),
            (1_000_000, -7, Some(-7000)),
            (1_000_000_000, 7, Some(7_000_000)),
            (1_000_000_000, i64::MAX, None),
        ] {
            assert_eq!(Clock::Instants { tick }.at(found).ok(), time.map(Time::Instant));
        }
    }
}
