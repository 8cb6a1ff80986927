//! Anomalies that hold on to the value before them.

use mts_hash::{Map, SeedSequence};

use crate::transforms::effect::{Effect, Spoil};
use crate::transforms::select::Selection;
use crate::transforms::spans::{Law, Spans};
use crate::{Label, Saved, State, StateError};

/// Validated anomalies.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) selection: Selection,
    pub(super) law: Law,
    pub(super) how: How,
}

#[derive(Clone, Copy)]
pub(super) enum How {
    /// The value stays.
    Hold,
    /// The deviation from it is multiplied.
    Scale(f64),
}

impl How {
    fn apply(self, level: f64, x: f64) -> f64 {
        match self {
            How::Hold => level,
            How::Scale(factor) => level + factor * (x - level),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            How::Hold => "flatline",
            How::Scale(_) => "variance",
        }
    }

    fn details(self, level: f64) -> Map {
        let mut details: Map = [("level", level)].into_iter().collect();
        if let How::Scale(factor) = self {
            details.insert("factor", factor);
        }
        details
    }
}

impl Spoil for Held {
    fn start(&self, seed: &SeedSequence) -> Box<dyn Effect> {
        let spans = Spans::new(self.law.clone(), self.selection.clone(), seed);
        let levels = vec![0.0; self.selection.lanes()];
        let last = vec![0.0; self.selection.shape().slab()];
        Box::new(Running { spans, how: self.how, levels, last })
    }

    fn memory(&self) -> u64 {
        let numbers = self.selection.lanes() + self.selection.shape().slab();
        Spans::memory(&self.selection) + 8 * numbers as u64
    }

    fn needs_the_end(&self) -> bool {
        self.law.needs_the_end()
    }
}

struct Running {
    spans: Spans,
    how: How,
    /// What each lane holds on to, while something happens there.
    levels: Vec<f64>,
    /// The last step, as it came out.
    last: Vec<f64>,
}

impl Effect for Running {
    fn apply(&mut self, first: usize, slabs: &mut [f64], labels: &mut Vec<Label>) {
        let Running { spans, how, levels, last } = self;
        let shape = spans.shape();
        let slab = shape.slab();
        spans.visit(&(first..first + slabs.len() / slab), |selection, event| {
            let (offset, level) = (selection.offset(event.lane), &mut levels[event.lane]);
            if event.begins() {
                *level = match event.now.start.checked_sub(1) {
                    None => slabs[offset],
                    Some(before) if before < first => last[offset],
                    Some(before) => slabs[(before - first) * slab + offset],
                };
            }
            for step in event.now.clone() {
                let x = &mut slabs[(step - first) * slab + offset];
                *x = how.apply(*level, *x);
            }
            if event.ends(shape.steps()) {
                labels.push(selection.label(
                    event.lane,
                    how.kind(),
                    event.steps.clone(),
                    how.details(*level),
                ));
            }
        });
        if let Some(made) = slabs.len().checked_sub(slab) {
            last.copy_from_slice(&slabs[made..]);
        }
    }

    fn reset(&mut self) {
        self.spans.reset();
        self.levels.fill(0.0);
        self.last.fill(0.0);
    }

    fn save(&self, state: &mut State) {
        self.spans.save(state);
        state.f64s(&self.levels);
        state.f64s(&self.last);
    }

    fn restore(&mut self, _: usize, saved: &mut Saved<'_>) -> Result<(), StateError> {
        self.spans.restore(saved)?;
        saved.f64s(&mut self.levels)?;
        saved.f64s(&mut self.last)
    }
}
