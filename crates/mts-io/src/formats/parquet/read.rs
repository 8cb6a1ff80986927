//! Row groups to slabs.

use std::path::{Path, PathBuf};

use mts_core::{Dtype, Head, Shape, SlabSource, SourceError, Time, TimeAxis};
use mts_hash::{Map, Value};
use parquet::basic::{LogicalType, Type as Physical};
use parquet::data_type::{ByteArrayType, DataType, DoubleType, Int64Type};

use super::columns::{Stream, Table};
use super::{CHANNEL, CONFIG_ID, REALIZATION, TIME, VALUE, metadata};
use crate::IoError;
use crate::formats::Check;
use crate::order::{Key, Order};

/// Rows that are read at once.
const BATCH: usize = 1 << 13;

pub(in crate::formats) fn open(path: &Path, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    let table = Table::open(path)?;
    let value = numbers(&table, VALUE, &[Physical::DOUBLE])?.0;
    let entries = table.metadata().key_value_metadata();
    let attributes = metadata::attributes(entries.map_or(&[], Vec::as_slice));
    let (shape, time) = match declared(&attributes)? {
        Some(shape) => {
            let rows = table.rows()?;
            if rows != shape.values() {
                return Err(IoError::damaged(format!(
                    "the parameters ask for M={} · T={} · n_realizations={} = {} rows, and there are {rows}",
                    shape.channels(),
                    shape.steps(),
                    shape.realizations(),
                    shape.values()
                )));
            }
            let time = axis(&table, shape, &attributes)?;
            if check == Check::Rows {
                walk(&table, Order::known(shape, time))?;
            }
            (shape, time)
        }
        None => walk(&table, Order::unknown())?,
    };
    if check == Check::Rows {
        same_config_id(&table, attributes.get("config_id").and_then(Value::as_str))?;
    }
    let head = Head { shape, time, dtype: Dtype::F64, attributes, truth: None };
    Ok(Box::new(ParquetSource { path: path.to_owned(), table, head, values: Stream::new(value), done: 0 }))
}

struct ParquetSource {
    path: PathBuf,
    table: Table,
    head: Head,
    values: Stream<DoubleType>,
    done: usize,
}

impl ParquetSource {
    fn fill(&mut self, mut slabs: &mut [f64]) -> Result<(), IoError> {
        while !slabs.is_empty() {
            let read = self.values.next(&self.table, slabs.len().min(BATCH))?;
            if read == 0 {
                return Err(IoError::damaged(format!("the column {VALUE} ends early")));
            }
            let (into, rest) = slabs.split_at_mut(read);
            let values = &self.values.values;
            if values.len() == read {
                into.copy_from_slice(values);
            } else {
                // Other writers leave NaN out.
                let mut values = values.iter();
                for (into, present) in into.iter_mut().zip(&self.values.present) {
                    *into = if *present == 0 { f64::NAN } else { values.next().copied().unwrap_or(f64::NAN) };
                }
            }
            slabs = rest;
        }
        Ok(())
    }
}

