//! Arrow columns as their table declares them.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow_buffer::NullBuffer;
use mts_core::{ColumnType, Relation};

use super::relations::must_be_there;
use crate::IoError;

/// A column of a batch.
pub(super) struct Cells<'a> {
    nulls: Option<&'a NullBuffer>,
    pub(super) values: Values<'a>,
}

/// Its values, where they are not null.
pub(super) enum Values<'a> {
    Boolean(&'a BooleanArray),
    Integer(&'a Int64Array),
    Float(&'a Float64Array),
    /// With the digits behind the point.
    Decimal(&'a Decimal128Array, i8),
    Text(&'a StringArray),
    Date(&'a Date32Array),
    /// With whether they are instants.
    DateTime(&'a TimestampMicrosecondArray, bool),
    Struct(Vec<(&'a str, Cells<'a>)>),
    List(&'a ListArray, Box<Cells<'a>>),
}

impl<'a> Cells<'a> {
    /// `None` where the array is of another type.
    pub(super) fn of(kind: &'a ColumnType, array: &'a dyn Array) -> Option<Self> {
        let values = match kind {
            ColumnType::Boolean => Values::Boolean(array.as_boolean_opt()?),
            ColumnType::Integer => Values::Integer(array.as_primitive_opt::<Int64Type>()?),
            ColumnType::Float => Values::Float(array.as_primitive_opt::<Float64Type>()?),
            ColumnType::Decimal { scale, .. } => {
                let decimals = array.as_primitive_opt::<Decimal128Type>()?;
                (decimals.scale() == *scale).then_some(Values::Decimal(decimals, *scale))?
            }
            ColumnType::Text => Values::Text(array.as_string_opt()?),
            ColumnType::Date => Values::Date(array.as_primitive_opt::<Date32Type>()?),
            ColumnType::DateTime(zone) => {
                Values::DateTime(array.as_primitive_opt::<TimestampMicrosecondType>()?, zone.is_some())
            }
            ColumnType::Struct(fields) => {
                let found = array.as_struct_opt().filter(|found| found.num_columns() == fields.len())?;
                let cells = fields.iter().zip(found.columns());
                let cells =
                    cells.map(|(field, array)| Some((field.name.as_str(), Cells::of(&field.kind, array)?)));
                Values::Struct(cells.collect::<Option<_>>()?)
            }
            ColumnType::List(item) => {
                let lists = array.as_list_opt()?;
                Values::List(lists, Box::new(Cells::of(item, lists.values())?))
            }
        };
        Some(Cells { nulls: array.nulls(), values })
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        self.nulls.is_some_and(|nulls| nulls.is_null(row))
    }

    fn first_null(&self) -> Option<usize> {
        let nulls = self.nulls.filter(|nulls| nulls.null_count() > 0)?;
        (0..nulls.len()).find(|row| nulls.is_null(*row))
    }
}

/// The columns of a batch that begins with the row `first` of its table.
pub(super) fn columns<'a>(
    relation: &'a Relation,
    batch: &'a RecordBatch,
    first: u64,
) -> Result<Vec<Cells<'a>>, IoError> {
    let table = &relation.name;
    if batch.num_columns() != relation.columns.len() {
        let (found, wanted) = (batch.num_columns(), relation.columns.len());
        return Err(IoError::refused(format!(
            "table {table:?} has {wanted} columns, and {found} of rows came"
        )));
    }
    let columns = relation.columns.iter().zip(batch.columns()).enumerate();
    let columns = columns.map(|(place, (column, array))| {
        let name = &column.name;
        let cells = Cells::of(&column.kind, array).ok_or_else(|| {
            let found = array.data_type();
            IoError::refused(format!(
                "table {table:?}, column {name:?}: expected {:?}, found {found}",
                column.kind
            ))
        })?;
        match cells.first_null().filter(|_| must_be_there(relation, place)) {
            Some(row) => Err(IoError::refused(format!(
                "table {table:?}, column {name:?}, row {}: a value is missing, and the column allows no null",
                first + row as u64
            ))),
            None => Ok(cells),
        }
    });
    columns.collect()
}
