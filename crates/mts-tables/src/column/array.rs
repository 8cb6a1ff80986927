//! Any number of values of one type.

use std::sync::Arc;

use arrow_array::{ArrayRef, ListArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{Field, FieldRef};
use mts_core::ColumnType;
use mts_rng::{Key, keyed};

use super::{Made, Surroundings, Values, make as make_item};
use crate::masked::masked;
use crate::purpose::Purpose;
use crate::spec::{ArraySpec, Kind};
use crate::{Finding, Rows, data_type};

pub(super) fn make(spec: &ArraySpec, around: &Surroundings) -> Result<Made, Vec<Finding>> {
    if spec.min_length > spec.max_length {
        let message = format!("must be <= max_length, {}, found {}", spec.max_length, spec.min_length);
        return Err(vec![Finding::new(around.at("min_length"), message)]);
    }
    let most_in_all = u64::from(spec.max_length).saturating_mul(most(&spec.item.kind));
    if most_in_all > MOST {
        let message = format!("lists in lists hold at most {MOST} values in a row, found {most_in_all}");
        return Err(vec![Finding::new(around.at("max_length"), message)]);
    }
    let path = around.at("item");
    let seed = Purpose::Item.below(around.seed);
    let rows = around.rows.saturating_mul(u64::from(spec.max_length));
    let inner = Surroundings { seed: &seed, whole: &seed, nth: 0, path: &path, known: &[], rows };
    let made = make_item(&spec.item, &inner)?;
    let field: FieldRef = Arc::new(Field::new("item", data_type(&made.kind), true));
    let kind = ColumnType::List(Box::new(made.kind));
    let lengths = (spec.min_length, spec.max_length);
    let rate = spec.item.common.null_rate;
    if spec.item.common.constraints.not_null && (made.nullable || rate > 0.0) {
        return Err(vec![Finding::new(inner.at("constraints.not_null"), "values may be missing")]);
    }
    if spec.item.common.probability.is_some() {
        let finding = Finding::new(inner.at("probability"), "is for the fields of objects");
        return Err(vec![finding.with_hint("`null_rate` says how many values are missing")]);
    }
    let nulls = (rate > 0.0).then(|| (Purpose::Null.key(&seed), rate));
    Ok(Made::new(kind, Lists { item: made.values, nulls, lengths, key: Key::from(around.seed), field }))
}

/// Values in a row at most, of lists within lists.
const MOST: u64 = 1000;

/// How many values one of such a type has at most.
fn most(kind: &Kind) -> u64 {
    match kind {
        Kind::Array(array) => u64::from(array.max_length).saturating_mul(most(&array.item.kind)),
        Kind::Object(object) => object.fields.iter().map(|field| most(&field.kind)).max().unwrap_or(1),
        _ => 1,
    }
}

struct Lists {
    item: Box<dyn Values>,
    /// The share of values that are missing.
    nulls: Option<(Key, f64)>,
    lengths: (u32, u32),
    key: Key,
    field: FieldRef,
}

impl Values for Lists {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let (least, most) = self.lengths;
        let length = |row: u64| least + keyed(self.key, row).bounded(u64::from(most - least)) as u32;
        let lengths: Vec<usize> = rows.iter().map(|row| length(row) as usize).collect();
        // Element k of row r is row r·most + k of the item.
        let items: Vec<u64> = rows
            .iter()
            .zip(&lengths)
            .flat_map(|(row, length)| (0..*length as u64).map(move |k| row * u64::from(most) + k))
            .collect();
        let mut values = self.item.values(&Rows::Listed(&items), &[]);
        if let Some((key, rate)) = self.nulls {
            let there = items.iter().map(|item| keyed(key, *item).random() >= rate);
            values = masked(&values, NullBuffer::from_iter(there));
        }
        Arc::new(ListArray::new(self.field.clone(), OffsetBuffer::from_lengths(lengths), values, None))
    }
}
