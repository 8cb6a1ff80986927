//! Anomalies that add something, or put it in the values' place.

use std::sync::Arc;

use mts_hash::SeedSequence;

use super::Sign;
use crate::transforms::added::{Added, PATTERN, Template};
use crate::transforms::drift::Ramp;
use crate::transforms::effect::{Effect, Spoil};
use crate::transforms::select::Selection;
use crate::transforms::spans::{Event, Law, Spans};
use crate::{Label, Saved, State, StateError};

/// Validated anomalies.
#[derive(Clone)]
pub(super) struct Additive {
    pub(super) selection: Selection,
    pub(super) law: Law,
    pub(super) what: What,
    pub(super) sign: Sign,
}

#[derive(Clone)]
pub(super) enum What {
    Level { kind: &'static str, size: f64 },
    Ramp { kind: &'static str, size: f64 },
    Pattern { template: Template, amplitude: f64, replaces: bool },
}

impl What {
    fn kind(&self) -> &'static str {
        match self {
            What::Level { kind, .. } | What::Ramp { kind, .. } => kind,
            What::Pattern { .. } => PATTERN,
        }
    }

    fn added(&self, sign: Sign, event: &Event) -> Added {
        match self {
            What::Level { size, .. } => Added::Level(sign.of(*size, event.up)),
            What::Ramp { size, .. } => {
                let (from, until) = (event.steps.start, event.steps.end);
                Added::Ramp { from, until, size: sign.of(*size, event.up), ramp: Ramp::Linear }
            }
            What::Pattern { template, amplitude, .. } => {
                let (start, amplitude) = (event.steps.start, sign.of(*amplitude, event.up));
                Added::Pattern { start, amplitude, wave: template.clone() }
            }
        }
    }
}

impl Spoil for Additive {
    fn start(&self, seed: &SeedSequence) -> Box<dyn Effect> {
        let spans = Spans::new(self.law.clone(), self.selection.clone(), seed);
        Box::new(Running { spans, of: Arc::new(self.clone()) })
    }

    fn memory(&self) -> u64 {
        Spans::memory(&self.selection)
    }

    fn needs_the_end(&self) -> bool {
        self.law.needs_the_end()
    }
}

struct Running {
    spans: Spans,
    of: Arc<Additive>,
}

impl Effect for Running {
    fn apply(&mut self, first: usize, slabs: &mut [f64], labels: &mut Vec<Label>) {
        let shape = self.spans.shape();
        let slab = shape.slab();
        let Additive { what, sign, .. } = &*self.of;
        let replaces = matches!(what, What::Pattern { replaces: true, .. });
        self.spans.visit(&(first..first + slabs.len() / slab), |selection, event| {
            let (added, offset) = (what.added(*sign, event), selection.offset(event.lane));
            for step in event.now.clone() {
                let x = &mut slabs[(step - first) * slab + offset];
                *x = if replaces { added.at(step) } else { *x + added.at(step) };
            }
            if event.ends(shape.steps()) {
                let mut details = added.details();
                if replaces {
                    details.insert("replaces", true);
                }
                labels.push(selection.label(event.lane, what.kind(), event.steps.clone(), details));
            }
        });
    }

    fn reset(&mut self) {
        self.spans.reset();
    }

    fn save(&self, state: &mut State) {
        self.spans.save(state);
    }

    fn restore(&mut self, _: usize, saved: &mut Saved<'_>) -> Result<(), StateError> {
        self.spans.restore(saved)
    }
}
