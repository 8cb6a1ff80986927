//! Relational tables in files.

mod batches;
mod hostile;
mod partitions;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Decimal128Type;
use arrow_array::{Array as _, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use arrow_select::concat::concat_batches;
use mts_io::{
    Compression, Digest, Encoder, IoError, Misfit, Store, TableFormat, TableSink, begin_table, open_table,
};
use proptest::prelude::*;
use rayon::prelude::*;

use super::scratch;
use batches::{Row, batch, rows, schema};

const CODECS: [Compression; 3] = [Compression::None, Compression::Snappy, Compression::Zstd];

fn encoder(format: TableFormat, schema: &SchemaRef) -> Encoder {
    Encoder::new(format, Arc::clone(schema), Compression::default()).unwrap()
}

fn bytes(format: TableFormat, batches: &[RecordBatch]) -> Vec<u8> {
    let encoder = encoder(format, &batches[0].schema());
    let mut sink = TableSink::create(Vec::new(), &encoder).unwrap();
    for batch in batches {
        sink.append(encoder.encode(batch).unwrap()).unwrap();
    }
    sink.finish().unwrap()
}

fn path(folder: &Path, format: TableFormat) -> PathBuf {
    folder.join(format!("t.{format}"))
}

fn save(folder: &Path, format: TableFormat, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = path(folder, format);
    fs::write(&path, bytes).unwrap();
    path
}

/// Everything in a file, as one batch.
fn read(path: &Path, format: TableFormat, schema: &Schema) -> Result<(RecordBatch, Vec<Misfit>), IoError> {
    let reader = open_table(path, format, schema)?;
    let all = Arc::clone(reader.schema());
    let (mut batches, mut misfits) = (Vec::new(), Vec::new());
    for read in reader {
        let (batch, mut some) = read?;
        batches.push(batch);
        misfits.append(&mut some);
    }
    Ok((concat_batches(&all, &batches).unwrap(), misfits))
}

/// The same values in columns that may all miss some, as readers return them.
fn loose(batch: &RecordBatch) -> RecordBatch {
    let fields: Fields =
        batch.schema().fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), batch.columns().to_vec()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_batch_reads_back(one in rows(), two in rows()) {
        let folder = scratch();
        let (one, two) = (batch(&one), batch(&two));
        let both = loose(&concat_batches(&schema(), [&one, &two]).unwrap());
        for format in TableFormat::ALL {
            let path = save(folder.path(), format, bytes(format, &[one.clone(), two.clone()]));
            let (found, misfits) = read(&path, format, &schema()).unwrap();
            prop_assert_eq!(&found, &both, "{}", format);
            prop_assert!(misfits.is_empty(), "{} {:?}", format, misfits);
        }
    }
}

/// Rows without a pattern, with every kind of text.
fn many(count: usize) -> Vec<Row> {
    (0..count)
        .map(|i| Row {
            id: i as i64,
            truth: (i % 3 > 0).then_some(i % 2 == 0),
            float: (i % 7 > 0).then_some(i as f64 / 7.0),
            small: Some(i as i128 * 7 % 100_000),
            large: (i % 5 > 0).then_some(-(i as i128) * 10_i128.pow(30)),
            text: (i % 11 > 0).then(|| ["plain", "", "a,b", "say \"hi\"\r\n", "é€😀"][i % 5].to_owned()),
            day: Some((i * 37 % 20_000) as i32),
            local: Some(i as i64 * 1_000_003),
            instant: Some(i as i64 * 1_000_000_000),
            address: (i % 4 > 0).then(|| (Some(format!("city {i}")), None, Some(vec![Some(3), None]))),
            tags: (i % 6 > 0).then(|| (0..i % 3).map(|tag| Some(tag.to_string())).collect()),
        })
        .collect()
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let batches: Vec<RecordBatch> = many(30_000).chunks(3000).map(batch).collect();
    for format in TableFormat::ALL {
        for compression in CODECS {
            let encoder = Encoder::new(format, schema(), compression).unwrap();
            let mut files = Vec::new();
            for threads in [1, 4] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let pieces: Vec<_> =
                    pool.install(|| batches.par_iter().map(|batch| encoder.encode(batch).unwrap()).collect());
                let mut sink = TableSink::create(Vec::new(), &encoder).unwrap();
                pieces.into_iter().for_each(|piece| sink.append(piece).unwrap());
                files.push(sink.finish().unwrap());
            }
            assert!(files[0] == files[1], "{format} {compression}");
            let folder = scratch();
            let path = save(folder.path(), format, &files[0]);
            let (found, _) = read(&path, format, &schema()).unwrap();
            assert_eq!(found, loose(&concat_batches(&schema(), &batches).unwrap()));
        }
    }
}

