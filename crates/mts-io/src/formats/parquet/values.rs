//! Columns of values to slabs.

use mts_core::Shape;
use parquet::data_type::DataType;

use super::columns::{ParquetFile, Piece, Stream, short};
use super::read::BATCH;
use crate::IoError;
use crate::formats::table::scatter;
use crate::source::Values;

/// One column of values, or one per channel.
pub(super) struct ValueColumns<T: DataType> {
    file: ParquetFile,
    shape: Shape,
    streams: Vec<Stream<T>>,
    piece: Piece<T::T>,
}

impl<T: DataType> ValueColumns<T> {
    pub(super) fn new(file: ParquetFile, shape: Shape, columns: &[usize]) -> Self {
        let streams = columns.iter().map(|column| Stream::new(*column)).collect();
        ValueColumns { file, shape, streams, piece: Piece::default() }
    }
}

impl<T: DataType<T: Copy + Into<f64>>> Values for ValueColumns<T> {
    fn fill(&mut self, slabs: &mut [f64]) -> Result<(), IoError> {
        let (columns, piece) = (self.streams.len(), &mut self.piece);
        let rows = slabs.len() / columns;
        for (place, stream) in self.streams.iter_mut().enumerate() {
            let mut row = 0;
            while row < rows {
                let read = stream.next(&self.file, (rows - row).min(BATCH), piece)?;
                if read == 0 {
                    return Err(short());
                }
                if piece.values.len() == read {
                    scatter(slabs, self.shape, (place, columns), row, &piece.values);
                } else {
                    scatter(slabs, self.shape, (place, columns), row, &with_missing(piece, read));
                }
                row += read;
            }
        }
        Ok(())
    }

    fn skip(&mut self, steps: usize) -> Result<(), IoError> {
        let rows = steps * (self.shape.slab() / self.streams.len());
        self.streams.iter_mut().try_for_each(|stream| stream.skip(&self.file, rows))
    }

    fn restart(&mut self) -> Result<(), IoError> {
        self.streams.iter_mut().for_each(Stream::restart);
        Ok(())
    }
}

/// Other writers leave NaN out.
fn with_missing<T: Copy + Into<f64>>(piece: &Piece<T>, rows: usize) -> Vec<f64> {
    let mut values = piece.values.iter().map(|value| (*value).into());
    let mut next = |present: &i16| (*present != 0).then(|| values.next()).flatten().unwrap_or(f64::NAN);
    let mut all: Vec<f64> = piece.present.iter().map(&mut next).collect();
    all.resize(rows, f64::NAN);
    all
}
