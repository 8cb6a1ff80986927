//! Arrow arrays to vectors, and back.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use mts_core::{Column, ColumnType};

use super::bounds::Between;
use super::node::{Batch, Day, Kind, Moment, Node, Run, Text};
use super::vector::{self, Each, Valid, Vector};

/// Where a column or field lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Which of the inputs.
    input: usize,
    /// The fields that lead to it, by place.
    fields: Vec<usize>,
    pub(super) kind: ColumnType,
    pub(super) nullable: bool,
}

impl Place {
    pub(super) fn new(input: usize, column: &Column) -> Place {
        Place { input, fields: Vec::new(), kind: column.kind.clone(), nullable: column.nullable }
    }

    /// One of the fields of this structure.
    pub(super) fn field(mut self, at: usize, field: &Column) -> Place {
        self.fields.push(at);
        self.kind = field.kind.clone();
        self.nullable |= field.nullable;
        self
    }

    fn array<'a>(&self, batch: &Batch<'a>) -> (&'a ArrayRef, Valid) {
        let mut array = &batch.arrays[self.input];
        let mut valid = mask(array);
        for field in &self.fields {
            array = array.as_struct().column(*field);
            valid = vector::both(valid, &mask(array));
        }
        (array, valid)
    }
}

fn mask(array: &ArrayRef) -> Valid {
    array.nulls().filter(|nulls| nulls.null_count() > 0).map(|nulls| nulls.iter().collect())
}

/// What columns hold.
pub(super) trait Stored: Kind {
    fn values(array: &ArrayRef) -> Cow<'_, [Self::Item<'_>]>;
}

impl Stored for bool {
    fn values(array: &ArrayRef) -> Cow<'_, [bool]> {
        array.as_boolean().values().iter().collect()
    }
}

impl Stored for i64 {
    fn values(array: &ArrayRef) -> Cow<'_, [i64]> {
        Cow::Borrowed(array.as_primitive::<Int64Type>().values())
    }
}

impl Stored for f64 {
    fn values(array: &ArrayRef) -> Cow<'_, [f64]> {
        Cow::Borrowed(array.as_primitive::<Float64Type>().values())
    }
}

impl Stored for Day {
    fn values(array: &ArrayRef) -> Cow<'_, [Day]> {
        array.as_primitive::<Date32Type>().values().iter().map(|day| Day(*day)).collect()
    }
}

impl Stored for Moment {
    fn values(array: &ArrayRef) -> Cow<'_, [Moment]> {
        array.as_primitive::<TimestampMicrosecondType>().values().iter().map(|at| Moment(*at)).collect()
    }
}

impl Stored for Text {
    fn values(array: &ArrayRef) -> Cow<'_, [&str]> {
        let array = array.as_string::<i32>();
        (0..array.len()).map(|at| array.value(at)).collect()
    }
}

struct Read(Place);

impl<K: Stored> Run<K> for Read {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, K::Item<'a>> {
        let (array, valid) = self.0.array(batch);
        Each { values: K::values(array), valid }
    }
}

/// The values of a column of this kind.
pub(super) fn read<K: Stored>(place: Place) -> Node<K> {
    let nullable = place.nullable;
    Node::computed(Read(place), nullable)
}

struct ReadDecimal(Place, i8);

impl Run<f64> for ReadDecimal {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, f64> {
        let (array, valid) = self.0.array(batch);
        let values = array.as_primitive::<Decimal128Type>().values();
        Each::new(values.iter().map(|value| decimal(*value, self.1)).collect(), valid)
    }
}

/// The double nearest to a decimal.
fn decimal(value: i128, scale: i8) -> f64 {
    const EXACT: i128 = 1 << 53;
    match scale {
        // Both exact, so that dividing rounds once.
        0..=15 if value.abs() <= EXACT => value as f64 / 10_i64.pow(scale as u32) as f64,
        _ => format!("{value}e{}", -i32::from(scale)).parse().unwrap_or(f64::NAN),
    }
}

/// The values of a column of decimals.
pub(super) fn read_decimal(place: Place, precision: u8, scale: i8) -> Node<f64> {
    let nullable = place.nullable;
    let beyond = format!("1e{}", i32::from(precision) - i32::from(scale)).parse();
    Node::computed(ReadDecimal(place, scale), nullable).within(beyond.ok().and_then(Between::around))
}

/// How many items the lists of a column have.
pub(super) struct Lengths(pub(super) Place);

impl Run<i64> for Lengths {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, i64> {
        let (array, valid) = self.0.array(batch);
        let lengths = array.as_list::<i32>().offsets().lengths();
        Each::new(lengths.map(|length| length as i64).collect(), valid)
    }
}

/// Where a column has no values.
pub(super) struct Missing(pub(super) Place);

impl Run<bool> for Missing {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, bool> {
        let (array, valid) = self.0.array(batch);
        Each::new((0..array.len()).map(|at| !vector::is_valid(&valid, at)).collect(), None)
    }
}

/// Values of these many rows, and which are there; those that are not are made equal, so that equal columns are equal
/// bytes.
fn rows<T: Copy + Default>(rows: usize, vector: Vector<T>) -> (Vec<T>, Option<NullBuffer>) {
    let Each { values, valid } = match vector {
        Vector::Same(value) => Each::new(vec![value; rows], None),
        Vector::Each(each) => each,
    };
    let mut values = values.into_owned();
    let valid = valid.filter(|valid| !valid.iter().all(|there| *there));
    if let Some(valid) = &valid {
        values
            .iter_mut()
            .zip(valid)
            .filter(|(_, there)| !**there)
            .for_each(|(value, _)| *value = T::default());
    }
    (values, valid.map(NullBuffer::from))
}

pub(super) fn booleans(count: usize, vector: Vector<bool>) -> ArrayRef {
    let (values, nulls) = rows(count, vector);
    Arc::new(BooleanArray::new(values.into(), nulls))
}

pub(super) fn integers(count: usize, vector: Vector<i64>) -> ArrayRef {
    let (values, nulls) = rows(count, vector);
    Arc::new(PrimitiveArray::<Int64Type>::new(ScalarBuffer::from(values), nulls))
}

pub(super) fn floats(count: usize, vector: Vector<f64>) -> ArrayRef {
    let (values, nulls) = rows(count, vector);
    Arc::new(PrimitiveArray::<Float64Type>::new(ScalarBuffer::from(values), nulls))
}

pub(super) fn texts(count: usize, vector: Vector<&str>) -> ArrayRef {
    let (values, nulls) = rows(count, vector);
    let (offsets, bytes, _) = StringArray::from_iter_values(values).into_parts();
    Arc::new(StringArray::new(offsets, bytes, nulls))
}

pub(super) fn days(count: usize, vector: Vector<Day>) -> ArrayRef {
    let (values, nulls) = rows(count, vector);
    let values: Vec<i32> = values.into_iter().map(|day| day.0).collect();
    Arc::new(PrimitiveArray::<Date32Type>::new(ScalarBuffer::from(values), nulls))
}

pub(super) fn moments(count: usize, vector: Vector<Moment>, zone: Option<&str>) -> ArrayRef {
    let (values, nulls) = rows(count, vector);
    let values: Vec<i64> = values.into_iter().map(|moment| moment.0).collect();
    let array = PrimitiveArray::<TimestampMicrosecondType>::new(ScalarBuffer::from(values), nulls);
    Arc::new(array.with_timezone_opt(zone))
}
