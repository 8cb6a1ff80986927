//! Dates at a fixed distance.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, Weekday, datetime};
use jiff::{SignedDuration, Span};
use thiserror::Error;

const MICROSECOND: i64 = 1;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

const EPOCH: DateTime = datetime(1970, 1, 1, 0, 0, 0, 0);

/// The years that Python, SQL and ISO 8601 have in common.
const YEARS: std::ops::RangeInclusive<i16> = 1..=9999;

/// Their first and last microsecond since 1970.
const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

/// The names of days in `W-…`, from Monday on.
const DAYS: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/// Dates and times of day from a start on, one per step, on a calendar and clock without a zone.
///
/// They are those of `pandas.date_range(start, periods=steps, freq=frequency)` where the start is one
/// of them, which is asked for.
///
/// ```
/// use mts_core::Instants;
///
/// let months = Instants::new("2024-01-31", "ME", 3)?;
/// assert_eq!(months.text(1), "2024-02-29T00:00:00");
/// assert!(Instants::new("2024-01-15", "ME", 3).is_err());
/// # Ok::<(), mts_core::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instants {
    /// Microseconds since 1970.
    start: i64,
    frequency: Frequency,
}

/// How far one date is from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frequency {
    /// Microseconds.
    Fixed(i64),
    /// So many times seven days, on this day of the week, Monday being 0.
    Weeks(i64, u8),
    /// So many days from Monday to Friday.
    Business(i64),
    /// So many months, at the first or the last day.
    Months { count: i64, unit: MonthUnit, last: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MonthUnit {
    Month = 1,
    Quarter = 3,
    Year = 12,
}

/// Why a start and a frequency are no time axis.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TimeError {
    /// No date.
    #[error("start must be a date such as 2024-01-01 or 2024-01-01T06:30:00, without a zone, found {0:?}")]
    Start(String),
    /// No frequency.
    #[error(
        "freq must be one of us, ms, s, min, h, D, B, W, W-MON … W-SUN, MS, ME, QS, QE, YS, YE, with a count \
         before it if wanted, such as 15min, found {found:?}{hint}"
    )]
    Frequency {
        /// What was given.
        found: String,
        /// What may be meant.
        hint: String,
    },
    /// The start is no date of this frequency.
    #[error("start {start} is not {wanted}, which freq {frequency} asks for")]
    Anchor {
        /// The start.
        start: String,
        /// The frequency.
        frequency: String,
        /// What it would have to be.
        wanted: &'static str,
    },
    /// The last date is beyond the calendar.
    #[error("{steps} steps of {frequency} from {start} go beyond the year 9999")]
    Range {
        /// T
        steps: usize,
        /// The start.
        start: String,
        /// The frequency.
        frequency: String,
    },
}

impl Instants {
    /// `steps` dates from `start` on.
    ///
    /// # Errors
    ///
    /// Where `start` is no date without a zone, `frequency` is not known, `start` is not one of its dates,
    /// or the last date is after the year 9999.
    pub fn new(start: &str, frequency: &str, steps: usize) -> Result<Self, TimeError> {
        let at = parse(start).ok_or_else(|| TimeError::Start(start.to_owned()))?;
        let frequency: Frequency = frequency.parse()?;
        if let Some(wanted) = frequency.objection(at) {
            let (start, frequency) = (at.to_string(), frequency.to_string());
            return Err(TimeError::Anchor { start, frequency, wanted });
        }
        let instants = Instants { start: microseconds(at), frequency };
        if instants.checked(steps.saturating_sub(1)).is_none() {
            return Err(TimeError::Range { steps, start: at.to_string(), frequency: frequency.to_string() });
        }
        Ok(instants)
    }

    /// The start, as ISO 8601 has it.
    pub fn start(self) -> String {
        self.text(0)
    }

    /// The frequency as [`new`](Self::new) takes it.
    pub fn frequency(self) -> String {
        self.frequency.to_string()
    }

    /// Microseconds from 1970-01-01T00:00:00 to the date of `step`.
    pub fn at(self, step: usize) -> i64 {
        // Steps of a dataset were checked when it was planned.
        self.checked(step).unwrap_or(i64::MAX)
    }

    /// The date of `step` as text; all of an axis have equally many digits.
    pub fn text(self, step: usize) -> String {
        let at = civil(self.at(step));
        if self.is_whole() { format!("{at:.0}") } else { format!("{at:.6}") }
    }

    /// True where no date has a fraction of a second.
    pub fn is_whole(self) -> bool {
        self.start % SECOND == 0 && self.frequency.is_whole()
    }

