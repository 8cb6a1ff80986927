//! Values that are lost.

use arrow_array::{ArrayRef, BooleanArray};
use arrow_buffer::NullBuffer;
use arrow_select::nullif::nullif;

/// `array` without the values where `there` is false.
pub(crate) fn masked(array: &ArrayRef, there: NullBuffer) -> ArrayRef {
    let lost = BooleanArray::new(!there.inner(), None);
    nullif(array, &lost).expect("as many of either")
}
