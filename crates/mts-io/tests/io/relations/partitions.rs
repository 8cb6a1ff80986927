//! Tables in folders.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_schema::{DataType, Field, Schema};
use arrow_select::concat::concat_batches;
use mts_io::{Compression, Digest, Partitions, Store, TableFormat, begin_partitions, open_partitions};
use rayon::prelude::*;

use super::batches::{batch, schema};
use super::{many, pairs};
use crate::scratch;

/// Places of columns, not in order: text, truth values, days.
const BY: [usize; 2] = [5, 1];

const FORMATS: [TableFormat; 3] = [TableFormat::Csv, TableFormat::Ndjson, TableFormat::Parquet];

fn write(
    path: &Path,
    partitions: &Partitions,
    batches: &[RecordBatch],
    threads: usize,
) -> Vec<(String, Digest)> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let store = Store::new();
        let mut table = begin_partitions(&store, path, partitions).unwrap();
        let splits: Vec<_> = batches.par_iter().map(|batch| partitions.split(batch).unwrap()).collect();
        splits.into_iter().for_each(|split| table.append(split).unwrap());
        let finished = table.finish().unwrap();
        assert!(!path.exists());
        store.commit((), vec![finished.folder.pending]);
        store.flush().into_iter().for_each(|group| drop(group.outcome.unwrap()));
        assert_eq!(Digest::read(path).unwrap(), finished.folder.digest);
        for (name, digest) in &finished.files {
            assert_eq!(Digest::read(&path.join(name)).unwrap(), *digest);
        }
        finished.files
    })
}

fn read(path: &Path, format: TableFormat, schema: &Schema, columns: &[usize]) -> RecordBatch {
    let reader = open_partitions(path, format, schema, columns).unwrap();
    let all = Arc::clone(reader.schema());
    let batches: Vec<RecordBatch> = reader
        .map(|read| {
            let (batch, misfits) = read.unwrap();
            assert_eq!(misfits, []);
            batch
        })
        .collect();
    concat_batches(&all, &batches).unwrap()
}

#[test]
fn partitions_read_back() {
    let rows = many(3000);
    let batches: Vec<RecordBatch> = rows.chunks(700).map(batch).collect();
    for format in FORMATS {
        let folder = scratch();
        let partitions = Partitions::new(format, schema(), &BY, Compression::default()).unwrap();
        let [one, four] = ["one", "four"].map(|name| folder.path().join(name));
        let files = write(&one, &partitions, &batches, 1);
        assert_eq!(files, write(&four, &partitions, &batches, 4), "{format}");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.contains(&&*format!("te,%22xt=a,b/truth=true/part-00000.{format}")), "{names:?}");
        assert!(names.contains(&&*format!("te,%22xt=say %22hi%22%0D%0A/truth=false/part-00000.{format}")));
        assert!(names.contains(&&*format!("te,%22xt=/truth=__HIVE_DEFAULT_PARTITION__/part-00000.{format}")));
        let found = read(&one, format, &schema(), &BY);
        // Each row is there, and within a partition in its order.
        let mut order: Vec<usize> =
            found.column(0).as_primitive::<Int64Type>().values().iter().map(|id| *id as usize).collect();
        let sorted: Vec<_> = order.iter().map(|i| rows[*i].clone()).collect();
        assert_eq!(found, super::loose(&batch(&sorted)), "{format}");
        order.sort_unstable();
        assert!(order.into_iter().eq(0..rows.len()));
    }
}

#[test]
fn a_table_without_rows_has_a_file_with_its_columns() {
    for format in FORMATS {
        let folder = scratch();
        let path = folder.path().join("t");
        let partitions = Partitions::new(format, schema(), &BY, Compression::default()).unwrap();
        let none = batch(&many(0));
        let files = write(&path, &partitions, std::slice::from_ref(&none), 1);
        let missing = "__HIVE_DEFAULT_PARTITION__";
        let name = format!("te,%22xt={missing}/truth={missing}/part-00000.{format}");
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].0, name);
        assert_eq!(read(&path, format, &schema(), &BY), super::loose(&none));
        assert_eq!(files, write(&folder.path().join("other"), &partitions, &[], 1));
    }
    let folder = scratch();
    let path = folder.path().join("t");
    let partitions = Partitions::new(TableFormat::Parquet, schema(), &BY, Compression::default()).unwrap();
    let files = write(&path, &partitions, &[], 1);
    let file = fs::File::open(path.join(&files[0].0)).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    assert_eq!(reader.schema().fields().len(), schema().fields().len() - 2);
}

