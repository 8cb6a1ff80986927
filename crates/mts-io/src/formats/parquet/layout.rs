//! What of a file follows from the shape alone: schema, row groups, encodings.

use std::sync::Arc;

use mts_core::{Dtype, Shape};
use parquet::basic::{Compression as Codec, ZstdLevel};
use parquet::schema::types::{Type, TypePtr};

use super::floats::Floats;
use super::page::Values;
use super::{from_parquet, types};
use crate::formats::table::{Content, MAX_COLUMNS, Table};
use crate::{Compression, Form, IoError};

/// A row group holds about this many values: 8 MiB.
const GROUP_VALUES: usize = 1 << 20;

/// The most that the format can count.
pub(super) const MAX_GROUPS: usize = i16::MAX as usize;

/// The footer describes every column of every row group, and readers read it at once.
const MAX_CHUNKS: usize = 1_000_000;

/// From so many rows of a step on, a row group has so few different times that a dictionary of them
/// is small beside the values.
const DICTIONARY_ROWS: usize = 128;

/// Rows of a page of values, the last one aside.
pub(super) const PAGE_ROWS: usize = 20 * 1024;

/// Bytes of a dictionary, beyond which a column has none.
pub(super) const MAX_DICTIONARY: usize = 1 << 20;

/// Dictionaries of other columns are numbers below the rows of a step. Those of series are longer, and
/// still shorter than the names over and over.
pub(super) const MAX_DICTIONARY_OF_NAMES: usize = 1 << 26;

/// The number of steps in a row group; the last group may have fewer.
pub(super) fn group_steps(shape: Shape) -> usize {
    (GROUP_VALUES / shape.slab()).clamp(1, shape.steps())
}

/// Why a file cannot hold so many row groups or columns.
pub(in crate::formats) fn objection(shape: Shape, form: Form) -> Option<String> {
    let (channels, steps) = (shape.channels(), group_steps(shape));
    let groups = shape.steps().div_ceil(steps);
    let slab = format!(
        "{} steps of {} values make {groups} row groups of {steps} steps",
        shape.steps(),
        shape.slab()
    );
    if groups > MAX_GROUPS {
        return Some(format!(
            "{slab}, and a Parquet file holds at most {MAX_GROUPS}: split the dataset, or use another format"
        ));
    }
    let chunks = channels.saturating_mul(groups);
    if form != Form::Wide || channels <= MAX_COLUMNS && chunks <= MAX_CHUNKS {
        return None;
    }
    Some(if channels > MAX_COLUMNS {
        format!("the wide form has at most {MAX_COLUMNS} channels, found {channels}: use the long form")
    } else {
        format!(
            "{slab}; × {channels} channels = {chunks} column chunks, and the wide form has at most {MAX_CHUNKS}: use \
             the long form"
        )
    })
}

/// True where times are few enough in each row group for [`super::index`] to build their pages.
pub(super) fn time_in_dictionary(table: &Table) -> bool {
    table.rows >= DICTIONARY_ROWS
}

pub(super) fn schema(table: &Table) -> Result<TypePtr, IoError> {
    let columns = table.columns.iter().map(types::column).collect::<Result<_, _>>().map_err(from_parquet)?;
    // The name that the reference's writer gives to the root.
    let root = Type::group_type_builder("schema").with_fields(columns).build();
    Ok(Arc::new(root.map_err(from_parquet)?))
}

fn zstd() -> Codec {
    Codec::ZSTD(ZstdLevel::default())
}

/// Index columns repeat: they are compressed in any case.
pub(super) fn index_codec(compression: Compression) -> Codec {
    match compression {
        Compression::None | Compression::Snappy => Codec::SNAPPY,
        Compression::Zstd => zstd(),
    }
}

/// How an index column of places in a dictionary is compressed.
pub(super) fn codec(table: &Table, content: Content, compression: Compression) -> Codec {
    match content {
        Content::Time if time_in_dictionary(table) => Codec::UNCOMPRESSED,
        _ => index_codec(compression),
    }
}

/// How values are written.
pub(super) fn floats(dtype: Dtype, compression: Compression) -> Floats {
    let (compression, values) = match compression {
        Compression::None => (Codec::UNCOMPRESSED, Values::Plain),
        Compression::Snappy => (Codec::SNAPPY, Values::Plain),
        Compression::Zstd => (zstd(), Values::Split),
    };
    Floats { dtype, values, compression }
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
            assert_eq!(group_steps(Shape::of(m, t, r)), steps);
        }
        assert_eq!(objection(Shape::of(1 << 20, 32_767, 1), Form::Long), None);
        let error = objection(Shape::of(1 << 20, 32_768, 1), Form::Long).unwrap();
        assert!(error.contains("32768 steps of 1048576 values make 32768 row groups of 1 steps"), "{error}");
    }

    #[test]
    fn wide_files_keep_their_footer_readable() {
        assert_eq!(objection(Shape::of(1 << 16, 16 * 15, 1), Form::Wide), None);
        let error = objection(Shape::of(1 << 16, 16 * 16, 1), Form::Wide).unwrap();
        let arithmetic =
            "256 steps of 65536 values make 16 row groups of 16 steps; × 65536 channels = 1048576 column";
        assert!(error.starts_with(arithmetic) && error.ends_with("use the long form"), "{error}");
        let error = objection(Shape::of((1 << 16) + 1, 1, 1), Form::Wide).unwrap();
        assert_eq!(error, "the wide form has at most 65536 channels, found 65537: use the long form");
        assert_eq!(objection(Shape::of((1 << 16) + 1, 1, 1), Form::Panel), None);
    }
}
