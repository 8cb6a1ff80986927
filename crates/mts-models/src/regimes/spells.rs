//! How long each series has been in its regime, told as labels.

use mts_core::{Label, Map, Saved, State, StateError};

/// The regimes of some series, and since when.
pub(super) struct Spells {
    /// One per series.
    regimes: Vec<u64>,
    since: Vec<u64>,
    /// Spells that have ended.
    ended: Vec<Label>,
    /// Regimes are below.
    count: usize,
    /// The last step ends them all.
    steps: usize,
    told: bool,
}

impl Spells {
    /// From the regimes of step 0. Spells are told where `told`.
    pub(super) fn new(regimes: Vec<u64>, count: usize, steps: usize, told: bool) -> Self {
        Spells { since: vec![0; regimes.len()], regimes, ended: Vec::new(), count, steps, told }
    }

    /// The regime of a series.
    #[inline]
    pub(super) fn regime(&self, series: usize) -> usize {
        self.regimes[series] as usize
    }

    /// Says what the regime of a series will be after `step`; `name` is the (channel, realization) of the series.
    #[inline]
    pub(super) fn turn(
        &mut self,
        series: usize,
        step: u64,
        next: usize,
        name: impl FnOnce() -> (Option<usize>, Option<usize>),
    ) {
        // Only a damaged state is behind the last step.
        if step >= self.steps as u64 || (next as u64 == self.regimes[series] && step + 1 < self.steps as u64)
        {
            return;
        }
        if self.told {
            let (channel, realization) = name();
            let mut details = Map::new();
            details.insert("regime", self.regimes[series]);
            let steps = self.since[series] as usize..step as usize + 1;
            // What began in a longer or damaged past has no steps here.
            if !steps.is_empty() {
                self.ended.push(Label { channel, realization, steps, kind: "regime", details });
            }
        }
        if next as u64 != self.regimes[series] {
            self.regimes[series] = next as u64;
            self.since[series] = step + 1;
        }
    }

    pub(super) fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.ended);
    }

    pub(super) fn save(&self, state: &mut State) {
        state.u64s(&self.regimes);
        state.u64s(&self.since);
    }

    pub(super) fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.u64s(&mut self.regimes)?;
        saved.u64s(&mut self.since)?;
        match self.regimes.iter().find(|regime| **regime >= self.count as u64) {
            None => Ok(()),
            Some(&found) => Err(StateError::Impossible { rule: "a regime", found }),
        }
    }
}
