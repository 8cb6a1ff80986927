//! Refusing values that are not numbers.

use thiserror::Error;

use crate::{Head, Label, SlabSource, SourceError};

/// A source that stops at the first NaN or infinity that it would hand out; values that are skipped
/// are not looked at.
pub struct Finite<S> {
    source: S,
    /// Whether NaN are values that are missing.
    missing: bool,
    done: usize,
}

/// Where the first value stands that is not finite.
#[derive(Clone, Debug, PartialEq, Error)]
#[error(
    "{found} at step {step}, channel {channel}, realization {realization}: the parameters let the values diverge, or beyond what the dtype holds"
)]
pub struct NonFinite {
    /// NaN or an infinity.
    pub found: f64,
    /// Counted from 0.
    pub step: usize,
    /// Counted from 0.
    pub channel: usize,
    /// Counted from 0.
    pub realization: usize,
}

impl<S: SlabSource> Finite<S> {
    /// Checks everything that `source` produces.
    pub fn new(source: S) -> Self {
        Finite { source, missing: false, done: 0 }
    }

    /// Checks everything that `source` produces, but takes NaN for values that are missing: only infinities
    /// stop it.
    pub fn or_missing(source: S) -> Self {
        Finite { source, missing: true, done: 0 }
    }
}

impl<S: SlabSource> SlabSource for Finite<S> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let steps = self.source.next(slabs)?;
        let shape = self.source.head().shape;
        let slabs = &slabs[..steps * shape.slab()];
        let missing = self.missing;
        let valid = |x: &f64| x.is_finite() | (missing & x.is_nan());
        // Without an early exit the test vectorises.
        if slabs.chunks(4096).any(|chunk| !chunk.iter().fold(true, |all, x| all & valid(x))) {
            let at = slabs.iter().position(|x| !valid(x)).unwrap_or_default();
            return Err(Box::new(NonFinite {
                found: slabs[at],
                step: self.done + at / shape.slab(),
                channel: at % shape.slab() / shape.realizations(),
                realization: at % shape.realizations(),
            }));
        }
        self.done += steps;
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.done = 0;
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        self.source.save()
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        self.source.restore(step, state)?;
        self.done = step;
        Ok(())
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.source.labels(labels);
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        let skipped = self.source.skip(steps)?;
        self.done += skipped;
        Ok(skipped)
    }
}

#[cfg(test)]
mod tests {
    use mts_hash::Map;

    use super::*;
    use crate::{Dataset, Dtype, Shape, TimeAxis};

    #[test]
    fn missing_values_pass_where_they_may() {
        let check = |values: [f64; 4], missing: bool| {
            let (shape, time, dtype) = (Shape::of(1, 4, 1), TimeAxis::Steps, Dtype::F64);
            let head = Head { shape, time, dtype, attributes: Map::new(), truth: None };
            let source = Dataset::new(head, values.to_vec()).unwrap().into_source();
            let mut source = if missing { Finite::or_missing(source) } else { Finite::new(source) };
            let result = source.next(&mut [0.0; 4]);
            result.map_err(|error| error.downcast_ref::<NonFinite>().unwrap().step)
        };
        assert_eq!(check([0.0, 1.0, f64::NAN, 2.0], false).unwrap_err(), 2);
        assert_eq!(check([0.0, 1.0, f64::NAN, 2.0], true).unwrap(), 4);
        assert_eq!(check([0.0, f64::NAN, 1.0, f64::NEG_INFINITY], true).unwrap_err(), 3);
    }
}
