//! What must hold of tables before any database sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use mts_core::{Column, ColumnType, ForeignKey, Relation};

use crate::IoError;

/// Digits of a decimal, as Arrow holds it.
const MAX_DIGITS: u8 = 38;

/// Whether a column has a value in every row.
pub(super) fn must_be_there(relation: &Relation, place: usize) -> bool {
    !relation.columns[place].nullable || relation.primary_key.contains(&place)
}

/// The groups of columns that databases are told to be unique beside the primary key, each once.
pub(super) fn unique(relation: &Relation) -> Vec<&[usize]> {
    let mut groups: Vec<&[usize]> = Vec::new();
    for group in relation.unique.iter().map(Vec::as_slice) {
        if group != relation.primary_key && !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

/// A name as SQL takes any.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The names of some columns, as in `("a", "b")`.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(quoted).collect();
    format!("({})", names.join(", "))
}

/// As [`listed`], of the columns in those places.
pub(super) fn listed_places(relation: &Relation, places: &[usize]) -> String {
    listed(places.iter().map(|place| relation.columns[*place].name.as_str()))
}

/// What a foreign key says.
pub(super) fn reference(relation: &Relation, key: &ForeignKey, parent: &str) -> String {
    let columns = listed_places(relation, &key.columns);
    let parents = listed(key.parent_columns.iter().map(String::as_str));
    format!("FOREIGN KEY {columns} REFERENCES {parent} {parents}")
}

/// The names of the indexes of all tables: `idx_<table>_<columns>`, with a number where it is taken.
pub(super) fn index_names(relations: &[Relation], shortened: impl Fn(String) -> String) -> Vec<Vec<String>> {
    // Databases hold tables and indexes under one set of names.
    let mut taken: BTreeSet<String> = relations.iter().map(|relation| folded(&relation.name)).collect();
    let mut name = |relation: &Relation, group: &Vec<usize>| {
        let columns = group.iter().map(|place| format!("_{}", relation.columns[*place].name));
        let plain = format!("idx_{}{}", relation.name, columns.collect::<String>());
        let mut numbered = shortened(plain.clone());
        let mut number = 2_usize;
        while !taken.insert(folded(&numbered)) {
            numbered = shortened(format!("{plain}_{number}"));
            number += 1;
        }
        numbered
    };
    let names = relations.iter();
    names.map(|relation| relation.indexes.iter().map(|group| name(relation, group)).collect()).collect()
}

/// SQL does not tell `a` from `A` everywhere.
fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Refuses tables that no database can hold, or that refer to what is not there.
pub(super) fn check(relations: &[Relation]) -> Result<(), IoError> {
    let mut tables = BTreeMap::new();
    for relation in relations {
        check_name("table", &relation.name)?;
        if let Some(other) = tables.insert(folded(&relation.name), relation) {
            let (a, b) = (&other.name, &relation.name);
            return Err(IoError::refused(format!(
                "the tables {a:?} and {b:?} have one name in SQL: rename one"
            )));
        }
    }
    for relation in relations {
        check_table(relation)
            .map_err(|what| IoError::refused(format!("table {:?}: {what}", relation.name)))?;
        for key in &relation.foreign_keys {
            let parent = relations.iter().find(|other| other.name == key.parent);
            check_reference(key, parent)
                .map_err(|what| IoError::refused(format!("table {:?}: {what}", relation.name)))?;
        }
    }
    Ok(())
}

fn check_name(what: &str, name: &str) -> Result<(), IoError> {
    if name.is_empty() {
        return Err(IoError::refused(format!("a {what} has no name")));
    }
    if name.contains('\0') {
        return Err(IoError::refused(format!("the name of the {what} {name:?} has a NUL in it: rename it")));
    }
    Ok(())
}

fn check_table(relation: &Relation) -> Result<(), String> {
    if relation.columns.is_empty() {
        return Err("it has no columns".to_owned());
    }
    let mut names = BTreeMap::new();
    for column in &relation.columns {
        check_name("column", &column.name).map_err(|error| error.to_string())?;
        if let Some(other) = names.insert(folded(&column.name), &column.name) {
            return Err(format!(
                "the columns {other:?} and {:?} have one name in SQL: rename one",
                column.name
            ));
        }
        check_type(&column.kind).map_err(|what| format!("column {:?}: {what}", column.name))?;
    }
    let keys = relation.foreign_keys.iter().map(|key| &key.columns);
    let groups = relation.unique.iter().chain(&relation.indexes).chain(keys);
    for group in groups.chain((!relation.primary_key.is_empty()).then_some(&relation.primary_key)) {
        let distinct: BTreeSet<&usize> = group.iter().collect();
        if group.is_empty() || distinct.len() < group.len() {
            return Err(format!("a key or index of the columns {group:?} names none, or one twice"));
        }
        if let Some(place) = group.iter().find(|place| **place >= relation.columns.len()) {
            return Err(format!("a key or index names column {place} of {}", relation.columns.len()));
        }
    }
    Ok(())
}

fn check_type(kind: &ColumnType) -> Result<(), String> {
    match kind {
        ColumnType::Decimal { precision, scale } => {
            let fits =
                (1..=MAX_DIGITS).contains(precision) && (0..=*precision as i16).contains(&(*scale).into());
            if fits {
                Ok(())
            } else {
                Err(format!(
                    "a decimal has 1 to {MAX_DIGITS} digits, 0 up to all of them behind the point, found {precision} and {scale}"
                ))
            }
        }
        ColumnType::List(item) => check_type(item),
        ColumnType::Struct(fields) => {
            let mut names = BTreeSet::new();
            fields.iter().try_for_each(|field| {
                if !names.insert(&field.name) {
                    return Err(format!("the field {:?} is there twice", field.name));
                }
                check_type(&field.kind)
            })
        }
        _ => Ok(()),
    }
}

fn check_reference(key: &ForeignKey, parent: Option<&Relation>) -> Result<(), String> {
    let Some(parent) = parent else {
        return Err(format!("it refers to the table {:?}, which is not there", key.parent));
    };
    let place = |name: &String| parent.columns.iter().position(|column| column.name == *name);
    let places: Option<BTreeSet<usize>> = key.parent_columns.iter().map(place).collect();
    let places = places.filter(|places| places.len() == key.columns.len());
    let is = |group: &Vec<usize>| {
        places.as_ref().is_some_and(|p| p.iter().eq(group.iter().collect::<BTreeSet<_>>()))
    };
    if [&parent.primary_key].into_iter().chain(&parent.unique).any(is) {
        return Ok(());
    }
    let columns = listed(key.parent_columns.iter().map(String::as_str));
    Err(format!("it refers to {columns} of {:?}, which is no key there", parent.name))
}

/// A table as Arrow has it.
pub(super) fn schema(relation: &Relation) -> SchemaRef {
    Arc::new(Schema::new(fields(&relation.columns)))
}

pub(super) fn fields(columns: &[Column]) -> Fields {
    columns.iter().map(|column| Field::new(&column.name, data_type(&column.kind), column.nullable)).collect()
}

/// The field of the items of a list.
pub(super) fn item(kind: &ColumnType) -> Field {
    Field::new("item", data_type(kind), true)
}

fn data_type(kind: &ColumnType) -> DataType {
    match kind {
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Float => DataType::Float64,
        ColumnType::Decimal { precision, scale } => DataType::Decimal128(*precision, *scale),
        ColumnType::Text => DataType::Utf8,
        ColumnType::Date => DataType::Date32,
        ColumnType::DateTime(zone) => {
            DataType::Timestamp(TimeUnit::Microsecond, zone.as_deref().map(Arc::from))
        }
        ColumnType::Struct(columns) => DataType::Struct(fields(columns)),
        ColumnType::List(kind) => DataType::List(Arc::new(item(kind))),
    }
}
