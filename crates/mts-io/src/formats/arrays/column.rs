//! Arrays in files, read by their first axis.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::sync::Arc;

use super::number::{Encoding, Number};
use crate::IoError;

/// Bytes that are decoded at once.
const BUFFER: usize = 1 << 18;

/// The bytes of an array.
pub(in crate::formats) trait Rows: Send {
    /// Fills `bytes` with whole rows from `first` on.
    fn read(&mut self, first: usize, bytes: &mut [u8]) -> Result<(), IoError>;
}

/// Rows at equal distances in a file.
pub(in crate::formats) struct Strided {
    pub(in crate::formats) file: Arc<File>,
    /// Where the first one is.
    pub(in crate::formats) begin: u64,
    /// Bytes of each.
    pub(in crate::formats) row: usize,
    /// From one to the next.
    pub(in crate::formats) stride: u64,
    /// Rows with what is between them.
    pub(in crate::formats) span: Vec<u8>,
}

impl Strided {
    fn read_at(file: &Arc<File>, at: u64, bytes: &mut [u8]) -> Result<(), IoError> {
        let mut file = file.as_ref();
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(bytes).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => IoError::damaged("the file became shorter while it was read"),
            _ => error.into(),
        })
    }
}

impl Rows for Strided {
    fn read(&mut self, first: usize, bytes: &mut [u8]) -> Result<(), IoError> {
        let Strided { file, begin, row, stride, span } = self;
        let mut at = *begin + first as u64 * *stride;
        if *stride == *row as u64 {
            return Self::read_at(file, at, bytes);
        }
        let rows = (BUFFER as u64 / *stride).max(1) as usize;
        for part in bytes.chunks_mut(rows * *row) {
            let rows = part.len() / *row;
            if rows == 1 {
                Self::read_at(file, at, part)?;
            } else {
                // Rows are less than a buffer apart.
                let stride = *stride as usize;
                span.resize((rows - 1) * stride + *row, 0);
                Self::read_at(file, at, span)?;
                for (into, from) in part.chunks_exact_mut(*row).zip(span.chunks(stride)) {
                    into.copy_from_slice(&from[..*row]);
                }
            }
            at += rows as u64 * *stride;
        }
        Ok(())
    }
}

/// An array of known size and type.
pub(in crate::formats) struct Column {
    rows: Box<dyn Rows>,
    encoding: Encoding,
    /// Rows.
    length: usize,
    /// Numbers per row.
    width: usize,
    buffer: Vec<u8>,
}

impl Column {
    pub(in crate::formats) fn new(
        rows: impl Rows + 'static,
        encoding: Encoding,
        length: usize,
        width: usize,
    ) -> Self {
        Column { rows: Box::new(rows), encoding, length, width, buffer: Vec::new() }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Rows that are read at once, and their bytes.
    fn block(&self) -> (usize, usize) {
        let row = self.width * self.encoding.kind.size();
        let rows = (BUFFER / row).max(1);
        (rows, row)
    }

    /// Decodes floats from the row `first` on.
    pub(super) fn fill(&mut self, first: usize, values: &mut [f64]) -> Result<(), IoError> {
        let (rows, row) = self.block();
        let mut first = first;
        for part in values.chunks_mut(rows * self.width) {
            let rows = part.len() / self.width;
            self.buffer.resize(rows * row, 0);
            self.rows.read(first, &mut self.buffer)?;
            self.encoding.read(&self.buffer, part);
            first += rows;
        }
        Ok(())
    }

    /// Shows the first `count` numbers, one per row.
    pub(super) fn each(
        &mut self,
        count: usize,
        mut visit: impl FnMut(usize, Number) -> Result<(), IoError>,
    ) -> Result<(), IoError> {
        let (rows, row) = self.block();
        let mut first = 0;
        while first < count {
            let rows = rows.min(count - first);
            self.buffer.resize(rows * row, 0);
            self.rows.read(first, &mut self.buffer)?;
            for (bytes, place) in self.buffer.chunks_exact(row).zip(first..) {
                visit(place, self.encoding.number(bytes))?;
            }
            first += rows;
        }
        Ok(())
    }
}
