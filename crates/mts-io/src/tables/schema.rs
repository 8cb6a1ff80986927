//! Which tables can be written and read: the one place that lists the types of columns.

use std::collections::BTreeSet;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Fields, Schema, TimeUnit};

use crate::IoError;

/// Deeper than any schema, and less than readers of JSON allow.
const MAX_DEPTH: usize = 32;

/// Refuses what not every format holds.
pub(super) fn check(schema: &Schema) -> Result<(), IoError> {
    if schema.fields().is_empty() {
        return Err(IoError::refused("a table without columns cannot be written"));
    }
    fields(schema.fields(), "", 0)
}

fn fields(all: &Fields, prefix: &str, depth: usize) -> Result<(), IoError> {
    let mut names = BTreeSet::new();
    for field in all {
        let name = format!("{prefix}{}", field.name());
        if !names.insert(field.name()) {
            return Err(IoError::refused(format!("two columns have the name {name:?}: rename one")));
        }
        kind(field.data_type(), &name, depth)?;
    }
    Ok(())
}

fn kind(kind_: &DataType, name: &str, depth: usize) -> Result<(), IoError> {
    if depth > MAX_DEPTH {
        return Err(IoError::refused(format!(
            "the column {name} is nested more than {MAX_DEPTH} levels deep"
        )));
    }
    match kind_ {
        DataType::Boolean | DataType::Int64 | DataType::Float64 | DataType::Utf8 | DataType::Date32 => Ok(()),
        DataType::Timestamp(TimeUnit::Microsecond, _) => Ok(()),
        DataType::Decimal128(precision, scale)
            if (1..=38).contains(precision) && (0..=*precision as i8).contains(scale) =>
        {
            Ok(())
        }
        DataType::Struct(inner) if inner.is_empty() => {
            Err(IoError::refused(format!("the column {name} is a structure without fields")))
        }
        DataType::Struct(inner) => fields(inner, &format!("{name}."), depth + 1),
        DataType::List(item) => kind(item.data_type(), name, depth + 1),
        other => Err(IoError::refused(format!(
            "the column {name} holds {other}; allowed are Boolean, Int64, Float64, Decimal128 with 0 to 38 digits \
             behind the point, Utf8, Date32, Timestamp in microseconds, Struct and List of these"
        ))),
    }
}

/// Refuses a batch of another table.
pub(super) fn check_batch(schema: &Schema, batch: &RecordBatch) -> Result<(), IoError> {
    let found = batch.schema_ref();
    if std::ptr::eq(schema, found.as_ref()) || schema.fields() == found.fields() {
        return Ok(());
    }
    let names = |schema: &Schema| {
        let fields = schema.fields().iter();
        fields.map(|field| format!("{} {}", field.name(), field.data_type())).collect::<Vec<_>>().join(", ")
    };
    let (expected, found) = (names(schema), names(found));
    Err(IoError::refused(format!("the batch is of another table: expected {expected}; found {found}")))
}
