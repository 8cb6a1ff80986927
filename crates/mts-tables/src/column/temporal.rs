//! Days, and days with a time.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, TimestampMicrosecondArray};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use mts_core::ColumnType;
use mts_rng::{Key, keyed};

use super::{Made, Surroundings, Values, refuse_bounds, refuse_pattern};
use crate::audit::Shape;
use crate::spec::{Constraints, DateSpec, DatetimeSpec};
use crate::{Finding, Rows, WidePermutation};

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
    let domain = end.abs_diff(start) + 1;
    let key = Key::from(around.seed);
    let distinct = constraints.unique || constraints.primary_key;
    if distinct && domain < around.rows {
        let message = format!(
            "{} rows need as many values, and from {first} to {last} there are {domain}",
            around.rows
        );
        findings.push(Finding::new(around.at("constraints.unique"), message));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let order = match (constraints.monotonic_increasing, distinct) {
        (true, distinct) => Order::Rising { rows: around.rows, distinct },
        (false, true) => Order::Distinct(Box::new(WidePermutation::new(key, u128::from(domain)))),
        (false, false) => Order::Any,
    };
    Ok(Places { start, domain, key, order })
}

/// Whole numbers from a start on, as likely each.
struct Places {
    start: i64,
    domain: u64,
    key: Key,
    order: Order,
}

enum Order {
    Any,
    Distinct(Box<WidePermutation>),
    /// Each row has a part of the domain of its own.
    Rising {
        rows: u64,
        distinct: bool,
    },
}

impl Places {
    fn at(&self, row: u64) -> i64 {
        let place = match &self.order {
            Order::Any => keyed(self.key, row).bounded(self.domain - 1),
            Order::Distinct(order) => order.at(u128::from(row)) as u64,
            Order::Rising { rows, distinct } => {
                let begin = |row: u64| {
                    (u128::from(row) * u128::from(self.domain) / u128::from((*rows).max(1))) as u64
                };
                let (first, next) = (begin(row), begin(row + 1));
                let width = if *distinct { next - first } else { (next - first).max(1) };
                (first + keyed(self.key, row).bounded(width - 1)).min(self.domain - 1)
            }
        };
        self.start + place as i64
    }
}

struct Days {
    places: Places,
}

impl Values for Days {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| self.places.at(row) as i32)))
    }
}

struct Seconds {
    places: Places,
    zone: Option<String>,
}

impl Values for Seconds {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let values = rows.iter().map(|row| self.places.at(row) * MICROSECONDS);
        Arc::new(TimestampMicrosecondArray::from_iter_values(values).with_timezone_opt(self.zone.clone()))
    }
}
