//! A dataset at the size of a word.

use std::fmt::Write as _;

use mts_core::SlabSource;

use crate::data::{Column, Columns, Selection, range};
use crate::{Options, PlotError};

/// The first series of a dataset as a path of 120 × 28 units, for SVG.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thumbnail {
    /// Commands of a path, with whole numbers.
    pub path: String,
}

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 28.0;

/// Draws channel 0 of realization 0, or what the options name, from least to greatest.
///
/// # Errors
///
/// Where the options ask for what the dataset does not have, or it cannot be read.
pub fn thumbnail(source: &mut dyn SlabSource, options: &Options) -> Result<Thumbnail, PlotError> {
    let selection = Selection::new(&source.head().clone(), options)?;
    let mut columns = Columns::new(selection.length(), WIDTH as usize);
    let offset = selection.channels[0] * selection.stride + selection.realization;
    selection.read(source, |step, slabs| columns.take(step, slabs, offset, selection.slab))?;
    let (least, greatest) = range(columns.columns.iter()).unwrap_or((0.0, 0.0));
    let span = greatest / 2.0 - least / 2.0;
    let y = |value: f64| match span > 0.0 {
        true => HEIGHT - 1.0 - (value / 2.0 - least / 2.0) / span * (HEIGHT - 2.0),
        false => HEIGHT / 2.0,
    };
    let last = columns.columns.len().saturating_sub(1).max(1);
    let mut path = String::new();
    let mut interrupted = true;
    for (place, column) in columns.columns.iter().enumerate() {
        let Column { first, least, greatest, last: end, finite, .. } = *column;
        if finite == 0 {
            interrupted = true;
            continue;
        }
        let x = WIDTH * place as f64 / last as f64;
        let (near, far) = if end >= first { (least, greatest) } else { (greatest, least) };
        for value in if finite == 1 { vec![first] } else { vec![near, far] } {
            let verb = if interrupted { 'M' } else { 'L' };
            interrupted = false;
            let _ = write!(path, "{verb}{x:.0} {:.0}", y(value));
        }
    }
    Ok(Thumbnail { path })
}
