//! The catalogue to its file.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use mts_hash::{Value, canonical_json};

use super::columns::{
    BYTES, CHANNELS, CONFIG_ID, DATA_ID, DTYPE, FORMAT, FORMATS, JSON_KEY, MODEL, PARAM, PATH, REALIZATIONS,
    SEED_ENTROPY, SHA256, SPAWN_KEY, STEPS, Texts, VERSION, VERSION_KEY,
};
use super::params::{Column, Kind};
use super::{Catalogue, Fixed};
use crate::formats::records::{self, GROUP_ROWS};
use crate::sink::Finished;
use crate::{Digest, Digesting, Format, IoError, Store};

impl Catalogue {
    /// Writes the file `path`, which is there when what this returns is committed. Equal rows make equal bytes.
    ///
    /// # Errors
    ///
    /// Where `path` cannot be written.
    pub fn write<T>(&self, store: &Store<T>, path: &Path) -> Result<Finished, IoError> {
        let writer = self.encode(store.create(path)?);
        let (pending, digest) = writer.map_err(|error| error.at(path))?.finish();
        Ok(Finished { pending, digest })
    }

    /// The digest of the file that [`write`](Self::write) makes.
    ///
    /// # Errors
    ///
    /// Where the rows are more than a file can hold.
    pub fn digest(&self) -> Result<Digest, IoError> {
        Ok(self.encode(io::sink())?.finish().1)
    }

    fn encode<W: Write + Send>(&self, writer: W) -> Result<Digesting<W>, IoError> {
        let params: Vec<(String, Column)> =
            self.params.columns().map(|(name, column)| (format!("{PARAM}{name}"), column)).collect();
        let json = params.iter().filter(|(_, column)| column.kind == Kind::Json);
        let json: Vec<Value> = json.map(|(name, _)| name.as_str().into()).collect();
        let entries = vec![(VERSION_KEY, VERSION.to_owned()), (JSON_KEY, canonical_json(&json.into()))];
        let schema = schema(&params);
        let starts = (0..self.len()).step_by(GROUP_ROWS);
        let batches =
            starts.map(|start| self.batch(&schema, &params, start..self.len().min(start + GROUP_ROWS)));
        records::write(Digesting::new(writer), &schema, entries, &[CONFIG_ID, PATH], batches)
    }

    fn batch(&self, schema: &SchemaRef, params: &[(String, Column)], rows: Range<usize>) -> RecordBatch {
        let texts = |texts: &Texts| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.clone().map(|row| texts.get(row))))
        };
        let fixed = &self.fixed[rows.clone()];
        let text = |text: fn(&Fixed) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(fixed.iter().map(text)))
        };
        // Sizes beyond 2⁶³ cannot be.
        let number = |number: fn(&Fixed) -> u64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(fixed.iter().map(|row| number(row) as i64)))
        };
        let mut columns = vec![
            texts(&self.config_id),
            texts(&self.data_id),
            texts(&self.model),
            number(|row| row.shape.channels() as u64),
            number(|row| row.shape.steps() as u64),
            number(|row| row.shape.realizations() as u64),
            text(|row| row.dtype.name().to_owned()),
            text(|row| row.seed_entropy.to_string()),
            spawn_keys(fixed),
            texts(&self.path),
            text(|row| row.format.name().to_owned()),
            text(|row| row.formats.iter().map(|format| Format::name(*format)).collect::<Vec<_>>().join(",")),
            number(|row| row.bytes),
            texts(&self.sha256),
        ];
        columns.extend(params.iter().map(|(_, column)| column.array(rows.clone())));
        RecordBatch::try_new(Arc::clone(schema), columns)
            .expect("columns of these types, all of as many rows")
    }
}

fn spawn_keys(rows: &[Fixed]) -> ArrayRef {
    let mut lists = ListBuilder::new(Int64Builder::new());
    for row in rows {
        lists.append_value(row.spawn_key.iter().map(|word| Some(i64::from(*word))));
    }
    Arc::new(lists.finish())
}

fn schema(params: &[(String, Column)]) -> SchemaRef {
    let list = |item: DataType| DataType::List(Arc::new(Field::new_list_field(item, true)));
    let fixed = [
        (CONFIG_ID, DataType::Utf8),
        (DATA_ID, DataType::Utf8),
        (MODEL, DataType::Utf8),
        (CHANNELS, DataType::Int64),
        (STEPS, DataType::Int64),
        (REALIZATIONS, DataType::Int64),
        (DTYPE, DataType::Utf8),
        (SEED_ENTROPY, DataType::Utf8),
        (SPAWN_KEY, list(DataType::Int64)),
        (PATH, DataType::Utf8),
        (FORMAT, DataType::Utf8),
        (FORMATS, DataType::Utf8),
        (BYTES, DataType::Int64),
        (SHA256, DataType::Utf8),
    ];
    let fixed = fixed.into_iter().map(|(name, stored)| Field::new(name, stored, false));
    let params = params.iter().map(|(name, column)| {
        let stored = match column.kind {
            Kind::Int => DataType::Int64,
            Kind::Float => DataType::Float64,
            Kind::Bool => DataType::Boolean,
            Kind::Text | Kind::Json => DataType::Utf8,
            Kind::List => list(DataType::Float64),
        };
        Field::new(name, stored, true)
    });
    Arc::new(Schema::new(fixed.chain(params).collect::<Vec<_>>()))
}
