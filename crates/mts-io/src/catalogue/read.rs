//! A file to the catalogue.

use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use mts_core::Shape;
use mts_hash::{Map, Value, parse};

use super::columns::{
    BYTES, CHANNELS, CONFIG_ID, DATA_ID, DTYPE, FORMAT, FORMATS, JSON_KEY, MODEL, NAMES_KEY, PARAM, PATH,
    REALIZATIONS, SEED_ENTROPY, SHA256, SPAWN_KEY, STEPS, VERSION, VERSION_KEY,
};
use super::{Catalogue, CatalogueRow};
use crate::formats::records::Records;
use crate::{Digest, Format, IoError};

/// Bytes of memory that all text may take, where the file is small, and for each byte of a larger one.
const MAX_TEXT: u64 = 1 << 30;
const MAX_RATIO: u64 = 256;

impl Catalogue {
    /// Reads a catalogue back. Types are those of columns: an integer in a column of double precision comes
    /// back as a float, an array as a list, and null as nothing.
    ///
    /// # Errors
    ///
    /// Where the file is missing, unreadable, damaged, or no catalogue.
    pub fn read(path: &Path) -> Result<Self, IoError> {
        read(path).map_err(|error| error.at(path))
    }
}

fn read(path: &Path) -> Result<Catalogue, IoError> {
    let file = Records::open(path)?;
    match file.entry(VERSION_KEY) {
        Some(VERSION) => {}
        Some(other) => {
            return Err(IoError::refused(format!(
                "this is a catalogue of format {other}, and only {VERSION} is known: use a later program"
            )));
        }
        None => return Err(IoError::damaged("this is no catalogue")),
    }
    let json = file.entry(JSON_KEY).and_then(|text| parse(text).ok());
    let json = json.as_ref().and_then(Value::as_list).unwrap_or_default();
    let mut batches = file.batches()?;
    let names = file.entry(NAMES_KEY).and_then(|text| parse(text).ok());
    let columns = params(&batches.schema(), json, names.as_ref())?;
    let mut left = MAX_TEXT.max(file.bytes().saturating_mul(MAX_RATIO));
    let (mut catalogue, mut first) = (Catalogue::new(), 0);
    while let Some(batch) = batches.next()? {
        let bytes = batch.get_array_memory_size() as u64;
        left = left
            .checked_sub(bytes)
            .ok_or_else(|| IoError::damaged("the file holds more than it announces"))?;
        let rows = Rows { batch: &batch, columns: &columns };
        for row in 0..batch.num_rows() {
            let row =
                rows.row(row).map_err(|error| IoError::damaged(format!("row {}: {error}", first + row)));
            catalogue.add(row?);
        }
        first += batch.num_rows();
    }
    Ok(catalogue)
}

/// How a parameter is read.
struct Param {
    place: usize,
    name: String,
    json: bool,
}

/// The columns of parameters, where the file has those of a catalogue and no others.
fn params(schema: &Schema, json: &[Value], names: Option<&Value>) -> Result<Vec<Param>, IoError> {
    let list = |stored: &DataType, item: DataType| matches!(stored, DataType::List(field) if *field.data_type() == item);
    for name in [CONFIG_ID, DATA_ID, MODEL, DTYPE, SEED_ENTROPY, PATH, FORMAT, FORMATS, SHA256] {
        expect(schema, name, "text", |stored| *stored == DataType::Utf8)?;
    }
    for name in [CHANNELS, STEPS, REALIZATIONS, BYTES] {
        expect(schema, name, "64-bit integers", |stored| *stored == DataType::Int64)?;
    }
    expect(schema, SPAWN_KEY, "lists of 64-bit integers", |stored| list(stored, DataType::Int64))?;
    let mut params = Vec::new();
    for (place, field) in schema.fields().iter().enumerate() {
        let Some(name) = field.name().strip_prefix(PARAM) else { continue };
        let name = names.and_then(|names| names.get(field.name())?.as_str()).unwrap_or(name);
        let plain = matches!(
            field.data_type(),
            DataType::Int64 | DataType::Float64 | DataType::Boolean | DataType::Utf8
        );
        if !plain && !list(field.data_type(), DataType::Float64) {
            let (name, found) = (field.name(), field.data_type());
            return Err(IoError::damaged(format!("the column {name} must hold parameters, found {found}")));
        }
        let json = json.iter().any(|known| known.as_str() == Some(field.name()))
            && *field.data_type() == DataType::Utf8;
        params.push(Param { place, name: name.to_owned(), json });
    }
    Ok(params)
}