fn pairs(ids: &[i64], names: &[Option<&str>]) -> RecordBatch {
    let fields = vec![Field::new("id", DataType::Int64, false), Field::new("name", DataType::Utf8, true)];
    let columns: Vec<arrow_array::ArrayRef> =
        vec![Arc::new(Int64Array::from(ids.to_vec())), Arc::new(StringArray::from(names.to_vec()))];
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

#[test]
fn texts_are_as_documented() {
    let batch = pairs(&[1, 2, 3, 4], &[Some("a,\"b\"\n"), Some(""), None, Some("tab\t\u{1}é")]);
    let text = |format| String::from_utf8(bytes(format, std::slice::from_ref(&batch))).unwrap();
    assert_eq!(text(TableFormat::Csv), "id,name\n1,\"a,\"\"b\"\"\n\"\n2,\"\"\n3,\n4,tab\t\u{1}é\n");
    let lines = [
        r#"{"id":1,"name":"a,\"b\"\n"}"#,
        r#"{"id":2,"name":""}"#,
        r#"{"id":3,"name":null}"#,
        r#"{"id":4,"name":"tab\t\u0001é"}"#,
    ];
    assert_eq!(text(TableFormat::Ndjson), lines.join("\n") + "\n");
    assert_eq!(text(TableFormat::Json), format!("[\n{}\n]\n", lines.join(",\n")));
    let all = batches::batch(&[Row {
        id: 7,
        truth: Some(true),
        float: Some(3.0),
        small: Some(-1250),
        large: Some(1),
        day: Some(19_753),
        local: Some(1_706_682_600_000_000),
        instant: Some(1_706_682_600_500_000),
        address: Some((Some("Q\"".to_owned()), Some(1e-7), Some(vec![Some(0), None]))),
        tags: Some(vec![]),
        ..Row::default()
    }]);
    let csv = String::from_utf8(bytes(TableFormat::Csv, &[all])).unwrap();
    let expected = "id,truth,a float,small,large,\"te,\"\"xt\",day,local,instant,address,tägs\n\
        7,true,3.0,-12.50,0.00000000000000000001,,2024-01-31,2024-01-31T06:30:00,2024-01-31T06:30:00.500000Z,\
        \"{\"\"ci\\\"\"ty\"\":\"\"Q\\\"\"\"\",\"\"height\"\":1e-07,\"\"visits\"\":[\"\"1970-01-01\"\",null]}\",[]\n";
    assert_eq!(csv, expected);
}

#[test]
fn empty_tables_have_columns() {
    let folder = scratch();
    for format in TableFormat::ALL {
        let none = encoder(format, &schema());
        let empty = TableSink::create(Vec::new(), &none).unwrap().finish().unwrap();
        assert_eq!(empty, bytes(format, &[batch(&[])]), "{format}");
        let path = save(folder.path(), format, empty);
        let (found, misfits) = read(&path, format, &schema()).unwrap();
        assert_eq!((found.num_rows(), found.num_columns(), misfits.len()), (0, schema().fields().len(), 0));
    }
}

#[test]
fn files_appear_with_their_digests() {
    let folder = scratch();
    for format in TableFormat::ALL {
        let path = folder.path().join("deep").join(format!("t.{}", format.extension()));
        let (store, encoder) = (Store::new(), encoder(format, &schema()));
        let mut file = begin_table(&store, &path, &encoder).unwrap();
        let batch = batch(&many(1000));
        file.append(encoder.encode(&batch).unwrap()).unwrap();
        let finished = file.finish().unwrap();
        assert!(!path.exists());
        store.commit((), vec![finished.pending]);
        store.flush();
        assert_eq!(Digest::read(&path).unwrap(), finished.digest);
        assert_eq!(fs::read(&path).unwrap(), bytes(format, &[batch]));
    }
}

#[test]
fn what_is_no_table_is_refused() {
    let refused = |fields: Vec<Field>| {
        let schema = Arc::new(Schema::new(fields));
        Encoder::new(TableFormat::Csv, schema, Compression::default()).unwrap_err().to_string()
    };
    assert_eq!(refused(vec![]), "a table without columns cannot be written");
    let twice = || Field::new("a", DataType::Int64, true);
    assert_eq!(refused(vec![twice(), twice()]), "two columns have the name \"a\": rename one");
    assert!(refused(vec![Field::new("a", DataType::Int32, true)]).contains("the column a holds Int32"));
    let inner = DataType::Struct(vec![Field::new("b", DataType::Binary, true)].into());
    assert!(refused(vec![Field::new("a", inner, true)]).contains("the column a.b holds Binary"));
    let nothing = DataType::Struct(Fields::empty());
    assert!(refused(vec![Field::new("a", nothing, true)]).contains("without fields"));
    for format in TableFormat::ALL {
        let encoder = encoder(format, &schema());
        let error = encoder.encode(&pairs(&[1], &[None])).unwrap_err().to_string();
        assert!(error.contains("of another table") && error.contains("id Int64, name Utf8"), "{error}");
    }
    let late = batches::batch(&[Row { day: Some(2_932_897), ..Row::default() }]);
    let error = encoder(TableFormat::Csv, &schema()).encode(&late).unwrap_err().to_string();
    assert_eq!(error, "the column day cannot be written as text: a date is not in the years 1 to 9999");
}

#[test]
fn misfits_are_told() {
    let folder = scratch();
    let fields = vec![
        Field::new("id", DataType::Int64, false),
        Field::new("day", DataType::Date32, true),
        Field::new("point", DataType::Struct(vec![Field::new("x", DataType::Float64, true)].into()), true),
    ];
    let schema = Schema::new(fields);
    let csv =
        "id,day,point\n1,2024-02-30,\"{\"\"x\"\":1.5}\"\nx,2024-02-29,\"{\"\"x\"\":\"\"y\"\"}\"\n3,,{}\n";
    let ndjson = "{\"id\":1,\"day\":\"2024-02-30\",\"point\":{\"x\":1.5}}\n\
        {\"day\":\"2024-02-29\",\"id\":\"x\",\"point\":{\"x\":\"y\"}}\n {\"id\":3,\"day\":null, \"point\": {}}\r\n";
    let json = format!("[{}]", ndjson.trim_end().replace("}\n", "},\n"));
    for (format, text, quote) in
        [(TableFormat::Csv, csv, ""), (TableFormat::Ndjson, ndjson, "\""), (TableFormat::Json, &json, "\"")]
    {
        let (found, misfits) = read(&save(folder.path(), format, text), format, &schema).unwrap();
        let quoted = |text: &str| format!("{quote}{text}{quote}");
        let misfit = |row, column: &str, found| Misfit { row, column: column.to_owned(), found };
        let expected = [
            misfit(0, "day", quoted("2024-02-30")),
            misfit(1, "id", quoted("x")),
            misfit(1, "point.x", "\"y\"".to_owned()),
            misfit(2, "point", "{}".to_owned()),
        ];
        assert_eq!(misfits, expected, "{format}");
        assert_eq!(found.num_rows(), 3);
        let nulls: Vec<usize> = found.columns().iter().map(|column| column.null_count()).collect();
        assert_eq!(nulls, [1, 2, 1], "{format}");
    }
}

#[test]
fn arrow_streams_have_no_footer() {
    let batch = batch(&many(100));
    let arrow = encoder(TableFormat::Arrow, &schema());
    let mut sink = TableSink::stream(Vec::new(), &arrow).unwrap();
    sink.append(arrow.encode(&batch).unwrap()).unwrap();
    let stream = sink.finish().unwrap();
    let mut reader = arrow_ipc::reader::StreamReader::try_new(stream.as_slice(), None).unwrap();
    assert_eq!(reader.next().unwrap().unwrap(), batch);
    assert!(TableSink::stream(Vec::new(), &encoder(TableFormat::Parquet, &schema())).is_err());
    let csv = encoder(TableFormat::Csv, &schema());
    let error =
        TableSink::create(Vec::new(), &arrow).unwrap().append(csv.encode(&batch).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "the piece is of another format than the file");
}

#[test]
fn structures_nest() {
    let list = |kind| DataType::List(Arc::new(Field::new("item", kind, true)));
    let at = DataType::Timestamp(arrow_schema::TimeUnit::Microsecond, Some("+02:00".into()));
    let inner =
        vec![Field::new("n", DataType::Decimal128(30, 3), true), Field::new("at", list(list(at)), true)];
    let deep = DataType::Struct(vec![Field::new("in", list(DataType::Struct(inner.into())), true)].into());
    let schema = Schema::new(vec![Field::new("deep", deep, true)]);
    let lines = [
        r#"{"deep":{"in":[{"n":123456789012345678901234567.001,"at":[["2024-01-31T06:30:00+02:00"],null,[null]]},null]}}"#,
        r#"{"deep":{"in":[]}}"#,
        r#"{"deep":{"in":null}}"#,
        r#"{"deep":null}"#,
        r#"{"deep":{"in":[{"n":-0.5,"at":[]},{"n":null,"at":null}]}}"#,
    ];
    let folder = scratch();
    let path = save(folder.path(), TableFormat::Ndjson, lines.join("\n") + "\n");
    let (batch, misfits) = read(&path, TableFormat::Ndjson, &schema).unwrap();
    assert_eq!((batch.num_rows(), misfits), (5, vec![]));
    for format in TableFormat::ALL {
        let path = save(folder.path(), format, bytes(format, std::slice::from_ref(&batch)));
        assert_eq!(read(&path, format, &schema).unwrap(), (batch.clone(), vec![]), "{format}");
    }
    let text = fs::read_to_string(path).unwrap();
    assert!(
        text.contains("123456789012345678901234567.001") && text.contains("\"2024-01-31T04:30:00Z\""),
        "{text}"
    );
}

/// As pyarrow 26 writes decimals: in dictionaries, and in as few bytes as their digits take.
#[test]
fn decimals_of_other_writers_are_read() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/io/fixtures/decimals.parquet");
    let schema = Schema::new(vec![
        Field::new("id", DataType::Int64, true),
        Field::new("price", DataType::Decimal128(10, 2), true),
    ]);
    let (found, misfits) = read(&file, TableFormat::Parquet, &schema).unwrap();
    assert!(misfits.is_empty());
    let prices = found.column(1).as_primitive::<Decimal128Type>();
    let price = |row: usize| (!row.is_multiple_of(9)).then_some((row % 7) as i128);
    assert_eq!(found.num_rows(), 100);
    assert!((0..100).all(|row| prices.is_valid(row).then(|| prices.value(row)) == price(row)));
}
