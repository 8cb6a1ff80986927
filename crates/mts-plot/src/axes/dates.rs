//! Round dates along an axis.

use jiff::civil::{Date, DateTime, Time, date};
use jiff::{SignedDuration, Span};

use super::ticks::Ticks;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// A distance between ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    /// Microseconds, which divide a day, or days.
    Fixed(i64),
    Months(i64),
    Years(i64),
}

/// All that are round, from short to long.
fn steps() -> impl Iterator<Item = Step> {
    let decimal =
        [1, 10, 100, 1000, 10_000, 100_000].into_iter().flat_map(|power| [power, 2 * power, 5 * power]);
    let fixed = [1, 2, 5, 10, 15, 30].map(|seconds| seconds * SECOND).into_iter();
    let minutes = [1, 2, 5, 10, 15, 30].map(|minutes| minutes * 60 * SECOND).into_iter();
    let hours = [1, 2, 3, 6, 12].map(|hours| hours * 3600 * SECOND).into_iter();
    let days = [1, 2, 7, 14].map(|days| days * DAY).into_iter();
    let years = [1, 10, 100, 1000].into_iter().flat_map(|power| [power, 2 * power, 5 * power]);
    decimal
        .chain(fixed)
        .chain(minutes)
        .chain(hours)
        .chain(days)
        .map(Step::Fixed)
        .chain([1, 2, 3, 6].map(Step::Months))
        .chain(years.map(Step::Years))
}

impl Step {
    fn microseconds(self) -> f64 {
        match self {
            Step::Fixed(step) => step as f64,
            Step::Months(months) => months as f64 * 30.44 * DAY as f64,
            Step::Years(years) => years as f64 * 365.25 * DAY as f64,
        }
    }

    /// The last tick that is not after `at`.
    fn before(self, at: DateTime) -> DateTime {
        match self {
            Step::Fixed(step) if step >= DAY => {
                let days = step / DAY;
                let since = (at.date() - date(1970, 1, 5)).get_days();
                let back = i64::from(since).rem_euclid(days);
                midnight(at.date().saturating_sub(Span::new().days(back)))
            }
            Step::Fixed(step) => {
                let within = at.duration_since(midnight(at.date())).as_micros() as i64;
                midnight(at.date())
                    .saturating_add(SignedDuration::from_micros(within.div_euclid(step) * step))
            }
            Step::Months(months) => {
                let month = (i64::from(at.month()) - 1) / months * months + 1;
                midnight(Date::new(at.year(), month as i8, 1).unwrap_or(Date::MIN))
            }
            Step::Years(years) => {
                let year = i64::from(at.year()).div_euclid(years) * years;
                midnight(Date::new(year as i16, 1, 1).unwrap_or(Date::MIN))
            }
        }
    }

    fn after(self, at: DateTime) -> Option<DateTime> {
        match self {
            Step::Fixed(step) => at.checked_add(SignedDuration::from_micros(step)).ok(),
            Step::Months(months) => at.checked_add(Span::new().months(months)).ok(),
            Step::Years(years) => at.checked_add(Span::new().years(years)).ok(),
        }
    }

    fn text(self, at: DateTime) -> String {
        match self {
            Step::Fixed(step) if step >= DAY => at.strftime("%Y-%m-%d").to_string(),
            Step::Fixed(_) if at.time() == Time::midnight() => at.strftime("%m-%d").to_string(),
            Step::Fixed(step) if step >= 60 * SECOND => at.strftime("%H:%M").to_string(),
            Step::Fixed(step) if step >= SECOND => at.strftime("%H:%M:%S").to_string(),
            Step::Fixed(_) => at.strftime("%M:%S%.f").to_string(),
            Step::Months(_) => at.strftime("%Y-%m").to_string(),
            Step::Years(_) => at.strftime("%Y").to_string(),
        }
    }
}

fn midnight(date: Date) -> DateTime {
    date.to_datetime(Time::midnight())
}

fn civil(microseconds: f64) -> DateTime {
    let epoch = date(1970, 1, 1).to_datetime(Time::midnight());
    epoch.saturating_add(SignedDuration::from_micros(microseconds as i64))
}

fn microseconds(at: DateTime) -> f64 {
    at.duration_since(date(1970, 1, 1).to_datetime(Time::midnight())).as_micros() as f64
}

/// At most about `count` round dates; what they have in common is the day or year of the first.
pub(super) fn ticks(from: f64, to: f64, count: usize) -> Ticks {
    let wanted = (to - from) / count.max(1) as f64;
    let step = steps().find(|step| step.microseconds() >= wanted).unwrap_or(Step::Years(5000));
    let mut at = step.before(civil(from));
    let mut ticks = Vec::new();
    while microseconds(at) <= to {
        if microseconds(at) >= from {
            ticks.push((microseconds(at), step.text(at)));
        }
        match step.after(at) {
            Some(next) => at = next,
            None => break,
        }
    }
    let note = match step {
        Step::Fixed(step) if step < DAY => civil(from).strftime("%Y-%m-%d").to_string(),
        _ => String::new(),
    };
    Ticks { ticks, note }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(from: &str, to: &str, count: usize) -> (Vec<String>, String) {
        let at = |text: &str| microseconds(text.parse().unwrap());
        let Ticks { ticks, note } = ticks(at(from), at(to), count);
        (ticks.into_iter().map(|(_, text)| text).collect(), note)
    }

    #[test]
    fn dates_are_round() {
        let (days, note) = texts("2024-02-27T00:00:00", "2024-03-02T00:00:00", 5);
        assert_eq!(days, ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]);
        assert_eq!(note, "");
        let (hours, note) = texts("2024-02-28T22:30:00", "2024-02-29T03:00:00", 5);
        assert_eq!(hours, ["23:00", "02-29", "01:00", "02:00", "03:00"]);
        assert_eq!(note, "2024-02-28");
        let (years, _) = texts("1999-06-01T00:00:00", "2011-01-01T00:00:00", 6);
        assert_eq!(years, ["2000", "2002", "2004", "2006", "2008", "2010"]);
        let (months, _) = texts("2023-12-15T00:00:00", "2024-04-01T00:00:00", 4);
        assert_eq!(months, ["2024-01", "2024-02", "2024-03", "2024-04"]);
    }
}
