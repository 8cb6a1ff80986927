//! The catalogue to its file.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use mts_core::Shape;
use mts_hash::{Map, Value, canonical_json};

use super::columns::{
    BYTES, CHANNELS, CONFIG_ID, DATA_ID, DTYPE, FORMAT, FORMATS, JSON_KEY, MODEL, NAMES_KEY, PARAM, PATH,
    REALIZATIONS, SEED_ENTROPY, SHA256, SPAWN_KEY, STEPS, Texts, VERSION, VERSION_KEY,
};
use super::groups::{GROUP_BYTES, groups};
use super::params::{Column, Kind};
use super::{Catalogue, Common, names};
use crate::formats::records;
use crate::sink::Finished;
use crate::{Digest, Digesting, Format, IoError, Store};

impl Catalogue {
    /// Writes the file `path`, which is there when what this returns is committed. Equal rows make equal bytes.
    ///
    /// # Errors
    ///
    /// Where `path` cannot be written, or a row is more than a file can hold.
    pub fn write<T>(&self, store: &Store<T>, path: &Path) -> Result<Finished, IoError> {
        let writer = self.encode(store.create(path)?, GROUP_BYTES);
        let (pending, digest) = writer.map_err(|error| error.at(path))?.finish();
        Ok(Finished { pending, digest })
    }

    /// The digest of the file that [`write`](Self::write) makes.
    ///
    /// # Errors
    ///
    /// Where a row is more than a file can hold.
    pub fn digest(&self) -> Result<Digest, IoError> {
        Ok(self.encode(io::sink(), GROUP_BYTES)?.finish().1)
    }

    /// In row groups of at most `most` bytes.
    fn encode<W: Write + Send>(&self, writer: W, most: u64) -> Result<Digesting<W>, IoError> {
        let (names, params): (Vec<&str>, Vec<Column>) = self.params.columns().unzip();
        let columns = names::columns(&names);
        let renamed = names.iter().zip(&columns).filter(|(name, column)| column[PARAM.len()..] != ***name);
        let renamed: Map = renamed.map(|(name, column)| (column.as_str(), Value::from(*name))).collect();
        let params: Vec<(String, Column)> = columns.into_iter().zip(params).collect();
        let json = params.iter().filter(|(_, column)| column.kind == Kind::Json);
        let json: Vec<Value> = json.map(|(name, _)| name.as_str().into()).collect();
        let mut entries = vec![(VERSION_KEY, VERSION.to_owned()), (JSON_KEY, canonical_json(&json.into()))];
        if !renamed.is_empty() {
            entries.push((NAMES_KEY, canonical_json(&renamed.into())));
        }
        let schema = schema(&params);
        let groups = groups(&self.sizes(&params), most)?;
        let batches = groups.into_iter().map(|rows| self.batch(&schema, &params, rows));
        records::write(Digesting::new(writer), &schema, entries, &[CONFIG_ID, PATH], batches)
    }

    fn batch(&self, schema: &SchemaRef, params: &[(String, Column)], rows: Range<usize>) -> RecordBatch {
        let texts = |texts: &Texts| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.clone().map(|row| texts.get(row))))
        };
        let text = |text: fn(&Common) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.clone().map(|row| text(self.common(row)))))
        };
        let size = |size: fn(Shape) -> usize| -> ArrayRef {
            Arc::new(numbers(rows.clone().map(|row| size(self.common(row).shape) as u64)))
        };
        let mut columns = vec![
            texts(&self.config_id),
            texts(&self.data_id),
            text(|row| row.model.clone()),
            size(Shape::channels),
            size(Shape::steps),
            size(Shape::realizations),
            text(|row| row.dtype.name().to_owned()),
            text(|row| row.seed_entropy.to_string()),
            self.spawn_keys(rows.clone()),
            texts(&self.path),
            text(|row| row.format.name().to_owned()),
            text(|row| row.formats.iter().map(|format| Format::name(*format)).collect::<Vec<_>>().join(",")),
            Arc::new(numbers(rows.clone().map(|row| self.file(row).bytes))),
            Arc::new(StringArray::from_iter_values(rows.clone().map(|row| &self.file(row).sha256))),
        ];
        columns.extend(params.iter().map(|(_, column)| column.array(rows.clone())));
        RecordBatch::try_new(Arc::clone(schema), columns)
            .expect("columns of these types, all of as many rows")
    }

    fn spawn_keys(&self, rows: Range<usize>) -> ArrayRef {
        let mut lists = ListBuilder::new(Int64Builder::new());
        for row in rows {
            lists.append_value(self.spawn_key.get(row).iter().map(|word| Some(i64::from(*word))));
        }
        Arc::new(lists.finish())
    }
}

/// Numbers beyond 2⁶³ cannot be sizes.
fn numbers(numbers: impl Iterator<Item = u64>) -> Int64Array {
    Int64Array::from_iter_values(numbers.map(|number| number as i64))
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

#[cfg(test)]
mod tests {
    use std::fs;

    use mts_core::Dtype;
    use mts_hash::Map;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    use super::*;
    use crate::CatalogueRow;

    #[test]
    fn long_rows_have_row_groups_of_few() {
        let mut catalogue = Catalogue::new();
        for number in 0..10 {
            let matrix = vec![Value::from(vec![0.5; 300]), Value::from(vec![f64::from(number / 4); 2])];
            catalogue.add(CatalogueRow {
                config_id: format!("var_M2__{number:08x}"),
                data_id: format!("{number:08x}"),
                model: "var".to_owned(),
                shape: Shape::of(2, 100, 1),
                dtype: Dtype::F64,
                seed_entropy: 1.into(),
                spawn_key: Vec::new(),
                path: format!("{number}.csv"),
                format: Format::Csv,
                formats: Vec::new(),
                digest: Digest { bytes: 1, sha256: "ab".repeat(32) },
                params: Map::from_iter([("A", matrix)]),
            });
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.parquet");
        // Each row has its 1200 bytes of matrix, and fewer than 200 others.
        for (most, expected) in [(0, vec![1; 10]), (4200, vec![3, 3, 3, 1]), (GROUP_BYTES, vec![10])] {
            catalogue.encode(fs::File::create(&path).unwrap(), most).unwrap();
            let file = SerializedFileReader::new(fs::File::open(&path).unwrap()).unwrap();
            let rows: Vec<i64> = file.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
            assert_eq!(rows, expected, "{most}");
            assert!(Catalogue::read(&path).unwrap().rows().eq(catalogue.rows()));
        }
    }
}