fn expect(
    schema: &Schema,
    name: &str,
    wanted: &str,
    fits: impl FnOnce(&DataType) -> bool,
) -> Result<(), IoError> {
    let field: Option<&Field> = schema.fields().iter().find(|field| field.name() == name).map(AsRef::as_ref);
    let field = field.ok_or_else(|| IoError::damaged(format!("the column {name} is missing")))?;
    if fits(field.data_type()) {
        return Ok(());
    }
    let found = field.data_type();
    Err(IoError::damaged(format!("the column {name} must hold {wanted}, found {found}")))
}

/// Some rows of a file whose columns are those of a catalogue.
struct Rows<'a> {
    batch: &'a RecordBatch,
    columns: &'a [Param],
}

impl Rows<'_> {
    fn row(&self, row: usize) -> Result<CatalogueRow, IoError> {
        let (m, t, r) = (self.size(CHANNELS, row)?, self.size(STEPS, row)?, self.size(REALIZATIONS, row)?);
        let formats = self.text(FORMATS, row)?.split(',').filter(|name| !name.is_empty());
        let bytes = self.number(BYTES, row)?;
        Ok(CatalogueRow {
            config_id: self.text(CONFIG_ID, row)?.to_owned(),
            data_id: self.text(DATA_ID, row)?.to_owned(),
            model: self.text(MODEL, row)?.to_owned(),
            shape: Shape::new(m, t, r).map_err(|error| IoError::damaged(error.to_string()))?,
            dtype: parsed(DTYPE, self.text(DTYPE, row)?)?,
            seed_entropy: parsed(SEED_ENTROPY, self.text(SEED_ENTROPY, row)?)?,
            spawn_key: self.spawn_key(row)?,
            path: self.text(PATH, row)?.to_owned(),
            format: parsed(FORMAT, self.text(FORMAT, row)?)?,
            formats: formats.map(|name| parsed::<Format>(FORMATS, name)).collect::<Result<_, _>>()?,
            digest: Digest { bytes, sha256: self.text(SHA256, row)?.to_owned() },
            params: self.params(row)?,
        })
    }

    fn column(&self, name: &str, row: usize) -> Result<&ArrayRef, IoError> {
        let column = self.batch.column_by_name(name).filter(|column| column.is_valid(row));
        column.ok_or_else(|| IoError::damaged(format!("{name} is missing")))
    }

    fn text(&self, name: &str, row: usize) -> Result<&str, IoError> {
        Ok(self.column(name, row)?.as_string::<i32>().value(row))
    }

    fn number(&self, name: &str, row: usize) -> Result<u64, IoError> {
        let number = self.column(name, row)?.as_primitive::<Int64Type>().value(row);
        u64::try_from(number)
            .map_err(|_| IoError::damaged(format!("{name} must be 0 or more, found {number}")))
    }

    fn size(&self, name: &str, row: usize) -> Result<usize, IoError> {
        let number = self.number(name, row)?;
        usize::try_from(number).map_err(|_| IoError::damaged(format!("{name} is too large: {number}")))
    }

    fn spawn_key(&self, row: usize) -> Result<Vec<u32>, IoError> {
        let words = self.column(SPAWN_KEY, row)?.as_list::<i32>().value(row);
        let words = words.as_primitive::<Int64Type>().iter();
        let words: Option<Vec<u32>> = words.map(|word| u32::try_from(word?).ok()).collect();
        words.ok_or_else(|| IoError::damaged(format!("{SPAWN_KEY} must hold 32-bit words")))
    }

    fn params(&self, row: usize) -> Result<Map, IoError> {
        let present = self.columns.iter().filter(|param| self.batch.column(param.place).is_valid(row));
        present
            .map(|param| Ok((param.name.as_str(), param.value(self.batch.column(param.place), row)?)))
            .collect()
    }
}

impl Param {
    fn value(&self, column: &ArrayRef, row: usize) -> Result<Value, IoError> {
        Ok(match column.data_type() {
            DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into(),
            DataType::Float64 => column.as_primitive::<Float64Type>().value(row).into(),
            DataType::Boolean => column.as_boolean().value(row).into(),
            DataType::Utf8 if self.json => parse(column.as_string::<i32>().value(row))
                .map_err(|error| IoError::damaged(format!("{PARAM}{} is no JSON: {error}", self.name)))?,
            DataType::Utf8 => column.as_string::<i32>().value(row).into(),
            _ => {
                let numbers = column.as_list::<i32>().value(row);
                let numbers = numbers.as_primitive::<Float64Type>().iter();
                numbers.map(|number| number.map_or(Value::Null, Value::from)).collect::<Vec<_>>().into()
            }
        })
    }
}

fn parsed<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, IoError> {
    text.parse().map_err(|_| IoError::damaged(format!("{name} is not what it can be: {text:?}")))
}
