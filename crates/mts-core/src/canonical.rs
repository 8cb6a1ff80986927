//! One NaN for all.

use crate::{Head, Label, SlabSource, SourceError};

/// A source whose NaNs are all the same: which one an operation gives depends on the processor.
pub struct Canonical<S> {
    source: S,
}

impl<S: SlabSource> Canonical<S> {
    /// Changes nothing of `source` but the sign and payload of NaNs.
    pub fn new(source: S) -> Self {
        Canonical { source }
    }
}

impl<S: SlabSource> SlabSource for Canonical<S> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let steps = self.source.next(slabs)?;
        let values = steps * self.source.head().shape.slab();
        for value in &mut slabs[..values] {
            *value = if value.is_nan() { f64::NAN } else { *value };
        }
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
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;
    use crate::{Dataset, Dtype, Map, Shape, TimeAxis};

    #[test]
    fn nothing_else_changes() {
        let values = [-f64::NAN, f64::from_bits(0x7ff4_0000_0000_0001), f64::INFINITY, -0.0];
        let (shape, time, dtype) = (Shape::of(1, 4, 1), TimeAxis::Steps, Dtype::F64);
        let head = Head { shape, time, dtype, attributes: Map::new(), truth: None };
        let dataset = Dataset::new(head, values.to_vec()).unwrap();
        let mut source = Canonical::new(dataset.source());
        let mut found = [0.0; 4];
        assert_eq!(source.next(&mut found).unwrap(), 4);
        let bits = [f64::NAN, f64::NAN, f64::INFINITY, -0.0].map(f64::to_bits);
        assert_eq!(found.map(f64::to_bits), bits);
    }
}
