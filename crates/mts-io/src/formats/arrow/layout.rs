//! What of a file follows from the shape alone: record batches.

use mts_core::Shape;

use crate::Form;
use crate::formats::table::{MAX_COLUMNS, rows};

/// A record batch has about so many rows, and not many more values than a Parquet row group.
const BATCH_ROWS: usize = 1 << 16;
const BATCH_VALUES: usize = 1 << 20;

/// The footer lists all batches, and writers keep the list.
const MAX_BATCHES: u64 = 1 << 24;

/// Their names have to fit into a text of 2³¹ bytes.
const MAX_SERIES: usize = 1 << 22;

/// The number of steps in a record batch; the last one may have fewer.
pub(super) fn batch_steps(shape: Shape, form: Form) -> usize {
    (BATCH_ROWS / rows(shape, form)).min(BATCH_VALUES / shape.slab()).clamp(1, shape.steps())
}

pub(super) fn batches(shape: Shape, form: Form) -> u64 {
    shape.steps().div_ceil(batch_steps(shape, form)) as u64
}

/// Bytes that describe a batch, roughly: each column has a length and two buffers.
pub(super) fn header(shape: Shape, form: Form) -> u64 {
    let columns = if form == Form::Wide { shape.channels() + 2 } else { 5 };
    192 + 48 * columns as u64
}

/// Why a file cannot hold so many columns or batches.
pub(in crate::formats) fn objection(shape: Shape, form: Form) -> Option<String> {
    let (channels, batches) = (shape.channels(), batches(shape, form));
    if form == Form::Wide && channels > MAX_COLUMNS {
        return Some(format!(
            "the wide form has at most {MAX_COLUMNS} channels, found {channels}: use the long form"
        ));
    }
    if form == Form::Panel && shape.slab() > MAX_SERIES {
        let found = shape.slab();
        return Some(format!(
            "the panel form has at most {MAX_SERIES} series, found {found}: use the long form"
        ));
    }
    (batches > MAX_BATCHES).then(|| {
        format!(
            "{} steps of {} values make {batches} record batches, and an Arrow file holds at most {MAX_BATCHES}: \
             split the dataset, or use another format",
            shape.steps(),
            shape.slab()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_follow_from_the_shape() {
        for ((m, t, r), long, wide) in [
            ((1, 1, 1), 1, 1),
            ((5, 100, 2), 100, 100),
            ((20, 10_000, 100), 32, 524),
            ((4, 1 << 20, 1), 1 << 14, 1 << 16),
            ((2000, 9, 2000), 1, 1),
        ] {
            let shape = Shape::of(m, t, r);
            assert_eq!((batch_steps(shape, Form::Long), batch_steps(shape, Form::Wide)), (long, wide));
            assert_eq!(batch_steps(shape, Form::Panel), long);
        }
        assert_eq!(objection(Shape::of(1 << 16, 1 << 24, 1), Form::Long), None);
        let error = objection(Shape::of(1 << 16, (1 << 24) + 1, 1), Form::Long).unwrap();
        assert!(error.starts_with("16777217 steps of 65536 values make 16777217 record batches"), "{error}");
        assert!(objection(Shape::of((1 << 16) + 1, 1, 1), Form::Wide).is_some());
        assert!(objection(Shape::of(1 << 16, 1, 1 << 16), Form::Panel).is_some());
    }
}
