//! Tables for tests of databases.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch,
    StringArray, StructArray, TimestampMicrosecondArray,
};
use arrow_schema::{Field, Fields};
use mts_core::{Column, ColumnType, ForeignKey, Relation};

pub(crate) fn column(name: &str, kind: ColumnType) -> Column {
    Column { name: name.into(), kind, nullable: true, sqlite_type: None }
}

pub(crate) fn relation(name: &str, columns: Vec<Column>) -> Relation {
    Relation {
        name: name.into(),
        columns,
        primary_key: Vec::new(),
        unique: Vec::new(),
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
    }
}

pub(crate) fn refers(columns: &[usize], parent: &str, parent_columns: &[&str]) -> ForeignKey {
    let parent_columns = parent_columns.iter().map(ToString::to_string).collect();
    ForeignKey { columns: columns.to_vec(), parent: parent.into(), parent_columns }
}

pub(crate) fn batch(arrays: Vec<ArrayRef>) -> RecordBatch {
    let names: Vec<String> = (0..arrays.len()).map(|place| place.to_string()).collect();
    RecordBatch::try_from_iter_with_nullable(
        names.into_iter().zip(arrays).map(|(name, array)| (name, array, true)),
    )
    .unwrap()
}

pub(crate) fn integers(values: impl IntoIterator<Item = impl Into<Option<i64>>>) -> ArrayRef {
    Arc::new(values.into_iter().map(Into::into).collect::<Int64Array>())
}

pub(crate) fn texts<'a>(values: impl IntoIterator<Item = impl Into<Option<&'a str>>>) -> ArrayRef {
    Arc::new(values.into_iter().map(Into::into).collect::<StringArray>())
}

/// The columns of all batches, one after the other, as text: equal where and only where the cells are.
pub(crate) fn cells(batches: &[RecordBatch]) -> Vec<String> {
    let rows = batches.iter().flat_map(|batch| {
        (0..batch.num_rows()).map(|row| {
            let columns = batch.columns().iter().map(|array| format!("{:?}", array.slice(row, 1)));
            columns.collect::<String>()
        })
    });
    rows.collect()
}

/// A table with a column of every type, nested ones among them, and names that need quotes.
pub(crate) fn everything() -> Relation {
    let decimal = |precision, scale| ColumnType::Decimal { precision, scale };
    let inner = vec![
        column("größe \"x\"", ColumnType::Float),
        column("tags", ColumnType::List(Box::new(ColumnType::Text))),
        column("price", decimal(38, 4)),
        column("at", ColumnType::DateTime(Some("UTC".into()))),
    ];
    let columns = vec![
        column("select", ColumnType::Boolean),
        column("a\"b", ColumnType::Integer),
        column("naïve 🦀", ColumnType::Float),
        column("short", decimal(15, 2)),
        column("long", decimal(38, 10)),
        column("whole", decimal(9, 0)),
        column("text", ColumnType::Text),
        column("day", ColumnType::Date),
        column("local", ColumnType::DateTime(None)),
        column("instant", ColumnType::DateTime(Some("Europe/Oslo".into()))),
        column("nested", ColumnType::Struct(inner)),
        column("list", ColumnType::List(Box::new(ColumnType::Integer))),
    ];
    relation("order", columns)
}

