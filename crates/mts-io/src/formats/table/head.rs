//! Shape and time axis of a table: declared by its attributes, else learned from its index columns.

use std::str;

use mts_core::{Dtype, Head, Shape, Time, TimeAxis};
use mts_hash::{Map, Value};

use super::{Clock, Layout, rows};
use crate::attributes::dates;
use crate::formats::Check;
use crate::order::{Key, Order};
use crate::{Form, IoError};

/// The index columns of a file, some rows after the other. What a form does not have is not asked for.
pub(in crate::formats) trait Index {
    /// Begins again with the first row; names are read if wanted.
    fn restart(&mut self, names: bool);

    /// Reads the next rows; returns how many there are, 0 at the end.
    fn next(&mut self) -> Result<usize, IoError>;

    /// The time in one of these rows.
    fn time(&self, row: usize) -> Result<Time, String>;

    fn channel(&self, row: usize) -> i64;

    fn realization(&self, row: usize) -> i64;

    /// The text of `config_id` or `unique_id`.
    fn name(&self, row: usize) -> &[u8];
}

/// What a file says of itself before its rows.
pub(in crate::formats) struct Said {
    pub(in crate::formats) rows: usize,
    pub(in crate::formats) clock: Clock,
    pub(in crate::formats) dtype: Dtype,
    pub(in crate::formats) attributes: Map,
}

/// The head of a file, and all that `check` asks for.
pub(in crate::formats) fn head(
    index: &mut impl Index,
    layout: &Layout,
    said: Said,
    check: Check,
) -> Result<Head, IoError> {
    let Said { rows, clock, dtype, attributes } = said;
    let expected = attributes.get("config_id").and_then(Value::as_str).filter(|_| check == Check::Rows);
    let names = layout.name.is_some() && (layout.form == Form::Panel || check == Check::Rows);
    let mut walk = Walk { layout, names, expected: expected.map(str::to_owned) };
    let (seen, time) = match declared(&attributes)? {
        None => walk.all(index, Order::unknown())?,
        Some(shape) => {
            fits(shape, layout, rows)?;
            let seen = layout.seen(shape)?;
            match (axis(index, clock, seen, &attributes)?, check) {
                (Some(time), Check::Head) => (seen, time),
                (Some(time), Check::Rows) => walk.all(index, Order::known(seen, time))?,
                (None, _) => walk.all(index, Order::sized(seen))?,
            }
        }
    };
    let channels = if layout.form == Form::Wide { layout.values.len() } else { seen.channels() };
    let shape = Shape::new(channels, seen.steps(), seen.realizations());
    let shape = shape.map_err(|error| IoError::damaged(error.to_string()))?;
    Ok(Head { shape, time, dtype, attributes, truth: None })
}

/// The shape that the attribute `params` declares, where there is one.
fn declared(attributes: &Map) -> Result<Option<Shape>, IoError> {
    let Some(params) = attributes.get("params").and_then(Value::as_map) else { return Ok(None) };
    let size = |key: &str| {
        let value = params.get(key).or_else(|| attributes.get(key))?;
        usize::try_from(value.as_int()?.to_u64()?).ok()
    };
    let (Some(m), Some(t), Some(r)) = (size("M"), size("T"), size("n_realizations")) else { return Ok(None) };
    let shape = Shape::new(m, t, r);
    shape.map(Some).map_err(|error| IoError::damaged(format!("the parameters are impossible: {error}")))
}

/// Whether declared sizes are those of the table.
fn fits(shape: Shape, layout: &Layout, found: usize) -> Result<(), IoError> {
    let (m, t, r) = (shape.channels(), shape.steps(), shape.realizations());
    let asked = format!("the parameters ask for M={m} · T={t} · n_realizations={r}");
    if layout.form == Form::Wide && m != layout.values.len() {
        let columns = layout.values.len();
        return Err(IoError::damaged(format!("{asked}, and there are {columns} columns of values")));
    }
    let rows = rows(shape, layout.form) * t;
    if rows != found {
        return Err(IoError::damaged(format!("{asked} = {rows} rows, and there are {found}")));
    }
    Ok(())
}

