//! Parameters, whose types are known when all rows are.

use std::collections::BTreeMap;
use std::ops::Range;
use std::ptr;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};
use mts_hash::{Int, Map, Value, canonical_json};

use super::columns::Runs;
use super::same::{same, same_floats};

/// Integers up to this one are all numbers of double precision.
const MAX_EXACT: u64 = 1 << 53;

/// A column per parameter.
#[derive(Clone, Debug, Default)]
pub(super) struct Params(BTreeMap<String, Runs<Cell>>);

/// A value, as small as most are: there are millions.
#[derive(Clone, Debug)]
enum Cell {
    Null,
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(Box<str>),
    /// A list of floats, as vectors are.
    Floats(Box<[f64]>),
    Other(Box<Value>),
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Float,
    Bool,
    Text,
    List,
    Json,
}

impl Params {
    /// Puts the parameters of the row `row` behind those of the rows before it.
    pub(super) fn push(&mut self, row: usize, params: &Map) {
        for (name, value) in params.iter() {
            let cells = match self.0.get_mut(name) {
                Some(cells) => cells,
                None => self.0.entry(name.to_owned()).or_default(),
            };
            while cells.len() < row {
                cells.push(Cell::Null);
            }
            cells.push(Cell::new(value));
        }
    }

    /// The parameters of a row that are not null.
    pub(super) fn row(&self, row: usize) -> Map {
        let columns = self.0.iter();
        columns.filter_map(|(name, cells)| Some((name.as_str(), cells.get(row)?.value()?))).collect()
    }

    /// The columns in the order of their names. What is null in every row has none: a catalogue is read
    /// without nulls, and must not forget a column by that.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&str, Column<'_>)> {
        let some = |cells: &Runs<Cell>| cells.values().any(|cell| !matches!(cell, Cell::Null));
        let known = self.0.iter().filter(move |(_, cells)| some(cells));
        known.map(|(name, cells)| (name.as_str(), Column { kind: kind(cells), cells }))
    }
}

/// The same bits: a run has one value.
impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Cell::Null, Cell::Null) => true,
            (Cell::Int(one), Cell::Int(other)) => one == other,
            (Cell::Float(one), Cell::Float(other)) => same_floats(&[*one], &[*other]),
            (Cell::Bool(one), Cell::Bool(other)) => one == other,
            (Cell::Text(one), Cell::Text(other)) => one == other,
            (Cell::Floats(one), Cell::Floats(other)) => same_floats(one, other),
            // Matrices are large, and many datasets have the same.
            (Cell::Other(one), Cell::Other(other)) => same(one, other),
            _ => false,
        }
    }
}

impl Cell {
    fn new(value: &Value) -> Self {
        match value {
            Value::Null => Cell::Null,
            Value::Bool(value) => Cell::Bool(*value),
            Value::Int(int) => int.to_i64().map_or_else(|| Cell::Other(Box::new(value.clone())), Cell::Int),
            Value::Float(value) => Cell::Float(*value),
            Value::Str(text) => Cell::Text(text.as_str().into()),
            Value::Array(array) if array.shape().is_empty() => Cell::new(&array.to_value()),
            Value::Array(array) if array.shape().len() == 1 => Cell::new(&array.to_value()),
            Value::List(items) => {
                floats(items).map_or_else(|| Cell::Other(Box::new(value.clone())), Cell::Floats)
            }
            Value::Array(_) | Value::Map(_) => Cell::Other(Box::new(value.clone())),
        }
    }

    fn value(&self) -> Option<Value> {
        Some(match self {
            Cell::Null => return None,
            Cell::Int(value) => Int::from(*value).into(),
            Cell::Float(value) => (*value).into(),
            Cell::Bool(value) => (*value).into(),
            Cell::Text(text) => text.as_ref().into(),
            Cell::Floats(floats) => floats.to_vec().into(),
            Cell::Other(value) => (**value).clone(),
        })
    }

    fn json(&self) -> Option<String> {
        Some(canonical_json(&self.value()?))
    }

    /// The kind of a column of such values alone.
    fn kind(&self) -> Option<Kind> {
        match self {
            Cell::Null => None,
            Cell::Int(_) => Some(Kind::Int),
            Cell::Float(_) => Some(Kind::Float),
            Cell::Bool(_) => Some(Kind::Bool),
            Cell::Text(_) => Some(Kind::Text),
            Cell::Floats(_) => Some(Kind::List),
            Cell::Other(value) => Some(if numbers(value).is_some() { Kind::List } else { Kind::Json }),
        }
    }

    fn float(&self) -> Option<f64> {
        match self {
            Cell::Int(value) => (value.unsigned_abs() <= MAX_EXACT).then_some(*value as f64),
            Cell::Float(value) => Some(*value),
            _ => None,
        }
    }
}

/// The elements of a list of floats.
fn floats(items: &[Value]) -> Option<Box<[f64]>> {
    let float = |item: &Value| if let Value::Float(float) = item { Some(*float) } else { None };
    items.iter().map(float).collect()
}

/// The numbers of a flat list that double precision holds exactly.
fn numbers(value: &Value) -> Option<Vec<f64>> {
    let number = |value: &Value| match value {
        Value::Int(_) | Value::Float(_) => Cell::new(value).float(),
        _ => None,
    };
    value.as_list()?.iter().map(number).collect()
}

