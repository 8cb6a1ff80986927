//! What the three descriptions of a column say of how it is stored: Parquet's own, Arrow's, pandas'.

use std::sync::Arc;

use arrow_schema::{DataType, TimeUnit as ArrowUnit};
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::Result as Parquet;
use parquet::schema::types::{Type, TypePtr};

use crate::formats::table::{Column, Stored};

pub(super) fn column(column: &Column) -> Parquet<TypePtr> {
    let (physical, logical) = match column.stored {
        Stored::Integer => (Physical::INT64, None),
        Stored::Double => (Physical::DOUBLE, None),
        Stored::Single => (Physical::FLOAT, None),
        Stored::Timestamp => (Physical::INT64, Some(LogicalType::timestamp(false, TimeUnit::MICROS))),
        Stored::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let builder = Type::primitive_type_builder(&column.name, physical);
    builder.with_repetition(Repetition::OPTIONAL).with_logical_type(logical).build().map(Arc::new)
}

/// The type of logical values, and the one that NumPy would hold them in.
pub(super) fn pandas(stored: Stored) -> (&'static str, &'static str) {
    match stored {
        Stored::Integer => ("int64", "int64"),
        Stored::Double => ("float64", "float64"),
        Stored::Single => ("float32", "float32"),
        Stored::Timestamp => ("datetime", "datetime64[us]"),
        Stored::Text => ("object", "str"),
    }
}

/// Text is `large_string`, as in the reference's files.
pub(super) fn arrow(stored: Stored) -> DataType {
    match stored {
        Stored::Integer => DataType::Int64,
        Stored::Double => DataType::Float64,
        Stored::Single => DataType::Float32,
        Stored::Timestamp => DataType::Timestamp(ArrowUnit::Microsecond, None),
        Stored::Text => DataType::LargeUtf8,
    }
}
