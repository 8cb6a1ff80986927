//! Channels that are taken for each other.

use mts_hash::{Map, SeedSequence};

use crate::transforms::effect::{Effect, Spoil};
use crate::transforms::select::Selection;
use crate::transforms::spans::{Law, Spans};
use crate::{Label, Problems, Saved, State, StateError};

const KIND: &str = "swap";

/// Validated anomalies.
#[derive(Clone)]
pub(super) struct Swapped {
    /// The first of each pair.
    firsts: Selection,
    /// The second.
    seconds: Selection,
    law: Law,
}

impl Swapped {
    pub(super) fn new(selection: &Selection, law: Law, path: &str, problems: &mut Problems) -> Option<Self> {
        let channels = selection.channels();
        let even = channels.len().is_multiple_of(2);
        let rule = "select an even number of channels, which are taken in pairs";
        problems.require(&format!("{path}.channels"), even, rule, channels.len());
        let firsts = selection.of(channels.iter().step_by(2).copied());
        let seconds = selection.of(channels.iter().skip(1).step_by(2).copied());
        even.then_some(Swapped { firsts, seconds, law })
    }
}

impl Spoil for Swapped {
    fn start(&self, seed: &SeedSequence) -> Box<dyn Effect> {
        let spans = Spans::new(self.law.clone(), self.firsts.clone(), seed);
        Box::new(Running { spans, seconds: self.seconds.clone() })
    }

    fn memory(&self) -> u64 {
        Spans::memory(&self.firsts)
    }

    fn needs_the_end(&self) -> bool {
        self.law.needs_the_end()
    }
}

struct Running {
    spans: Spans,
    seconds: Selection,
}

impl Effect for Running {
    fn apply(&mut self, first: usize, slabs: &mut [f64], labels: &mut Vec<Label>) {
        let seconds = &self.seconds;
        let shape = self.spans.shape();
        let slab = shape.slab();
        self.spans.visit(&(first..first + slabs.len() / slab), |firsts, event| {
            let lane = event.lane;
            for step in event.now.clone() {
                let slab = (step - first) * slab;
                slabs.swap(slab + firsts.offset(lane), slab + seconds.offset(lane));
            }
            if event.ends(shape.steps()) {
                for (this, other) in [(firsts, seconds), (seconds, firsts)] {
                    let details: Map = [("with", other.channel(lane))].into_iter().collect();
                    labels.push(this.label(lane, KIND, event.steps.clone(), details));
                }
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
