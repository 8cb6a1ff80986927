//! What happened along time, as a file beside the data.

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use mts_core::Label;
use mts_hash::canonical_json;

use crate::formats::records::{Batches, Records, RecordsWriter};
use crate::sink::Finished;
use crate::{Digesting, IoError, Pending, Store};

/// A row of a file of labels: a [`Label`], its details as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRow {
    /// The channel; `None` for all.
    pub channel: Option<i64>,
    /// The realization; `None` for all.
    pub realization: Option<i64>,
    /// The first step.
    pub start: i64,
    /// The step behind the last one.
    pub stop: i64,
    /// What it is.
    pub kind: String,
    /// Canonical JSON of a mapping.
    pub details: String,
}

impl From<&Label> for LabelRow {
    fn from(label: &Label) -> Self {
        LabelRow {
            channel: label.channel.map(|channel| channel as i64),
            realization: label.realization.map(|realization| realization as i64),
            start: label.steps.start as i64,
            stop: label.steps.end as i64,
            kind: label.kind.to_owned(),
            details: canonical_json(&label.details.clone().into()),
        }
    }
}

/// Rows of a row group.
const GROUP_ROWS: usize = 1 << 16;

/// Writes labels into a Parquet file with the columns `channel, realization, start, stop, kind, details`, in
/// their order. Memory holds one row group.
///
/// ```
/// use mts_core::Label;
/// use mts_hash::Map;
/// use mts_io::{LabelsReader, LabelsWriter, Store};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("x.labels.parquet");
/// let store = Store::new();
/// let mut writer = LabelsWriter::create(&store, &path)?;
/// let details: Map = [("size", 5.0)].into_iter().collect();
/// let spike = Label { channel: Some(1), realization: None, steps: 7..8, kind: "spike", details };
/// writer.add(&[spike])?;
/// store.commit((), vec![writer.finish()?.pending]);
/// store.flush();
///
/// let mut reader = LabelsReader::open(&path)?;
/// let row = &reader.next()?.expect("one batch")[0];
/// assert_eq!((row.channel, row.start, row.details.as_str()), (Some(1), 7, r#"{"size":5.0}"#));
/// # Ok::<(), mts_io::IoError>(())
/// ```
pub struct LabelsWriter {
    file: RecordsWriter<Digesting<Pending>>,
    schema: SchemaRef,
    rows: Vec<LabelRow>,
}

impl LabelsWriter {
    /// Begins the file `path`, which is there when what [`finish`](Self::finish) returns is committed.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn create<T>(store: &Store<T>, path: &Path) -> Result<Self, IoError> {
        let schema = schema();
        let writer = Digesting::new(store.create(path)?);
        let file = RecordsWriter::begin(writer, &schema, Vec::new(), &[]).map_err(|error| error.at(path))?;
        Ok(LabelsWriter { file, schema, rows: Vec::new() })
    }

    /// Adds labels behind those before.
    ///
    /// # Errors
    ///
    /// Where they cannot be written.
    pub fn add(&mut self, labels: &[Label]) -> Result<(), IoError> {
        for label in labels {
            self.rows.push(label.into());
            if self.rows.len() == GROUP_ROWS {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), IoError> {
        let batch = batch(&self.schema, &self.rows);
        self.rows.clear();
        self.file.write(&batch)
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn finish(mut self) -> Result<Finished, IoError> {
        if !self.rows.is_empty() {
            self.flush()?;
        }
        let (pending, digest) = self.file.finish()?.finish();
        Ok(Finished { pending, digest })
    }
}

const COLUMNS: [(&str, DataType, bool); 6] = [
    ("channel", DataType::Int64, true),
    ("realization", DataType::Int64, true),
    ("start", DataType::Int64, false),
    ("stop", DataType::Int64, false),
    ("kind", DataType::Utf8, false),
    ("details", DataType::Utf8, false),
];

fn schema() -> SchemaRef {
    let field = |(name, stored, nullable): (&str, DataType, bool)| Field::new(name, stored, nullable);
    Arc::new(Schema::new(COLUMNS.map(field).to_vec()))
}

fn batch(schema: &SchemaRef, rows: &[LabelRow]) -> RecordBatch {
    let numbers = |of: fn(&LabelRow) -> Option<i64>| -> ArrayRef {
        Arc::new(rows.iter().map(of).collect::<Int64Array>())
    };
    let texts = |of: fn(&LabelRow) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(of)))
    };
    let columns = vec![
        numbers(|row| row.channel),
        numbers(|row| row.realization),
        numbers(|row| Some(row.start)),
        numbers(|row| Some(row.stop)),
        texts(|row| &row.kind),
        texts(|row| &row.details),
    ];
    RecordBatch::try_new(Arc::clone(schema), columns).expect("columns of these types, all of as many rows")
}

/// Reads a file of labels, some rows at a time.
pub struct LabelsReader {
    batches: Batches,
}

impl LabelsReader {
    /// Opens the file `path`.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or holds other columns.
    pub fn open(path: &Path) -> Result<Self, IoError> {
        let batches =
            Records::open(path).and_then(|records| records.batches()).map_err(|error| error.at(path))?;
        let columns = batches.schema();
        let known = |(field, (name, stored, _)): (&Arc<Field>, &(&str, DataType, bool))| {
            field.name() == name && field.data_type() == stored
        };
        let same =
            columns.fields().len() == COLUMNS.len() && columns.fields().iter().zip(&COLUMNS).all(known);
        if !same {
            let names = COLUMNS.map(|(name, ..)| name).join(", ");
            return Err(IoError::damaged(format!("labels have the columns {names}")).at(path));
        }
        Ok(LabelsReader { batches })
    }

    /// The next rows, where there are more.
    ///
    /// # Errors
    ///
    /// Where they cannot be read.
    #[expect(clippy::should_implement_trait, reason = "it can fail")]
    pub fn next(&mut self) -> Result<Option<Vec<LabelRow>>, IoError> {
        Ok(self.batches.next()?.map(|batch| rows(&batch)))
    }
}

fn rows(batch: &RecordBatch) -> Vec<LabelRow> {
    let numbers = |column: usize| {
        let column = batch.column(column).as_primitive::<Int64Type>();
        move |row| column.is_valid(row).then(|| column.value(row))
    };
    let text = |column: usize| batch.column(column).as_string::<i32>();
    let [channel, realization, start, stop] = [0, 1, 2, 3].map(numbers);
    let row = |row| LabelRow {
        channel: channel(row),
        realization: realization(row),
        start: start(row).unwrap_or_default(),
        stop: stop(row).unwrap_or_default(),
        kind: text(4).value(row).to_owned(),
        details: text(5).value(row).to_owned(),
    };
    (0..batch.num_rows()).map(row).collect()
}
