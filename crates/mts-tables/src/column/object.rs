//! Objects of named fields.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, StructArray};
use arrow_buffer::NullBuffer;
use arrow_schema::{Field, Fields};
use mts_core::{Column, ColumnType};
use mts_rng::{Key, keyed};

use super::{Made, Surroundings, Values, make as make_field, nth};
use crate::masked::masked;
use crate::purpose::Purpose;
use crate::spec::ObjectSpec;
use crate::{Finding, Rows, data_type};

pub(super) fn make(spec: &ObjectSpec, around: &Surroundings) -> Result<Made, Vec<Finding>> {
    let mut findings = Vec::new();
    let (mut columns, mut fields) = (Vec::new(), Vec::new());
    for (at, field) in spec.fields.iter().enumerate() {
        let path = around.at(&format!("fields[{at}]"));
        if columns.iter().any(|column: &Column| column.name == field.name) {
            findings.push(Finding::new(path, format!("a second field {:?}", field.name)));
            continue;
        }
        let seed = around.seed.named(&field.name);
        let nth = nth(&spec.fields, at);
        let inner =
            Surroundings { seed: &seed, whole: around.seed, nth, path: &path, known: &[], rows: around.rows };
        let there = field.common.probability.unwrap_or(1.0) * (1.0 - field.common.null_rate);
        match make_field(field, &inner) {
            Err(wrong) => findings.extend(wrong),
            Ok(made) if field.common.constraints.not_null && (made.nullable || there < 1.0) => {
                findings.push(Finding::new(inner.at("constraints.not_null"), "values may be missing"));
            }
            Ok(made) => {
                columns.push(Column {
                    name: field.name.clone(),
                    kind: made.kind,
                    nullable: made.nullable || there < 1.0,
                    sqlite_type: None,
                });
                let key = Purpose::Present.key(&seed);
                let there = (there < 1.0).then_some((key, there));
                fields.push(ObjectField { values: made.values, there });
            }
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let arrow: Fields = columns
        .iter()
        .map(|column| Field::new(&column.name, data_type(&column.kind), column.nullable))
        .collect();
    Ok(Made::new(ColumnType::Struct(columns), Objects { fields, arrow }))
}

struct Objects {
    fields: Vec<ObjectField>,
    arrow: Fields,
}

/// A field, and where it may be absent, how likely it is there.
struct ObjectField {
    values: Box<dyn Values>,
    there: Option<(Key, f64)>,
}

impl Values for Objects {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let field = |ObjectField { values, there }: &ObjectField| {
            let array = values.values(rows, &[]);
            match there {
                None => array,
                Some((key, there)) => masked(
                    &array,
                    NullBuffer::from_iter(rows.iter().map(|row| keyed(*key, row).random() < *there)),
                ),
            }
        };
        let fields: Vec<ArrayRef> = self.fields.iter().map(field).collect();
        debug_assert!(fields.iter().all(|field| field.len() == rows.len()));
        Arc::new(StructArray::new(self.arrow.clone(), fields, None))
    }
}
