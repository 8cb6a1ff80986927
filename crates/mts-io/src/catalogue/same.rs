//! Values that are kept once.

use mts_hash::{ArrayData, Value};

/// Whether two values are one, to the bit: zeros have signs, and NaN is equal to itself.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Float(one), Value::Float(other)) => same_floats(&[*one], &[*other]),
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.shape() == other.shape()
                && match (one.data(), other.data()) {
                    (ArrayData::Float(one), ArrayData::Float(other)) => same_floats(one, other),
                    (one, other) => one == other,
                }
        }
        (Value::Map(one), Value::Map(other)) => {
            let mut entries = one.iter().zip(other.iter());
            one.len() == other.len()
                && entries.all(|((name, one), (other_name, other))| name == other_name && same(one, other))
        }
        (one, other) => one == other,
    }
}

pub(super) fn same_floats(one: &[f64], other: &[f64]) -> bool {
    one.iter().map(|float| float.to_bits()).eq(other.iter().map(|float| float.to_bits()))
}

#[cfg(test)]
mod tests {
    use mts_hash::{Array, parse};

    use super::*;

    #[test]
    fn values_are_the_same_to_the_bit() {
        let texts = ["[[1,2.5],[0.0]]", "[[1,2.5],[-0.0]]", "[[1,2.5],[0]]", "[[1,2.5]]", "[[1],[2.5,0.0]]"];
        let maps = [r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, r#"{"a":1}"#, r#"{"a":1,"b":2.0}"#];
        let parsed = texts.into_iter().chain(maps).map(|text| parse(text).unwrap());
        let array = |zero: f64| Array::floats(vec![1, 2], vec![1.0, zero]).unwrap();
        let lists = array(0.0).to_value();
        let arrays = [Value::from(array(0.0)), array(-0.0).into(), array(f64::NAN).into(), lists];
        let values: Vec<Value> = parsed.chain(arrays).collect();
        for (at, one) in values.iter().enumerate() {
            for (other_at, other) in values.iter().enumerate() {
                assert_eq!(same(one, &other.clone()), at == other_at, "{one:?} {other:?}");
            }
        }
    }
}