    /// The axes on which `second` follows `first`, both in microseconds since 1970.
    pub fn between(first: i64, second: i64) -> Vec<Self> {
        let distance = second.saturating_sub(first);
        if distance <= 0 || !RANGE.contains(&first) || !RANGE.contains(&second) {
            return Vec::new();
        }
        let (from, to) = (civil(first), civil(second));
        let months = 12 * (i64::from(to.year()) - i64::from(from.year())) + i64::from(to.month())
            - i64::from(from.month());
        let month = |last| Frequency::Months { count: months, unit: MonthUnit::Month, last };
        let mut frequencies = vec![Frequency::Fixed(distance)];
        if months > 0 {
            frequencies.extend([month(false), month(true)]);
        }
        // Five of seven days are days of business, and a weekend more or less lies between the two.
        let business = 5 * (distance / DAY) / 7;
        frequencies.extend(((business - 2).max(1)..=business + 2).map(Frequency::Business));
        let axes = frequencies.into_iter().filter(|frequency| frequency.objection(from).is_none());
        let axes = axes.map(|frequency| Instants { start: first, frequency });
        axes.filter(|axis| axis.checked(1) == Some(second)).collect()
    }

    /// A date alone, in microseconds since 1970: days are as good as any other frequency.
    pub fn single(at: i64) -> Option<Self> {
        RANGE.contains(&at).then_some(Instants { start: at, frequency: Frequency::Fixed(DAY) })
    }

    fn checked(self, step: usize) -> Option<i64> {
        let step = i64::try_from(step).ok()?;
        let at = match self.frequency {
            Frequency::Fixed(distance) => self.start.checked_add(distance.checked_mul(step)?)?,
            Frequency::Weeks(count, _) => {
                self.start.checked_add(count.checked_mul(step)?.checked_mul(7 * DAY)?)?
            }
            Frequency::Business(count) => {
                let days = count.checked_mul(step)?;
                // 1970 began on a Thursday.
                let weekday = (self.start.div_euclid(DAY) + 3).rem_euclid(7);
                let weekends = days.checked_add(weekday)? / 5;
                self.start.checked_add(days.checked_add(2 * weekends)?.checked_mul(DAY)?)?
            }
            Frequency::Months { count, unit, last } => {
                let months = i32::try_from(count.checked_mul(unit as i64)?.checked_mul(step)?).ok()?;
                let at = civil(self.start).checked_add(Span::new().try_months(months).ok()?).ok()?;
                microseconds(if last { at.last_of_month() } else { at })
            }
        };
        RANGE.contains(&at).then_some(at)
    }
}

impl Frequency {
    /// What `start` would have to be, where it is not.
    fn objection(self, start: DateTime) -> Option<&'static str> {
        let (month, weekday) = (start.month(), start.weekday());
        match self {
            Frequency::Fixed(_) => None,
            Frequency::Weeks(_, day) => {
                (weekday.to_monday_zero_offset() != day as i8).then_some("on that day of the week")
            }
            Frequency::Business(_) => matches!(weekday, Weekday::Saturday | Weekday::Sunday)
                .then_some("a day from Monday to Friday"),
            Frequency::Months { unit, last: false, .. } => {
                let first = start.day() == 1;
                match unit {
                    MonthUnit::Month => (!first).then_some("the first day of a month"),
                    MonthUnit::Quarter => (!first || month % 3 != 1).then_some("the first day of a quarter"),
                    MonthUnit::Year => (!first || month != 1).then_some("the first day of a year"),
                }
            }
            Frequency::Months { unit, last: true, .. } => {
                let last = start.day() == start.days_in_month();
                match unit {
                    MonthUnit::Month => (!last).then_some("the last day of a month"),
                    MonthUnit::Quarter => (!last || month % 3 != 0).then_some("the last day of a quarter"),
                    MonthUnit::Year => (!last || month != 12).then_some("the last day of a year"),
                }
            }
        }
    }

    /// True where no date has a fraction of a second that the start does not have.
    fn is_whole(self) -> bool {
        if let Frequency::Fixed(distance) = self { distance % SECOND == 0 } else { true }
    }
}

/// Units of a fixed length, the longest first.
const FIXED: [(&str, i64); 6] = [
    ("D", DAY),
    ("h", 3600 * SECOND),
    ("min", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1000 * MICROSECOND),
    ("us", MICROSECOND),
];

const MONTHS: [(&str, MonthUnit, bool); 6] = [
    ("MS", MonthUnit::Month, false),
    ("ME", MonthUnit::Month, true),
    ("QS", MonthUnit::Quarter, false),
    ("QE", MonthUnit::Quarter, true),
    ("YS", MonthUnit::Year, false),
    ("YE", MonthUnit::Year, true),
];

