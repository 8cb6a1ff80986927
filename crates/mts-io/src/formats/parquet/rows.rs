//! Index columns, read in step.

use mts_core::Time;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::schema::types::ColumnDescriptor;

use super::columns::{ParquetFile, Piece, Stream};
use super::read::{BATCH, refused};
use crate::IoError;
use crate::formats::table::{Clock, Index, Layout};

/// The index columns of a layout.
pub(super) struct Rows<'a> {
    file: &'a ParquetFile,
    clock: Clock,
    time: Times,
    channel: Option<Cells<Int64Type>>,
    realization: Option<Cells<Int64Type>>,
    name: Option<Cells<ByteArrayType>>,
    names: bool,
}

/// Whole and broken numbers are different columns to the library.
enum Times {
    Whole(Cells<Int64Type>),
    Broken(Cells<DoubleType>),
}

impl<'a> Rows<'a> {
    pub(super) fn new(file: &'a ParquetFile, layout: &Layout) -> Result<Self, IoError> {
        let columns = file.columns();
        let clock = clock(&columns[layout.time])?;
        let time = match clock {
            Clock::Seconds => Times::Broken(Cells::new(layout.time)),
            Clock::Steps | Clock::Instants { .. } => Times::Whole(Cells::new(layout.time)),
        };
        for place in [layout.channel, layout.realization].into_iter().flatten() {
            if columns[place].physical_type() != Physical::INT64 || !is_plain(&columns[place]) {
                return Err(refused(&columns[place], "plain INT64"));
            }
        }
        if let Some(place) = layout.name
            && columns[place].physical_type() != Physical::BYTE_ARRAY
        {
            return Err(refused(&columns[place], "text"));
        }
        Ok(Rows {
            file,
            clock,
            time,
            channel: layout.channel.map(Cells::new),
            realization: layout.realization.map(Cells::new),
            name: layout.name.map(Cells::new),
            names: false,
        })
    }

    pub(super) fn clock(&self) -> Clock {
        self.clock
    }
}

/// What a column of times means.
fn clock(column: &ColumnDescriptor) -> Result<Clock, IoError> {
    match (column.physical_type(), column.logical_type_ref(), column.converted_type()) {
        (Physical::INT64, Some(LogicalType::Timestamp(time)), _) if time.is_adjusted_to_u_t_c => {
            Err(zone(column))
        }
        (Physical::INT64, Some(LogicalType::Timestamp(time)), _) => {
            let tick = match time.unit {
                TimeUnit::MILLIS => 1_000_000,
                TimeUnit::MICROS => 1000,
                TimeUnit::NANOS => 1,
            };
            Ok(Clock::Instants { tick })
        }
        (_, None, ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS) => Err(zone(column)),
        (Physical::INT64, ..) if is_plain(column) => Ok(Clock::Steps),
        (Physical::DOUBLE, ..) if is_plain(column) => Ok(Clock::Seconds),
        _ => Err(refused(column, "plain INT64 or DOUBLE, or timestamps")),
    }
}

fn zone(column: &ColumnDescriptor) -> IoError {
    let name = column.path().string();
    IoError::damaged(format!("the column {name} holds times with a zone: convert them to times without one"))
}

/// True for numbers without a further meaning.
pub(super) fn is_plain(column: &ColumnDescriptor) -> bool {
    let logical = column.logical_type_ref();
    logical.is_none_or(|logical| matches!(logical, LogicalType::Integer(integer) if integer.bit_width == 64))
}

impl Index for Rows<'_> {
    fn restart(&mut self, names: bool) {
        self.names = names;
        match &mut self.time {
            Times::Whole(cells) => cells.stream.restart(),
            Times::Broken(cells) => cells.stream.restart(),
        }
        for cells in [&mut self.channel, &mut self.realization].into_iter().flatten() {
            cells.stream.restart();
        }
        if let Some(cells) = &mut self.name {
            cells.stream.restart();
        }
    }

    fn next(&mut self) -> Result<usize, IoError> {
        let rows = match &mut self.time {
            Times::Whole(cells) => cells.next(self.file)?,
            Times::Broken(cells) => cells.next(self.file)?,
        };
        let mut same = true;
        for cells in [&mut self.channel, &mut self.realization].into_iter().flatten() {
            same &= cells.next(self.file)? == rows;
        }
        if let Some(cells) = self.name.as_mut().filter(|_| self.names) {
            same &= cells.next(self.file)? == rows;
        }
        if same { Ok(rows) } else { Err(IoError::damaged("an index column ends early")) }
    }

    fn time(&self, row: usize) -> Result<Time, String> {
        match &self.time {
            Times::Whole(cells) => self.clock.at(cells.piece.values[row]),
            Times::Broken(cells) => Ok(Time::Second(cells.piece.values[row])),
        }
    }

    fn channel(&self, row: usize) -> i64 {
        self.channel.as_ref().map_or(0, |cells| cells.piece.values[row])
    }

    fn realization(&self, row: usize) -> i64 {
        self.realization.as_ref().map_or(0, |cells| cells.piece.values[row])
    }

    fn name(&self, row: usize) -> &[u8] {
        self.name.as_ref().map_or(&[], |cells| ByteArray::data(&cells.piece.values[row]))
    }
}

/// An index column and some of its rows.
struct Cells<T: DataType> {
    stream: Stream<T>,
    piece: Piece<T::T>,
}

impl<T: DataType> Cells<T> {
    fn new(column: usize) -> Self {
        Cells { stream: Stream::new(column), piece: Piece::default() }
    }

    /// Reads the next rows, all of which must have a value.
    fn next(&mut self, file: &ParquetFile) -> Result<usize, IoError> {
        let read = self.stream.next(file, BATCH, &mut self.piece)?;
        if self.piece.values.len() < read {
            return Err(IoError::damaged("an index column has missing values"));
        }
        Ok(read)
    }
}
