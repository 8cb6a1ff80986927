//! Slabs to row groups.

use std::io::{self, Write};

use mts_core::{Shape, TimeAxis};
use parquet::data_type::DoubleType;
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::writer::SerializedFileWriter;

use super::index::{Chunk, Column, Index, PRESENT};
use super::{from_parquet, layout, metadata};
use crate::sink::Progress;
use crate::{Contents, IoError, SlabSink};

pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
) -> Result<Box<dyn SlabSink<W>>, IoError> {
    let Contents { head, config_id, extra, .. } = *contents;
    let (shape, axis) = (head.shape, head.time);
    let group_steps = layout::group_steps(shape)?;
    let properties = layout::properties(shape, axis, metadata::entries(head, extra));
    let file = SerializedFileWriter::new(Slot(Some(writer)), layout::schema(axis)?, properties)
        .map_err(from_parquet)?;
    Ok(Box::new(ParquetSink {
        file,
        shape,
        axis,
        config_id: config_id.to_owned(),
        group_steps,
        progress: Progress::new(shape),
        step: 0,
        index: None,
        group: Vec::new(),
    }))
}

/// Holds the writer until the file is complete: the library gives it back only by a way on which
/// the reason of a failure is lost.
struct Slot<W>(Option<W>);

impl<W: Write> Write for Slot<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), Write::flush)
    }
}

struct ParquetSink<W: Write> {
    file: SerializedFileWriter<Slot<W>>,
    shape: Shape,
    axis: TimeAxis,
    config_id: String,
    group_steps: usize,
    progress: Progress,
    /// The first step of the group that fills.
    step: usize,
    index: Option<Index>,
    /// Values of a group that is not full.
    group: Vec<f64>,
}

impl<W: Write + Send> ParquetSink<W> {
    /// The number of steps in the group that fills: the last one has what is left.
    fn steps(&self) -> usize {
        self.group_steps.min(self.shape.steps() - self.step)
    }

    fn write_group(&mut self, values: &[f64]) -> Parquet<()> {
        let (steps, slab) = (self.steps(), self.shape.slab());
        let index = match self.index.take() {
            Some(index) if index.steps == steps => index,
            _ => Index::new(self.columns()?, self.shape, self.axis, steps, &self.config_id)?,
        };
        let time = index.time(self.step, slab, self.axis)?;
        let mut group = self.file.next_row_group()?;
        let mut append = |chunk: &Chunk| group.append_column(&chunk.bytes, chunk.close.clone());
        append(&time)?;
        append(&index.channel)?;
        append(&index.realization)?;
        if let Some(mut column) = group.next_column()? {
            let writer = column.typed::<DoubleType>();
            for values in values.chunks(PRESENT.len()) {
                writer.write_batch(values, Some(&PRESENT[..values.len()]), None)?;
            }
            column.close()?;
        }
        group.append_column(&index.config_id.bytes, index.config_id.close.clone())?;
        group.close()?;
        self.step += steps;
        self.index = Some(index);
        Ok(())
    }

    fn columns(&self) -> Parquet<[Column; 5]> {
        let columns = self.file.schema_descr().columns().iter().map(|description| Column {
            description: description.clone(),
            properties: self.file.properties().clone(),
        });
        let columns: Vec<_> = columns.collect();
        columns.try_into().map_err(|_| ParquetError::General("not five columns".to_owned()))
    }
}

impl<W: Write + Send> SlabSink<W> for ParquetSink<W> {
    fn write(&mut self, mut slabs: &[f64]) -> Result<(), IoError> {
        self.progress.add(slabs)?;
        while !slabs.is_empty() {
            let full = self.steps() * self.shape.slab();
            if self.group.is_empty() && slabs.len() >= full {
                let (values, rest) = slabs.split_at(full);
                self.write_group(values).map_err(from_parquet)?;
                slabs = rest;
                continue;
            }
            let (values, rest) = slabs.split_at(slabs.len().min(full - self.group.len()));
            self.group.reserve_exact(full - self.group.len());
            self.group.extend_from_slice(values);
            slabs = rest;
            if self.group.len() == full {
                let mut group = std::mem::take(&mut self.group);
                self.write_group(&group).map_err(from_parquet)?;
                group.clear();
                self.group = group;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.progress.complete()?;
        self.file.finish().map_err(from_parquet)?;
        self.file.inner_mut().0.take().ok_or_else(|| IoError::refused("the file is finished already"))
    }
}
