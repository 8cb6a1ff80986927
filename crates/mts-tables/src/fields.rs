//! Column types as Arrow has them.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, TimeUnit};
use mts_core::{Column, ColumnType};

/// The Arrow type of a column type.
pub fn data_type(kind: &ColumnType) -> DataType {
    match kind {
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Float => DataType::Float64,
        ColumnType::Decimal { precision, scale } => DataType::Decimal128(*precision, *scale),
        ColumnType::Text => DataType::Utf8,
        ColumnType::Date => DataType::Date32,
        ColumnType::DateTime(zone) => {
            DataType::Timestamp(TimeUnit::Microsecond, zone.as_deref().map(Arc::from))
        }
        ColumnType::Struct(fields) => DataType::Struct(fields.iter().map(field).collect::<Fields>()),
        ColumnType::List(item) => DataType::List(Arc::new(Field::new("item", data_type(item), true))),
    }
}

/// The Arrow field of a column.
pub fn field(column: &Column) -> Field {
    Field::new(&column.name, data_type(&column.kind), column.nullable)
}
