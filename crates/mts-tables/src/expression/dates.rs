//! The Gregorian calendar, from year 1 to year 9999.

use super::bounds::Between;
use super::node::{Day, Moment, NoValue, Node, Total, map2};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// 0001-01-01.
const FIRST: i64 = -719_162;
/// 9999-12-31.
const LAST: i64 = 2_932_896;

/// The day of this number, and whether it is on the calendar.
pub(super) fn day(number: i64) -> (Day, bool) {
    if (FIRST..=LAST).contains(&number) { (Day(number as i32), true) } else { (Day(0), false) }
}

/// The microsecond of this number, and whether it is on the calendar.
pub(super) fn moment(number: i64) -> (Moment, bool) {
    if (FIRST..=LAST).contains(&number.div_euclid(DAY)) { (Moment(number), true) } else { (Moment(0), false) }
}

impl Day {
    /// Year, month, day.
    pub(super) fn date(self) -> (i64, i64, i64) {
        // Years that begin in March end with the day that is sometimes missing.
        let days = i64::from(self.0) + 719_468;
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (era * 400 + year + i64::from(month <= 2), month, day)
    }

    /// Of a date that may not exist.
    pub(super) fn new(year: i64, month: i64, day: i64) -> Option<Day> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let (shifted, from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
        let of_year = (153 * from_march + 2) / 5 + day - 1;
        let number = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        let made = Day(number as i32);
        (made.date() == (year, month, day)).then_some(made)
    }

    /// 0 is Monday.
    pub(super) fn weekday(self) -> i64 {
        (i64::from(self.0) + 3).rem_euclid(7)
    }

    pub(super) fn add(self, days: i64) -> (Day, bool) {
        i64::from(self.0).checked_add(days).map_or((Day(0), false), day)
    }

    /// Of `YYYY-MM-DD`.
    pub(super) fn parse(text: &str) -> Option<Day> {
        let (day, rest) = Day::prefix(text.trim().as_bytes())?;
        rest.is_empty().then_some(day)
    }

    fn prefix(text: &[u8]) -> Option<(Day, &[u8])> {
        let (date, rest) = text.split_at_checked(10)?;
        if date[4] != b'-' || date[7] != b'-' {
            return None;
        }
        Some((Day::new(number(&date[..4])?, number(&date[5..7])?, number(&date[8..])?)?, rest))
    }

    pub(super) fn write(self) -> String {
        let (year, month, day) = self.date();
        format!("{year:04}-{month:02}-{day:02}")
    }
}

impl Moment {
    pub(super) fn day(self) -> Day {
        Day(self.0.div_euclid(DAY) as i32)
    }

    /// Seconds since midnight.
    pub(super) fn second(self) -> i64 {
        self.0.rem_euclid(DAY) / SECOND
    }

    /// Whole days since `earlier`; towards zero.
    pub(super) fn days_since(self, earlier: Moment) -> i64 {
        ((i128::from(self.0) - i128::from(earlier.0)) / i128::from(DAY)) as i64
    }

    pub(super) fn add_seconds(self, seconds: f64) -> (Moment, bool) {
        let added = (seconds * SECOND as f64).round_ties_even();
        // Beyond this it leaves the calendar from any moment of it.
        if added.abs() < 1e18 {
            self.0.checked_add(added as i64).map_or((Moment(0), false), moment)
        } else {
            (Moment(0), false)
        }
    }

    /// Of `YYYY-MM-DD`, behind `T` or a space `HH:MM[:SS[.ffffff]]`, and the minutes of a `Z` or `±HH:MM`
    /// at the end, if there is one.
    pub(super) fn parse(text: &str) -> Option<(Moment, Option<i64>)> {
        let (day, mut rest) = Day::prefix(text.trim().as_bytes())?;
        let mut time = 0;
        if let [b'T' | b't' | b' ', after @ ..] = rest {
            let (hours, after) = two(after, 23)?;
            let (minutes, after) = two(after.strip_prefix(b":")?, 59)?;
            (time, rest) = ((hours * 3600 + minutes * 60) * SECOND, after);
            if let Some(after) = rest.strip_prefix(b":") {
                let (seconds, after) = two(after, 59)?;
                (time, rest) = (time + seconds * SECOND, after);
                if let Some(after) = rest.strip_prefix(b".") {
                    let length = after.iter().take_while(|c| c.is_ascii_digit()).count();
                    let (digits, after) = after.split_at(length);
                    if !(1..=6).contains(&length) {
                        return None;
                    }
                    time += number(digits)? * 10_i64.pow(6 - length as u32);
                    rest = after;
                }
            }
        }
        let offset = match rest {
            [] => None,
            b"Z" | b"z" => Some(0),
            [sign @ (b'+' | b'-'), after @ ..] => {
                let (hours, after) = two(after, 23)?;
                let (minutes, after) = two(after.strip_prefix(b":").unwrap_or(after), 59)?;
                let offset = hours * 60 + minutes;
                after.is_empty().then_some(())?;
                Some(if *sign == b'-' { -offset } else { offset })
            }
            _ => return None,
        };
        let number = i64::from(day.0) * DAY + time - offset.unwrap_or(0) * 60 * SECOND;
        Some((Moment(number), offset))
    }

