//! Days, and days with a time.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, TimestampMicrosecondArray};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use mts_core::ColumnType;

use super::places::Places;
use super::{Made, Surroundings, Values, refuse_bounds, refuse_pattern};
use crate::audit::Shape;
use crate::spec::{Constraints, DateSpec, DatetimeSpec};
use crate::{Finding, Rows};

const MICROSECONDS: i64 = 1_000_000;

pub(super) fn date(
    spec: &DateSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let day = |text: &str| -> Result<i64, String> {
        let day = text.parse::<Date>().map_err(|_| format!("no date such as 2024-01-31: {text:?}"))?;
        Ok(days_of(day))
    };
    let (start, end) = both(day(&spec.start), day(&spec.end), around)?;
    let places = places(start, end, &spec.start, &spec.end, constraints, around)?;
    Ok(Made::new(ColumnType::Date, Days { places }).shaped(Shape::whole(start, end)))
}

fn days_of(day: Date) -> i64 {
    i64::from(day.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days()))
}

pub(super) fn datetime(
    spec: &DatetimeSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let zone = match &spec.timezone {
        None => None,
        Some(name) => {
            let zone = TimeZone::get(name).map_err(|_| {
                let finding = Finding::new(around.at("timezone"), format!("no such time zone: {name:?}"));
                vec![finding.with_hint("a name of the IANA database, such as Europe/Berlin or UTC")]
            })?;
            Some(zone)
        }
    };
    let second = |text: &str| seconds_of(text, zone.as_ref());
    let (start, end) = both(second(&spec.start), second(&spec.end), around)?;
    let places = places(start, end, &spec.start, &spec.end, constraints, around)?;
    let zone = spec.timezone.clone();
    let made = Made::new(ColumnType::DateTime(zone.clone()), Seconds { places, zone });
    Ok(made.shaped(Shape::whole(start, end)))
}

/// Seconds since 1970, of the wall clock or with a zone since that instant. A date alone is its first second.
fn seconds_of(text: &str, zone: Option<&TimeZone>) -> Result<i64, String> {
    let wrong = || format!("no time such as 2024-01-31T06:30:00: {text:?}");
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Ok(instant.as_second());
    }
    let at = text.parse::<DateTime>().map_err(|_| wrong())?;
    let zone = zone.cloned().unwrap_or(TimeZone::UTC);
    Ok(zone.to_ambiguous_timestamp(at).compatible().map_err(|_| wrong())?.as_second())
}

fn both(
    start: Result<i64, String>,
    end: Result<i64, String>,
    around: &Surroundings,
) -> Result<(i64, i64), Vec<Finding>> {
    match (start, end) {
        (Ok(start), Ok(end)) => Ok((start, end)),
        (start, end) => {
            let finding = |key: &str, why: String| Finding::new(around.at(key), why);
            let start = start.err().map(|why| finding("start", why));
            Err(start.into_iter().chain(end.err().map(|why| finding("end", why))).collect())
        }
    }
}

fn places(
    start: i64,
    end: i64,
    first: &str,
    last: &str,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Places, Vec<Finding>> {
    let mut findings = Vec::new();
    refuse_bounds(&mut findings, around, constraints);
    refuse_pattern(&mut findings, around, constraints);
    if end < start {
        findings
            .push(Finding::new(around.at("end"), format!("must not be before start, {first}, found {last}")));
        return Err(findings);
    }
    match Places::new([start, end], [first, last], constraints, around) {
        Ok(places) if findings.is_empty() => Ok(places),
        Ok(_) => Err(findings),
        Err(finding) => {
            findings.push(finding);
            Err(findings)
        }
    }
}

struct Days {
    places: Places,
}

impl Values for Days {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        Arc::new(Date32Array::from_iter_values(self.places.of(rows).into_iter().map(|day| day as i32)))
    }
}

struct Seconds {
    places: Places,
    zone: Option<String>,
}

impl Values for Seconds {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let values = self.places.of(rows).into_iter().map(|second| second * MICROSECONDS);
        Arc::new(TimestampMicrosecondArray::from_iter_values(values).with_timezone_opt(self.zone.clone()))
    }
}
