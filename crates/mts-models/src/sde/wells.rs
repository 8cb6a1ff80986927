//! Which of two wells a value is in, as runs of steps.

use std::ops::Range;

use mts_core::{Label, Map, Saved, State, StateError};

/// The well of each value of a slab. A value changes wells where it passes the threshold of the other side, so
/// that trembling on the barrier is no change.
pub(super) struct Wells {
    threshold: f64,
    realizations: Range<usize>,
    /// T
    total: usize,
    /// Where each run began.
    since: Vec<u64>,
    /// 1 where a value is in the right well.
    right: Vec<f64>,
    ended: Vec<Label>,
}

impl Wells {
    /// The wells of `x`, by their signs.
    pub(super) fn new(x: &[f64], threshold: f64, realizations: Range<usize>, total: usize) -> Self {
        let right = x.iter().map(|x| if *x >= 0.0 { 1.0 } else { 0.0 }).collect();
        Wells { threshold, realizations, total, since: vec![0; x.len()], right, ended: Vec::new() }
    }

    /// Looks at the values of a step.
    pub(super) fn see(&mut self, step: usize, x: &[f64]) {
        let threshold = self.threshold;
        // Without an early exit the test vectorises; changes are rare.
        let values = x.iter().zip(&self.right);
        let changed = values.fold(false, |any, (x, right)| any | ((2.0 * right - 1.0) * x <= -threshold));
        if changed {
            for (at, x) in x.iter().enumerate() {
                if (2.0 * self.right[at] - 1.0) * x <= -threshold {
                    self.end(at, step);
                    self.right[at] = 1.0 - self.right[at];
                    self.since[at] = step as u64;
                }
            }
        }
        if step + 1 == self.total {
            (0..x.len()).for_each(|at| self.end(at, step + 1));
        }
    }

    fn end(&mut self, at: usize, step: usize) {
        let mut details = Map::new();
        details.insert("well", if self.right[at] == 1.0 { "right" } else { "left" });
        let count = self.realizations.len();
        self.ended.push(Label {
            channel: Some(at / count),
            realization: Some(self.realizations.start + at % count),
            steps: self.since[at] as usize..step,
            kind: "state",
            details,
        });
    }

    pub(super) fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.ended);
    }

    pub(super) fn save(&self, state: &mut State) {
        state.u64s(&self.since);
        state.f64s(&self.right);
    }

    pub(super) fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.u64s(&mut self.since)?;
        saved.f64s(&mut self.right)?;
        match self.right.iter().find(|right| **right != 0.0 && **right != 1.0) {
            Some(right) => Err(StateError::Impossible { rule: "0 or 1", found: right.to_bits() }),
            None => Ok(()),
        }
    }
}
