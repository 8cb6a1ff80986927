//! Arrow columns from the cells of a database.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{Array as _, ArrayRef, ListArray, RecordBatch, RecordBatchOptions, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer};
use mts_core::{Column, ColumnType, Relation};
use mts_hash::Value;

use super::dates::{parse_date, parse_time};
use super::numbers::parse_decimal;
use super::relations::{fields, item, must_be_there, schema};
use crate::IoError;

/// A column that grows by one cell at a time. What does not fit is not taken: `None`.
pub(super) enum Build {
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Decimal(Decimal128Builder, u8, i8),
    Text(StringBuilder),
    Date(Date32Builder),
    DateTime(TimestampMicrosecondBuilder, Option<Arc<str>>),
    Struct(Vec<Column>, Vec<Build>, NullBufferBuilder),
    List(ColumnType, Box<Build>, Vec<i32>, NullBufferBuilder),
}

impl Build {
    pub(super) fn of(kind: &ColumnType) -> Self {
        match kind {
            ColumnType::Boolean => Build::Boolean(BooleanBuilder::new()),
            ColumnType::Integer => Build::Integer(Int64Builder::new()),
            ColumnType::Float => Build::Float(Float64Builder::new()),
            ColumnType::Decimal { precision, scale } => {
                Build::Decimal(Decimal128Builder::new(), *precision, *scale)
            }
            ColumnType::Text => Build::Text(StringBuilder::new()),
            ColumnType::Date => Build::Date(Date32Builder::new()),
            ColumnType::DateTime(zone) => {
                Build::DateTime(TimestampMicrosecondBuilder::new(), zone.as_deref().map(Arc::from))
            }
            ColumnType::Struct(fields) => {
                let builds = fields.iter().map(|field| Build::of(&field.kind)).collect();
                Build::Struct(fields.clone(), builds, NullBufferBuilder::new(0))
            }
            ColumnType::List(item) => {
                let build = Box::new(Build::of(item));
                Build::List((**item).clone(), build, vec![0], NullBufferBuilder::new(0))
            }
        }
    }

    pub(super) fn null(&mut self) {
        match self {
            Build::Boolean(build) => build.append_null(),
            Build::Integer(build) => build.append_null(),
            Build::Float(build) => build.append_null(),
            Build::Decimal(build, ..) => build.append_null(),
            Build::Text(build) => build.append_null(),
            Build::Date(build) => build.append_null(),
            Build::DateTime(build, _) => build.append_null(),
            Build::Struct(_, builds, valid) => {
                builds.iter_mut().for_each(Build::null);
                valid.append_null();
            }
            Build::List(_, _, offsets, valid) => {
                offsets.extend(offsets.last().copied());
                valid.append_null();
            }
        }
    }

    pub(super) fn boolean(&mut self, value: bool) -> Option<()> {
        let Build::Boolean(build) = self else { return None };
        build.append_value(value);
        Some(())
    }

    /// A whole number; a truth value of 0 and 1.
    pub(super) fn integer(&mut self, value: i64) -> Option<()> {
        match self {
            Build::Integer(build) => build.append_value(value),
            Build::Boolean(build) if value == 0 || value == 1 => build.append_value(value == 1),
            Build::Decimal(_, precision, scale) => {
                let units =
                    i128::from(value).checked_mul(10_i128.checked_pow(u32::from(scale.unsigned_abs()))?)?;
                let fits = units.unsigned_abs() < 10_u128.checked_pow(u32::from(*precision))?;
                return fits.then(|| self.decimal(units))?;
            }
            _ => return None,
        }
        Some(())
    }

    pub(super) fn float(&mut self, value: f64) -> Option<()> {
        let Build::Float(build) = self else { return None };
        build.append_value(value);
        Some(())
    }

    /// In units of its last digit.
    pub(super) fn decimal(&mut self, value: i128) -> Option<()> {
        let Build::Decimal(build, precision, _) = self else { return None };
        (value.unsigned_abs() < 10_u128.checked_pow(u32::from(*precision))?)
            .then(|| build.append_value(value))
    }

    pub(super) fn date(&mut self, days: i64) -> Option<()> {
        let Build::Date(build) = self else { return None };
        build.append_value(i32::try_from(days).ok()?);
        Some(())
    }

    pub(super) fn time(&mut self, microseconds: i64) -> Option<()> {
        let Build::DateTime(build, _) = self else { return None };
        build.append_value(microseconds);
        Some(())
    }