/// What others, or pandas in earlier years, call the same.
const ELSEWHERE: [(&str, &str); 12] = [
    ("H", "h"),
    ("T", "min"),
    ("m", "min"),
    ("S", "s"),
    ("L", "ms"),
    ("U", "us"),
    ("d", "D"),
    ("w", "W"),
    ("M", "MS or ME"),
    ("Q", "QS or QE"),
    ("Y", "YS or YE"),
    ("A", "YS or YE"),
];

impl FromStr for Frequency {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = text.split_at(digits);
        let hint = ELSEWHERE.iter().find(|(name, _)| *name == unit);
        let hint = hint.map_or(String::new(), |(_, meant)| format!("; did you mean {meant}?"));
        let unknown = || TimeError::Frequency { found: text.to_owned(), hint: hint.clone() };
        let count: i64 = if count.is_empty() { 1 } else { count.parse().map_err(|_| unknown())? };
        if count == 0 || count > i64::from(u32::MAX) {
            return Err(unknown());
        }
        if let Some((_, length)) = FIXED.iter().find(|(name, _)| *name == unit) {
            return count.checked_mul(*length).map(Frequency::Fixed).ok_or_else(unknown);
        }
        if let Some((_, unit, last)) = MONTHS.iter().find(|(name, ..)| *name == unit) {
            return Ok(Frequency::Months { count, unit: *unit, last: *last });
        }
        let day = |name: &str| DAYS.iter().position(|day| *day == name).map(|day| day as u8);
        match unit.strip_prefix('W') {
            _ if unit == "B" => Ok(Frequency::Business(count)),
            Some("") => Ok(Frequency::Weeks(count, 6)),
            Some(rest) => {
                let day = rest.strip_prefix('-').and_then(day).ok_or_else(unknown)?;
                Ok(Frequency::Weeks(count, day))
            }
            None => Err(unknown()),
        }
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counted = |count: i64, unit: &str| match count {
            1 => f.write_str(unit),
            count => write!(f, "{count}{unit}"),
        };
        match *self {
            Frequency::Fixed(distance) => {
                let (name, length) = FIXED
                    .into_iter()
                    .find(|(_, length)| distance % length == 0)
                    .unwrap_or(("us", MICROSECOND));
                counted(distance / length, name)
            }
            Frequency::Weeks(count, day) => counted(count, &format!("W-{}", DAYS[usize::from(day % 7)])),
            Frequency::Business(count) => counted(count, "B"),
            Frequency::Months { count, unit, last } => {
                let found = MONTHS.into_iter().find(|(_, other, end)| (*other, *end) == (unit, last));
                counted(count, found.map_or("MS", |(name, ..)| name))
            }
        }
    }
}

/// A date, or a date and a time of day, to microseconds, without a zone.
pub(crate) fn parse(text: &str) -> Option<DateTime> {
    // The library also reads a zone's offset and drops it, which is not what was said.
    let plain = |b: u8| b.is_ascii_digit() || b"-T :.".contains(&b);
    // It also takes a leap second for the one before.
    let leap = text.contains(":60");
    let signs = text.bytes().filter(|b| *b == b'-').count();
    let at: DateTime = text.parse().ok().filter(|_| text.bytes().all(plain) && signs == 2 && !leap)?;
    (YEARS.contains(&at.year()) && at.subsec_nanosecond() % 1000 == 0).then_some(at)
}

pub(crate) fn microseconds(at: DateTime) -> i64 {
    // Ten thousand years are 3·10¹⁷ of them.
    at.duration_since(EPOCH).as_micros() as i64
}

