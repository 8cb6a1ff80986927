//! Columns of values, cut in pieces that threads can encode apart from each other.

use std::borrow::Cow;
use std::ops::Range;

use super::layout::PAGE_ROWS;
use crate::formats::table::{Content, Table};

/// Rows of a piece: enough to be worth a thread. They are whole pages, so that pieces after each other are
/// what one writer gives.
const PIECE: usize = 4 * PAGE_ROWS;

/// Some rows of a column.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Among those of values.
    pub(super) place: usize,
    pub(super) rows: Range<usize>,
}

/// The columns of values of a group of so many rows, one after the other.
pub(super) fn pieces(table: &Table, rows: usize) -> Vec<Piece> {
    let places = table.columns.iter().filter_map(|column| match column.content {
        Content::Value(place) => Some(place),
        _ => None,
    });
    let piece = |place| {
        let firsts = (0..rows).step_by(PIECE);
        firsts.map(move |first| Piece { place, rows: first..rows.min(first + PIECE) })
    };
    places.flat_map(piece).collect()
}

/// The number of pieces of a column.
pub(super) fn count(rows: usize) -> usize {
    rows.div_ceil(PIECE)
}

/// Some rows of a column of values in whole steps.
pub(super) fn values<'a>(table: &Table, slabs: &'a [f64], piece: &Piece) -> Cow<'a, [f64]> {
    let (slab, own, rows) = (table.shape.slab(), table.rows, &piece.rows);
    if own == slab {
        return Cow::Borrowed(&slabs[rows.clone()]);
    }
    let mut values = Vec::with_capacity(rows.len());
    let mut row = rows.start;
    while row < rows.end {
        let (step, within) = (row / own, row % own);
        let some = (own - within).min(rows.end - row);
        let start = step * slab + piece.place * own + within;
        values.extend_from_slice(&slabs[start..start + some]);
        row += some;
    }
    Cow::Owned(values)
}
