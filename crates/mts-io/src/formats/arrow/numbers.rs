//! Columns of numbers.

use std::ops::Range;

use super::message::{ArrowFile, too_large};
use super::parts::Part;
use super::schema::{Kind, Whole};
use crate::IoError;

/// Replaces `bytes` by those of some rows, `width` each.
pub(super) fn items(
    file: &ArrowFile,
    part: &Part,
    width: usize,
    rows: Range<usize>,
    bytes: &mut Vec<u8>,
) -> Result<(), IoError> {
    let span = part.data.part((rows.start * width) as u64, (rows.len() * width) as u64);
    file.read(span.ok_or_else(too_large)?, bytes)
}

/// Replaces `into` by some rows of a column of integers, timestamps or keys, which must all be there.
pub(super) fn integers(
    file: &ArrowFile,
    part: &Part,
    rows: Range<usize>,
    bytes: &mut Vec<u8>,
    into: &mut Vec<i64>,
) -> Result<(), IoError> {
    let whole = match part.kind {
        Kind::Integer(whole) | Kind::Dictionary { keys: whole, .. } => whole,
        _ => Whole { bytes: 8, signed: true },
    };
    none_missing(part)?;
    items(file, part, whole.bytes, rows, bytes)?;
    into.clear();
    into.extend(bytes.chunks_exact(whole.bytes).map(|item| {
        let negative = whole.signed && item.last().is_some_and(|last| last >> 7 == 1);
        let mut wide = [if negative { 0xff } else { 0 }; 8];
        wide[..item.len()].copy_from_slice(item);
        i64::from_le_bytes(wide)
    }));
    Ok(())
}

/// Replaces `into` by some rows of a column of floats; missing ones are NaN.
pub(super) fn floats(
    file: &ArrowFile,
    part: &Part,
    rows: Range<usize>,
    bytes: &mut Vec<u8>,
    into: &mut Vec<f64>,
) -> Result<(), IoError> {
    into.clear();
    if part.kind == Kind::Single {
        items(file, part, 4, rows.clone(), bytes)?;
        into.extend(bytes.as_chunks().0.iter().map(|item| f64::from(f32::from_le_bytes(*item))));
    } else {
        items(file, part, 8, rows.clone(), bytes)?;
        into.extend(bytes.as_chunks().0.iter().map(|item| f64::from_le_bytes(*item)));
    }
    if let Some(present) = part.present {
        let first = rows.start / 8;
        let span = present.part(first as u64, (rows.end.div_ceil(8) - first) as u64);
        file.read(span.ok_or_else(too_large)?, bytes)?;
        for (value, row) in into.iter_mut().zip(rows) {
            if bytes[row / 8 - first] >> (row % 8) & 1 == 0 {
                *value = f64::NAN;
            }
        }
    }
    Ok(())
}

pub(super) fn none_missing(part: &Part) -> Result<(), IoError> {
    if part.present.is_none() { Ok(()) } else { Err(IoError::damaged("an index column has missing values")) }
}
