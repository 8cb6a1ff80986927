//! The precision of values.

use std::str::FromStr;

use crate::{Head, Label, SlabSource, SourceError};

/// How many bits a value has in files. Values are computed with 64 and rounded at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dtype {
    /// IEEE 754 double precision.
    #[default]
    F64,
    /// IEEE 754 single precision: values are rounded to the nearest.
    F32,
}

impl Dtype {
    /// The names in documents.
    pub const NAMES: [&'static str; 2] = ["f64", "f32"];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Bytes per value.
    pub fn size(self) -> usize {
        match self {
            Dtype::F64 => 8,
            Dtype::F32 => 4,
        }
    }

    /// `value` as this precision has it.
    pub fn round(self, value: f64) -> f64 {
        match self {
            Dtype::F64 => value,
            Dtype::F32 => f64::from(value as f32),
        }
    }
}

impl FromStr for Dtype {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "f64" => Ok(Dtype::F64),
            "f32" => Ok(Dtype::F32),
            _ => Err(()),
        }
    }
}

/// A source whose values have another precision.
pub struct Rounded<S> {
    source: S,
    head: Head,
}

impl<S: SlabSource> Rounded<S> {
    /// The values of `source`, rounded.
    pub fn new(source: S, dtype: Dtype) -> Self {
        let head = Head { dtype, ..source.head().clone() };
        Rounded { source, head }
    }
}

impl<S: SlabSource> SlabSource for Rounded<S> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let steps = self.source.next(slabs)?;
        let values = &mut slabs[..steps * self.head.shape.slab()];
        values.iter_mut().for_each(|value| *value = self.head.dtype.round(*value));
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        self.source.save()
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        self.source.restore(step, state)
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.source.labels(labels);
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        self.source.skip(steps)
    }
}

#[cfg(test)]
mod tests {
    use mts_hash::Map;

    use super::*;
    use crate::{Dataset, Shape, TimeAxis};

    #[test]
    fn values_are_rounded_to_the_nearest() {
        let head = Head {
            shape: Shape::of(1, 3, 1),
            time: TimeAxis::Steps,
            dtype: Dtype::F64,
            attributes: Map::new(),
            truth: None,
        };
        let dataset = Dataset::new(head, vec![0.1, 1e300, -0.0]).unwrap();
        let mut rounded = Rounded::new(dataset.source(), Dtype::F32);
        let single = Dataset::collect(&mut rounded).unwrap();
        assert_eq!(single.head().dtype, Dtype::F32);
        let bits: Vec<u64> = single.values().iter().map(|value| value.to_bits()).collect();
        assert_eq!(bits, [f64::from(0.1_f32), f64::INFINITY, -0.0].map(f64::to_bits));
        rounded.rewind().unwrap();
        assert_eq!(Dataset::collect(&mut rounded).unwrap(), single);
    }
}
