//! Which rows of a table those are that come in an order of somebody else's.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use mts_core::ColumnType;
use mts_tables::{Database, texts};

use super::preview::Preview;

/// The rows of a table, to be found by what they hold, each once.
pub(super) struct Places {
    rows: u64,
    /// Columns that tell rows apart: the primary key, or all of them.
    pub(super) columns: Vec<usize>,
    how: How,
    found: u64,
}

enum How {
    /// The column counts the rows from a number on. They come in its order, and `next` is the one after the last.
    Counted { first: i64, next: u64 },
    /// The hashes of all rows in order, with their numbers; of each that occurs, where it begins, how many were found.
    Hashed { entries: Vec<(u128, u64)>, taken: Vec<u64> },
}

impl Places {
    pub(super) fn of(database: &Database, at: usize) -> Self {
        let table = &database.tables()[at];
        let relation = table.relation();
        let rows = table.rows();
        let columns = match relation.primary_key.as_slice() {
            [] => (0..relation.columns.len()).collect(),
            key => key.to_vec(),
        };
        if let [key] = *relation.primary_key
            && table.is_counted(key)
            && relation.columns[key].kind == ColumnType::Integer
            && rows > 0
        {
            let first = database.listed(at, &[0]).column(key).as_primitive::<Int64Type>().value(0);
            return Places { rows, columns, how: How::Counted { first, next: 0 }, found: 0 };
        }
        let batch = Preview::of(database, at).read();
        let starts = (0..rows).step_by(batch as usize);
        let hashed = |start: u64| {
            let records = database.rows(at, start..(start + batch).min(rows)).records;
            hashes(&records, &columns).into_iter().zip(start..)
        };
        let mut entries: Vec<(u128, u64)> = starts.flat_map(hashed).collect();
        entries.sort_unstable();
        let taken = vec![0; entries.len()];
        Places { rows, columns, how: How::Hashed { entries, taken }, found: 0 }
    }

    /// The number of each row, where there is such a row that was not found before.
    pub(super) fn find(&mut self, records: &RecordBatch) -> Vec<Option<u64>> {
        let places: Vec<Option<u64>> = match &mut self.how {
            How::Counted { first, next } => {
                let keys = records.column(self.columns[0]).as_primitive::<Int64Type>();
                let place = |key: &i64| {
                    let row = u64::try_from(i128::from(*key) - i128::from(*first)).ok()?;
                    let is_new = (*next..self.rows).contains(&row);
                    is_new.then(|| *next = row + 1).map(|()| row)
                };
                keys.values().iter().map(place).collect()
            }
            How::Hashed { entries, taken } => {
                let place = |hash: u128| {
                    let begin = entries.partition_point(|(other, _)| *other < hash);
                    let place = begin + *taken.get(begin)? as usize;
                    let (_, row) = entries.get(place).filter(|(other, _)| *other == hash)?;
                    taken[begin] += 1;
                    Some(*row)
                };
                hashes(records, &self.columns).into_iter().map(place).collect()
            }
        };
        self.found += places.iter().flatten().count() as u64;
        places
    }

    /// How many rows were not found.
    pub(super) fn left(&self) -> u64 {
        self.rows - self.found
    }
}

/// Hashes of rows, by some of their columns.
fn hashes(records: &RecordBatch, columns: &[usize]) -> Vec<u128> {
    let mut rows = vec![Hash::new(); records.num_rows()];
    for column in columns {
        let cells = cells(records.column(*column));
        rows.iter_mut().zip(cells).for_each(|(row, cell)| row.add(&cell.to_le_bytes()));
    }
    rows.into_iter().map(|row| row.0).collect()
}

