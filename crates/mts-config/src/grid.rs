//! Expansion of a record into the records of its grid.
//!
//! A list under a key is an axis, unless the key takes arrays; the grid is the Cartesian product of
//! the axes in the order of the record, the last one fastest.
//!
//! | written | under a key that takes | means |
//! |---|---|---|
//! | `[1, 2]` | `Scalar`, `Either` | an axis |
//! | `[1, 2]` | `Array` | a value |
//! | `[[1, 2]]` | `Either` | the value `[1, 2]` |
//! | `[[1, 2], [3, 4]]` | any | a value |
//! | `[]` | `Scalar`, `Either` | refused |
//! | `{axis: [a, b]}` | any | an axis, whatever the elements are |
//! | `{value: x}` | any | the value `x`, whatever it is |
//!
//! The key `model` is never an axis.

use crate::path::Trail;
use crate::{Content, Entry, Node, Position, Problem, Problems};

/// Most records that one record may expand to.
pub const MAX_RECORDS: u64 = 10_000_000;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Single values only.
    Scalar,
    /// A single value or an array of them.
    Either,
    /// Arrays only.
    Array,
}

/// One record of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// A mapping: the keys that are no axes, then the axes, each in the order of the document.
    pub node: Node,
    /// The keys that were axes, in order.
    pub axes: Vec<String>,
    /// Where the record stands that was expanded.
    pub position: Position,
    /// The path of the record that was expanded.
    pub path: String,
}

/// The records of a grid, made one at a time.
#[derive(Clone, Debug)]
pub struct Grid {
    path: String,
    position: Position,
    fixed: Vec<Entry>,
    axes: Vec<Axis>,
    count: u64,
}

#[derive(Clone, Debug)]
struct Axis {
    key: String,
    key_position: Position,
    values: Vec<Node>,
}

/// What one key contributes.
enum Part<'a> {
    Fixed(&'a Node),
    Axis(&'a [Node]),
}

/// Prepares the grid of `record`, which stands at `path`; `takes` says what each key takes.
///
/// Nothing is expanded before it is asked for.
///
/// # Errors
/// A record that is no mapping, empty axes, and more than [`MAX_RECORDS`] records.
pub fn expand(record: &Node, path: &str, takes: &dyn Fn(&str) -> Takes) -> Result<Grid, Problems> {
    let Some(entries) = record.as_map() else {
        let message = format!("a record must be a mapping, found {}", record.describe());
        return Err(Problem::at(&record.position, path, message).into());
    };
    let position = record.position.clone();
    let mut grid = Grid { path: path.to_owned(), position, fixed: Vec::new(), axes: Vec::new(), count: 1 };
    let root = Trail::root(path);
    let mut problems = Problems::new();
    for entry in entries {
        let (key, key_position) = (entry.key.clone(), entry.key_position.clone());
        match part(entry, takes, &root.child(&entry.key)) {
            Ok(Part::Fixed(value)) => grid.fixed.push(Entry { key, key_position, value: value.clone() }),
            Ok(Part::Axis(values)) => grid.axes.push(Axis { key, key_position, values: values.to_vec() }),
            Err(problem) => problems.push(problem),
        }
    }
    match product(grid.axes.iter().map(|axis| axis.values.len() as u64)) {
        Ok(count) => grid.count = count,
        Err(message) => problems.push(
            Problem::at(&record.position, path, message).with_hint("shorten an axis, or split the record"),
        ),
    }
    problems.into_result(grid)
}

impl Grid {
    /// How many records there are; a record without axes is one.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The axes with the number of their values, the slowest first.
    pub fn axes(&self) -> impl Iterator<Item = (&str, usize)> + '_ {
        self.axes.iter().map(|axis| (axis.key.as_str(), axis.values.len()))
    }

    /// Where the record stands that is expanded.
    #[must_use]
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Record `index`, from 0.
    #[must_use]
    pub fn get(&self, index: u64) -> Option<Record> {
        if index >= self.count {
            return None;
        }
        let mut rest = index;
        let mut entries = self.fixed.clone();
        for axis in self.axes.iter().rev() {
            let length = axis.values.len() as u64;
            let value = usize::try_from(rest % length).ok().and_then(|at| axis.values.get(at))?.clone();
            entries.push(Entry { key: axis.key.clone(), key_position: axis.key_position.clone(), value });
            rest /= length;
        }
        entries[self.fixed.len()..].reverse();
        Some(Record {
            node: Node::new(Content::Map(entries), self.position.clone()),
            axes: self.axes.iter().map(|axis| axis.key.clone()).collect(),
            position: self.position.clone(),
            path: self.path.clone(),
        })
    }

    /// All records in order, each made when it is asked for.
    pub fn iter(&self) -> impl Iterator<Item = Record> + '_ {
        (0..self.count).filter_map(|index| self.get(index))
    }
}

fn part<'a>(entry: &'a Entry, takes: &dyn Fn(&str) -> Takes, path: &Trail) -> Result<Part<'a>, Problem> {
    let value = &entry.value;
    if entry.key == "model" {
        return Ok(Part::Fixed(value));
    }
    let refused = |node: &Node, message: String| Err(Problem::at(&node.position, path.to_string(), message));
    if let Some([only]) = value.as_map() {
        match (only.key.as_str(), only.value.as_list()) {
            ("value", _) => return Ok(Part::Fixed(&only.value)),
            ("axis", Some([])) => return refused(&only.value, "an axis has no values".to_owned()),
            ("axis", Some(values)) => return Ok(Part::Axis(values)),
            ("axis", None) => {
                let found = only.value.describe();
                return refused(&only.value, format!("`axis` takes a list, found {found}"));
            }
            _ => {}
        }
    }
    let takes = takes(&entry.key);
    match (value.as_list(), takes) {
        (None, _) | (_, Takes::Array) => Ok(Part::Fixed(value)),
        (Some([]), _) => Err(Problem::at(&value.position, path.to_string(), "an empty list")
            .with_hint("a list is an axis here and needs a value; leave the key out for its default")),
        (Some([only]), Takes::Either) if only.as_list().is_some() => Ok(Part::Fixed(only)),
        (Some(items), _) if items.iter().any(Node::is_collection) => Ok(Part::Fixed(value)),
        (Some(items), _) => Ok(Part::Axis(items)),
    }
}

/// The product of `lengths`, or the arithmetic that shows that it is too large.
fn product(lengths: impl Iterator<Item = u64> + Clone) -> Result<u64, String> {
    const SHOWN: usize = 8;

    let exact = lengths.clone().try_fold(1, u64::checked_mul);
    if let Some(count) = exact.filter(|count| *count <= MAX_RECORDS) {
        return Ok(count);
    }
    let mut factors: Vec<String> = lengths.clone().take(SHOWN).map(|length| length.to_string()).collect();
    if lengths.count() > SHOWN {
        factors.push("…".to_owned());
    }
    let result = match exact {
        Some(count) => format!("= {count}"),
        None => format!("> {}", u64::MAX),
    };
    Err(format!("{} {result} combinations; at most {MAX_RECORDS} are allowed", factors.join(" x ")))
}