/// The narrowest kind of a column of all these.
fn kind(cells: &Runs<Cell>) -> Kind {
    let mut kinds = [false; 6];
    cells.values().filter_map(Cell::kind).for_each(|kind| kinds[kind as usize] = true);
    match kinds {
        [true, false, false, false, false, false] => Kind::Int,
        [_, true, false, false, false, false] if cells.values().all(is_float_or_null) => Kind::Float,
        [false, false, true, false, false, false] => Kind::Bool,
        [false, false, false, _, false, false] => Kind::Text,
        [false, false, false, false, true, false] => Kind::List,
        _ => Kind::Json,
    }
}

fn is_float_or_null(cell: &Cell) -> bool {
    matches!(cell, Cell::Null) || cell.float().is_some()
}

/// A parameter in all rows; those at the end that have none are not there.
pub(super) struct Column<'a> {
    pub(super) kind: Kind,
    cells: &'a Runs<Cell>,
}

impl<'a> Column<'a> {
    /// The rows `rows` as an array of its kind.
    pub(super) fn array(&self, rows: Range<usize>) -> ArrayRef {
        let cells = rows.map(|row| self.cells.get(row).unwrap_or(&Cell::Null));
        match self.kind {
            Kind::Int => {
                let int = |cell: &Cell| if let Cell::Int(value) = cell { Some(*value) } else { None };
                Arc::new(cells.map(int).collect::<Int64Array>())
            }
            Kind::Float => Arc::new(cells.map(Cell::float).collect::<Float64Array>()),
            Kind::Bool => {
                let truth = |cell: &Cell| if let Cell::Bool(value) = cell { Some(*value) } else { None };
                Arc::new(cells.map(truth).collect::<BooleanArray>())
            }
            Kind::Text => {
                let text =
                    |cell: &'a Cell| if let Cell::Text(text) = cell { Some(text.as_ref()) } else { None };
                Arc::new(cells.map(text).collect::<StringArray>())
            }
            Kind::List => {
                let mut lists = ListBuilder::new(Float64Builder::new());
                for cell in cells {
                    let numbers = match cell {
                        Cell::Floats(floats) => Some(floats.to_vec()),
                        Cell::Other(value) => numbers(value),
                        _ => None,
                    };
                    lists.append_option(numbers.map(|numbers| numbers.into_iter().map(Some)));
                }
                Arc::new(lists.finish())
            }
            Kind::Json => {
                let mut texts = StringBuilder::new();
                let mut last: (&Cell, Option<String>) = (&Cell::Null, None);
                for cell in cells {
                    // Once for all rows that share it.
                    if !ptr::eq(last.0, cell) {
                        last = (cell, cell.json());
                    }
                    texts.append_option(last.1.as_deref());
                }
                Arc::new(texts.finish())
            }
        }
    }

    /// The bytes that each value takes in an array, with its rows.
    pub(super) fn sizes(&self) -> impl Iterator<Item = (Range<usize>, usize)> {
        self.cells.runs().map(|(rows, cell)| {
            let size = match (self.kind, cell) {
                (Kind::Int | Kind::Float | Kind::Bool, _) => 8,
                (Kind::Json, cell) => cell.json().map_or(0, |text| text.len()),
                (_, Cell::Text(text)) => text.len(),
                (_, Cell::Floats(floats)) => 8 * floats.len(),
                (_, Cell::Other(value)) => 8 * value.as_list().map_or(0, <[Value]>::len),
                _ => 0,
            };
            (rows, size)
        })
    }
}

#[cfg(test)]
mod tests {
    use mts_hash::Array;

    use super::*;

    fn kind_of<const N: usize>(values: [Value; N]) -> Kind {
        let mut params = Params::default();
        for (row, value) in values.into_iter().enumerate() {
            params.push(row, &Map::from_iter([("x", value)]));
        }
        let mut kinds = params.columns().map(|(_, column)| column.kind);
        kinds.next().unwrap()
    }

    #[test]
    fn the_narrowest_kind_holds_all() {
        let list = |text: &str| mts_hash::parse(text).unwrap();
        let big = || list("18446744073709551616");
        let float = || Value::from(0.5);
        let null = || Value::Null;
        assert_eq!(kind_of([1.into(), null(), (-3).into(), i64::MIN.into()]), Kind::Int);
        assert_eq!(kind_of([1.into(), null(), float(), f64::NAN.into()]), Kind::Float);
        assert_eq!(kind_of([i64::MIN.into(), float()]), Kind::Json);
        assert_eq!(kind_of([float(), ((1_i64 << 53) + 1).into()]), Kind::Json);
        assert_eq!(kind_of([1.into(), big()]), Kind::Json);
        assert_eq!(kind_of([null(), true.into()]), Kind::Bool);
        assert_eq!(kind_of([true.into(), 1.into()]), Kind::Json);
        assert_eq!(kind_of(["a".into(), null()]), Kind::Text);
        assert_eq!(kind_of(["a".into(), 1.into()]), Kind::Json);
        assert_eq!(kind_of([list("[1,2.5]"), list("[]"), Array::from(vec![0.5]).into()]), Kind::List);
        assert_eq!(kind_of([list("[1,true]")]), Kind::Json);
        assert_eq!(kind_of([list("[[1],[2]]")]), Kind::Json);
        assert_eq!(kind_of([list("[1]"), 1.into()]), Kind::Json);
        assert_eq!(kind_of([list("{}")]), Kind::Json);
        assert_eq!(kind_of([Array::floats(vec![], vec![0.5]).unwrap().into()]), Kind::Float);
    }
}