#[test]
fn each_type_names_folders() {
    let rows = many(60);
    for column in 0..schema().fields().len() {
        let name = schema().field(column).name().clone();
        let made = Partitions::new(TableFormat::Parquet, schema(), &[column], Compression::default());
        if matches!(name.as_str(), "a float" | "address" | "tägs") {
            let error = made.unwrap_err().to_string();
            assert!(error.contains("names no folder"), "{error}");
            continue;
        }
        let folder = scratch();
        let path = folder.path().join("t");
        write(&path, &made.unwrap(), &[batch(&rows)], 1);
        let found = read(&path, TableFormat::Parquet, &schema(), &[column]);
        let order = found.column(0).as_primitive::<Int64Type>().values().iter();
        let sorted: Vec<_> = order.map(|i| rows[*i as usize].clone()).collect();
        assert_eq!(found, super::loose(&batch(&sorted)), "{name}");
    }
}

#[test]
fn too_many_partitions_are_refused() {
    let ids: Vec<i64> = (0..10_001).collect();
    let batch = pairs(&ids, &vec![None; ids.len()]);
    for format in FORMATS {
        let partitions = Partitions::new(format, batch.schema(), &[0], Compression::default()).unwrap();
        let expected = "more than 10000 partitions by id: choose columns with fewer different values";
        assert_eq!(partitions.split(&batch).unwrap_err().to_string(), expected);
        let folder = scratch();
        let store: Store<()> = Store::new();
        let mut table = begin_partitions(&store, &folder.path().join("t"), &partitions).unwrap();
        table.append(partitions.split(&batch.slice(0, 5000)).unwrap()).unwrap();
        let error = table.append(partitions.split(&batch.slice(1, 10_000)).unwrap()).unwrap_err();
        assert!(error.to_string().ends_with(expected), "{error}");
        drop(table);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn what_cannot_be_partitioned_is_refused() {
    let refused = |format, columns: &[usize]| {
        let error = Partitions::new(format, pairs(&[], &[]).schema(), columns, Compression::default());
        error.unwrap_err().to_string()
    };
    assert!(refused(TableFormat::Json, &[0]).starts_with("json cannot be partitioned"));
    assert!(refused(TableFormat::Csv, &[]).contains("needs a column"));
    assert!(refused(TableFormat::Csv, &[0, 0]).contains("by id twice"));
    assert!(refused(TableFormat::Csv, &[0, 1]).contains("none left"));
    assert!(refused(TableFormat::Csv, &[7]).contains("no column 7"));
    let schema = Arc::new(Schema::new(vec![
        Field::new("a", DataType::Int64, true),
        Field::new("b", DataType::Utf8, true),
    ]));
    let folder = scratch();
    for (name, expected) in [
        ("a=1/part-00000.csv", "a misfit"),
        ("b=1/part-00000.csv", "expected a folder a=…"),
        ("a=1/other.csv", "expected a file part-00000.csv"),
        ("a=x/part-00000.csv", "a misfit"),
    ] {
        let table = folder.path().join("t");
        let _ = fs::remove_dir_all(&table);
        let file = table.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "b\nx\n").unwrap();
        match open_partitions(&table, TableFormat::Csv, &schema, &[0]) {
            Err(error) => assert!(error.to_string().contains(expected), "{error}"),
            Ok(mut reader) => {
                let (batch, misfits) = reader.next().unwrap().unwrap();
                assert_eq!((batch.num_rows(), misfits.len()), (1, usize::from(name.starts_with("a=x"))));
                assert!(reader.next().is_none());
            }
        }
    }
}
