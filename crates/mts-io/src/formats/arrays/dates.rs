//! Dates as numbers, in the way of the CF conventions.

use mts_core::Time;

use super::number::Number;

/// What the numbers of the time coordinate are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::formats) enum Meaning {
    /// Integers are steps, floats seconds.
    Plain,
    /// Dates.
    Since(Unit),
}

/// So many nanoseconds since a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::formats) struct Unit {
    /// Microseconds since 1970.
    pub(in crate::formats) origin: i64,
    pub(in crate::formats) nanoseconds: i64,
}

/// Names of units, the longest unit first, and their nanoseconds.
const UNITS: [(&[&str], i64); 7] = [
    (&["days", "day", "d"], 86_400_000_000_000),
    (&["hours", "hour", "hr", "h"], 3_600_000_000_000),
    (&["minutes", "minute", "min"], 60_000_000_000),
    (&["seconds", "second", "sec", "s"], 1_000_000_000),
    (&["milliseconds", "millisecond", "millis", "ms"], 1_000_000),
    (&["microseconds", "microsecond", "micros", "us"], 1000),
    (&["nanoseconds", "nanosecond", "nanos", "ns"], 1),
];

pub(in crate::formats) const CALENDAR: &str = "proleptic_gregorian";

/// Julian before; microseconds since 1970 of 1582-10-15.
const GREGORIAN: i64 = -12_219_292_800_000_000;

impl Meaning {
    /// What the attributes `units` and `calendar` say.
    pub(in crate::formats) fn of(units: Option<&str>, calendar: Option<&str>) -> Result<Self, String> {
        let Some((unit, origin)) = units.and_then(|units| units.split_once(" since ")) else {
            return Ok(Meaning::Plain);
        };
        let unit = UNITS.iter().find(|(names, _)| names.contains(&unit.trim().to_lowercase().as_str()));
        let (Some((_, nanoseconds)), Some(Time::Instant(origin))) = (unit, Time::instant(origin.trim()))
        else {
            return Err(format!("the unit {:?} of the time is not known", units.unwrap_or_default()));
        };
        match calendar {
            None | Some(CALENDAR) => {}
            Some("standard" | "gregorian") if origin >= GREGORIAN => {}
            Some(other) => return Err(format!("the calendar {other:?} of the time is not read")),
        }
        Ok(Meaning::Since(Unit { origin, nanoseconds: *nanoseconds }))
    }

    /// The coordinate that a number is; `None` where it is no date.
    pub(super) fn time(self, number: Number) -> Option<Time> {
        match (self, number) {
            (Meaning::Plain, Number::Whole(step)) => Some(Time::Step(step)),
            (Meaning::Plain, Number::Real(seconds)) => Some(Time::Second(seconds)),
            (Meaning::Since(unit), number) => unit.instant(number).map(Time::Instant),
        }
    }
}

impl Unit {
    /// The coarsest unit in which dates at this distance in microseconds are whole numbers, and its name.
    pub(in crate::formats) fn coarsest(distance: i64) -> (&'static str, i64) {
        let found =
            UNITS.iter().find(|(_, nanoseconds)| *nanoseconds < 1000 || distance % (nanoseconds / 1000) == 0);
        found.map_or(("microseconds", 1), |(names, nanoseconds)| (names[0], nanoseconds / 1000))
    }

    /// The nanoseconds of a unit that NumPy calls so.
    pub(in crate::formats) fn of_numpy(unit: &str) -> Option<i64> {
        let name = match unit {
            "D" => "d",
            "m" => "min",
            "h" | "s" | "ms" | "us" | "ns" => unit,
            _ => return None,
        };
        UNITS.iter().find(|(names, _)| names.contains(&name)).map(|(_, nanoseconds)| *nanoseconds)
    }

    fn instant(self, number: Number) -> Option<i64> {
        let nanoseconds = match number {
            Number::Whole(count) => i128::from(count) * i128::from(self.nanoseconds),
            // Beyond this, not every integer is a float.
            Number::Real(count) if count.abs() > (1_i64 << 53) as f64 || count.is_nan() => return None,
            Number::Real(count) if count.fract() == 0.0 => {
                i128::from(count as i64) * i128::from(self.nanoseconds)
            }
            Number::Real(count) => {
                let product = count * self.nanoseconds as f64;
                (product.fract() == 0.0).then_some(product as i128)?
            }
        };
        let micros = (nanoseconds % 1000 == 0).then_some(nanoseconds / 1000)?;
        i64::try_from(micros + i128::from(self.origin)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn time(units: &str, number: Number) -> Option<Time> {
        Meaning::of(Some(units), None).unwrap().time(number)
    }

    #[test]
    fn numbers_are_dates() {
        let at = Time::Instant;
        assert_eq!(time("days since 1970-01-02", Number::Whole(1)), Some(at(2 * DAY)));
        assert_eq!(time("days since 1970-01-01 00:00:00", Number::Real(0.25)), Some(at(DAY / 4)));
        assert_eq!(time("Microseconds since 1970-01-01", Number::Real(-1.0)), Some(at(-1)));
        assert_eq!(time("nanoseconds since 1970-01-01", Number::Whole(1)), None);
        assert_eq!(time("nanoseconds since 1970-01-01", Number::Whole(2000)), Some(at(2)));
        assert_eq!(time("days since 1970-01-01", Number::Real(f64::NAN)), None);
        assert_eq!(time("days since 1970-01-01", Number::Whole(i64::MAX)), None);
        assert_eq!(time("days since 1970-01-01", Number::Real(f64::INFINITY)), None);
        assert_eq!(time("s", Number::Real(0.5)), Some(Time::Second(0.5)));
        assert_eq!(Meaning::of(None, None), Ok(Meaning::Plain));
    }

    #[test]
    fn other_units_and_calendars_are_refused() {
        assert!(Meaning::of(Some("months since 1970-01-01"), None).is_err());
        assert!(Meaning::of(Some("days since yesterday"), None).is_err());
        assert!(Meaning::of(Some("days since 1970-01-01"), Some("noleap")).is_err());
        assert!(Meaning::of(Some("days since 1970-01-01"), Some("standard")).is_ok());
        assert!(Meaning::of(Some("days since 1500-01-01"), Some("standard")).is_err());
        assert!(Meaning::of(Some("days since 1500-01-01"), Some(CALENDAR)).is_ok());
    }

    #[test]
    fn the_coarsest_unit() {
        for (distance, expected) in [
            (31 * DAY, ("days", DAY)),
            (DAY / 24, ("hours", 3_600_000_000)),
            (90_000_000, ("seconds", 1_000_000)),
            (500_000, ("milliseconds", 1000)),
            (1, ("microseconds", 1)),
            (0, ("days", DAY)),
        ] {
            assert_eq!(Unit::coarsest(distance), expected);
        }
    }
}
