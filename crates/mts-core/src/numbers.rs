//! Parameters that are numbers or arrays of numbers.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// Arrays nest at most this deep; none of the models takes more.
const MAX_RANK: usize = 3;

/// A number, or nested lists of numbers of one shape: where a parameter may be one value for all
/// or one value each. In a document, a flat list under such a key is a grid axis; write
/// `[[0, 1, 2]]` or `{value: [0, 1, 2]}` for a vector.
///
/// ```
/// use mts_core::Numbers;
///
/// let vector: Numbers = serde_json::from_str("[1, 2.5]")?;
/// assert_eq!((vector.shape(), vector.data()), (&[2][..], &[1.0, 2.5][..]));
/// assert!(Numbers::from(3.0).shape().is_empty());
/// assert!(serde_json::from_str::<Numbers>("[[1, 2], [3]]").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    shape: Vec<usize>,
    data: Vec<f64>,
}

/// An array of numbers, never a grid axis; a single number is an array of one element. Its
/// identity is that of a NumPy array.
///
/// ```
/// use mts_core::Tensor;
///
/// let matrix: Tensor = serde_json::from_str("[[0.5, 0.1], [0, 0.3]]")?;
/// assert_eq!((matrix.shape(), matrix.data()), (&[2, 2][..], &[0.5, 0.1, 0.0, 0.3][..]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor(Numbers);

impl Numbers {
    /// The length of each axis; empty for a single number.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The numbers in C order.
    pub fn data(&self) -> &[f64] {
        &self.data
    }
}

impl Tensor {
    /// The length of each axis, at least one axis.
    pub fn shape(&self) -> &[usize] {
        &self.0.shape
    }

    /// The numbers in C order.
    pub fn data(&self) -> &[f64] {
        &self.0.data
    }

    /// An array of `shape` over `data` in C order; `None` where their sizes differ or the shape
    /// has no axis.
    pub fn new(shape: Vec<usize>, data: Vec<f64>) -> Option<Self> {
        let size = shape.iter().try_fold(1_usize, |size, &n| size.checked_mul(n))?;
        (size == data.len() && !shape.is_empty()).then_some(Tensor(Numbers { shape, data }))
    }
}

impl From<f64> for Numbers {
    fn from(value: f64) -> Self {
        Numbers { shape: Vec::new(), data: vec![value] }
    }
}

impl From<Vec<f64>> for Numbers {
    fn from(data: Vec<f64>) -> Self {
        Numbers { shape: vec![data.len()], data }
    }
}

impl From<Vec<f64>> for Tensor {
    fn from(data: Vec<f64>) -> Self {
        Tensor(data.into())
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let mut numbers = Numbers { shape: Vec::new(), data: Vec::new() };
        collect(&value, 0, &mut numbers).map_err(D::Error::custom)?;
        Ok(numbers)
    }
}

impl<'de> Deserialize<'de> for Tensor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut numbers = Numbers::deserialize(deserializer)?;
        if numbers.shape.is_empty() {
            numbers.shape.push(1);
        }
        Ok(Tensor(numbers))
    }
}

fn collect(value: &Value, depth: usize, into: &mut Numbers) -> Result<(), &'static str> {
    if let Some(number) = value.as_f64() {
        into.data.push(number);
        return if depth == into.shape.len() { Ok(()) } else { Err(RAGGED) };
    }
    let items = value.as_array().ok_or("expected numbers or lists of numbers")?;
    if depth == into.shape.len() {
        if depth == MAX_RANK || !into.data.is_empty() {
            return Err(if depth == MAX_RANK { "lists nest at most three deep" } else { RAGGED });
        }
        into.shape.push(items.len());
    }
    if items.is_empty() {
        return Err("an empty list");
    }
    if items.len() != into.shape[depth] {
        return Err(RAGGED);
    }
    items.iter().try_for_each(|item| collect(item, depth + 1, into))
}

const RAGGED: &str = "nested lists must be of equal lengths";

/// Marks an array on its way to an identity; JSON has lists only.
pub(crate) const ARRAY_TAG: &str = "$array";

impl Serialize for Numbers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        nest(&self.shape, &self.data).serialize(serializer)
    }
}

impl Serialize for Tensor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(ARRAY_TAG, &self.0)?;
        map.end()
    }
}

fn nest(shape: &[usize], data: &[f64]) -> Value {
    match shape {
        [] => data[0].into(),
        [_, rest @ ..] => {
            let size = rest.iter().product::<usize>().max(1);
            data.chunks(size).map(|part| nest(rest, part)).collect()
        }
    }
}

impl JsonSchema for Numbers {
    fn schema_name() -> Cow<'static, str> {
        "Numbers".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "array"], "items": nested_items(MAX_RANK - 1) })
    }
}

impl JsonSchema for Tensor {
    fn schema_name() -> Cow<'static, str> {
        "Tensor".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "array"], "items": nested_items(MAX_RANK - 1), "x-mts-array": true })
    }
}

fn nested_items(levels: usize) -> Value {
    if levels == 0 {
        return serde_json::json!({ "type": "number" });
    }
    serde_json::json!({ "type": ["number", "array"], "minItems": 1, "items": nested_items(levels - 1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_checked() {
        let read = |text: &str| serde_json::from_str::<Numbers>(text);
        assert_eq!(read("[[[1],[2]]]").unwrap().shape(), [1, 2, 1]);
        for bad in
            ["[]", "[[]]", "[1,[2]]", "[[1],2]", "[[1],[2,3]]", "[[[[1]]]]", "\"1\"", "[true]", "null", "{}"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn serialised_as_read() {
        for text in ["1.5", "[1.0,2.0]", "[[1.0],[2.0]]", "[[[1.0,2.0]]]"] {
            let numbers: Numbers = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&numbers).unwrap(), text);
        }
        let tensor: Tensor = serde_json::from_str("2").unwrap();
        assert_eq!(serde_json::to_string(&tensor).unwrap(), r#"{"$array":[2.0]}"#);
    }
}
