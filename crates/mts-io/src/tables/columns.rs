//! Columns as the rows of a text want them.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, TimeUnit};

use super::digits::push_first;
use super::{dates, json};
use crate::IoError;

/// Letters of a text that is copied without a call.
const SHORT: usize = 16;

/// A column of a batch.
pub(super) struct Column<'a> {
    pub(super) values: Values<'a>,
    nulls: Option<&'a NullBuffer>,
}

/// What a column holds.
pub(super) enum Values<'a> {
    Boolean(&'a BooleanBuffer),
    Integer(&'a [i64]),
    Float(&'a [f64]),
    Decimal(&'a [i128], i8),
    Text(Texts<'a>),
    Date(&'a [i32]),
    /// Of universal time, or of no zone.
    DateTime(&'a [i64], bool),
    /// Columns, before each of which stands its key.
    Struct(Vec<(Vec<u8>, Column<'a>)>),
    List(&'a OffsetBuffer<i32>, Box<Column<'a>>),
}

/// Texts, one after the other.
pub(super) struct Texts<'a> {
    bytes: &'a [u8],
    ends: &'a [i32],
    /// Whether no text has a letter that means something else: asked of all at once, that costs next to
    /// nothing.
    pub(super) plain: bool,
}

impl<'a> Texts<'a> {
    fn of(texts: &'a StringArray, special: impl Fn(u8) -> bool) -> Self {
        let (bytes, ends) = (texts.value_data(), texts.value_offsets());
        let [first, .., last] = ends else { return Texts { bytes, ends, plain: true } };
        // Without an end to look for, the processor takes many letters at once.
        let all = &bytes[*first as usize..*last as usize];
        let plain = !all.iter().fold(false, |found, b| found | special(*b));
        Texts { bytes, ends, plain }
    }

    pub(super) fn get(&self, row: usize) -> &'a [u8] {
        &self.bytes[self.ends[row] as usize..self.ends[row + 1] as usize]
    }

    /// Appends a text as it is.
    #[inline]
    pub(super) fn write(&self, row: usize, text: &mut Vec<u8>) {
        let (start, end) = (self.ends[row] as usize, self.ends[row + 1] as usize);
        match self.bytes[start..].first_chunk::<SHORT>() {
            Some(letters) if end - start <= SHORT => push_first(letters, end - start, text),
            _ => text.extend_from_slice(&self.bytes[start..end]),
        }
    }
}

impl<'a> Column<'a> {
    /// The columns of a batch, where text has `special` letters.
    pub(super) fn all(
        batch: &'a RecordBatch,
        special: impl Fn(u8) -> bool + Copy,
    ) -> Result<Vec<Self>, IoError> {
        let schema = batch.schema_ref();
        let columns = batch.columns().iter().zip(schema.fields());
        columns
            .map(|(array, field)| {
                Column::of(array.as_ref(), special).map_err(|what| {
                    IoError::refused(format!("the column {} cannot be written as text: {what}", field.name()))
                })
            })
            .collect()
    }

    fn of(array: &'a dyn Array, special: impl Fn(u8) -> bool) -> Result<Self, String> {
        let nulls = array.nulls();
        let present = |row: usize| nulls.is_none_or(|nulls| nulls.is_valid(row));
        let values = match array.data_type() {
            DataType::Boolean => Values::Boolean(array.as_boolean().values()),
            DataType::Int64 => Values::Integer(array.as_primitive::<Int64Type>().values()),
            DataType::Float64 => Values::Float(array.as_primitive::<Float64Type>().values()),
            DataType::Decimal128(_, scale) => {
                Values::Decimal(array.as_primitive::<Decimal128Type>().values(), *scale)
            }
            DataType::Utf8 => Values::Text(Texts::of(array.as_string(), special)),
            DataType::Date32 => {
                let days = array.as_primitive::<Date32Type>().values();
                let mut beyond = days.iter().enumerate().filter(|(_, day)| !dates::DAYS.contains(day));
                if beyond.any(|(row, _)| present(row)) {
                    return Err("a date is not in the years 1 to 9999".to_owned());
                }
                Values::Date(days)
            }
            DataType::Timestamp(TimeUnit::Microsecond, zone) => {
                let instants = array.as_primitive::<TimestampMicrosecondType>().values();
                let mut beyond = instants.iter().enumerate().filter(|(_, at)| !dates::INSTANTS.contains(at));
                if beyond.any(|(row, _)| present(row)) {
                    return Err("an instant is not in the years 1 to 9999".to_owned());
                }
                Values::DateTime(instants, zone.is_some())
            }
            DataType::Struct(fields) => {
                let columns = fields.iter().zip(array.as_struct().columns()).enumerate();
                let columns = columns.map(|(i, (field, column))| {
                    Ok((json::key(i == 0, field.name()), Column::of(column.as_ref(), json::is_special)?))
                });
                Values::Struct(columns.collect::<Result<_, String>>()?)
            }
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                let items = Column::of(list.values().as_ref(), json::is_special)?;
                Values::List(list.offsets(), Box::new(items))
            }
            other => return Err(format!("it holds {other}")),
        };
        Ok(Column { values, nulls })
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        self.nulls.is_some_and(|nulls| nulls.is_null(row))
    }
}