impl SlabSource for ParquetSource {
    fn head(&self) -> &Head {
        &self.head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let slab = self.head.shape.slab();
        let steps = (slabs.len() / slab).min(self.head.shape.steps() - self.done);
        self.fill(&mut slabs[..steps * slab]).map_err(|error| error.at(&self.path))?;
        self.done += steps;
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.values.restart();
        self.done = 0;
        Ok(())
    }
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

/// The place of a column of numbers without a further meaning, and its type.
fn numbers(table: &Table, name: &str, types: &[Physical]) -> Result<(usize, Physical), IoError> {
    let (place, column) = table.column(name)?;
    let found = column.physical_type();
    let plain = column
        .logical_type_ref()
        .is_none_or(|logical| matches!(logical, LogicalType::Integer(integer) if integer.bit_width == 64));
    if !plain || !types.contains(&found) {
        let expected: Vec<_> = types.iter().map(ToString::to_string).collect();
        return Err(IoError::damaged(format!(
            "the column {name} must be plain {}, found {found} {}",
            expected.join(" or "),
            column.logical_type_ref().map(|logical| format!("{logical:?}")).unwrap_or_default()
        )));
    }
    Ok((place, found))
}

fn in_seconds(table: &Table) -> Result<bool, IoError> {
    Ok(numbers(table, TIME, &[Physical::INT64, Physical::DOUBLE])?.1 == Physical::DOUBLE)
}

/// The time axis, from the type of the column and the time of the second step.
fn axis(table: &Table, shape: Shape, attributes: &Map) -> Result<TimeAxis, IoError> {
    if !in_seconds(table)? {
        return Ok(TimeAxis::Steps);
    }
    let dt = if shape.steps() == 1 {
        attributes.get("dt").and_then(Value::as_f64).unwrap_or(1.0)
    } else {
        let mut times = Stream::<DoubleType>::new(table.column(TIME)?.0);
        let mut left = shape.slab() + 1;
        while left > 0 {
            let read = times.next_present(table, left.min(BATCH))?;
            if read == 0 {
                return Err(IoError::damaged(format!("the column {TIME} ends early")));
            }
            left -= read;
        }
        times.values.last().copied().unwrap_or(f64::NAN)
    };
    if dt.is_finite() && dt > 0.0 {
        return Ok(TimeAxis::Seconds { dt });
    }
    Err(IoError::damaged(format!("the time of the second step is {dt}, which is not after the first")))
}

/// Reads the three index columns to their end.
fn walk(table: &Table, mut order: Order) -> Result<(Shape, TimeAxis), IoError> {
    let (time, physical) = numbers(table, TIME, &[Physical::INT64, Physical::DOUBLE])?;
    let mut channels = Aligned::<Int64Type>::new(numbers(table, CHANNEL, &[Physical::INT64])?.0);
    let mut realizations = Aligned::<Int64Type>::new(numbers(table, REALIZATION, &[Physical::INT64])?.0);
    let mut rest = |time: Time, row: usize| {
        let (channel, realization) = (channels.next(table)?, realizations.next(table)?);
        let what = order.row(Key { time, channel, realization });
        what.map_err(|what| IoError::damaged(format!("row {row}: {what}")))
    };
    if physical == Physical::DOUBLE {
        each::<DoubleType>(table, time, |row, time| rest(Time::Second(*time), row))?;
    } else {
        each::<Int64Type>(table, time, |row, time| rest(Time::Step(*time), row))?;
    }
    order.finish()
}

/// Shows every value of a column with its row, counted from 0.
fn each<T: DataType>(
    table: &Table,
    column: usize,
    mut visit: impl FnMut(usize, &T::T) -> Result<(), IoError>,
) -> Result<(), IoError> {
    let mut stream = Stream::<T>::new(column);
    let mut row = 0;
    while stream.next_present(table, BATCH)? > 0 {
        for value in &stream.values {
            visit(row, value)?;
            row += 1;
        }
    }
    Ok(())
}

/// A column value by value, for columns whose row groups cut their pages elsewhere.
struct Aligned<T: DataType> {
    stream: Stream<T>,
    at: usize,
}

impl<T: DataType<T: Copy>> Aligned<T> {
    fn new(column: usize) -> Self {
        Aligned { stream: Stream::new(column), at: 0 }
    }

    #[inline]
    fn next(&mut self, table: &Table) -> Result<T::T, IoError> {
        if self.at == self.stream.values.len() {
            self.at = 0;
            self.stream.next_present(table, BATCH)?;
        }
        self.at += 1;
        let value = self.stream.values.get(self.at - 1).copied();
        value.ok_or_else(|| IoError::damaged("an index column ends early"))
    }
}

fn same_config_id(table: &Table, expected: Option<&str>) -> Result<(), IoError> {
    let (place, column) = table.column(CONFIG_ID)?;
    if column.physical_type() != Physical::BYTE_ARRAY {
        return Err(IoError::damaged(format!("the column {CONFIG_ID} must be text")));
    }
    let mut expected = expected.map(|text| text.as_bytes().to_vec());
    each::<ByteArrayType>(table, place, |row, found| {
        let expected = expected.get_or_insert_with(|| found.data().to_vec());
        if found.data() == expected {
            return Ok(());
        }
        let (found, expected) = (String::from_utf8_lossy(found.data()), String::from_utf8_lossy(expected));
        Err(IoError::damaged(format!("row {row}: found config_id {found:?}, expected {expected:?}")))
    })
}
