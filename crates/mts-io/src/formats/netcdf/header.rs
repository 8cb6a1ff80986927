//! The header: dimensions, attributes, variables.

use mts_core::{Dtype, Head};
use mts_hash::{Map, Value};

use super::clock::Clock;
use super::{ALIGN, ATTRIBUTE, CHAR, DIMENSION, DOUBLE, FLOAT, INT, VARIABLE};
use crate::attributes::to_text;
use crate::formats::arrays::{CHANNEL, DATA, DIMENSIONS, REALIZATION, TIME};

/// A variable whose place is not known yet.
struct Variable<'a> {
    name: &'static str,
    /// Numbers of dimensions.
    dimensions: &'a [u32],
    attributes: &'a [(&'static str, String)],
    kind: u32,
    /// Bytes, or bytes per record.
    bytes: u64,
}

/// The header of a file with these attributes, of which fixed variables follow and then records.
pub(super) fn header(head: &Head, attributes: &Map, clock: &Clock) -> Vec<u8> {
    let shape = head.shape;
    let data = match head.dtype {
        Dtype::F64 => DOUBLE,
        Dtype::F32 => FLOAT,
    };
    let fixed = |name, dimension, count: usize| Variable {
        name,
        dimensions: dimension,
        attributes: &[],
        kind: INT,
        bytes: 4 * count as u64,
    };
    let variables = [
        fixed(CHANNEL, &[1], shape.channels()),
        fixed(REALIZATION, &[2], shape.realizations()),
        Variable {
            name: TIME,
            dimensions: &[0],
            attributes: clock.attributes(),
            kind: clock.kind(),
            bytes: if clock.kind() == INT { 4 } else { 8 },
        },
        Variable {
            name: DATA,
            dimensions: &[0, 1, 2],
            attributes: &[],
            kind: data,
            bytes: shape.slab() as u64 * head.dtype.size() as u64,
        },
    ];
    let mut block = Block(b"CDF\x02".to_vec());
    block.u32(shape.steps() as u32).u32(DIMENSION).u32(DIMENSIONS.len() as u32);
    // The first one is unlimited.
    for (name, size) in DIMENSIONS.into_iter().zip([0, shape.channels(), shape.realizations()]) {
        block.text(name).u32(size as u32);
    }
    block.list(ATTRIBUTE, attributes.len());
    for (name, value) in attributes.iter() {
        block.text(name).value(value);
    }
    block.list(VARIABLE, variables.len());
    let lengths: usize =
        variables.iter().map(|variable| block.clone().variable(variable, 0).0.len() - block.0.len()).sum();
    let mut begin = (block.0.len() + lengths) as u64;
    for variable in &variables {
        block.variable(variable, begin);
        begin += variable.bytes;
    }
    block.0
}

/// Big-endian numbers and padded texts after each other.
#[derive(Clone)]
struct Block(Vec<u8>);

impl Block {
    fn u32(&mut self, number: u32) -> &mut Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.u32(text.len() as u32).0.extend(text.as_bytes());
        self.0.resize(self.0.len().next_multiple_of(ALIGN), 0);
        self
    }

    fn list(&mut self, tag: u32, length: usize) -> &mut Self {
        self.u32(if length == 0 { 0 } else { tag }).u32(length as u32)
    }

    fn value(&mut self, value: &Value) -> &mut Self {
        match value {
            Value::Int(int) => {
                if let Some(int) = int.to_i64().and_then(|int| i32::try_from(int).ok()) {
                    return self.u32(INT).u32(1).u32(int as u32);
                }
            }
            Value::Float(float) => {
                self.u32(DOUBLE).u32(1).0.extend(float.to_be_bytes());
                return self;
            }
            _ => {}
        }
        self.u32(CHAR).text(&to_text(value))
    }

    fn variable(&mut self, variable: &Variable, begin: u64) -> &mut Self {
        self.text(variable.name).u32(variable.dimensions.len() as u32);
        for dimension in variable.dimensions {
            self.u32(*dimension);
        }
        self.list(ATTRIBUTE, variable.attributes.len());
        for (name, text) in variable.attributes {
            self.text(name).u32(CHAR).text(text);
        }
        // Not above 32 bits: such shapes are refused.
        self.u32(variable.kind).u32(variable.bytes as u32).0.extend(begin.to_be_bytes());
        self
    }
}
