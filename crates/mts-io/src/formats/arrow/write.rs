//! Slabs to record batches.

use std::io::{self, BufWriter, Write};
use std::iter::repeat_n;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_ipc::MetadataVersion;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{ArrowError, SchemaRef};
use mts_core::{Dtype, State, StateError, Time, TimeAxis};
use mts_hash::Map;

use super::layout;
use super::schema::schema;
use crate::error::unwrapped;
use crate::formats::Part;
use crate::formats::table::{Content, Groups, Table};
use crate::sink::{Resumable, Stop, unfit};
use crate::{Contents, IoError, SlabSink};

/// Headers collect here; buffers are larger, and pass by.
const BUFFER: usize = 1 << 14;

pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    let batches = Batches::new(contents, &contents.attributes())?;
    let gate = Gate::new(writer, true);
    let writer = FileWriter::try_new_with_options(gate, &batches.schema, options()?).map_err(from_arrow)?;
    Ok(ArrowSink::boxed(contents, batches, Ipc::File(writer)))
}

/// The library lists the batches for the footer while it writes them, and cannot be told of others: it
/// writes as many again, into nothing. Their sizes do not depend on their values.
pub(in crate::formats) fn resume<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    stop: Stop,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    stop.saved.end().map_err(unfit)?;
    let shape = contents.head.shape;
    let steps = layout::batch_steps(shape, contents.form);
    let groups = Groups::after(shape, steps, stop.steps).map_err(unfit)?;
    let batches = Batches::new(contents, &contents.attributes())?;
    let gate = Gate::new(writer, false);
    let mut file = FileWriter::try_new_with_options(gate, &batches.schema, options()?).map_err(from_arrow)?;
    for (count, steps) in [(stop.steps / steps, steps), (1, stop.steps % steps)] {
        if count > 0 && steps > 0 {
            let batch = batches.batch(0, &vec![0.0; steps * shape.slab()]).map_err(from_arrow)?;
            (0..count).try_for_each(|_| file.write(&batch)).map_err(from_arrow)?;
        }
    }
    let gate = file.get_mut();
    if gate.passed != stop.bytes {
        return Err(unfit(StateError::Foreign));
    }
    gate.open = true;
    Ok(Box::new(ArrowSink { groups, batches, ipc: Ipc::File(file) }))
}

/// The schema stands before the first of several datasets, the end of the stream after the last.
pub(in crate::formats) fn stream<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    part: Part,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    // Attributes are of one dataset, and the schema is of all.
    let attributes = if part == Part::WHOLE { contents.attributes() } else { Map::new() };
    let batches = Batches::new(contents, &attributes)?;
    let gate = Gate::new(writer, part.first);
    let mut writer =
        StreamWriter::try_new_with_options(gate, &batches.schema, options()?).map_err(from_arrow)?;
    writer.get_mut().open = true;
    Ok(ArrowSink::boxed(contents, batches, Ipc::Stream { writer, last: part.last }))
}

/// Everything is set here, so that defaults of a later version of the library cannot move a byte.
fn options() -> Result<IpcWriteOptions, IoError> {
    IpcWriteOptions::try_new(64, false, MetadataVersion::V5).map_err(from_arrow)
}

fn from_arrow(error: ArrowError) -> IoError {
    match error {
        ArrowError::IoError(_, error) => error.into(),
        ArrowError::ExternalError(inner) => unwrapped(inner),
        other => IoError::refused(other.to_string()),
    }
}

/// What the library writes goes to the writer, or nowhere: it begins every stream with a schema,
/// and gives the writer back only together with an end.
struct Gate<W: Write> {
    writer: Option<BufWriter<W>>,
    open: bool,
    /// Bytes that went nowhere.
    passed: u64,
}

impl<W: Write> Gate<W> {
    fn new(writer: W, open: bool) -> Self {
        Gate { writer: Some(BufWriter::with_capacity(BUFFER, writer)), open, passed: 0 }
    }

    /// The writer, after a flush.
    fn take(&mut self) -> Option<W> {
        self.writer.take().map(|writer| writer.into_parts().0)
    }
}

impl<W: Write> Write for Gate<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.writer {
            Some(writer) if self.open => writer.write(bytes),
            _ => {
                self.passed += bytes.len() as u64;
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

enum Ipc<W: Write> {
    File(FileWriter<Gate<W>>),
    Stream { writer: StreamWriter<Gate<W>>, last: bool },
}

impl<W: Write> Ipc<W> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        match self {
            Ipc::File(writer) => writer.write(batch),
            Ipc::Stream { writer, .. } => writer.write(batch),
        }
    }

    fn finish(&mut self) -> Result<Option<W>, ArrowError> {
        let gate = match self {
            Ipc::File(writer) => {
                writer.finish()?;
                writer.get_mut()
            }
            Ipc::Stream { writer, last } => {
                if *last { writer.finish() } else { writer.flush() }?;
                writer.get_mut()
            }
        };
        Ok(gate.take())
    }
}

struct ArrowSink<W: Write> {
    groups: Groups,
    batches: Batches,
    ipc: Ipc<W>,
}