/// The date that is so many microseconds from 1970.
pub(crate) fn civil(microseconds: i64) -> DateTime {
    EPOCH.saturating_add(SignedDuration::from_micros(microseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(start: &str, frequency: &str, steps: usize) -> Vec<String> {
        let instants = Instants::new(start, frequency, steps).unwrap();
        (0..steps).map(|step| instants.text(step)).collect()
    }

    #[test]
    fn dates_are_those_of_pandas() {
        // pandas.date_range(start, periods=4, freq=frequency)
        for (start, frequency, expected) in [
            ("2024-02-28", "D", ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]),
            ("2024-01-05", "B", ["2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10"]),
            ("2024-01-04", "3B", ["2024-01-04", "2024-01-09", "2024-01-12", "2024-01-17"]),
            ("2024-01-07", "W", ["2024-01-07", "2024-01-14", "2024-01-21", "2024-01-28"]),
            ("2024-01-03", "2W-WED", ["2024-01-03", "2024-01-17", "2024-01-31", "2024-02-14"]),
            ("2023-12-01", "MS", ["2023-12-01", "2024-01-01", "2024-02-01", "2024-03-01"]),
            ("2023-12-31", "ME", ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"]),
            ("2024-02-29", "12ME", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28"]),
            ("2023-10-01", "QS", ["2023-10-01", "2024-01-01", "2024-04-01", "2024-07-01"]),
            ("2023-09-30", "2QE", ["2023-09-30", "2024-03-31", "2024-09-30", "2025-03-31"]),
            ("2023-01-01", "YS", ["2023-01-01", "2024-01-01", "2025-01-01", "2026-01-01"]),
            ("2023-12-31", "YE", ["2023-12-31", "2024-12-31", "2025-12-31", "2026-12-31"]),
        ] {
            assert_eq!(
                texts(start, frequency, 4),
                expected.map(|date| format!("{date}T00:00:00")),
                "{frequency}"
            );
        }
        assert_eq!(texts("2024-02-29 23:50", "15min", 2), ["2024-02-29T23:50:00", "2024-03-01T00:05:00"]);
        assert_eq!(
            texts("1969-12-31T23:59:59.5", "500ms", 2),
            ["1969-12-31T23:59:59.500000", "1970-01-01T00:00:00.000000"]
        );
    }

    #[test]
    fn the_range_is_that_of_the_years() {
        let (first, last) = (civil(*RANGE.start()), civil(*RANGE.end()));
        assert_eq!(first, datetime(1, 1, 1, 0, 0, 0, 0));
        assert_eq!(last, datetime(9999, 12, 31, 23, 59, 59, 999_999_000));
    }

    #[test]
    fn what_is_no_axis_is_refused() {
        for (start, frequency, expected) in [
            ("2024-01-01Z", "D", "start must be a date"),
            ("2024-01-01T00:00:00+02:00", "D", "without a zone"),
            ("2024-02-30", "D", "start must be a date"),
            ("2024-01-01T00:00:60", "D", "start must be a date"),
            ("2024-01-01T00:00:00.0000001", "D", "start must be a date"),
            ("-000001-01-01", "D", "start must be a date"),
            ("", "D", "start must be a date"),
            ("2024-01-01", "H", "did you mean h?"),
            ("2024-01-01", "0D", "freq must be"),
            ("2024-01-01", "-1D", "freq must be"),
            ("2024-01-01", "99999999999999999999D", "freq must be"),
            ("2024-01-01", "W-XYZ", "freq must be"),
            ("2024-01-15", "MS", "is not the first day of a month, which freq MS"),
            ("2024-02-01", "QS", "quarter"),
            ("2024-01-06", "B", "Monday to Friday"),
            ("2024-01-01", "W", "day of the week"),
        ] {
            let error = Instants::new(start, frequency, 10).unwrap_err().to_string();
            assert!(error.contains(expected), "{start} {frequency}: {error}");
        }
        assert!(Instants::new("2024-01-01", "YS", 7976).is_ok());
        let error = Instants::new("2024-01-01", "YS", 7977).unwrap_err().to_string();
        assert_eq!(error, "7977 steps of YS from 2024-01-01T00:00:00 go beyond the year 9999");
        assert!(Instants::new("2024-01-01", "4294967295YS", usize::MAX).is_err());
    }

    #[test]
    fn an_axis_is_learned_from_its_first_dates() {
        for (start, frequency) in [
            ("2024-01-01", "15min"),
            ("2024-01-04", "B"),
            ("2024-01-31", "ME"),
            ("2024-01-01", "QS"),
            ("2024-12-31", "2YE"),
            ("2024-01-03", "W-WED"),
        ] {
            let axis = Instants::new(start, frequency, 40).unwrap();
            let mut candidates = Instants::between(axis.at(0), axis.at(1));
            for step in 0..40 {
                candidates.retain(|candidate| candidate.at(step) == axis.at(step));
            }
            assert!(!candidates.is_empty(), "{frequency}");
            assert_eq!(frequency.parse::<Frequency>().unwrap().to_string(), frequency);
        }
        for (day, count) in (1..=5).flat_map(|day| (1..=40).map(move |count| (day, count))) {
            let (start, frequency) = (format!("2024-01-0{day}"), format!("{count}B"));
            let axis = Instants::new(&start, &frequency, 60).unwrap();
            let mut candidates = Instants::between(axis.at(0), axis.at(1));
            candidates.retain(|candidate| (0..60).all(|step| candidate.at(step) == axis.at(step)));
            assert!(!candidates.is_empty(), "{start} {frequency}");
        }
        let last = Instants::new("9999-12-31", "D", 1).unwrap();
        assert_eq!(Instants::single(last.at(0)).unwrap().at(0), last.at(0));
        assert!(Instants::between(0, 0).is_empty());
        assert!(Instants::between(i64::MIN, i64::MAX).is_empty());
    }
}
