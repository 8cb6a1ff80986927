//! Tables in SQLite.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use mts_core::{Column, ColumnType, Relation};
use mts_io::{Digest, IoError, IoErrorKind, SqliteSink, Store, check_sqlite, read_sqlite};
use proptest::prelude::*;

use crate::relational::{
    batch, cells, column, every_value, everything, family, family_rows, integers, refers, relation, texts,
};

/// SQLite takes any text.
const TEXT: &str = "a\0b 'quoted' \u{10ffff}";

/// Writes tables, each as its batches, and lets the file appear.
fn write(path: &Path, relations: &[Relation], rows: &[Vec<RecordBatch>]) -> Result<Digest, IoError> {
    let store = Store::<()>::new();
    let mut sink = SqliteSink::create(&store, path, relations)?;
    for (table, batches) in rows.iter().enumerate() {
        batches.iter().try_for_each(|batch| sink.append(table, batch))?;
    }
    assert!(!path.exists());
    let finished = sink.finish()?;
    let digest = finished.digest.clone();
    let done = store.commit((), vec![finished.pending]).into_iter().chain(store.flush());
    done.for_each(|done| drop(done.outcome.unwrap()));
    assert_eq!(Digest::read(path).unwrap(), digest);
    Ok(digest)
}

fn read(path: &Path, relation: &Relation) -> Result<Vec<RecordBatch>, IoError> {
    read_sqlite(path, relation)?.collect()
}

fn python(script: &str, path: &Path) -> String {
    let output = Command::new("python3").args(["-c", script]).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = crate::scratch();
    let path = folder.path().join("data.sqlite");
    (folder, path)
}

fn error(outcome: Result<impl Sized, IoError>) -> String {
    let error = outcome.map(drop).unwrap_err().to_string();
    error.split_once(".sqlite: ").map_or(error.clone(), |(_, what)| what.to_owned())
}

#[test]
fn every_type_comes_back() {
    let (_folder, path) = place();
    let (relation, rows) = (everything(), every_value(TEXT));
    write(&path, std::slice::from_ref(&relation), &[vec![rows.clone()]]).unwrap();
    assert_eq!(check_sqlite(&path, std::slice::from_ref(&relation)).unwrap(), [""; 0]);
    let back = read(&path, &relation).unwrap();
    assert_eq!(cells(&back), cells(&[rows]));
    assert_eq!(back[0].schema().field(1).name(), "a\"b");
}

#[test]
fn others_read_it() {
    let (_folder, path) = place();
    write(&path, &[everything()], &[vec![every_value(TEXT)]]).unwrap();
    let script = r#"
import sqlite3, sys, json
db = sqlite3.connect(sys.argv[1])
row = db.execute('SELECT "a""b", "naïve 🦀", short, long, text, day, local, instant, nested FROM "order"').fetchone()
print(*row[:8], json.loads(row[8])["tags"], sep="|")
print(db.execute('SELECT sum(short) FROM "order" WHERE short > 0').fetchone()[0])
print(db.execute("SELECT datetime(instant), typeof(\"select\") FROM \"order\" LIMIT 1 OFFSET 1").fetchone())
"#;
    let line = "-9223372036854775808|7.41691286169e-309|9999999999999.99|9999999999999999999999999999.9999999999|007|0001-01-01|0001-01-01T00:00:00|1969-12-31T23:59:59.999999+00:00|['a', None, '\"\\\\\\n\\x01ü']";
    let told = python(script, &path);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0].split('|').skip(2).collect::<Vec<_>>(), line.split('|').skip(2).collect::<Vec<_>>());
    assert_eq!(lines[1], "10000000000000.0");
    assert_eq!(lines[2], "('2023-11-14 22:13:20', 'integer')");
}