/// The time axis of rows of shape `seen`, where it is known without reading all times.
fn axis(
    index: &mut impl Index,
    clock: Clock,
    seen: Shape,
    attributes: &Map,
) -> Result<Option<TimeAxis>, IoError> {
    match clock {
        Clock::Seconds => seconds(index, seen, attributes).map(Some),
        Clock::Instants { .. } => Ok(dates(attributes, seen.steps()).map(TimeAxis::Instants)),
        Clock::Steps => Ok(Some(TimeAxis::Steps)),
    }
}

/// The time of the second step is the distance of all.
fn seconds(index: &mut impl Index, seen: Shape, attributes: &Map) -> Result<TimeAxis, IoError> {
    let dt = if seen.steps() == 1 {
        attributes.get("dt").and_then(Value::as_f64).unwrap_or(1.0)
    } else {
        index.restart(false);
        let mut second = seen.slab();
        loop {
            let rows = index.next()?;
            if rows == 0 {
                return Err(IoError::damaged("the times end early"));
            }
            if second < rows {
                break index.time(second).map_err(IoError::damaged)?.as_f64();
            }
            second -= rows;
        }
    };
    if dt.is_finite() && dt > 0.0 {
        return Ok(TimeAxis::Seconds { dt });
    }
    Err(IoError::damaged(format!("the time of the second step is {dt}, which is not after the first")))
}

/// All rows, one after the other.
struct Walk<'a> {
    layout: &'a Layout,
    /// Whether to read names too.
    names: bool,
    /// The name of the dataset, as soon as it is known.
    expected: Option<String>,
}

impl Walk<'_> {
    fn all(&mut self, index: &mut impl Index, mut order: Order) -> Result<(Shape, TimeAxis), IoError> {
        index.restart(self.names);
        let mut before = 0;
        loop {
            let rows = index.next()?;
            if rows == 0 {
                return order.finish();
            }
            for row in 0..rows {
                let checked = self.key(index, row).and_then(|key| {
                    order.row(key)?;
                    self.same_name(index, row)
                });
                checked.map_err(|what| IoError::damaged(format!("row {}: {what}", before + row)))?;
            }
            before += rows;
        }
    }

    fn key(&self, index: &impl Index, row: usize) -> Result<Key, String> {
        let time = index.time(row)?;
        Ok(match self.layout.form {
            Form::Long => Key { time, channel: index.channel(row), realization: index.realization(row) },
            Form::Wide => Key { time, channel: 0, realization: index.realization(row) },
            Form::Panel => {
                let (_, channel, realization) = series(index.name(row))?;
                Key { time, channel, realization }
            }
        })
    }

    fn same_name(&mut self, index: &impl Index, row: usize) -> Result<(), String> {
        if !self.names {
            return Ok(());
        }
        let text = index.name(row);
        let (column, of, name) = match self.layout.form {
            Form::Panel => ("unique_id", "one of ", series(text)?.0),
            _ => ("config_id", "", text),
        };
        let expected = self.expected.get_or_insert_with(|| String::from_utf8_lossy(name).into_owned());
        if name == expected.as_bytes() {
            return Ok(());
        }
        let found = String::from_utf8_lossy(text);
        Err(format!("found {column} {found:?}, expected {of}{expected:?}"))
    }
}

/// Name, channel and realization in `name/channel/realization`.
fn series(text: &[u8]) -> Result<(&[u8], i64, i64), String> {
    let number = |digits: &[u8]| {
        let digits = digits.iter().all(u8::is_ascii_digit).then_some(digits)?;
        str::from_utf8(digits).ok()?.parse().ok()
    };
    let mut parts = text.rsplitn(3, |b| *b == b'/');
    let (realization, channel, name) = (parts.next(), parts.next(), parts.next());
    match (name, channel.and_then(number), realization.and_then(number)) {
        (Some(name), Some(channel), Some(realization)) => Ok((name, channel, realization)),
        _ => Err(format!("expected a unique_id such as name/0/0, found {:?}", String::from_utf8_lossy(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_found_in_their_names() {
        assert_eq!(series(b"a/b__00c0ffee/3/1"), Ok((b"a/b__00c0ffee".as_slice(), 3, 1)));
        for bad in ["", "a", "a/1", "a/1/", "a//1", "a/-1/0", "a/1/99999999999999999999"] {
            assert!(series(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
