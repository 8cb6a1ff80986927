//! What of a file follows from the shape alone: schema, row groups, encodings.

use std::sync::Arc;

use mts_core::{Shape, TimeAxis};
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr, WriterVersion};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::{CHANNEL, CONFIG_ID, REALIZATION, TIME, VALUE, from_parquet};
use crate::IoError;

/// A row group holds about this many rows: 8 MiB of values.
const GROUP_ROWS: usize = 1 << 20;

/// The most that the format can count.
const MAX_GROUPS: usize = i16::MAX as usize;

/// From this slab on, a row group has so few different times that a dictionary of them is small
/// beside the values.
const DICTIONARY_SLAB: usize = 128;

/// The number of steps in a row group; the last group may have fewer.
pub(super) fn group_steps(shape: Shape) -> Result<usize, IoError> {
    let steps = (GROUP_ROWS / shape.slab()).clamp(1, shape.steps());
    let groups = shape.steps().div_ceil(steps);
    if groups > MAX_GROUPS {
        return Err(IoError::refused(format!(
            "{} steps of {} values make {groups} row groups of {steps} steps, and a Parquet file holds at most \
             {MAX_GROUPS}: split the dataset, or use another format",
            shape.steps(),
            shape.slab()
        )));
    }
    Ok(steps)
}

/// True where times are few enough in each row group for [`super::index`] to build their pages.
pub(super) fn time_in_dictionary(shape: Shape) -> bool {
    shape.slab() >= DICTIONARY_SLAB
}

pub(super) fn schema(time: TimeAxis) -> Result<TypePtr, IoError> {
    let column = |name: &str, physical: Physical, logical: Option<LogicalType>| {
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    };
    let time = match time {
        TimeAxis::Steps | TimeAxis::Instants(_) => Physical::INT64,
        TimeAxis::Seconds { .. } => Physical::DOUBLE,
    };
    let columns = [
        column(TIME, time, None),
        column(CHANNEL, Physical::INT64, None),
        column(REALIZATION, Physical::INT64, None),
        column(VALUE, Physical::DOUBLE, None),
        column(CONFIG_ID, Physical::BYTE_ARRAY, Some(LogicalType::String)),
    ];
    let columns = columns.into_iter().collect::<Result<_, _>>().map_err(from_parquet)?;
    // The name that the reference's writer gives to the root.
    let root = Type::group_type_builder("schema").with_fields(columns).build();
    Ok(Arc::new(root.map_err(from_parquet)?))
}

/// Everything is set here, so that defaults of a later version of the library cannot move a byte.
pub(super) fn properties(shape: Shape, time: TimeAxis, entries: Vec<KeyValue>) -> WriterPropertiesPtr {
    let column = |name: &str| ColumnPath::from(name);
    let mut properties = WriterProperties::builder()
        .set_created_by("mts".to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_key_value_metadata(Some(entries))
        .set_write_batch_size(1024)
        .set_data_page_size_limit(1 << 20)
        .set_data_page_row_count_limit(20_000)
        .set_dictionary_page_size_limit(1 << 20)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_statistics_truncate_length(None)
        .set_column_index_truncate_length(None)
        .set_write_page_header_statistics(false)
        .set_offset_index_disabled(true)
        .set_bloom_filter_enabled(false)
        .set_write_path_in_schema(true)
        .set_max_row_group_row_count(None)
        .set_max_row_group_bytes(None)
        .set_dictionary_enabled(true)
        .set_compression(Compression::SNAPPY)
        // Takes over where a dictionary grows too large.
        .set_column_encoding(column(CHANNEL), Encoding::DELTA_BINARY_PACKED)
        .set_column_encoding(column(REALIZATION), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(column(VALUE), false)
        .set_column_encoding(column(VALUE), Encoding::PLAIN);
    if time_in_dictionary(shape) {
        properties = properties.set_column_compression(column(TIME), Compression::UNCOMPRESSED);
    } else {
        let encoding = match time {
            TimeAxis::Steps | TimeAxis::Instants(_) => Encoding::DELTA_BINARY_PACKED,
            TimeAxis::Seconds { .. } => Encoding::BYTE_STREAM_SPLIT,
        };
        properties = properties
            .set_column_dictionary_enabled(column(TIME), false)
            .set_column_encoding(column(TIME), encoding);
    }
    Arc::new(properties.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_groups_follow_from_the_shape() {
        for ((m, t, r), steps) in [
            ((1, 1, 1), 1),
            ((5, 100, 2), 100),
            ((20, 10_000, 100), 524),
            ((2000, 9, 2000), 1),
            ((1, 1 << 21, 1), 1 << 20),
        ] {
            assert_eq!(group_steps(Shape::of(m, t, r)).unwrap(), steps);
        }
        assert!(group_steps(Shape::of(1 << 20, 32_767, 1)).is_ok());
        let error = group_steps(Shape::of(1 << 20, 32_768, 1)).unwrap_err().to_string();
        assert!(error.contains("32768 steps of 1048576 values make 32768 row groups of 1 steps"), "{error}");
    }
}
