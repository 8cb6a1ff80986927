//! A table of three rows with a column of each type.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray,
    StringArray, StructArray, TimestampMicrosecondArray,
};
use arrow_schema::Fields;
use mts_core::{Column, ColumnType};
use mts_hash::SeedSequence;
use mts_tables::{Expression, ExpressionError, Rows, Syntax, field};

pub fn column(name: &str, kind: ColumnType, nullable: bool) -> Column {
    Column { name: name.to_owned(), kind, nullable, sqlite_type: None }
}

pub fn columns() -> Vec<Column> {
    use ColumnType::{Boolean, Date, DateTime, Decimal, Float, Integer, List, Struct, Text};
    let device = column("device", Text, false);
    let size = column("size", Integer, true);
    vec![
        column("i", Integer, false),
        column("k", Integer, true),
        column("x", Float, false),
        column("y", Float, true),
        column("b", Boolean, false),
        column("m", Boolean, true),
        column("s", Text, false),
        column("t", Text, true),
        column("d", Date, false),
        column("w", DateTime(None), false),
        column("z", DateTime(Some("UTC".to_owned())), false),
        column("o", DateTime(Some("+02:00".to_owned())), false),
        column("e", DateTime(Some("Europe/Berlin".to_owned())), false),
        column("p", Decimal { precision: 10, scale: 2 }, false),
        column("client", Struct(vec![device, size]), true),
        column("tags", List(Box::new(Text)), false),
        column("unit price", Float, false),
        column("year", Integer, false),
    ]
}

pub fn arrays() -> Vec<ArrayRef> {
    let columns = columns();
    let moments = || vec![1_709_251_170_250_000, -1, 0];
    let ColumnType::Struct(fields) = &columns[14].kind else { unreachable!() };
    let fields: Fields = fields.iter().map(field).collect();
    let client = StructArray::new(
        fields,
        vec![
            Arc::new(StringArray::from(vec!["phone", "", "web"])) as ArrayRef,
            Arc::new(Int64Array::from(vec![None, Some(4), Some(9)])),
        ],
        Some(vec![true, false, true].into()),
    );
    let mut tags = arrow_array::builder::ListBuilder::new(arrow_array::builder::StringBuilder::new());
    tags.append_value([Some("a"), Some("b")]);
    tags.append_value([] as [Option<&str>; 0]);
    tags.append_value([Some("c")]);
    let tags: ListArray = tags.finish();
    vec![
        Arc::new(Int64Array::from(vec![7, -7, 0])),
        Arc::new(Int64Array::from(vec![Some(2), None, Some(5)])),
        Arc::new(Float64Array::from(vec![2.5, -0.5, 1e300])),
        Arc::new(Float64Array::from(vec![Some(0.0), Some(3.0), None])),
        Arc::new(BooleanArray::from(vec![true, false, true])),
        Arc::new(BooleanArray::from(vec![None, Some(true), Some(false)])),
        Arc::new(StringArray::from(vec!["Ada", "", "née O'Hara"])),
        Arc::new(StringArray::from(vec![None, Some("  pad "), Some("x")])),
        Arc::new(Date32Array::from(vec![19_781, 10_956, -719_162])),
        Arc::new(TimestampMicrosecondArray::from(moments())),
        Arc::new(TimestampMicrosecondArray::from(moments()).with_timezone("UTC")),
        Arc::new(TimestampMicrosecondArray::from(moments()).with_timezone("+02:00")),
        Arc::new(TimestampMicrosecondArray::from(moments()).with_timezone("Europe/Berlin")),
        Arc::new(Decimal128Array::from(vec![1234, -5, 99_999]).with_precision_and_scale(10, 2).unwrap()),
        Arc::new(client),
        Arc::new(tags),
        Arc::new(Float64Array::from(vec![1.5, 2.5, 3.5])),
        Arc::new(Int64Array::from(vec![2024, 2025, 2026])),
    ]
}

pub fn expression(text: &str) -> Result<Expression, Vec<ExpressionError>> {
    let syntax = Syntax::parse(text).map_err(|error| vec![error])?;
    Expression::new(&syntax, &columns(), &SeedSequence::new(7_u64).named("table"))
}

pub fn evaluate(expression: &Expression) -> ArrayRef {
    let arrays = arrays();
    let inputs: Vec<ArrayRef> = expression.inputs().iter().map(|at| arrays[*at].clone()).collect();
    let array = expression.evaluate(&inputs, &Rows::Range(0..3));
    let column = column("made", expression.kind().clone(), expression.nullable());
    assert_eq!(array.data_type(), field(&column).data_type());
    assert_eq!(array.len(), 3);
    assert!(expression.nullable() || array.null_count() == 0, "{array:?}");
    array
}

/// Values of all rows as they are written in an expression.
pub fn show(array: &ArrayRef) -> String {
    let value = |at| match array.data_type() {
        _ if array.is_null(at) => "None".to_owned(),
        arrow_schema::DataType::Boolean => format!("{:?}", array.as_boolean().value(at)),
        arrow_schema::DataType::Int64 => array.as_primitive::<Int64Type>().value(at).to_string(),
        arrow_schema::DataType::Float64 => format!("{:?}", array.as_primitive::<Float64Type>().value(at)),
        arrow_schema::DataType::Utf8 => format!("'{}'", array.as_string::<i32>().value(at)),
        arrow_schema::DataType::Date32 => {
            format!("{:?}", array.as_primitive::<Date32Type>().value_as_date(at).unwrap())
        }
        _ => array.as_primitive::<TimestampMicrosecondType>().value(at).to_string(),
    };
    (0..array.len()).map(value).collect::<Vec<_>>().join(" | ")
}

/// The values of an expression, which must be right.
#[track_caller]
pub fn values(text: &str) -> String {
    match expression(text) {
        Ok(expression) => show(&evaluate(&expression)),
        Err(errors) => panic!("{text}: {errors:?}"),
    }
}

/// All refusals: the part of the text, the message, the hint.
#[track_caller]
pub fn refused(text: &str) -> Vec<String> {
    let errors = expression(text).expect_err(text);
    let shown = |error: ExpressionError| {
        let part = &text[error.span];
        let hint = error.hint.map_or(String::new(), |hint| format!(" ({hint})"));
        format!("[{part}] {}{hint}", error.message)
    };
    errors.into_iter().map(shown).collect()
}
