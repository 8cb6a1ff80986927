//! When something happens on each (channel, realization).

use std::ops::Range;
use std::sync::Arc;

use mts_hash::SeedSequence;
use mts_rng::laws::{Geometric, Law as _};
use mts_rng::{Key, Rng};

use super::select::Selection;
use crate::{Saved, Shape, State, StateError};

/// When something begins, and when it ends.
#[derive(Clone, Debug)]
pub(super) enum Law {
    /// At no step.
    Never,
    /// At listed steps, ascending and apart; on all lanes.
    At { starts: Arc<[usize]>, length: usize },
    /// At each step with probability `rate`, as if it had always been going on, but never before the
    /// last one is over, and a gap behind it: `busy` steps together.
    Rate {
        rate: f64,
        /// The number of the first free step at which the next one begins.
        wait: Geometric,
        length: usize,
        busy: usize,
    },
    /// A stationary chain of two states, of which one happens with probability `rate`.
    Chain {
        rate: f64,
        /// Steps between.
        between: Geometric,
        /// Steps within.
        within: Geometric,
    },
}

impl Law {
    /// Whether what would go on behind the end is left out.
    pub(super) fn needs_the_end(&self) -> bool {
        matches!(self, Law::Rate { .. })
    }

    fn first(&self, rng: &mut Rng) -> (usize, usize) {
        match self {
            Law::Never => NEVER,
            Law::At { starts, length } => at(starts.first(), *length),
            Law::Rate { rate, wait, length, busy } => {
                // How much of an earlier one and its gap lies behind the first step: each as likely.
                let before = ((rng.random() / rate) as usize).saturating_add(1);
                let free = if before < *busy { before } else { 0 };
                from(free.saturating_add(steps(wait, rng) - 1), *length)
            }
            Law::Chain { rate, between, within } => {
                let start = if rng.random() < *rate { 0 } else { steps(between, rng) };
                from(start, steps(within, rng))
            }
        }
    }

    fn next(&self, last: &Range<usize>, rng: &mut Rng) -> (usize, usize) {
        match self {
            Law::Never => NEVER,
            Law::At { starts, length } => {
                at(starts.get(starts.partition_point(|start| *start <= last.start)), *length)
            }
            Law::Rate { wait, length, busy, .. } => {
                let free = last.end.saturating_add(busy - length);
                from(free.saturating_add(steps(wait, rng) - 1), *length)
            }
            Law::Chain { between, within, .. } => {
                let start = last.end.saturating_add(steps(between, rng));
                from(start, steps(within, rng))
            }
        }
    }
}

const NEVER: (usize, usize) = (usize::MAX, usize::MAX);

fn at(start: Option<&usize>, length: usize) -> (usize, usize) {
    start.map_or(NEVER, |&start| from(start, length))
}

fn from(start: usize, length: usize) -> (usize, usize) {
    (start, start.saturating_add(length))
}

/// At least one.
fn steps(law: &Geometric, rng: &mut Rng) -> usize {
    usize::try_from(law.sample(rng)).unwrap_or(usize::MAX).max(1)
}

/// What happens on one lane.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) lane: usize,
    /// All its steps; those of a chain may go on behind the end.
    pub(super) steps: Range<usize>,
    /// Those that are being made.
    pub(super) now: Range<usize>,
    /// Upwards or downwards, as likely.
    pub(super) up: bool,
}

impl Event {
    pub(super) fn begins(&self) -> bool {
        self.now.start == self.steps.start
    }

    /// Whether its last step is made; `end` is that of the data.
    pub(super) fn ends(&self, end: usize) -> bool {
        self.now.end == self.steps.end.min(end)
    }
}

#[derive(Clone, Debug)]
struct Lane {
    rng: Rng,
    /// What goes on, or comes next.
    steps: Range<usize>,
    up: bool,
}

impl Lane {
    fn set(&mut self, (start, end): (usize, usize)) {
        self.steps = start..end;
        self.up = self.rng.random() < 0.5;
    }
}

/// Events on all lanes of a selection, in the order of steps on each.
#[derive(Clone, Debug)]
pub(super) struct Spans {
    law: Law,
    selection: Selection,
    key: Key,
    lanes: Vec<Lane>,
    /// Before this step nothing happens on any lane.
    soonest: usize,
}

impl Spans {
    pub(super) fn new(law: Law, selection: Selection, seed: &SeedSequence) -> Self {
        let key = Key::from(seed);
        let mut spans = Spans { law, selection, key, lanes: Vec::new(), soonest: 0 };
        spans.reset();
        spans
    }

    /// Bytes for the lanes of a selection.
    pub(super) fn memory(selection: &Selection) -> u64 {
        (size_of::<Lane>() as u64).saturating_mul(selection.lanes() as u64)
    }

    pub(super) fn shape(&self) -> Shape {
        self.selection.shape()
    }

    pub(super) fn reset(&mut self) {
        let law = &self.law;
        self.lanes.clear();
        self.lanes.extend(self.selection.generators(self.key).map(|mut rng| {
            let steps = law.first(&mut rng);
            let mut lane = Lane { rng, steps: 0..0, up: false };
            lane.set(steps);
            lane
        }));
        self.soonest = 0;
    }

    /// Shows everything that happens in the steps `made`, lane by lane. What would go on behind the end of
    /// the data does not happen, but that a chain is cut there.
    pub(super) fn visit(&mut self, made: &Range<usize>, mut with: impl FnMut(&Selection, &Event)) {
        if self.soonest >= made.end {
            return;
        }
        let end = self.selection.shape().steps();
        let whole = self.law.needs_the_end();
        let mut soonest = usize::MAX;
        for (i, lane) in self.lanes.iter_mut().enumerate() {
            while lane.steps.start < made.end {
                let steps = lane.steps.clone();
                let now = steps.start.max(made.start)..steps.end.min(made.end);
                if (!whole || steps.end <= end) && !now.is_empty() {
                    with(&self.selection, &Event { lane: i, steps: steps.clone(), now, up: lane.up });
                }
                if steps.end > made.end {
                    break;
                }
                let next = self.law.next(&steps, &mut lane.rng);
                lane.set(next);
            }
            soonest = soonest.min(lane.steps.start.max(made.end));
        }
        self.soonest = soonest;
    }

    pub(super) fn save(&self, state: &mut State) {
        for lane in &self.lanes {
            state.rng(&lane.rng);
            state.u64(lane.steps.start as u64);
            state.u64(lane.steps.end as u64);
            state.flag(lane.up);
        }
    }

    pub(super) fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        for lane in &mut self.lanes {
            saved.rng(&mut lane.rng)?;
            let start = saved.index(usize::MAX)?;
            let end = saved.index(usize::MAX)?;
            if end < start {
                return Err(StateError::Impossible { rule: "an end behind its start", found: end as u64 });
            }
            lane.steps = start..end;
            lane.up = saved.flag()?;
        }
        self.soonest = 0;
        Ok(())
    }
}
