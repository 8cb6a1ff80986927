//! Texts to the values of a column.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields};
use serde_json::value::RawValue;

use super::json::{self, Names};
use super::{Misfit, shortened};
use crate::IoError;
use crate::tables::sink::from_arrow;
use crate::tables::{dates, decimal};

/// A column that grows.
#[derive(Debug)]
pub(super) struct Builder {
    /// With those of the structures around it.
    name: String,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Decimal {
        builder: Decimal128Builder,
        precision: u8,
        scale: i8,
    },
    Text(StringBuilder),
    Date(Date32Builder),
    DateTime {
        builder: TimestampMicrosecondBuilder,
        zoned: bool,
    },
    Struct {
        fields: Fields,
        names: Names,
        columns: Vec<Builder>,
        nulls: NullBufferBuilder,
    },
    List {
        item: FieldRef,
        ends: Vec<i32>,
        items: Box<Builder>,
        nulls: NullBufferBuilder,
    },
    /// No type of tables, which schemas were asked for.
    Nothing,
}

impl Builder {
    pub(super) fn of(field: &Field, prefix: &str) -> Self {
        let name = format!("{prefix}{}", field.name());
        let values = match field.data_type() {
            DataType::Boolean => Values::Boolean(BooleanBuilder::new()),
            DataType::Int64 => Values::Integer(Int64Builder::new()),
            DataType::Float64 => Values::Float(Float64Builder::new()),
            DataType::Decimal128(precision, scale) => Values::Decimal {
                builder: Decimal128Builder::new().with_data_type(field.data_type().clone()),
                precision: *precision,
                scale: *scale,
            },
            DataType::Utf8 => Values::Text(StringBuilder::new()),
            DataType::Date32 => Values::Date(Date32Builder::new()),
            DataType::Timestamp(_, zone) => Values::DateTime {
                builder: TimestampMicrosecondBuilder::new().with_timezone_opt(zone.clone()),
                zoned: zone.is_some(),
            },
            DataType::Struct(fields) => Values::Struct {
                columns: fields.iter().map(|field| Builder::of(field, &format!("{name}."))).collect(),
                names: Names::of(fields),
                fields: fields.clone(),
                nulls: NullBufferBuilder::new(0),
            },
            DataType::List(item) => Values::List {
                items: Box::new(Builder { name: name.clone(), ..Builder::of(item, "") }),
                item: Arc::clone(item),
                ends: vec![0],
                nulls: NullBufferBuilder::new(0),
            },
            _ => Values::Nothing,
        };
        Builder { name, values }
    }

    /// Adds what a cell of a text holds.
    pub(super) fn push_text(&mut self, cell: Option<&str>, row: u64, misfits: &mut Vec<Misfit>) {
        let fits = match (&mut self.values, cell) {
            (_, None) => None,
            (Values::Float(builder), Some(text)) => {
                Some(text.parse().map(|x| builder.append_value(x)).is_ok())
            }
            (Values::Struct { .. } | Values::List { .. }, Some(text)) => {
                match serde_json::from_str::<&RawValue>(text) {
                    Ok(raw) => return self.push_json(raw.get(), row, misfits),
                    Err(_) => Some(false),
                }
            }
            (_, Some(text)) => Some(self.push_plain(text)),
        };
        self.settle(fits, cell.unwrap_or_default(), row, misfits);
    }

    /// Adds what a JSON value holds.
    pub(super) fn push_json(&mut self, raw: &str, row: u64, misfits: &mut Vec<Misfit>) {
        let first = raw.bytes().next().unwrap_or(b'n');
        let fits = match &mut self.values {
            _ if raw == "null" => None,
            Values::Text(_) | Values::Date(_) | Values::DateTime { .. } => {
                let text: Option<Cow<str>> = json::text(raw);
                Some(text.is_some_and(|text| self.push_plain(&text)))
            }
            Values::Float(builder) => {
                let number = first == b'-' || first.is_ascii_digit();
                Some(number && raw.parse().map(|x| builder.append_value(x)).is_ok())
            }
            Values::Struct { names, columns, nulls, .. } => Some(match names.values(raw) {
                Ok(values) => {
                    for (column, value) in columns.iter_mut().zip(values) {
                        column.push_json(value, row, misfits);
                    }
                    nulls.append_non_null();
                    true
                }
                Err(_) => false,
            }),
            Values::List { ends, items, nulls, .. } => {
                let end = ends.last().copied().unwrap_or(0);
                let found = json::items(raw);
                let end = found.as_ref().and_then(|found| end.checked_add(i32::try_from(found.len()).ok()?));
                Some(match (found, end) {
                    (Some(found), Some(end)) => {
                        found.into_iter().for_each(|item| items.push_json(item, row, misfits));
                        ends.push(end);
                        nulls.append_non_null();
                        true
                    }
                    _ => false,
                })
            }
            _ => Some(self.push_plain(raw)),
        };
        self.settle(fits, raw, row, misfits);
    }

