//! Slabs to row groups.

use std::io::{self, Write};
use std::mem;

use mts_core::Dtype;
use parquet::data_type::{DoubleType, FloatType};
use parquet::errors::Result as Parquet;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};

use super::index::{Index, PRESENT};
use super::{from_parquet, layout, metadata};
use crate::formats::table::{Content, Groups, Table};
use crate::{Contents, IoError, SlabSink};

pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
) -> Result<Box<dyn SlabSink<W>>, IoError> {
    let shape = contents.head.shape;
    if let Some(objection) = layout::objection(shape, contents.form) {
        return Err(IoError::refused(objection));
    }
    let table = Table::of(contents);
    let properties = layout::properties(&table, metadata::entries(&table.columns, &contents.attributes()));
    let file = SerializedFileWriter::new(Slot(Some(writer)), layout::schema(&table)?, properties)
        .map_err(from_parquet)?;
    let groups = Groups::new(shape, layout::group_steps(shape));
    let values = Values::new(contents.head.dtype);
    Ok(Box::new(ParquetSink { groups, rows: RowGroups { file, table, index: None, values } }))
}

/// Holds the writer until the file is complete: the library gives it back only by a way on which
/// the reason of a failure is lost.
pub(super) struct Slot<W>(pub(super) Option<W>);

impl<W: Write> Write for Slot<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), Write::flush)
    }
}

struct ParquetSink<W: Write> {
    groups: Groups,
    rows: RowGroups<W>,
}

impl<W: Write + Send> SlabSink<W> for ParquetSink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let rows = &mut self.rows;
        self.groups.add(slabs, |first, slabs| rows.write(first, slabs).map_err(from_parquet))
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.groups.complete()?;
        let file = &mut self.rows.file;
        file.finish().map_err(from_parquet)?;
        file.inner_mut().0.take().ok_or_else(|| IoError::refused("the file is finished already"))
    }
}

struct RowGroups<W: Write> {
    file: SerializedFileWriter<Slot<W>>,
    table: Table,
    index: Option<Index>,
    values: Values,
}

impl<W: Write + Send> RowGroups<W> {
    /// Writes the group that begins with step `first`.
    fn write(&mut self, first: usize, slabs: &[f64]) -> Parquet<()> {
        let table = &self.table;
        let steps = slabs.len() / table.shape.slab();
        let index = match self.index.take() {
            Some(index) if index.steps == steps => index,
            _ => Index::new(table, self.file.schema_descr(), self.file.properties(), steps)?,
        };
        let mut group = self.file.next_row_group()?;
        for (place, column) in table.columns.iter().enumerate() {
            if let Content::Value(channel) = column.content {
                if let Some(mut column) = group.next_column()? {
                    self.values.write(&mut column, table, slabs, channel)?;
                    column.close()?;
                }
            } else if let Some(chunk) = index.chunk(place, first, table)? {
                group.append_column(&chunk.bytes, chunk.close)?;
            }
        }
        group.close()?;
        self.index = Some(index);
        Ok(())
    }
}

/// Columns of values.
pub(super) struct Values {
    dtype: Dtype,
    /// One of several, taken out of the slabs.
    column: Vec<f64>,
    /// Some values in single precision.
    single: Vec<f32>,
}

impl Values {
    pub(super) fn new(dtype: Dtype) -> Self {
        Values { dtype, column: Vec::new(), single: Vec::new() }
    }

    fn write(
        &mut self,
        writer: &mut SerializedColumnWriter,
        table: &Table,
        slabs: &[f64],
        channel: usize,
    ) -> Parquet<()> {
        if table.rows == table.shape.slab() {
            return self.encode(writer, slabs);
        }
        let mut column = mem::take(&mut self.column);
        column.clear();
        table.values(slabs, channel).for_each(|own| column.extend_from_slice(own));
        self.encode(writer, &column)?;
        self.column = column;
        Ok(())
    }

    pub(super) fn encode(&mut self, writer: &mut SerializedColumnWriter, values: &[f64]) -> Parquet<()> {
        for values in values.chunks(PRESENT.len()) {
            let present = Some(&PRESENT[..values.len()]);
            match self.dtype {
                Dtype::F64 => writer.typed::<DoubleType>().write_batch(values, present, None)?,
                Dtype::F32 => {
                    self.single.clear();
                    self.single.extend(values.iter().map(|value| *value as f32));
                    writer.typed::<FloatType>().write_batch(&self.single, present, None)?
                }
            };
        }
        Ok(())
    }
}
