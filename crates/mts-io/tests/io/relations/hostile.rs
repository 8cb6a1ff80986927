//! Files that are damaged, or other tables.

use arrow_schema::Schema;
use mts_io::{TableFormat, open_table};

use super::batches::{batch, schema};
use super::{bytes, many, pairs, read, save};
use crate::scratch;

fn error(format: TableFormat, content: impl AsRef<[u8]>, schema: &Schema) -> String {
    let folder = scratch();
    let path = save(folder.path(), format, content);
    let error = read(&path, format, schema).unwrap_err().to_string();
    error.strip_prefix(&format!("{}: ", path.display())).expect(&error).to_owned()
}

#[test]
fn files_that_are_cut_off_are_refused() {
    let folder = scratch();
    let batch = batch(&many(40));
    for format in TableFormat::ALL {
        let whole = bytes(format, &[batch.clone(), batch.clone()]);
        for end in 0..whole.len() {
            let path = save(folder.path(), format, &whole[..end]);
            let found = read(&path, format, &schema());
            // Lines end a table as well as the file does; the first of a CSV is its header.
            let lines = matches!(format, TableFormat::Csv | TableFormat::Ndjson);
            let line = end == 0 || whole[end - 1] == b'\n';
            // A line break stands behind the array too.
            let complete = format == TableFormat::Json && end + 1 == whole.len();
            if !(lines && line || complete) {
                assert!(found.is_err(), "{format} {end}");
            }
        }
    }
}

/// Whatever the bytes are, there is an answer; a change of a value may be none that shows.
#[test]
fn changed_bytes_do_no_harm() {
    let folder = scratch();
    let batch = batch(&many(30));
    for format in TableFormat::ALL {
        let whole = bytes(format, std::slice::from_ref(&batch));
        for at in 0..whole.len() {
            for change in [1, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[at] ^= change;
                let path = save(folder.path(), format, &changed);
                let _ = read(&path, format, &schema());
            }
        }
    }
}

#[test]
fn other_columns_are_named() {
    let table = pairs(&[1], &[None]);
    let fields = table.schema().fields().to_vec();
    let reordered = Schema::new(vec![fields[1].clone(), fields[0].clone()]);
    let more = Schema::new([fields.clone(), vec![schema().fields()[1].clone()]].concat());
    let less = Schema::new(vec![fields[0].clone()]);
    for format in [TableFormat::Csv, TableFormat::Parquet, TableFormat::Arrow] {
        let file = bytes(format, std::slice::from_ref(&table));
        for (schema, expected) in [
            (&reordered, "the columns are in another order; expected name, id; found id, name"),
            (&more, "missing: \"truth\"; expected id, name, truth; found id, name"),
            (&less, "unknown: \"name\"; expected id; found id, name"),
        ] {
            let found = error(format, &file, schema);
            assert_eq!(found, format!("its columns are not those of the table: {expected}"), "{format}");
        }
    }
    let kind = Schema::new(vec![
        fields[1].as_ref().clone().with_name("id"),
        fields[0].as_ref().clone().with_name("name"),
    ]);
    for format in [TableFormat::Parquet, TableFormat::Arrow] {
        let found = error(format, bytes(format, std::slice::from_ref(&table)), &kind);
        assert_eq!(found, "the column id must hold Utf8, found Int64");
    }
    for format in [TableFormat::Json, TableFormat::Ndjson] {
        let file = bytes(format, std::slice::from_ref(&table));
        assert!(read(&save(scratch().path(), format, &file), format, &reordered).is_ok());
        assert_eq!(error(format, &file, &more), "row 0: the key \"truth\" is missing");
        assert!(error(format, &file, &less).starts_with("row 0: the key \"name\" is no column of the table"));
    }
}

#[test]
fn texts_that_are_no_tables_are_refused() {
    let schema = pairs(&[], &[]).schema();
    for (format, text, expected) in [
        (TableFormat::Csv, "", "the file is empty: a header is missing"),
        (TableFormat::Csv, "id,name\n1\n", "row 0: expected 2 fields, found 1"),
        (TableFormat::Csv, "id,name\n1,a\n2,b,c\n", "row 1: expected 2 fields, found 3"),
        (TableFormat::Csv, "id,name\n1,a\"b\n", "row 0: a quote in a field without quotes"),
        (TableFormat::Csv, "id,name\n1,\"a\"b\n", "row 0: letters behind the quotes of a field"),
        (TableFormat::Csv, "id,name\n1,\"a", "row 0: no line end: the file is cut off"),
        (TableFormat::Ndjson, "{\"id\":1,\"name\":null}", "row 0: no line end: the file is cut off"),
        (TableFormat::Json, "{}", "row 0: expected an array of objects, found '{'"),
        (TableFormat::Json, "[] []", "row 0: expected an array of objects, found '['"),
        (TableFormat::Json, "[,]", "row 0: expected an array of objects, found ','"),
        (TableFormat::Json, "[{\"id\":1,\"name\":\"", "row 0: the object has no end: the file is cut off"),
    ] {
        assert_eq!(error(format, text, &schema), expected);
    }
    let twice = error(TableFormat::Ndjson, "{\"id\":1,\"id\":1,\"name\":null}\n", &schema);
    assert!(twice.starts_with("row 0: the key \"id\" stands there twice"), "{twice}");
    assert!(error(TableFormat::Csv, b"id,name\n1,\xff\n", &schema).starts_with("row 0: this is no text"));
    let endless = "x".repeat(17 << 20);
    for format in [TableFormat::Csv, TableFormat::Ndjson] {
        assert!(error(format, &endless, &schema).contains("longer than 16777216 bytes"), "{format}");
    }
    let endless = format!("[{{\"id\":{endless}");
    assert!(error(TableFormat::Json, endless, &schema).contains("longer than 16777216 bytes"));
    let folder = scratch();
    for format in TableFormat::ALL {
        assert!(open_table(folder.path(), format, &schema).is_err());
        assert!(open_table(&folder.path().join("none"), format, &schema).is_err());
    }
}

#[test]
fn other_writers_are_read() {
    let folder = scratch();
    let schema = pairs(&[], &[]).schema();
    let expected = super::loose(&pairs(&[1, 2], &[Some("a\r\n"), None]));
    for (format, text) in [
        (TableFormat::Csv, "id,name\r\n\"1\",\"a\r\n\"\r\n2,\r\n"),
        (TableFormat::Ndjson, " {\"name\": \"a\\r\\n\", \"id\": 1}\r\n{\"id\":2,\"name\":null}\n"),
        (TableFormat::Json, "[ { \"name\" : \"a\\u000d\\n\",\n\"id\": 1 } , {\"id\":2,\"name\":null}]"),
    ] {
        let (found, misfits) = read(&save(folder.path(), format, text), format, &schema).unwrap();
        assert_eq!((found, misfits.len()), (expected.clone(), 0), "{format}");
    }
}
