//! A dataset in memory.

use std::borrow::Borrow;

use ndarray::{Array3, ArrayView3};

use crate::{Head, SlabSource, SourceError, Time};

/// A whole dataset in memory: values in (time, channel, realization) order.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    head: Head,
    values: Vec<f64>,
}

/// One row of the long form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The time coordinate.
    pub time: Time,
    /// Counted from 0.
    pub channel: usize,
    /// Counted from 0.
    pub realization: usize,
    /// The value.
    pub value: f64,
}

impl Dataset {
    /// A dataset of known values; `None` where they do not fill the shape.
    pub fn new(head: Head, values: Vec<f64>) -> Option<Self> {
        (values.len() == head.shape.values()).then_some(Dataset { head, values })
    }

    /// Reads `source` to its end.
    ///
    /// # Errors
    ///
    /// Those of the source, and a source that ends early.
    pub fn collect(source: &mut dyn SlabSource) -> Result<Self, SourceError> {
        let head = source.head().clone();
        let mut values = vec![0.0; head.shape.values()];
        let steps = source.next(&mut values)?;
        if steps != head.shape.steps() {
            return Err(format!("ended after {steps} of {} steps", head.shape.steps()).into());
        }
        Ok(Dataset { head, values })
    }

    /// What is known besides the values.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The values in (time, channel, realization) order.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values as an array of axes (time, channel, realization), without copying.
    ///
    /// # Panics
    ///
    /// Never: the values fill the shape.
    pub fn view(&self) -> ArrayView3<'_, f64> {
        let shape = self.head.shape;
        ArrayView3::from_shape((shape.steps(), shape.channels(), shape.realizations()), &self.values)
            .expect("the values fill the shape")
    }

    /// The values as an array of axes (time, channel, realization).
    pub fn to_ndarray(&self) -> Array3<f64> {
        self.view().to_owned()
    }

    /// The long form: one row per value, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        let shape = self.head.shape;
        self.values.iter().enumerate().map(move |(i, &value)| Row {
            time: self.head.time.at(i / shape.slab()),
            channel: i % shape.slab() / shape.realizations(),
            realization: i % shape.realizations(),
            value,
        })
    }

    /// The dataset as a source.
    pub fn source(&self) -> impl SlabSource {
        DatasetSource { dataset: self, done: 0 }
    }

    /// The dataset as a source that keeps it.
    pub fn into_source(self) -> impl SlabSource + use<> {
        DatasetSource { dataset: self, done: 0 }
    }
}

struct DatasetSource<D> {
    dataset: D,
    done: usize,
}

impl<D: Borrow<Dataset> + Send> SlabSource for DatasetSource<D> {
    fn head(&self) -> &Head {
        &self.dataset.borrow().head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let Dataset { head, values } = self.dataset.borrow();
        let slab = head.shape.slab();
        let rest = &values[self.done * slab..];
        let steps = (slabs.len() / slab).min(rest.len() / slab);
        slabs[..steps * slab].copy_from_slice(&rest[..steps * slab]);
        self.done += steps;
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.done = 0;
        Ok(())
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        let skipped = steps.min(self.head().shape.steps() - self.done);
        self.done += skipped;
        Ok(skipped)
    }
}

#[cfg(test)]
mod tests {
    use mts_hash::Map;

    use super::*;
    use crate::{Dtype, Shape, TimeAxis};

    #[test]
    fn arrays_and_rows_have_the_values_in_order() {
        let head = Head {
            shape: Shape::of(2, 3, 2),
            time: TimeAxis::Seconds { dt: 0.5 },
            dtype: Dtype::F64,
            attributes: Map::new(),
            truth: None,
        };
        assert!(Dataset::new(head.clone(), vec![0.0; 11]).is_none());
        let dataset = Dataset::new(head, (0..12).map(f64::from).collect()).unwrap();
        let array = dataset.to_ndarray();
        assert_eq!(array.shape(), [3, 2, 2]);
        for (i, row) in dataset.rows().enumerate() {
            assert_eq!(row.value, i as f64);
            let step = (row.time.as_f64() / 0.5) as usize;
            assert_eq!(array[[step, row.channel, row.realization]], row.value);
            assert_eq!((step * 2 + row.channel) * 2 + row.realization, i);
        }
        let mut source = dataset.source();
        assert_eq!(Dataset::collect(&mut source).unwrap(), dataset);
        assert_eq!(source.next(&mut [0.0; 4]).unwrap(), 0);
    }
}
