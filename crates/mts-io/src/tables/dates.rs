//! Days and instants as ISO 8601, in the years 1 to 9999 of the Gregorian calendar.

use std::ops::RangeInclusive;

/// Microseconds of a day, and of a second.
const DAY: i64 = 86_400_000_000;
const SECOND: i64 = 1_000_000;

/// Days since 1970 that have four digits for the year.
pub(super) const DAYS: RangeInclusive<i32> = -719_162..=2_932_896;

/// Microseconds since 1970 of these days.
pub(super) const INSTANTS: RangeInclusive<i64> = -719_162 * DAY..=2_932_897 * DAY - 1;

/// Days from 0000-03-01, where the years of this arithmetic begin, to 1970-01-01.
const SHIFT: u32 = 719_468;

/// Days of 400 years, of 100 years that have no leap day at their end, of four and of one.
const ERA: u32 = 146_097;
const CENTURY: u32 = 36_524;
const FOUR: u32 = 1461;

/// Two digits each.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut i = 0;
    while i < 100 {
        pairs[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
        i += 1;
    }
    pairs
};

/// Appends a day in [`DAYS`], such as `2024-01-31`.
pub(super) fn write_day(day: i32, text: &mut Vec<u8>) {
    text.extend_from_slice(&iso_day(day));
}

fn iso_day(day: i32) -> [u8; 10] {
    // Within the range nothing here is negative.
    let days = (day + SHIFT as i32) as u32;
    let (era, of_era) = (days / ERA, days % ERA);
    let year_of_era = (of_era - of_era / (FOUR - 1) + of_era / CENTURY - of_era / (ERA - 1)) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months from March on, whose lengths follow a line.
    let shifted = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u32::from(month <= 2);
    let [century, year, month, of_month] = [year / 100, year % 100, month, of_month].map(pair);
    [century[0], century[1], year[0], year[1], b'-', month[0], month[1], b'-', of_month[0], of_month[1]]
}

fn pair(number: u32) -> [u8; 2] {
    PAIRS[number as usize % 100]
}

/// Appends an instant in [`INSTANTS`], such as `2024-01-31T06:30:00`, with six digits of a fraction where
/// it has one.
pub(super) fn write_instant(instant: i64, text: &mut Vec<u8>) {
    let (day, of_day) = (instant.div_euclid(DAY), instant.rem_euclid(DAY));
    let (seconds, micros) = ((of_day / SECOND) as u32, (of_day % SECOND) as u32);
    let [hour, minute, second] = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(pair);
    let mut iso = *b"0000-00-00T00:00:00";
    iso[..10].copy_from_slice(&iso_day(day as i32));
    iso[11..13].copy_from_slice(&hour);
    iso[14..16].copy_from_slice(&minute);
    iso[17..].copy_from_slice(&second);
    text.extend_from_slice(&iso);
    if micros > 0 {
        let [a, b, c] = [micros / 10_000, micros / 100 % 100, micros % 100].map(pair);
        text.extend_from_slice(&[b'.', a[0], a[1], b[0], b[1], c[0], c[1]]);
    }
}

/// The day that a text such as `2024-01-31` names.
pub(super) fn parse_day(text: &str) -> Option<i32> {
    let [a, b, c, d, b'-', e, f, b'-', g, h] = *text.as_bytes() else { return None };
    let year = digits(&[a, b, c, d])?;
    let (month, of_month) = (digits(&[e, f])?, digits(&[g, h])?);
    let (shifted, years) = if month > 2 { (month - 3, year) } else { (month + 9, year.checked_sub(1)?) };
    let of_year = (153 * shifted + 2) / 5 + of_month - 1;
    let days = years * 365 + years / 4 - years / 100 + years / 400 + of_year;
    let day = days as i32 - SHIFT as i32;
    // 31 April is no day: it would be written otherwise.
    let valid = (1..=12).contains(&month) && (1..=31).contains(&of_month) && DAYS.contains(&day);
    (valid && iso_day(day) == *text.as_bytes()).then_some(day)
}

