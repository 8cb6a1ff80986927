//! Reading `goldens/`.

use std::path::PathBuf;

use mts_hash::{Array, ArrayData, Int, Map, Value};

/// The parsed file `goldens/<name>`.
///
/// # Panics
///
/// Where the file is missing or malformed: it is part of the project.
pub fn load(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("goldens").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    mts_hash::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Short forms for walking a golden; all panic where the golden is not as expected.
pub trait Golden {
    /// The entry under `key`.
    fn at(&self, key: &str) -> &Value;
    /// The items of a list.
    fn items(&self) -> &[Value];
    /// Text.
    fn text(&self) -> &str;
    /// A float; tagged non-finite floats included.
    fn float(&self) -> f64;
    /// An integer, plain or as decimal text.
    fn int(&self) -> Int;
    /// An unsigned integer, plain or as decimal text.
    fn unsigned(&self) -> u64;
    /// All floats of nested lists, in order.
    fn floats(&self) -> Vec<f64>;
    /// All unsigned integers of a list.
    fn unsigneds(&self) -> Vec<u64> {
        self.items().iter().map(Golden::unsigned).collect()
    }
    /// The value that a tagged input stands for.
    fn untagged(&self) -> Value;
}

impl Golden for Value {
    fn at(&self, key: &str) -> &Value {
        self.get(key).unwrap_or_else(|| panic!("no {key:?} in the golden"))
    }

    fn items(&self) -> &[Value] {
        self.as_list().expect("a list in the golden")
    }

    fn text(&self) -> &str {
        self.as_str().expect("text in the golden")
    }

    fn float(&self) -> f64 {
        if let Some(tag) = self.get("$float") {
            return tag.text().parse().expect("nan, inf or -inf");
        }
        self.as_f64().expect("a number in the golden")
    }

    fn int(&self) -> Int {
        match self {
            Value::Str(text) => text.parse().expect("a decimal integer"),
            _ => self.as_int().expect("an integer in the golden").clone(),
        }
    }

    fn unsigned(&self) -> u64 {
        self.int().to_u64().expect("a u64")
    }

    fn floats(&self) -> Vec<f64> {
        match self {
            Value::List(items) => items.iter().flat_map(Golden::floats).collect(),
            _ => vec![self.float()],
        }
    }

    fn untagged(&self) -> Value {
        match self {
            Value::List(items) => Value::List(items.iter().map(Golden::untagged).collect()),
            Value::Map(map) => {
                if map.get("$float").is_some() {
                    return self.float().into();
                }
                if let Some(items) = map.get("$tuple") {
                    return items.untagged();
                }
                if let Some(data) = map.get("$ndarray") {
                    return array(data, self.at("dtype").text()).into();
                }
                if let Some(dtype) = map.get("$np") {
                    return array(self.at("v"), dtype.text()).into();
                }
                map.iter().map(|(key, value)| (key, value.untagged())).collect::<Map>().into()
            }
            other => other.clone(),
        }
    }
}

fn array(nested: &Value, dtype: &str) -> Array {
    let mut shape = Vec::new();
    let mut level = nested;
    while let Value::List(items) = level {
        shape.push(items.len());
        level = &items[0];
    }
    let mut flat = Vec::new();
    flatten(nested, &mut flat);
    let data = if dtype.starts_with("float") {
        ArrayData::Float(flat.iter().map(Golden::float).collect())
    } else if dtype.starts_with("int") {
        ArrayData::Int(flat.iter().map(|v| v.int().to_i64().expect("an i64")).collect())
    } else {
        ArrayData::Bool(flat.iter().map(|v| *v == Value::Bool(true)).collect())
    };
    Array::new(shape, data).expect("a rectangular array")
}

fn flatten(value: &Value, into: &mut Vec<Value>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| flatten(item, into)),
        other => into.push(other.clone()),
    }
}
