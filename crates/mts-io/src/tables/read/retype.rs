//! Columns of a file as the table has them: zones of time have names, and every value may be missing.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{Array as _, ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_schema::{ArrowError, DataType, SchemaRef, TimeUnit};

use crate::IoError;
use crate::tables::sink::from_arrow;

/// True where columns of one type can become such of the other, without a change of any value.
pub(super) fn is_possible(from: &DataType, to: &DataType) -> bool {
    match (from, to) {
        (
            DataType::Timestamp(TimeUnit::Microsecond, from),
            DataType::Timestamp(TimeUnit::Microsecond, to),
        ) => from.is_some() == to.is_some(),
        (DataType::Struct(from), DataType::Struct(to)) => {
            let same = |(from, to): (&Arc<_>, &Arc<arrow_schema::Field>)| {
                let from: &arrow_schema::Field = from;
                from.name() == to.name() && is_possible(from.data_type(), to.data_type())
            };
            from.len() == to.len() && from.iter().zip(to).all(same)
        }
        (DataType::List(from), DataType::List(to)) => is_possible(from.data_type(), to.data_type()),
        _ => from == to,
    }
}

/// A batch with the columns of `schema`, for which [`is_possible`] was asked.
pub(super) fn batch(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, IoError> {
    let columns = batch.columns().iter().zip(schema.fields());
    let columns = columns.map(|(column, field)| array(column, field.data_type())).collect::<Result<_, _>>();
    columns.and_then(|columns| RecordBatch::try_new(Arc::clone(schema), columns)).map_err(from_arrow)
}

fn array(from: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    if from.data_type() == to {
        return Ok(Arc::clone(from));
    }
    Ok(match to {
        DataType::Timestamp(_, zone) => {
            let instants = from.as_primitive::<TimestampMicrosecondType>().clone();
            Arc::new(instants.with_timezone_opt(zone.clone()))
        }
        DataType::Struct(fields) => {
            let structs = from.as_struct();
            let columns = structs.columns().iter().zip(fields);
            let columns = columns.map(|(column, field)| array(column, field.data_type()));
            let columns = columns.collect::<Result<_, _>>()?;
            Arc::new(StructArray::try_new(fields.clone(), columns, structs.nulls().cloned())?)
        }
        DataType::List(item) => {
            let lists = from.as_list::<i32>();
            let items = array(lists.values(), item.data_type())?;
            Arc::new(ListArray::try_new(
                Arc::clone(item),
                lists.offsets().clone(),
                items,
                lists.nulls().cloned(),
            )?)
        }
        _ => Arc::clone(from),
    })
}
