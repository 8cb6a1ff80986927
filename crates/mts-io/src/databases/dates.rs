//! Days and microseconds as ISO 8601 writes them, in the years that SQL, Python and ISO have in common.

/// Days since 1970 of the first day of the year 1 and the last of 9999.
const DAYS: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Behind an instant. Python prints it so, and in the order of letters it comes before a fraction.
const UTC: &str = "+00:00";

/// Adds the date that is so many days from 1970; `false` where no year has four digits for it.
#[must_use]
pub(super) fn write_date(days: i64, text: &mut String) -> bool {
    if !DAYS.contains(&days) {
        return false;
    }
    // Years begin in March, so that the day that some have more is the last; eras have 400 years (Hinnant,
    // chrono-compatible low-level date algorithms).
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let march = (5 * day + 2) / 153;
    let (month, day) = (if march < 10 { march + 3 } else { march - 9 }, day - (153 * march + 2) / 5 + 1);
    let year = year + era * 400 + i64::from(month <= 2);
    digits(year, 4, text);
    text.push('-');
    digits(month, 2, text);
    text.push('-');
    digits(day, 2, text);
    true
}

/// Adds the time that is so many microseconds from 1970. A fraction is there where it is not zero; texts of
/// one column have the order of their times.
#[must_use]
pub(super) fn write_time(microseconds: i64, zoned: bool, text: &mut String) -> bool {
    if !write_date(microseconds.div_euclid(DAY), text) {
        return false;
    }
    let rest = microseconds.rem_euclid(DAY);
    let (seconds, fraction) = (rest / SECOND, rest % SECOND);
    for (mark, part) in [('T', seconds / 3600), (':', seconds / 60 % 60), (':', seconds % 60)] {
        text.push(mark);
        digits(part, 2, text);
    }
    if fraction != 0 {
        text.push('.');
        digits(fraction, 6, text);
    }
    if zoned {
        text.push_str(UTC);
    }
    true
}

fn digits(value: i64, count: usize, text: &mut String) {
    let mut bytes = [b'0'; 6];
    let mut rest = value;
    for byte in bytes[..count].iter_mut().rev() {
        *byte += (rest % 10) as u8;
        rest /= 10;
    }
    bytes[..count].iter().for_each(|byte| text.push(char::from(*byte)));
}

/// The days from 1970 of a date as it is written here.
pub(super) fn parse_date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (number(&bytes[..4])?, number(&bytes[5..7])?, number(&bytes[8..])?);
    if !(1..=12).contains(&month) {
        return None;
    }
    let (shifted, march) = (year - i64::from(month <= 2), (month + 9) % 12);
    let days = 365 * shifted + shifted.div_euclid(4) - shifted.div_euclid(100)
        + shifted.div_euclid(400)
        + (153 * march + 2) / 5
        + day
        - 1
        - 719_468;
    // What is no day of its month is written otherwise.
    let mut written = String::new();
    (write_date(days, &mut written) && written == text).then_some(days)
}

/// The microseconds from 1970 of a time as it is written here.
pub(super) fn parse_time(text: &str, zoned: bool) -> Option<i64> {
    let plain = if zoned { text.strip_suffix(UTC)? } else { text };
    let (date, time) = plain.split_at_checked(10)?;
    let bytes = time.as_bytes();
    let fraction = match bytes.len() {
        9 => 0,
        16 if bytes[9] == b'.' => number(&bytes[10..])?,
        _ => return None,
    };
    let parts = [number(&bytes[1..3])?, number(&bytes[4..6])?, number(&bytes[7..9])?];
    let fits = parts[0] < 24 && parts[1] < 60 && parts[2] < 60;
    let marked = [bytes[0], bytes[3], bytes[6]] == *b"T::";
    let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
    (fits && marked).then_some(parse_date(date)? * DAY + seconds * SECOND + fraction)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use mts_core::Time;

    use super::*;

    fn date(days: i64) -> String {
        let mut text = String::new();
        assert!(write_date(days, &mut text));
        text
    }

    #[test]
    fn every_day_comes_back() {
        for days in DAYS {
            let text = date(days);
            assert_eq!(parse_date(&text), Some(days), "{text}");
        }
        assert_eq!((date(*DAYS.start()), date(*DAYS.end())), ("0001-01-01".into(), "9999-12-31".into()));
        for days in [DAYS.start() - 1, DAYS.end() + 1, i64::MIN / 2, i64::MAX / 2] {
            assert!(!write_date(days, &mut String::new()));
        }
    }

    #[test]
    fn times_are_those_of_others() {
        for microseconds in (-62_135_596_800_000_000_i64..253_402_300_800_000_000).step_by(98_765_432_109_876)
        {
            let mut text = String::new();
            assert!(write_time(microseconds, false, &mut text));
            assert_eq!(
                text,
                Time::Instant(microseconds).to_string().trim_end_matches('0').to_owned()
                    + &text[text.trim_end_matches('0').len()..]
            );
            assert_eq!(parse_time(&text, false), Some(microseconds));
            assert!(write_time(microseconds, true, &mut String::new()));
            assert_eq!(parse_time(&(text + "+00:00"), true), Some(microseconds));
        }
    }

    #[test]
    fn texts_have_the_order_of_times() {
        for zoned in [false, true] {
            let text = |microseconds| {
                let mut text = String::new();
                assert!(write_time(microseconds, zoned, &mut text));
                text
            };
            for at in [0, 1, 999_999, 1_000_000, 1_500_000, 59_999_999, -1, -1_000_000] {
                assert!(text(at) < text(at + 1), "{}", text(at));
            }
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "2023-02-29",
            "2023-13-01",
            "2023-1-01",
            "2023-00-10",
            "0000-01-01",
            "2023-01-00",
            "",
            "é023-01-01",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        for text in [
            "2023-01-01",
            "2023-01-01T24:00:00",
            "2023-01-01 00:00:00",
            "2023-01-01T00:00:00.5",
            "2023-01-01T00:60:00",
        ] {
            assert_eq!(parse_time(text, false), None, "{text}");
        }
        assert_eq!(parse_time("2023-01-01T00:00:00", true), None);
    }
}