#[test]
fn keys_are_declared_and_hold() {
    let (_folder, path) = place();
    let (relations, rows) = (family(), family_rows());
    write(&path, &relations, &rows).unwrap();
    assert_eq!(check_sqlite(&path, &relations).unwrap(), [""; 0]);
    for (relation, rows) in relations.iter().zip(&rows) {
        assert_eq!(cells(&read(&path, relation).unwrap()), cells(rows));
    }
    // As another SQLite sees it, which refuses what the rules forbid.
    let script = r#"
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for table in ("customer", "produit été", "order"):
    print([column[1:4] + column[5:] for column in db.execute(f'PRAGMA table_info("{table}")')])
    print(sorted((index[1], index[2], index[3]) for index in db.execute(f'PRAGMA index_list("{table}")')))
    print(sorted(key[2:5] for key in db.execute(f'PRAGMA foreign_key_list("{table}")')))
print(db.execute("PRAGMA integrity_check").fetchall(), db.execute("PRAGMA foreign_key_check").fetchall())
db.execute("PRAGMA foreign_keys = ON")
for row in ("customer VALUES (9, 'x', NULL)", "customer VALUES (1, 'new', NULL)", "'produit été' VALUES ('p', NULL, NULL)",
            "'order' VALUES (1, 'x', 8)", "'order' VALUES (1, 'y', 1)", "'order' VALUES (1, NULL, 1)"):
    try:
        db.execute("INSERT INTO " + row)
        print("taken", row)
    except sqlite3.IntegrityError as error:
        print(error)
print(db.execute("EXPLAIN QUERY PLAN SELECT * FROM 'produit été' WHERE sku = 'p'").fetchone()[3])
"#;
    let expected = r#"[('id', 'INTEGER', 0, 1), ('code', 'TEXT', 0, 0), ('favourite', 'TEXT', 0, 0)]
[('idx_customer_code_favourite', 0, 'c'), ('idx_customer_favourite', 0, 'c'), ('idx_customer_favourite_2', 0, 'c'), ('sqlite_autoindex_customer_1', 1, 'u'), ('sqlite_autoindex_customer_2', 1, 'u')]
[('produit été', 'favourite', 'sku')]
[('sku', 'TEXT', 1, 1), ('successor', 'TEXT', 0, 0), ('owner', 'INTEGER', 0, 0)]
[('sqlite_autoindex_produit été_1', 1, 'pk')]
[('customer', 'owner', 'id'), ('produit été', 'successor', 'sku')]
[('customer', 'INTEGER', 1, 1), ('code', 'TEXT', 1, 0), ('rowid', 'INTEGER', 1, 2)]
[('sqlite_autoindex_order_1', 1, 'pk')]
[('customer', 'code', 'code'), ('customer', 'customer', 'id')]
[('ok',)] []
UNIQUE constraint failed: customer.code
UNIQUE constraint failed: customer.id
UNIQUE constraint failed: produit été.sku
UNIQUE constraint failed: order.customer, order.rowid
FOREIGN KEY constraint failed
NOT NULL constraint failed: order.code
SEARCH produit été USING INDEX sqlite_autoindex_produit été_1 (sku=?)"#;
    assert_eq!(python(script, &path), expected);
}

#[test]
fn what_breaks_a_rule_is_named() {
    let (_folder, path) = place();
    let (relations, good) = (family(), family_rows());
    let with = |table: usize, rows: RecordBatch| {
        let mut all = good.clone();
        all[table].push(rows);
        let said = error(write(&path, &relations, &all));
        assert!(fs::read_dir(path.parent().unwrap()).unwrap().next().is_none());
        said
    };
    let customer = |id: Option<i64>, code: &'static str, favourite: Option<&'static str>| {
        batch(vec![integers([id]), texts([code]), texts([favourite])])
    };
    assert_eq!(
        with(0, customer(Some(2), "new", None)),
        r#"table "customer", row 3: id = 2 is there already, and must be unique"#
    );
    assert_eq!(
        with(0, customer(None, "new", None)),
        r#"table "customer", column "id", row 3: a value is missing, and the column allows no null"#
    );
    assert_eq!(
        with(0, customer(Some(17), "y", None)),
        r#"table "customer": code = 'y' is there 2 times, first and last in rows with id 2 and 17, and must be unique"#
    );
    assert_eq!(
        with(0, customer(Some(17), "new", Some("r'"))),
        r#"table "customer", row 17 as SQLite counts: favourite = 'r''' is no sku of "produit été""#
    );
    let line = |customer: i64, code: &'static str, row: i64| {
        batch(vec![integers([customer]), texts([code]), integers([row])])
    };
    assert_eq!(
        with(2, line(1, "x", 9)),
        r#"table "order": customer, rowid = 1, 9 is there 2 times, first and last in rows 1 and 3, and must be unique"#
    );
    assert_eq!(
        with(2, line(1, "y", 10)),
        r#"table "order", row 4 as SQLite counts: code, customer = 'y', 1 is no code, id of "customer""#
    );
}

