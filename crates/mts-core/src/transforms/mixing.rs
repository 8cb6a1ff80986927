//! Mixtures of channels.

use std::sync::Arc;

use mts_hash::{Value, digest};
use mts_rng::simd::{Kernel, dispatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Head, Label, Problems, Saved, Shape, SlabSource, SourceError, State, StateError};

/// A linear mixture of channels: x' = W x at each step of each realization.
///
/// Labels and the truth of the model go on speaking of its own channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mixing {
    /// W: one row per channel that comes out, one column per channel of the model; as many of both.
    pub matrix: Vec<Vec<f64>>,
}

impl Mixing {
    pub(super) fn check(&self, shape: Shape, path: &str, problems: &mut Problems) -> Option<Arc<Matrix>> {
        let (path, size) = (format!("{path}.matrix"), shape.channels());
        let before = problems.len();
        problems.require(
            &path,
            self.matrix.len() == size,
            format_args!("have M = {size} rows"),
            self.matrix.len(),
        );
        for (i, row) in self.matrix.iter().enumerate() {
            let rule = format_args!("have M = {size} columns");
            problems.require(&format!("{path}[{i}]"), row.len() == size, rule, row.len());
            for (j, weight) in row.iter().enumerate() {
                problems.finite(&format!("{path}[{i}][{j}]"), *weight);
            }
        }
        if problems.len() > before {
            return None;
        }
        let columns = (0..size).flat_map(|j| self.matrix.iter().map(move |row| row[j]));
        Some(Arc::new(Matrix { size, columns: columns.collect() }))
    }
}

/// A square matrix, column by column.
pub(super) struct Matrix {
    size: usize,
    columns: Vec<f64>,
}

impl Matrix {
    pub(super) fn memory(&self, shape: Shape) -> u64 {
        8 * (self.columns.len() + shape.slab()) as u64
    }

    fn fingerprint(&self) -> [u8; 32] {
        digest(&Value::List(self.columns.iter().map(|weight| weight.to_bits().into()).collect()))
    }
}

/// A source whose channels are mixtures of those of another.
pub(super) struct Mixed<'a> {
    source: Box<dyn SlabSource + 'a>,
    matrix: Arc<Matrix>,
    before: Vec<f64>,
}

impl<'a> Mixed<'a> {
    pub(super) fn new(source: Box<dyn SlabSource + 'a>, matrix: Arc<Matrix>) -> Self {
        let before = vec![0.0; source.head().shape.slab()];
        Mixed { source, matrix, before }
    }
}

impl SlabSource for Mixed<'_> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let steps = self.source.next(slabs)?;
        let slabs = &mut slabs[..steps * self.before.len()];
        dispatch(Mix { matrix: &self.matrix, before: &mut self.before, slabs });
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        let source = self.source.save()?;
        let mut state = State::default();
        state.bytes(&self.matrix.fingerprint());
        state.bytes(&source);
        Some(state.seal())
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        let mut saved = Saved::open(state)?;
        if saved.bytes()? != self.matrix.fingerprint() {
            return Err(StateError::Foreign.into());
        }
        let source = saved.bytes()?;
        saved.end()?;
        self.source.restore(step, source)
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.source.labels(labels);
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        self.source.skip(steps)
    }
}

struct Mix<'a> {
    matrix: &'a Matrix,
    before: &'a mut [f64],
    slabs: &'a mut [f64],
}

impl Kernel for Mix<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Matrix { size, columns } = self.matrix;
        let realizations = self.before.len() / size;
        for slab in self.slabs.chunks_exact_mut(self.before.len()) {
            self.before.copy_from_slice(slab);
            slab.fill(0.0);
            let sources = self.before.chunks_exact(realizations).zip(columns.chunks_exact(*size));
            // Each sum is made in the order of the model's channels.
            for (source, column) in sources {
                if let [x] = source {
                    for (sum, weight) in slab.iter_mut().zip(column) {
                        *sum = weight.mul_add(*x, *sum);
                    }
                } else {
                    for (sums, weight) in slab.chunks_exact_mut(realizations).zip(column) {
                        for (sum, x) in sums.iter_mut().zip(source) {
                            *sum = weight.mul_add(*x, *sum);
                        }
                    }
                }
            }
        }
    }
}
