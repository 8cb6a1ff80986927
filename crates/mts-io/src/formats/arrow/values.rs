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
    /// The batch that is read, and its rows so far.
    batch: usize,
    done: usize,
    /// The columns of a batch.
    parts: Option<(usize, Vec<Part>)>,
    bytes: Vec<u8>,
    values: Vec<f64>,
}

impl ValueColumns {
    pub(super) fn new(file: ArrowFile, shape: Shape, columns: Vec<usize>) -> Self {
        let (bytes, values) = (Vec::new(), Vec::new());
        ValueColumns { file, shape, columns, batch: 0, done: 0, parts: None, bytes, values }
    }
}

fn short() -> IoError {
    IoError::damaged("the columns of values end early")
}

impl Values for ValueColumns {
    fn fill(&mut self, slabs: &mut [f64]) -> Result<(), IoError> {
        let columns = self.columns.len();
        let rows = slabs.len() / columns;
        let mut row = 0;
        while row < rows {
            let Some(batch) = self.file.batches.get(self.batch) else {
                return Err(short());
            };
            if self.done == batch.rows {
                (self.batch, self.done) = (self.batch + 1, 0);
                continue;
            }
            let parts = match self.parts.take().filter(|(number, _)| *number == self.batch) {
                Some((_, parts)) => parts,
                None => self.file.parts(batch)?,
            };
            let some = self.done..batch.rows.min(self.done + (rows - row).min(BATCH));
            for (place, column) in self.columns.iter().enumerate() {
                floats(&self.file, &parts[*column], some.clone(), &mut self.bytes, &mut self.values)?;
                scatter(slabs, self.shape, (place, columns), row, &self.values);
            }
            self.parts = Some((self.batch, parts));
            row += some.len();
            self.done = some.end;
        }
        Ok(())
    }

    fn skip(&mut self, steps: usize) -> Result<(), IoError> {
        let mut rows = steps * (self.shape.slab() / self.columns.len());
        while rows > 0 {
            let Some(batch) = self.file.batches.get(self.batch) else { return Err(short()) };
            let some = rows.min(batch.rows - self.done);
            (rows, self.done) = (rows - some, self.done + some);
            if self.done == batch.rows {
                (self.batch, self.done) = (self.batch + 1, 0);
            }
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), IoError> {
        (self.batch, self.done) = (0, 0);
        Ok(())
    }
}
