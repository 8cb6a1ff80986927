//! What a few rows tell of all.

use arrow_array::RecordBatch;
use mts_io::{Compression, Encoder, TableFormat};
use mts_tables::Database;

use super::format::Output;

/// Rows that are looked at, at most, and at first.
const ROWS: u64 = 1000;
const FEW: u64 = 16;

/// Letters that are looked at, about.
const SAMPLE: u64 = 1 << 20;

/// Rows of a batch, at most: a row group of Parquet.
const BATCH: u64 = 1 << 16;

/// Letters of a batch, as JSON, at most.
const LETTERS: u64 = 1 << 25;

/// Batches of a table, at most: Parquet counts row groups with fifteen bits.
const BATCHES: u64 = 30_000;

/// Some rows of a table, spread evenly over all.
pub(super) struct Preview {
    /// Of the table.
    rows: u64,
    records: RecordBatch,
    /// Of the rows that are looked at, as JSON; none where that cannot be.
    letters: u64,
}

impl Preview {
    /// Of the table at a place.
    pub(super) fn of(database: &Database, table: usize) -> Self {
        // Some first: rows may be of any width.
        let few = Preview::of_rows(database, table, FEW);
        let fitting = SAMPLE * FEW / few.letters.max(1);
        if fitting <= FEW { few } else { Preview::of_rows(database, table, fitting.min(ROWS)) }
    }

    fn of_rows(database: &Database, table: usize, count: u64) -> Self {
        let rows = database.tables()[table].rows();
        let count = rows.min(count);
        let listed: Vec<u64> =
            (0..count).map(|at| (u128::from(at) * u128::from(rows) / u128::from(count)) as u64).collect();
        let records = database.listed(table, &listed);
        let letters = encoded(&records, TableFormat::Ndjson, Compression::None);
        Preview { rows, records, letters }
    }

    /// Rows of the table that are made and written together: of wide tables fewer, so that they fit into memory.
    pub(super) fn batch(&self) -> u64 {
        self.read().max(self.rows.div_ceil(BATCHES))
    }

    /// Rows that are made together where they are compared: they fit into memory, however many the table has.
    pub(super) fn read(&self) -> u64 {
        let fitting = LETTERS * self.records.num_rows() as u64 / self.letters.max(1);
        1 << fitting.clamp(1, BATCH).ilog2()
    }

    /// Bytes of memory that a batch takes, about, and what is made of it for one output.
    pub(super) fn memory(&self) -> u64 {
        self.times(self.letters, self.batch().min(self.rows))
    }

    /// Bytes that the table takes in a format, about.
    pub(super) fn disk(&self, output: Output, compression: Compression) -> u64 {
        let bytes = match output {
            Output::Files(format) => encoded(&self.records, format, compression),
            // Rows take what they take as text, and keys and indexes some more.
            Output::Sqlite => encoded(&self.records, TableFormat::Csv, compression) * 3 / 2,
            Output::Postgres => 0,
        };
        self.times(bytes, self.rows)
    }

    /// What so many rows take, where those that were looked at take so many bytes.
    fn times(&self, bytes: u64, rows: u64) -> u64 {
        let looked_at = (self.records.num_rows() as u128).max(1);
        u64::try_from(u128::from(bytes) * u128::from(rows) / looked_at).unwrap_or(u64::MAX)
    }
}

/// Bytes of rows in a format; none where they cannot be written in it, of which whoever writes them will tell.
fn encoded(records: &RecordBatch, format: TableFormat, compression: Compression) -> u64 {
    let encode = || Encoder::new(format, records.schema(), compression)?.encode(records);
    encode().map_or(0, |piece| piece.memory() as u64)
}

#[cfg(test)]
mod tests {
    use mts_hash::SeedSequence;
    use mts_tables::Profile;
    use mts_tables::spec::{Spec, TableSpec};

    use super::*;

    fn database(rows: u64, column: serde_json::Value) -> Database {
        let id = serde_json::json!({"name": "id", "type": "id"});
        let table = serde_json::json!({"rows": rows, "columns": [id, column]});
        let tables = vec![TableSpec::from_json("t", &table).unwrap()];
        let spec = Spec { dataset: "d".to_owned(), tables, relationships: Vec::new() };
        Database::new(&spec, &SeedSequence::new(1_u64), Profile::Document).unwrap()
    }

    #[test]
    fn wide_rows_come_in_short_batches() {
        let narrow = serde_json::json!({"name": "x", "type": "float"});
        assert_eq!(Preview::of(&database(1_000_000, narrow.clone()), 0).batch(), 1 << 16);
        let wide = serde_json::json!({"name": "x", "type": "array", "item": {"type": "sentence"}, "min_length": 900, "max_length": 1000});
        let batch = Preview::of(&database(1_000_000, wide), 0).batch();
        assert!((256..=1024).contains(&batch), "{batch}");
        // No more row groups than Parquet counts.
        let rows = 10_000_000_000;
        let preview = Preview::of(&database(rows, narrow), 0);
        let batch = preview.batch();
        assert!(batch > 1 << 16 && rows.div_ceil(batch) <= BATCHES, "{batch}");
        assert_eq!(preview.read(), 1 << 16);
    }

    #[test]
    fn a_thousand_rows_tell_of_all() {
        let database = database(60_000, serde_json::json!({"name": "x", "type": "name"}));
        let preview = Preview::of(&database, 0);
        for format in [TableFormat::Csv, TableFormat::Json, TableFormat::Parquet, TableFormat::Arrow] {
            let told = preview.disk(Output::Files(format), Compression::Snappy) as f64;
            let whole = encoded(&database.rows(0, 0..60_000).records, format, Compression::Snappy) as f64;
            assert!((0.7..1.4).contains(&(told / whole)), "{format:?}: {told}, not {whole}");
        }
    }
}