/// The instant that a text such as `2024-01-31T06:30:00.5` names; where it has an offset, or a `Z`, as it must
/// if it is `zoned`, of universal time. A blank may stand for the `T`.
pub(super) fn parse_instant(text: &str, zoned: bool) -> Option<i64> {
    let (day, rest) = text.split_at_checked(10)?;
    let day = i64::from(parse_day(day)?);
    let [b'T' | b' ', a, b, b':', c, d, b':', e, f, rest @ ..] = rest.as_bytes() else { return None };
    let [hour, minute, second] = [digits(&[*a, *b])?, digits(&[*c, *d])?, digits(&[*e, *f])?];
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (micros, rest) = fraction(rest)?;
    let offset = match (offset(rest)?, zoned) {
        (Some(minutes), true) => minutes,
        (None, false) => 0,
        _ => return None,
    };
    let seconds = i64::from(hour * 3600 + minute * 60 + second) - 60 * offset;
    Some(day * DAY + seconds * SECOND + i64::from(micros))
}

fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let Some(rest) = text.strip_prefix(b".") else { return Some((0, text)) };
    let length = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let (fraction, rest) = rest.split_at(length);
    // What is below a microsecond would be lost.
    let lost = fraction.get(6..).is_some_and(|lost| lost.iter().any(|b| *b != b'0'));
    if length == 0 || lost {
        return None;
    }
    let micros = (0..6).fold(0, |sum, i| 10 * sum + u32::from(fraction.get(i).map_or(0, |b| b - b'0')));
    Some((micros, rest))
}

/// Minutes east, where a zone is given.
fn offset(text: &[u8]) -> Option<Option<i64>> {
    match *text {
        [] => Some(None),
        [b'Z'] => Some(Some(0)),
        [sign @ (b'+' | b'-'), a, b, b':', c, d] => {
            let (hours, minutes) = (digits(&[a, b])?, digits(&[c, d])?);
            let size = i64::from(60 * hours + minutes);
            (hours < 24 && minutes < 60).then_some(Some(if sign == b'-' { -size } else { size }))
        }
        _ => None,
    }
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| 10 * sum + u32::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i32) -> String {
        let mut text = Vec::new();
        write_day(day, &mut text);
        String::from_utf8(text).unwrap()
    }

    fn instant(instant: i64) -> String {
        let mut text = Vec::new();
        write_instant(instant, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let (mut year, mut month, mut of_month) = (1, 1, 1);
        for number in DAYS {
            let text = day(number);
            assert_eq!(text, format!("{year:04}-{month:02}-{of_month:02}"));
            assert_eq!(parse_day(&text), Some(number));
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + u32::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            of_month += 1;
            if of_month > length {
                (month, of_month) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!((year, day(0).as_str()), (10_000, "1970-01-01"));
    }

    #[test]
    fn instants_read_back() {
        for (number, text) in [
            (0, "1970-01-01T00:00:00"),
            (-1, "1969-12-31T23:59:59.999999"),
            (1_706_682_600_000_000, "2024-01-31T06:30:00"),
            (1_706_682_600_000_500, "2024-01-31T06:30:00.000500"),
            (*INSTANTS.start(), "0001-01-01T00:00:00"),
            (*INSTANTS.end(), "9999-12-31T23:59:59.999999"),
        ] {
            assert_eq!(instant(number), text);
            assert_eq!(parse_instant(text, false), Some(number));
            assert_eq!(parse_instant(&format!("{text}Z"), true), Some(number));
            assert_eq!(parse_instant(&format!("{text}Z"), false), None);
            assert_eq!(parse_instant(text, true), None);
        }
        assert_eq!(parse_instant("2024-01-31 08:30:00.5000000+02:00", true), Some(1_706_682_600_500_000));
        assert_eq!(parse_instant("2024-01-31T01:00:00-05:30", true), Some(1_706_682_600_000_000));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for bad in [
            "2023-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "2024-04-31",
            "0000-01-01",
            "24-01-01",
            "2024-1-01",
            "é024-01-01",
        ] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
        for bad in [
            "2024-01-31",
            "2024-01-31T24:00:00",
            "2024-01-31T06:60:00",
            "2024-01-31T06:30:60",
            "2024-01-31T06:30",
            "2024-01-31T06:30:00.",
            "2024-01-31T06:30:00.0000001",
            "2024-01-31T06:30:00x",
        ] {
            assert_eq!(parse_instant(bad, false), None, "{bad}");
        }
    }
}