/// Hashes of cells.
fn cells(array: &ArrayRef) -> Vec<u128> {
    let nulls = array.logical_nulls();
    let hash = |at: usize, hash: &dyn Fn(&mut Hash)| {
        let mut cell = Hash::new();
        // A byte that no text begins with.
        match nulls.as_ref().is_some_and(|nulls| nulls.is_null(at)) {
            true => cell.add(&[0xff]),
            false => hash(&mut cell),
        }
        cell.0
    };
    let all = 0..array.len();
    match array.data_type() {
        DataType::Struct(_) => {
            let fields: Vec<Vec<u128>> = array.as_struct().columns().iter().map(cells).collect();
            let each = |at: usize, cell: &mut Hash| {
                fields.iter().for_each(|field| cell.add(&field[at].to_le_bytes()));
            };
            all.map(|at| hash(at, &|cell| each(at, cell))).collect()
        }
        DataType::List(_) => {
            let lists = array.as_list::<i32>();
            let (items, offsets) = (cells(lists.values()), lists.value_offsets());
            let each = |at: usize, cell: &mut Hash| {
                let items = &items[offsets[at] as usize..offsets[at + 1] as usize];
                items.iter().for_each(|item| cell.add(&item.to_le_bytes()));
            };
            all.map(|at| hash(at, &|cell| each(at, cell))).collect()
        }
        _ => {
            let texts = texts(array);
            // Databases have one zero.
            let text = |at: usize| if texts.value(at) == "-0.0" { "0.0" } else { texts.value(at) };
            all.map(|at| hash(at, &|cell| cell.add(text(at).as_bytes()))).collect()
        }
    }
}

/// FNV-1a of 128 bits.
#[derive(Clone, Copy)]
struct Hash(u128);

impl Hash {
    fn new() -> Self {
        Hash(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::Int64Array;
    use arrow_schema::{Field, Schema};
    use mts_hash::SeedSequence;
    use mts_tables::Profile;
    use mts_tables::spec::{Spec, TableSpec};
    use serde_json::json;

    use super::*;

    fn places(columns: serde_json::Value) -> (Database, Places) {
        let table = json!({ "rows": 50, "columns": columns });
        let tables = vec![TableSpec::from_json("t", &table).unwrap()];
        let spec = Spec { dataset: "d".to_owned(), tables, relationships: Vec::new() };
        let database = Database::new(&spec, &SeedSequence::new(1_u64), Profile::Document).unwrap();
        let places = Places::of(&database, 0);
        (database, places)
    }

    #[test]
    fn rows_are_found_in_any_order_by_their_key() {
        let x = json!({"name": "x", "type": "float"});
        let key = |kind: &str| json!({"name": "id", "type": kind, "constraints": {"primary_key": true}});
        for (kind, rows) in [("email", [7, 3, 49, 0]), ("id", [0, 3, 7, 49])] {
            let (database, mut places) = places(json!([key(kind), x]));
            assert_eq!(places.columns, [0]);
            assert_eq!(places.find(&database.listed(0, &rows)), rows.map(Some), "{kind}");
            // Each is there once.
            assert_eq!(places.find(&database.listed(0, &[3, 49])), [None, None], "{kind}");
            assert_eq!(places.left(), 46);
        }
        let numbers = |values: Vec<i64>| {
            let schema = Schema::new(vec![Field::new("id", DataType::Int64, false)]);
            RecordBatch::try_new(Arc::new(schema), vec![Arc::new(Int64Array::from(values))]).unwrap()
        };
        let (_, mut places) = places(json!([key("id")]));
        let keys = numbers(vec![i64::MIN, 0, 1, 50, 51, i64::MAX]);
        assert_eq!(places.find(&keys), [None, None, Some(0), Some(49), None, None]);
        assert_eq!(places.left(), 48);
    }

    #[test]
    fn rows_without_a_key_are_found_as_often_as_they_are_there() {
        let list = json!({"name": "l", "type": "array", "item": {"type": "boolean", "null_rate": 0.3}});
        let home = json!({"name": "o", "type": "object", "fields": [{"name": "b", "type": "boolean", "probability": 0.5}]});
        let (database, mut places) = places(json!([list, home]));
        assert_eq!(places.columns, [0, 1]);
        let backwards: Vec<u64> = (0..50).rev().collect();
        let found = places.find(&database.listed(0, &backwards));
        for (row, place) in backwards.iter().zip(&found) {
            let place = place.unwrap();
            assert_eq!(database.listed(0, &[place]), database.listed(0, &[*row]));
        }
        assert!(found != backwards.into_iter().map(Some).collect::<Vec<_>>(), "some rows are equal");
        assert_eq!(places.left(), 0);
        assert_eq!(places.find(&database.listed(0, &[4])), [None]);
    }
}