    /// What is text in a database or within JSON.
    pub(super) fn text(&mut self, text: &str) -> Option<()> {
        match self {
            Build::Text(build) => build.append_value(text),
            Build::Decimal(_, _, scale) => {
                let value = parse_decimal(text, *scale)?;
                return self.decimal(value);
            }
            Build::Date(_) => return self.date(parse_date(text)?),
            Build::DateTime(_, zone) => {
                let time = parse_time(text, zone.is_some())?;
                return self.time(time);
            }
            _ => return None,
        }
        Some(())
    }

    /// JSON text of a structure or list.
    pub(super) fn json(&mut self, text: &str) -> Option<()> {
        self.value(&mts_hash::parse(text).ok()?)
    }

    /// Whether its cells are JSON text.
    pub(super) fn is_nested(&self) -> bool {
        matches!(self, Build::Struct(..) | Build::List(..))
    }

    /// A cell that is not taken may have left parts of itself: nothing is finished then.
    fn value(&mut self, value: &Value) -> Option<()> {
        match (self, value) {
            (build, Value::Null) => build.null(),
            (Build::Struct(fields, builds, valid), Value::Map(map)) => {
                if map.len() != fields.len() {
                    return None;
                }
                for (field, build) in fields.iter().zip(builds) {
                    build.value(map.get(&field.name)?)?;
                }
                valid.append_non_null();
            }
            (Build::List(_, build, offsets, valid), Value::List(items)) => {
                items.iter().try_for_each(|item| build.value(item))?;
                let before = offsets.last().copied()?;
                offsets.push(before.checked_add(i32::try_from(items.len()).ok()?)?);
                valid.append_non_null();
            }
            (Build::Float(build), Value::Int(_) | Value::Float(_)) => build.append_value(value.as_f64()?),
            (build @ Build::Integer(_), Value::Int(int)) => return build.integer(int.to_i64()?),
            (build, Value::Bool(value)) => return build.boolean(*value),
            (build, Value::Str(text)) => return build.text(text),
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> Option<ArrayRef> {
        Some(match self {
            Build::Boolean(mut build) => Arc::new(build.finish()),
            Build::Integer(mut build) => Arc::new(build.finish()),
            Build::Float(mut build) => Arc::new(build.finish()),
            Build::Decimal(mut build, precision, scale) => {
                Arc::new(build.finish().with_precision_and_scale(precision, scale).ok()?)
            }
            Build::Text(mut build) => Arc::new(build.finish()),
            Build::Date(mut build) => Arc::new(build.finish()),
            Build::DateTime(mut build, zone) => Arc::new(build.finish().with_timezone_opt(zone)),
            Build::Struct(columns, builds, mut valid) => {
                let length = valid.len();
                let arrays = builds.into_iter().map(Build::finish).collect::<Option<Vec<_>>>()?;
                let nulls = valid.finish();
                Arc::new(if arrays.is_empty() {
                    StructArray::new_empty_fields(length, nulls)
                } else {
                    StructArray::try_new(fields(&columns), arrays, nulls).ok()?
                })
            }
            Build::List(kind, build, offsets, mut valid) => {
                let items = build.finish()?;
                let offsets = OffsetBuffer::new(offsets.into());
                Arc::new(ListArray::try_new(Arc::new(item(&kind)), offsets, items, valid.finish()).ok()?)
            }
        })
    }
}

/// The columns of a table as a batch; `first` is the number of its first row in the table.
pub(super) fn batch(
    relation: &Relation,
    builds: Vec<Build>,
    rows: usize,
    first: u64,
) -> Result<RecordBatch, IoError> {
    let arrays = builds.into_iter().map(Build::finish).collect::<Option<Vec<_>>>();
    let table = &relation.name;
    let arrays = arrays
        .ok_or_else(|| IoError::damaged(format!("table {table:?}: a field that must be there is null")))?;
    for (place, (column, array)) in relation.columns.iter().zip(&arrays).enumerate() {
        let null = (array.null_count() > 0 && must_be_there(relation, place))
            .then(|| (0..array.len()).find(|row| array.is_null(*row)));
        if let Some(row) = null.flatten() {
            return Err(IoError::damaged(format!(
                "table {table:?}, column {:?}, row {}: a value is missing, and the column allows no null",
                column.name,
                first + row as u64
            )));
        }
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(schema(relation), arrays, &options)
        .map_err(|error| IoError::damaged(format!("table {table:?}: {error}")))
}