#[test]
fn a_refused_row_ends_a_sink() {
    let (folder, path) = place();
    let store = Store::<()>::new();
    let mut sink = SqliteSink::create(&store, &path, &family()).unwrap();
    let rows = batch(vec![integers([1, 1]), texts(["x", "y"]), texts([None, None::<&str>])]);
    assert!(sink.append(0, &rows).is_err());
    assert!(error(sink.append(0, &family_rows()[0][0])).contains("were refused"));
    assert!(error(sink.finish()).contains("were refused"));
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn rows_of_another_kind_are_refused() {
    let (_folder, path) = place();
    let relations = family();
    for (rows, expected) in [
        (batch(vec![integers([1])]), r#"table "customer" has 3 columns, and 1 of rows came"#),
        (
            batch(vec![integers([1]), integers([1]), texts(["x"])]),
            r#"table "customer", column "code": expected Text, found Int64"#,
        ),
    ] {
        assert_eq!(error(write(&path, &relations, &[vec![rows]])), expected);
    }
    let store = Store::<()>::new();
    let mut sink = SqliteSink::create(&store, &path, &relations).unwrap();
    assert_eq!(error(sink.append(3, &batch(vec![integers([1])]))), "there are 3 tables, and no 3");
}

#[test]
fn tables_that_cannot_be_are_refused() {
    let (_folder, path) = place();
    let plain = || relation("t", vec![column("a", ColumnType::Integer), column("b", ColumnType::Text)]);
    let changed = |change: fn(&mut Relation)| {
        let mut relation = plain();
        change(&mut relation);
        vec![relation]
    };
    for (relations, expected) in [
        (changed(|t| t.name.clear()), "a table has no name"),
        (changed(|t| t.name = "a\0".into()), "the name of the table \"a\\0\" has a NUL in it: rename it"),
        (changed(|t| t.name = "SQLite_x".into()), "names that begin with sqlite_"),
        (changed(|t| t.columns[1].name = "A".into()), r#"the columns "a" and "A" have one name in SQL"#),
        (changed(|t| t.columns.clear()), "it has no columns"),
        (changed(|t| t.primary_key = vec![2]), "names column 2 of 2"),
        (changed(|t| t.indexes = vec![vec![0, 0]]), "one twice"),
        (
            changed(|t| t.foreign_keys = vec![refers(&[0], "u", &["a"])]),
            r#"the table "u", which is not there"#,
        ),
        (
            changed(|t| t.foreign_keys = vec![refers(&[0], "t", &["b"])]),
            r#"("b") of "t", which is no key there"#,
        ),
        (changed(|t| t.columns[0].sqlite_type = Some("INT); --".into())), "sqlite_type must be words"),
        (changed(|t| t.columns[0].kind = ColumnType::Decimal { precision: 39, scale: 0 }), "1 to 38 digits"),
        (
            changed(|t| {
                t.columns[0].kind = ColumnType::Decimal { precision: 20, scale: 0 };
                t.columns[0].sqlite_type = Some("NUMERIC".into());
            }),
            "would lose some, use TEXT",
        ),
        (
            vec![plain(), Relation { name: "T".into(), ..plain() }],
            r#"the tables "t" and "T" have one name in SQL"#,
        ),
        (
            vec![relation(
                "t",
                ["rowid", "_ROWID_", "oid"].map(|name| column(name, ColumnType::Text)).into(),
            )],
            "leave none for SQLite",
        ),
    ] {
        let said = error(SqliteSink::create(&Store::<()>::new(), &path, &relations));
        assert!(said.contains(expected), "{said}");
    }
    let said =
        error(SqliteSink::create(&Store::<()>::new(), Path::new("s3://bucket/x.sqlite"), &changed(|_| {})));
    assert!(said.contains("no object store lets"), "{said}");
}

#[test]
fn declared_types_change_no_value() {
    let (_folder, path) = place();
    let kinds = [
        (ColumnType::Boolean, Arc::new(BooleanArray::from(vec![true, false])) as ArrayRef),
        (ColumnType::Integer, integers([5, -(1 << 53)])),
        (ColumnType::Float, Arc::new(Float64Array::from(vec![0.1 + 0.2, 3.0]))),
        (
            ColumnType::Decimal { precision: 15, scale: 3 },
            Arc::new(
                Decimal128Array::from(vec![999_999_999_999_999, 10]).with_precision_and_scale(15, 3).unwrap(),
            ),
        ),
        (ColumnType::Text, texts(["x1", "-"])),
        (ColumnType::Date, Arc::new(Date32Array::from(vec![1, 20_000]))),
        (ColumnType::DateTime(None), Arc::new(TimestampMicrosecondArray::from(vec![1, 1_000_000]))),
    ];
    for declared in [
        "TEXT",
        "VARCHAR(20)",
        "BLOB",
        "INTEGER",
        "BIGINT",
        "REAL",
        "DOUBLE PRECISION",
        "NUMERIC(10, 5)",
        "DATETIME",
        "boolean",
    ] {
        let columns = kinds.iter().enumerate().map(|(place, (kind, _))| {
            let sqlite_type = Some(declared.to_owned());
            Column { sqlite_type, ..column(&place.to_string(), kind.clone()) }
        });
        let relation = relation("t", columns.collect());
        let rows = batch(kinds.iter().map(|(_, array)| array.clone()).collect());
        write(&path, std::slice::from_ref(&relation), &[vec![rows.clone()]]).unwrap();
        assert_eq!(cells(&read(&path, &relation).unwrap()), cells(&[rows]), "{declared}");
        assert_eq!(check_sqlite(&path, &[relation]).unwrap(), [""; 0]);
        fs::remove_file(&path).unwrap();
    }
    // What would change is refused.
    for (kind, declared, array, expected) in [
        (
            ColumnType::Text,
            "STRING",
            texts(["a", "007"]),
            r#"row 1: as its type is declared, SQLite would turn the text "007""#,
        ),
        (
            ColumnType::Integer,
            "REAL",
            integers([(1_i64 << 53) + 1]),
            "row 0: as a REAL, 9007199254740993 would lose digits",
        ),
        (ColumnType::Float, "REAL", Arc::new(Float64Array::from(vec![f64::NAN])), "SQLite has no NaN"),
        (
            ColumnType::Date,
            "TEXT",
            Arc::new(Date32Array::from(vec![i32::MAX])),
            "the year is not one of 1 to 9999",
        ),
        (
            ColumnType::DateTime(None),
            "TEXT",
            Arc::new(TimestampMicrosecondArray::from(vec![i64::MIN])),
            "the year is not",
        ),
    ] {
        let column = Column { sqlite_type: Some(declared.to_owned()), ..column("c", kind) };
        let said = error(write(&path, &[relation("t", vec![column])], &[vec![batch(vec![array])]]));
        assert!(said.starts_with(r#"table "t", column "c", row"#) && said.contains(expected), "{said}");
    }
}

fn many(rows: std::ops::Range<i64>) -> RecordBatch {
    let scattered = |row: i64| (row.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64) as u64) >> 20;
    let codes: Vec<String> = rows.clone().map(|row| format!("{:x}-{row}", scattered(row))).collect();
    batch(vec![
        integers(rows.clone()),
        texts(codes.iter().map(String::as_str)),
        texts(rows.map(|_| None::<&str>)),
    ])
}

#[test]
fn equal_rows_make_equal_files() {
    let (folder, path) = place();
    let relations = [{
        let mut customer = family().remove(0);
        customer.foreign_keys.clear();
        customer
    }];
    let rows = 30_000;
    let whole = write(&path, &relations, &[vec![many(0..rows)]]).unwrap();
    let again = folder.path().join("again.sqlite");
    for size in [1000, 7777] {
        let batches = (0..rows).step_by(size).map(|first| many(first..rows.min(first + size as i64)));
        let _ = fs::remove_file(&again);
        assert_eq!(write(&again, &relations, &[batches.collect()]).unwrap(), whole);
        assert!(fs::read(&path).unwrap() == fs::read(&again).unwrap());
    }
    let read: Vec<RecordBatch> = read(&path, &relations[0]).unwrap();
    assert!(read.len() > 1 && cells(&read) == cells(&[many(0..rows)]));
    // The version of SQLite is the only stamp.
    let header = fs::read(&path).unwrap();
    let version = u32::from_be_bytes(header[96..100].try_into().unwrap());
    assert_eq!(version, 3_054_001);
}

#[test]
fn empty_tables_are_tables() {
    let (_folder, path) = place();
    write(&path, &family(), &[]).unwrap();
    assert_eq!(check_sqlite(&path, &family()).unwrap(), [""; 0]);
    assert!(read(&path, &family()[0]).unwrap().is_empty());
}

#[test]
fn damage_is_found() {
    let (_folder, path) = place();
    let relations = family();
    write(&path, &relations, &family_rows()).unwrap();
    let bytes = fs::read(&path).unwrap();
    let change = |sql: &str| {
        fs::write(&path, &bytes).unwrap();
        let script = format!(
            "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\ndb.execute({sql:?})\ndb.commit()"
        );
        python(&script, &path);
        check_sqlite(&path, &relations).unwrap()
    };
    assert_eq!(
        change("UPDATE customer SET favourite = 'gone' WHERE id = 1"),
        [r#"table "customer", row 1 as SQLite counts: favourite = 'gone' is no sku of "produit été""#]
    );
    assert_eq!(
        change("DROP INDEX idx_customer_favourite"),
        [r#"the index "idx_customer_favourite" is missing"#]
    );
    assert_eq!(change("CREATE VIEW v AS SELECT 1"), [r#"the view "v" is there, and nobody asked for it"#]);
    let altered = change("ALTER TABLE customer ADD COLUMN more");
    assert!(
        altered[0].starts_with(r#"the table "customer" is declared otherwise: expected CREATE"#),
        "{altered:?}"
    );
    assert_eq!(change("DROP TABLE customer").last().unwrap(), r#"the table "customer" is missing"#);

    change("UPDATE 'produit été' SET owner = 'nobody' WHERE sku = 'p'");
    assert_eq!(
        error(read(&path, &relations[1])),
        r#"table "produit été", column "owner", row 1: expected Integer, found the text "nobody""#
    );
    change("UPDATE customer SET code = x'00ff' WHERE id = 1");
    assert!(error(read(&path, &relations[0])).contains("expected Text, found 2 bytes"));
    change("ALTER TABLE customer RENAME COLUMN favourite TO f");
    assert_eq!(error(read(&path, &relations[0])), r#"table "customer" has no column "favourite""#);
    change("DROP TABLE 'order'");
    assert_eq!(error(read(&path, &relations[2])), r#"there is no table "order""#);

    fs::write(&path, "this is no database, but it is long enough to be looked at".repeat(100)).unwrap();
    assert_eq!(error(check_sqlite(&path, &relations)), "this is no SQLite database");
    assert_eq!(error(read(&path, &relations[0])), "this is no SQLite database");
    assert!(error(read(Path::new("/nowhere/x.sqlite"), &relations[0])).contains("there is no such file"));
}

#[test]
fn flipped_bytes_are_no_panic() {
    let (_folder, path) = place();
    let relations = family();
    write(&path, &relations, &family_rows()).unwrap();
    let bytes = fs::read(&path).unwrap();
    for at in (0..bytes.len()).step_by(37) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x55;
        fs::write(&path, &flipped).unwrap();
        drop(check_sqlite(&path, &relations));
        relations.iter().for_each(|relation| drop(read(&path, relation)));
    }
    for length in [0, 1, 100, 4095, 4097, bytes.len() - 4096] {
        fs::write(&path, &bytes[..length]).unwrap();
        assert!(!matches!(check_sqlite(&path, &relations).as_deref(), Ok([])), "{length}");
    }
}

#[test]
fn a_writer_has_the_name_alone() {
    let (_folder, path) = place();
    let store = Store::<()>::new();
    let first = SqliteSink::create(&store, &path, &family()).unwrap();
    let second = SqliteSink::create(&store, &path, &family()).map(drop).unwrap_err();
    assert!(matches!(second.kind(), IoErrorKind::Busy(_)), "{second}");
    drop(first);
    write(&path, &family(), &family_rows()).unwrap();
    // What is there stays until the new one is complete.
    let before = fs::read(&path).unwrap();
    let sink = SqliteSink::create(&store, &path, &family()).unwrap();
    drop(sink);
    assert!(fs::read(&path).unwrap() == before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_no_database() {
    let Some(disk) = crate::store::Mounted::new("size=1m") else { return };
    let path = disk.path().join("x.sqlite");
    let relations = [Relation { foreign_keys: Vec::new(), ..family().remove(0) }];
    // The rows fit the cache, and the disk is full at the end.
    for rows in [40_000, 4_000_000_i64] {
        let store = Store::<()>::new();
        let mut sink = SqliteSink::create(&store, &path, &relations).unwrap();
        let outcome =
            (0..rows).step_by(40_000).try_for_each(|first| sink.append(0, &many(first..first + 40_000)));
        let error = outcome.and_then(|()| sink.finish().map(drop)).unwrap_err();
        assert!(matches!(error.kind(), IoErrorKind::Full), "{error}");
        assert_eq!(error.path(), Some(path.as_path()));
        assert!(fs::read_dir(disk.path()).unwrap().next().is_none());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any names, any values.
    #[test]
    fn anything_comes_back(
        table in "[^\0]{1,12}", names in proptest::collection::btree_set("[^\0]{1,12}", 4),
        integers in proptest::collection::vec(any::<Option<i64>>(), 20),
        floats in proptest::collection::vec(any::<Option<f64>>(), 20),
        words in proptest::collection::vec(any::<Option<String>>(), 20),
        decimals in proptest::collection::vec(proptest::option::of(-999_999_999_999_999_i128..=999_999_999_999_999), 20),
        scale in 0_i8..=15,
    ) {
        let kinds = [
            ColumnType::Integer, ColumnType::Float, ColumnType::Text, ColumnType::Decimal { precision: 15, scale },
        ];
        let columns = names.iter().zip(kinds).map(|(name, kind)| column(name, kind)).collect();
        let relation = relation(&table, columns);
        let (_folder, path) = place();
        // SQLite has one zero.
        let floats = floats.into_iter().map(|value| value.filter(|value| !value.is_nan()).map(|value| value + 0.0));
        let rows = batch(vec![
            Arc::new(Int64Array::from(integers)),
            Arc::new(floats.collect::<Float64Array>()),
            Arc::new(StringArray::from(words)),
            Arc::new(Decimal128Array::from(decimals).with_precision_and_scale(15, scale).unwrap()),
        ]);
        match write(&path, std::slice::from_ref(&relation), &[vec![rows.clone()]]) {
            Ok(_) => {
                prop_assert_eq!(cells(&read(&path, &relation).unwrap()), cells(&[rows]));
                prop_assert!(check_sqlite(&path, &[relation]).unwrap().is_empty());
            }
            // Names may be the same in SQL.
            Err(error) => prop_assert!(error.to_string().contains("rename"), "{}", error),
        }
    }
}

#[test]
fn lists_have_the_type_of_their_items() {
    let (_folder, path) = place();
    let relation = relation("t", vec![column("l", ColumnType::List(Box::new(ColumnType::Date)))]);
    write(&path, std::slice::from_ref(&relation), &[]).unwrap();
    python(
        r#"import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("""INSERT INTO t VALUES ('["2024-02-29"]'), ('[1]')""")
db.commit()"#,
        &path,
    );
    assert!(
        error(read(&path, &relation))
            .contains(r#"column "l", row 1: expected List(Date), found the text "[1]""#)
    );
}