    /// With the fraction of the second where there is one.
    pub(super) fn write(self) -> String {
        let (second, fraction) = (self.second(), self.0.rem_euclid(SECOND));
        let (hours, minutes, seconds) = (second / 3600, second / 60 % 60, second % 60);
        let text = format!("{}T{hours:02}:{minutes:02}:{seconds:02}", self.day().write());
        if fraction == 0 { text } else { format!("{text}.{fraction:06}") }
    }
}

fn two(text: &[u8], largest: i64) -> Option<(i64, &[u8])> {
    let (digits, rest) = text.split_at_checked(2)?;
    let value = number(digits)?;
    (value <= largest).then_some((value, rest))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, c| c.is_ascii_digit().then(|| sum * 10 + i64::from(c - b'0')))
}

/// So many minutes later.
pub(super) fn shift(moment: Moment, minutes: i64) -> Moment {
    Moment(moment.0.saturating_add(minutes * 60 * SECOND))
}

/// So many days later.
pub(super) fn later(day: Node<Day>, days: Node<i64>) -> Result<Node<Day>, NoValue> {
    let (from, by) = (day.bounds(), days.bounds());
    let ends = (from.low.add(by.low), from.high.add(by.high));
    let bounds = if let ((low, true), (high, true)) = ends { Some(Between { low, high }) } else { None };
    Ok(map2(day, days, Total::known(&bounds), |_, day: Day, days| day.add(days))?.within(bounds))
}

/// Days from the first to the second.
pub(super) fn days_between(a: Node<Day>, b: Node<Day>) -> Result<Node<i64>, NoValue> {
    const FAR: i64 = 1 << 32;
    let node = map2(a, b, Total::Yes, |_, a: Day, b: Day| (i64::from(b.0) - i64::from(a.0), true))?;
    Ok(node.within(Some(Between { low: -FAR, high: FAR })))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All days of the calendar, counted by hand.
    #[test]
    fn days_and_dates_agree() {
        let (mut date, mut weekday) = ((1, 1, 1), 0);
        for number in FIRST..=LAST {
            let (made, there) = day(number);
            assert!(there);
            assert_eq!((made.date(), made.weekday()), (date, weekday));
            assert_eq!(Day::new(date.0, date.1, date.2), Some(made));
            let (year, month, last) = date;
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + i64::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            assert_eq!(Day::new(year, month, length + 1), None);
            date = match (month, last) {
                (12, 31) => (year + 1, 1, 1),
                (_, last) if last == length => (year, month + 1, 1),
                _ => (year, month, last + 1),
            };
            weekday = (weekday + 1) % 7;
        }
        assert_eq!(date, (10_000, 1, 1));
        assert!(!day(FIRST - 1).1 && !day(LAST + 1).1);
    }

    #[test]
    fn reads_what_iso_8601_allows_and_no_more() {
        let minute = 60 * SECOND;
        let cases = [
            ("1970-01-02", Some((DAY, None))),
            ("1970-01-01T00:01", Some((minute, None))),
            ("1970-01-01 00:01:02", Some((minute + 2 * SECOND, None))),
            ("1970-01-01T00:00:00.5", Some((SECOND / 2, None))),
            ("1970-01-01T00:00:00.000001Z", Some((1, Some(0)))),
            ("1970-01-01T01:00+01:00", Some((0, Some(60)))),
            ("1970-01-01T00:00-0130", Some((90 * minute, Some(-90)))),
            ("1970-01-01T24:00", None),
            ("1970-01-01T00:60", None),
            ("1970-01-01T00:00:60", None),
            ("1970-01-01T00:00:00.", None),
            ("1970-01-01T00:00:00.1234567", None),
            ("1970-01-01T", None),
            ("1970-01-01T00", None),
            ("1970-01-01T00:00 ", Some((0, None))),
            ("1970-01-01T00:00+1", None),
            ("1970-02-29", None),
            ("1970-1-1", None),
            ("+970-01-01", None),
            ("0000-01-01", None),
            ("é970-01-01", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Moment::parse(text).map(|(at, offset)| (at.0, offset)), expected, "{text}");
        }
    }
}
