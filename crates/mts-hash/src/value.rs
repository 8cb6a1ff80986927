//! The JSON value that identities are computed from.

use crate::Int;

/// A JSON value that loses nothing: integers of any size apart from floats, non-finite floats,
/// and NumPy arrays apart from lists (their slugs differ).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: Python's `None`.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer; `1` and `1.0` have different identities.
    Int(Int),
    /// A float, NaN and infinities included.
    Float(f64),
    /// Text.
    Str(String),
    /// A list of anything.
    List(Vec<Value>),
    /// A rectangular array as NumPy holds it.
    Array(Array),
    /// A mapping with text keys, in the order of insertion.
    Map(Map),
}

impl Value {
    /// The entry under `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// The mapping, if this is one.
    pub fn as_map(&self) -> Option<&Map> {
        if let Value::Map(map) = self { Some(map) } else { None }
    }

    /// The text, if this is text.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::Str(text) = self { Some(text) } else { None }
    }

    /// The integer, if this is one.
    pub fn as_int(&self) -> Option<&Int> {
        if let Value::Int(int) = self { Some(int) } else { None }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Value::List(items) = self { Some(items) } else { None }
    }

    /// The number as a float, if this is an integer or a float.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Int(int) => Some(int.to_f64()),
            Value::Float(float) => Some(*float),
            _ => None,
        }
    }
}

macro_rules! value_from {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Value::$variant(value.into())
            }
        }
    )*};
}
value_from!(
    bool => Bool, Int => Int, u32 => Int, u64 => Int, u128 => Int, usize => Int, i32 => Int, i64 => Int,
    f64 => Float, String => Str, &str => Str, Array => Array, Map => Map,
);

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Value::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// A mapping with unique text keys that remembers the order of insertion.
///
/// Made for parameters and attributes: a look-up walks the entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(Vec<(String, Value)>);

impl Map {
    /// An empty mapping.
    pub fn new() -> Self {
        Map::default()
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// Puts `value` under `key`; returns what stood there, whose place it takes.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                self.0.push((key, value));
                None
            }
        }
    }

    /// A mapping of entries whose keys are known to differ.
    pub(crate) fn from_unique(entries: Vec<(String, Value)>) -> Self {
        Map(entries)
    }

    /// Takes the entry under `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.0.iter().position(|(k, _)| k == key)?;
        Some(self.0.remove(at).1)
    }

    /// The entries in order of insertion.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The entries in code-point order of their keys, as canonical text has them.
    pub fn sorted(&self) -> Vec<(&str, &Value)> {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        entries
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True without entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Map::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

/// A rectangular array of numbers in C order, as NumPy holds it.
///
/// In canonical text it is nested lists. Without dimensions it is a NumPy scalar, which differs
/// from a plain float in one point: canonical text quotes its non-finite values.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    shape: Vec<usize>,
    data: ArrayData,
}

/// The elements of an [`Array`], last axis fastest.
#[derive(Clone, Debug, PartialEq)]
pub enum ArrayData {
    /// `float64`
    Float(Vec<f64>),
    /// `int64`
    Int(Vec<i64>),
    /// `bool`
    Bool(Vec<bool>),
}

impl ArrayData {
    /// The number of elements.
    pub fn len(&self) -> usize {
        match self {
            ArrayData::Float(data) => data.len(),
            ArrayData::Int(data) => data.len(),
            ArrayData::Bool(data) => data.len(),
        }
    }

    /// True without elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn element(&self, at: usize) -> Value {
        match self {
            ArrayData::Float(data) => data[at].into(),
            ArrayData::Int(data) => data[at].into(),
            ArrayData::Bool(data) => data[at].into(),
        }
    }
}

impl Array {
    /// An array of `shape` over `data` in C order; `None` where their sizes differ.
    pub fn new(shape: Vec<usize>, data: ArrayData) -> Option<Self> {
        let size = shape.iter().try_fold(1_usize, |size, &n| size.checked_mul(n))?;
        (size == data.len()).then_some(Array { shape, data })
    }

    /// A `float64` array; `None` where shape and data do not fit.
    pub fn floats(shape: Vec<usize>, data: Vec<f64>) -> Option<Self> {
        Array::new(shape, ArrayData::Float(data))
    }

    /// The length of each axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The elements in C order.
    pub fn data(&self) -> &ArrayData {
        &self.data
    }

    /// The elements in C order, by value.
    pub fn into_data(self) -> ArrayData {
        self.data
    }

    /// The array as nested lists; without dimensions, its one element.
    pub fn to_value(&self) -> Value {
        fn nest(array: &Array, axis: usize, at: &mut usize) -> Value {
            if axis == array.shape.len() {
                *at += 1;
                return array.data.element(*at - 1);
            }
            Value::List((0..array.shape[axis]).map(|_| nest(array, axis + 1, at)).collect())
        }
        nest(self, 0, &mut 0)
    }
}

impl From<Vec<f64>> for Array {
    fn from(data: Vec<f64>) -> Self {
        Array { shape: vec![data.len()], data: ArrayData::Float(data) }
    }
}
