//! Columns of values to slabs.

use mts_core::Shape;

use super::message::ArrowFile;
use super::numbers::floats;
use super::parts::Part;
use super::read::BATCH;
use crate::IoError;
use crate::formats::table::scatter;
use crate::source::Values;

/// One column of values, or one per channel.
pub(super) struct ValueColumns {
    file: ArrowFile,
    shape: Shape,
    columns: Vec<usize>,
    /// The batch that is read, its columns, and its rows so far.
    batch: usize,
    parts: Vec<Part>,
    done: usize,
    bytes: Vec<u8>,
    values: Vec<f64>,
}

impl ValueColumns {
    pub(super) fn new(file: ArrowFile, shape: Shape, columns: Vec<usize>) -> Self {
        let (bytes, values) = (Vec::new(), Vec::new());
        ValueColumns { file, shape, columns, batch: 0, parts: Vec::new(), done: 0, bytes, values }
    }
}

impl Values for ValueColumns {
    fn fill(&mut self, slabs: &mut [f64]) -> Result<(), IoError> {
        let columns = self.columns.len();
        let rows = slabs.len() / columns;
        let mut row = 0;
        while row < rows {
            let Some(batch) = self.file.batches.get(self.batch) else {
                return Err(IoError::damaged("the columns of values end early"));
            };
            if self.done == batch.rows {
                (self.batch, self.done) = (self.batch + 1, 0);
                continue;
            }
            if self.done == 0 {
                self.parts = self.file.parts(batch)?;
            }
            let some = self.done..batch.rows.min(self.done + (rows - row).min(BATCH));
            for (place, column) in self.columns.iter().enumerate() {
                floats(&self.file, &self.parts[*column], some.clone(), &mut self.bytes, &mut self.values)?;
                scatter(slabs, self.shape, (place, columns), row, &self.values);
            }
            row += some.len();
            self.done = some.end;
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), IoError> {
        (self.batch, self.done) = (0, 0);
        Ok(())
    }
}