    /// Adds what is written alike everywhere; false where the text is no such value.
    fn push_plain(&mut self, text: &str) -> bool {
        match &mut self.values {
            Values::Boolean(builder) => text.parse().map(|truth| builder.append_value(truth)).is_ok(),
            Values::Integer(builder) => text.parse().map(|number| builder.append_value(number)).is_ok(),
            Values::Decimal { builder, precision, scale } => {
                decimal::parse(text, *precision, *scale).map(|number| builder.append_value(number)).is_some()
            }
            Values::Text(builder) => {
                builder.append_value(text);
                true
            }
            Values::Date(builder) => dates::parse_day(text).map(|day| builder.append_value(day)).is_some(),
            Values::DateTime { builder, zoned } => {
                dates::parse_instant(text, *zoned).map(|at| builder.append_value(at)).is_some()
            }
            _ => false,
        }
    }

    /// Adds a null where nothing was added, and reports what does not fit.
    fn settle(&mut self, fits: Option<bool>, found: &str, row: u64, misfits: &mut Vec<Misfit>) {
        match fits {
            Some(true) => return,
            Some(false) => {
                misfits.push(Misfit { row, column: self.name.clone(), found: shortened(found) });
            }
            None => {}
        }
        self.push_null();
    }

    fn push_null(&mut self) {
        match &mut self.values {
            Values::Boolean(builder) => builder.append_null(),
            Values::Integer(builder) => builder.append_null(),
            Values::Float(builder) => builder.append_null(),
            Values::Decimal { builder, .. } => builder.append_null(),
            Values::Text(builder) => builder.append_null(),
            Values::Date(builder) => builder.append_null(),
            Values::DateTime { builder, .. } => builder.append_null(),
            Values::Struct { columns, nulls, .. } => {
                columns.iter_mut().for_each(Builder::push_null);
                nulls.append_null();
            }
            Values::List { ends, nulls, .. } => {
                ends.push(ends.last().copied().unwrap_or(0));
                nulls.append_null();
            }
            Values::Nothing => {}
        }
    }

    /// The column so far; it begins again.
    pub(super) fn finish(&mut self) -> Result<ArrayRef, IoError> {
        self.try_finish().map_err(from_arrow)
    }

    fn try_finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match &mut self.values {
            Values::Boolean(builder) => Arc::new(builder.finish()),
            Values::Integer(builder) => Arc::new(builder.finish()),
            Values::Float(builder) => Arc::new(builder.finish()),
            Values::Decimal { builder, .. } => Arc::new(builder.finish()),
            Values::Text(builder) => Arc::new(builder.finish()),
            Values::Date(builder) => Arc::new(builder.finish()),
            Values::DateTime { builder, .. } => Arc::new(builder.finish()),
            Values::Struct { fields, columns, nulls, .. } => {
                let columns = columns.iter_mut().map(Builder::try_finish).collect::<Result<_, _>>()?;
                Arc::new(StructArray::try_new(fields.clone(), columns, nulls.finish())?)
            }
            Values::List { item, ends, items, nulls } => {
                let ends = OffsetBuffer::new(ScalarBuffer::from(std::mem::replace(ends, vec![0])));
                Arc::new(ListArray::try_new(Arc::clone(item), ends, items.try_finish()?, nulls.finish())?)
            }
            Values::Nothing => {
                return Err(ArrowError::NotYetImplemented(format!("the column {} has no type", self.name)));
            }
        })
    }
}
