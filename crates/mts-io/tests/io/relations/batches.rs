//! Batches of every type, and of any values.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, ListBuilder,
    StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use proptest::prelude::*;

/// The values of a row, each of which may be missing.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) truth: Option<bool>,
    pub(super) float: Option<f64>,
    pub(super) small: Option<i128>,
    pub(super) large: Option<i128>,
    pub(super) text: Option<String>,
    pub(super) day: Option<i32>,
    pub(super) local: Option<i64>,
    pub(super) instant: Option<i64>,
    pub(super) address: Option<Address>,
    pub(super) tags: Option<Vec<Option<String>>>,
}

/// City, height and visits.
type Address = (Option<String>, Option<f64>, Option<Vec<Option<i32>>>);

/// Names of columns that every format has to escape in its way.
pub(super) fn schema() -> SchemaRef {
    let list = |kind| DataType::List(Arc::new(Field::new("item", kind, true)));
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("truth", DataType::Boolean, true),
        Field::new("a float", DataType::Float64, true),
        Field::new("small", DataType::Decimal128(12, 2), true),
        Field::new("large", DataType::Decimal128(38, 20), true),
        Field::new("te,\"xt", DataType::Utf8, true),
        Field::new("day", DataType::Date32, true),
        Field::new("local", DataType::Timestamp(TimeUnit::Microsecond, None), true),
        Field::new("instant", DataType::Timestamp(TimeUnit::Microsecond, Some("Europe/Berlin".into())), true),
        Field::new("address", DataType::Struct(address()), true),
        Field::new("tägs", list(DataType::Utf8), true),
    ]))
}

fn address() -> Fields {
    let days = DataType::List(Arc::new(Field::new("item", DataType::Date32, true)));
    vec![
        Field::new("ci\"ty", DataType::Utf8, true),
        Field::new("height", DataType::Float64, true),
        Field::new("visits", days, true),
    ]
    .into()
}

pub(super) fn batch(rows: &[Row]) -> RecordBatch {
    let mut ids = Int64Builder::new();
    let mut truths = BooleanBuilder::new();
    let mut floats = Float64Builder::new();
    let mut small = Decimal128Builder::new().with_data_type(DataType::Decimal128(12, 2));
    let mut large = Decimal128Builder::new().with_data_type(DataType::Decimal128(38, 20));
    let mut texts = StringBuilder::new();
    let mut days = Date32Builder::new();
    let mut locals = TimestampMicrosecondBuilder::new();
    let mut instants = TimestampMicrosecondBuilder::new().with_timezone("Europe/Berlin");
    let (mut cities, mut heights) = (StringBuilder::new(), Float64Builder::new());
    let mut visits = ListBuilder::new(Date32Builder::new());
    let mut present = Vec::new();
    let mut tags = ListBuilder::new(StringBuilder::new());
    for row in rows {
        ids.append_value(row.id);
        truths.append_option(row.truth);
        floats.append_option(row.float);
        small.append_option(row.small);
        large.append_option(row.large);
        texts.append_option(row.text.as_deref());
        days.append_option(row.day);
        locals.append_option(row.local);
        instants.append_option(row.instant);
        present.push(row.address.is_some());
        let (city, height, visited) = row.address.clone().unwrap_or_default();
        cities.append_option(city);
        heights.append_option(height);
        visits.append_option(visited);
        tags.append_option(row.tags.clone());
    }
    let parts: Vec<ArrayRef> =
        vec![Arc::new(cities.finish()), Arc::new(heights.finish()), Arc::new(visits.finish())];
    let columns: Vec<ArrayRef> = vec![
        Arc::new(ids.finish()),
        Arc::new(truths.finish()),
        Arc::new(floats.finish()),
        Arc::new(small.finish()),
        Arc::new(large.finish()),
        Arc::new(texts.finish()),
        Arc::new(days.finish()),
        Arc::new(locals.finish()),
        Arc::new(instants.finish()),
        Arc::new(StructArray::new(address(), parts, Some(NullBuffer::from(present)))),
        Arc::new(tags.finish()),
    ];
    RecordBatch::try_new(schema(), columns).unwrap()
}

/// Rows of any values that all formats hold.
pub(super) fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(row(), 0..40)
}

fn maybe<S: Strategy>(some: S) -> impl Strategy<Value = Option<S::Value>> {
    prop::option::weighted(0.8, some)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,8}", ".{0,12}", "[\",\r\n\t\\\\ \u{0}-\u{1f}é€😀]{0,6}", Just("null".to_owned())]
}

fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>().prop_filter("finite", |value| value.is_finite()),
        -1e6..1e6_f64,
        Just(-0.0),
        (-1000..1000).prop_map(f64::from),
    ]
}

const DAYS: std::ops::RangeInclusive<i32> = -719_162..=2_932_896;
const INSTANTS: std::ops::RangeInclusive<i64> = -719_162 * 86_400_000_000..=2_932_897 * 86_400_000_000 - 1;

fn row() -> impl Strategy<Value = Row> {
    let large = 10_i128.pow(38) - 1;
    let whole = prop_oneof![-1000..1000_i128, -large..=large];
    let seconds = (0..4_000_000_000_i64).prop_map(|seconds| seconds * 1_000_000);
    let address = (maybe(text()), maybe(float()), maybe(prop::collection::vec(maybe(DAYS), 0..3)));
    let plain =
        (any::<i64>(), maybe(any::<bool>()), maybe(float()), maybe(-999_999_999_999..=999_999_999_999_i128));
    let times = (maybe(DAYS), maybe(prop_oneof![INSTANTS, seconds]), maybe(INSTANTS));
    let nested = (maybe(address), maybe(prop::collection::vec(maybe(text()), 0..4)));
    (plain, maybe(whole), maybe(text()), times, nested).prop_map(|(plain, large, text, times, nested)| {
        let (id, truth, float, small) = plain;
        let ((day, local, instant), (address, tags)) = (times, nested);
        Row { id, truth, float, small, large, text, day, local, instant, address, tags }
    })
}
