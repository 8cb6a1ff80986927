//! Columns of texts.

use std::ops::Range;

use super::message::{ArrowFile, Span, too_large};
use super::numbers::{items, none_missing};
use super::parts::Part;
use super::schema::{Kind, Text};
use crate::IoError;

/// A view of a text that is longer has its place instead of its bytes.
const INLINE: usize = 12;

/// Some texts.
#[derive(Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    ranges: Vec<Range<usize>>,
}

impl Texts {
    pub(super) fn get(&self, place: usize) -> Option<&[u8]> {
        self.ranges.get(place).map(|range| &self.bytes[range.clone()])
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ranges.clear();
    }

    /// Adds some rows of a column of texts, which must all be there.
    pub(super) fn add(&mut self, file: &ArrowFile, part: &Part, rows: Range<usize>) -> Result<(), IoError> {
        none_missing(part)?;
        match part.kind {
            Kind::Text(Text::Ends(width)) => self.add_ends(file, part, width, rows),
            Kind::Text(Text::Views) => self.add_views(file, part, rows),
            _ => Err(IoError::damaged("a column of names holds no text")),
        }
    }

    /// Texts one after the other.
    fn add_ends(
        &mut self,
        file: &ArrowFile,
        part: &Part,
        width: usize,
        rows: Range<usize>,
    ) -> Result<(), IoError> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut ends = Vec::new();
        items(file, part, width, rows.start..rows.end + 1, &mut ends)?;
        let ends: Vec<u64> = ends.chunks_exact(width).map(number).collect();
        if !ends.is_sorted() {
            return Err(too_large());
        }
        let (first, last) = (ends[0], ends[ends.len() - 1]);
        let before = self.append(file, part, 0, first..last)?;
        let place = |end: u64| before + (end - first) as usize;
        self.ranges.extend(ends.windows(2).map(|ends| place(ends[0])..place(ends[1])));
        Ok(())
    }

    /// Texts anywhere: length, then the text itself, or its beginning, buffer and place.
    fn add_views(&mut self, file: &ArrowFile, part: &Part, rows: Range<usize>) -> Result<(), IoError> {
        let mut views = Vec::new();
        items(file, part, 16, rows, &mut views)?;
        let field = |view: &[u8], at: usize| number(&view[at..at + 4]);
        let place = |view: &[u8]| {
            let (length, buffer, start) = (field(view, 0), field(view, 8) as usize, field(view, 12));
            (buffer, start..start + length)
        };
        // What a buffer has of these rows is read at once: neighbours have neighbouring texts.
        let mut ranges: Vec<Option<Range<u64>>> = vec![None; part.texts.len()];
        for (buffer, range) in
            views.chunks_exact(16).filter(|view| field(view, 0) as usize > INLINE).map(place)
        {
            let all = ranges.get_mut(buffer).ok_or_else(too_large)?;
            let before = all.take().unwrap_or(range.clone());
            *all = Some(before.start.min(range.start)..before.end.max(range.end));
        }
        // Buffers may lie over each other, and be read as often.
        let together = ranges.iter().flatten().map(|range| range.end - range.start);
        if together.fold(0, u64::saturating_add) > file.length() {
            return Err(too_large());
        }
        let mut starts = Vec::with_capacity(ranges.len());
        for (buffer, range) in ranges.iter().enumerate() {
            starts.push(match range {
                Some(range) => self.append(file, part, buffer, range.clone())?,
                None => 0,
            });
        }
        for view in views.chunks_exact(16) {
            let length = field(view, 0) as usize;
            let start = if length > INLINE {
                let (buffer, range) = place(view);
                let all = ranges[buffer].as_ref().map_or(0, |all| all.start);
                starts[buffer] + (range.start - all) as usize
            } else {
                self.bytes.extend_from_slice(&view[4..4 + length]);
                self.bytes.len() - length
            };
            self.ranges.push(start..start + length);
        }
        Ok(())
    }

    /// Adds bytes of one of a column's buffers of texts; returns where they are.
    fn append(
        &mut self,
        file: &ArrowFile,
        part: &Part,
        buffer: usize,
        range: Range<u64>,
    ) -> Result<usize, IoError> {
        let span =
            part.texts.get(buffer).and_then(|span: &Span| span.part(range.start, range.end - range.start));
        let bytes = file.bytes(span.ok_or_else(too_large)?)?;
        let before = self.bytes.len();
        self.bytes.extend_from_slice(&bytes);
        Ok(before)
    }
}

fn number(bytes: &[u8]) -> u64 {
    let mut wide = [0; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(wide)
}