impl<W: Write + Send + 'static> ArrowSink<W> {
    fn boxed(contents: &Contents, batches: Batches, ipc: Ipc<W>) -> Box<dyn Resumable<W>> {
        let shape = contents.head.shape;
        let groups = Groups::new(shape, layout::batch_steps(shape, contents.form));
        Box::new(ArrowSink { groups, batches, ipc })
    }
}

impl<W: Write + Send> SlabSink<W> for ArrowSink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let ArrowSink { groups, batches, ipc } = self;
        groups.add(slabs, |first, slabs| {
            let batch = batches.batch(first, slabs).and_then(|batch| ipc.write(&batch));
            batch.map_err(from_arrow)
        })
    }

    fn steps(&self) -> usize {
        self.groups.done()
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.groups.complete()?;
        let writer = self.ipc.finish().map_err(from_arrow)?;
        writer.ok_or_else(|| IoError::refused("the file is finished already"))
    }
}

impl<W: Write + Send> Resumable<W> for ArrowSink<W> {
    fn save(&mut self, _: &mut State) -> Result<Option<&mut W>, IoError> {
        let Ipc::File(file) = &mut self.ipc else { return Ok(None) };
        if !self.groups.are_whole() {
            return Ok(None);
        }
        file.flush().map_err(from_arrow)?;
        Ok(file.get_mut().writer.as_mut().map(BufWriter::get_mut))
    }
}

/// Makes record batches.
struct Batches {
    schema: SchemaRef,
    table: Table,
    dtype: Dtype,
    /// In the order of the columns, those that are the same in every batch; the last batch takes as
    /// much of them as it has rows.
    same: Vec<Option<ArrayRef>>,
}

impl Batches {
    fn new(contents: &Contents, attributes: &Map) -> Result<Self, IoError> {
        let shape = contents.head.shape;
        if let Some(objection) = layout::objection(shape, contents.form) {
            return Err(IoError::refused(objection));
        }
        let table = Table::of(contents);
        let rows = layout::batch_steps(shape, contents.form) * table.rows;
        let same = table.columns.iter().map(|column| same(&table, column.content, rows));
        let same = same.collect::<Result<_, _>>().map_err(from_arrow)?;
        let schema = schema(&table.columns, attributes);
        Ok(Batches { schema, same, dtype: contents.head.dtype, table })
    }

    /// The batch of whole steps from `first` on.
    fn batch(&self, first: usize, slabs: &[f64]) -> Result<RecordBatch, ArrowError> {
        let steps = slabs.len() / self.table.shape.slab();
        let rows = steps * self.table.rows;
        let columns =
            self.table.columns.iter().zip(&self.same).map(|(column, same)| match (same, column.content) {
                (Some(same), _) => same.slice(0, rows),
                (None, Content::Value(channel)) => self.values(slabs, channel),
                (None, _) => self.times(first, steps),
            });
        RecordBatch::try_new(self.schema.clone(), columns.collect())
    }

    fn values(&self, slabs: &[f64], channel: usize) -> ArrayRef {
        let values = self.table.values(slabs, channel);
        let rows = slabs.len() / self.table.shape.slab() * self.table.rows;
        match self.dtype {
            Dtype::F64 => {
                let mut own: Vec<f64> = Vec::with_capacity(rows);
                values.for_each(|values| own.extend_from_slice(values));
                Arc::new(Float64Array::from(own))
            }
            Dtype::F32 => {
                let mut own: Vec<f32> = Vec::with_capacity(rows);
                values.for_each(|values| own.extend(values.iter().map(|value| *value as f32)));
                Arc::new(Float32Array::from(own))
            }
        }
    }

    fn times(&self, first: usize, steps: usize) -> ArrayRef {
        let (axis, rows) = (self.table.time, self.table.rows);
        let mut whole = Vec::new();
        let mut broken = Vec::new();
        for step in first..first + steps {
            match axis.at(step) {
                Time::Step(at) | Time::Instant(at) => whole.extend(repeat_n(at, rows)),
                Time::Second(at) => broken.extend(repeat_n(at, rows)),
            }
        }
        match axis {
            TimeAxis::Steps => Arc::new(Int64Array::from(whole)),
            TimeAxis::Seconds { .. } => Arc::new(Float64Array::from(broken)),
            TimeAxis::Instants(_) => Arc::new(TimestampMicrosecondArray::from(whole)),
        }
    }
}

/// The column of `content` in a batch of so many rows, where it is the same in all.
fn same(table: &Table, content: Content, rows: usize) -> Result<Option<ArrayRef>, ArrowError> {
    Ok(match content {
        Content::Time | Content::Value(_) => None,
        Content::Channel | Content::Realization => {
            let step = (0..table.rows).map(|row| table.integer(content, row));
            let step: Vec<i64> = step.collect();
            Some(Arc::new(Int64Array::from(step.repeat(rows / table.rows))))
        }
        Content::Name => {
            let keys = (0..rows).map(|row| (row % table.names.len()) as i32);
            let names = Arc::new(StringArray::from_iter_values(&table.names));
            Some(Arc::new(DictionaryArray::<Int32Type>::try_new(Int32Array::from_iter_values(keys), names)?))
        }
    })
}