/// Values of [`everything`], nulls among them, extreme ones first.
pub(crate) fn every_value(text: &'static str) -> RecordBatch {
    let decimals = |values: [Option<i128>; 4], precision, scale| -> ArrayRef {
        Arc::new(Decimal128Array::from_iter(values).with_precision_and_scale(precision, scale).unwrap())
    };
    let mut tags = ListBuilder::new(StringBuilder::new());
    tags.append_value([Some("a"), None, Some("\"\\\n\u{1}ü")]);
    tags.append_value([None::<&str>; 0]);
    tags.append_null();
    tags.append_value([Some("🦀")]);
    let mut list = ListBuilder::new(Int64Builder::new());
    list.append_value([Some(i64::MIN), None, Some(i64::MAX)]);
    list.append_null();
    list.append_value([None; 0]);
    list.append_value([Some(1)]);
    let tags: ArrayRef = Arc::new(tags.finish());
    let zoned = |values: [Option<i64>; 4], zone: &str| -> ArrayRef {
        Arc::new(TimestampMicrosecondArray::from_iter(values).with_timezone(zone))
    };
    let fields: Vec<(&str, ArrayRef)> = vec![
        ("größe \"x\"", Arc::new(Float64Array::from(vec![Some(0.1), Some(1e300), None, Some(-5.0)]))),
        ("tags", tags),
        ("price", decimals([Some(10_i128.pow(38) - 1), Some(-1), None, Some(0)], 38, 4)),
        ("at", zoned([Some(1), Some(-1), None, Some(0)], "UTC")),
    ];
    let types = fields.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true));
    let (types, arrays): (Fields, _) = (types.collect(), fields.iter().map(|(_, a)| a.clone()).collect());
    let valid = vec![true, true, false, true].into();
    let nested = StructArray::new(types, arrays, Some(valid));
    batch(vec![
        Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, Some(true)])),
        integers([Some(i64::MIN), Some(i64::MAX), None, Some(0)]),
        Arc::new(Float64Array::from(vec![
            Some(f64::MIN_POSITIVE / 3.0),
            Some(f64::INFINITY),
            None,
            Some(3.0),
        ])),
        decimals([Some(999_999_999_999_999), Some(-999_999_999_999_999), None, Some(1)], 15, 2),
        decimals([Some(10_i128.pow(38) - 1), Some(1 - 10_i128.pow(38)), None, Some(-1)], 38, 10),
        decimals([Some(999_999_999), Some(-1), None, Some(0)], 9, 0),
        texts([Some("007"), Some(""), None, Some(text)]),
        Arc::new(Date32Array::from(vec![Some(-719_162), Some(2_932_896), None, Some(0)])),
        Arc::new(TimestampMicrosecondArray::from(vec![
            Some(-62_135_596_800_000_000),
            Some(253_402_300_799_999_999),
            None,
            Some(0),
        ])),
        zoned([Some(-1), Some(1_700_000_000_123_456), None, Some(0)], "Europe/Oslo"),
        Arc::new(nested),
        Arc::new(list.finish()),
    ])
}

/// Parents and children with keys of every kind, a cycle between two tables and one within one.
pub(crate) fn family() -> Vec<Relation> {
    let mut customer = relation(
        "customer",
        vec![
            column("id", ColumnType::Integer),
            column("code", ColumnType::Text),
            column("favourite", ColumnType::Text),
        ],
    );
    customer.primary_key = vec![0];
    customer.unique = vec![vec![1], vec![0], vec![0, 1], vec![1]];
    customer.foreign_keys = vec![refers(&[2], "produit été", &["sku"])];
    customer.indexes = vec![vec![2], vec![2], vec![1, 2]];
    let mut product = relation(
        "produit été",
        vec![
            column("sku", ColumnType::Text),
            column("successor", ColumnType::Text),
            column("owner", ColumnType::Integer),
        ],
    );
    product.primary_key = vec![0];
    product.foreign_keys = vec![refers(&[1], "produit été", &["sku"]), refers(&[2], "customer", &["id"])];
    let mut line = relation(
        "order",
        vec![
            column("customer", ColumnType::Integer),
            column("code", ColumnType::Text),
            column("rowid", ColumnType::Integer),
        ],
    );
    line.primary_key = vec![0, 2];
    line.foreign_keys = vec![refers(&[1, 0], "customer", &["code", "id"])];
    line.columns[1].nullable = false;
    vec![customer, product, line]
}

pub(crate) fn family_rows() -> Vec<Vec<RecordBatch>> {
    vec![
        vec![batch(vec![integers([1, 2, 3]), texts(["x", "y", "z"]), texts([Some("p"), None, Some("q")])])],
        vec![batch(vec![texts(["q", "p"]), texts([Some("p"), Some("p")]), integers([Some(1), None])])],
        vec![batch(vec![integers([2, 1, 1]), texts(["y", "x", "x"]), integers([7, 9, 8])])],
    ]
}
