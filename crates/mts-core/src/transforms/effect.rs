//! What spoils data, and the source that it is done to.

use std::sync::Arc;

use mts_hash::SeedSequence;

use crate::source::AT_ONCE;
use crate::{Head, Label, Saved, Shape, SlabSource, SourceError, State, StateError};

/// A validated transform that spoils data and labels what it did.
pub(super) trait Spoil: Send + Sync {
    /// Before the first step.
    fn start(&self, seed: &SeedSequence) -> Box<dyn Effect>;

    /// Bytes that [`start`](Self::start) takes.
    fn memory(&self) -> u64;

    /// Whether anything depends on the number of steps but the last labels: then a state continues in
    /// no longer dataset.
    fn needs_the_end(&self) -> bool {
        false
    }
}

/// One running transform. What it does to a step does not depend on how many are handed to it at once.
pub(super) trait Effect: Send {
    /// Changes the steps from `first` on, at most [`block`] of them, and adds the labels that ended in
    /// them.
    fn apply(&mut self, first: usize, slabs: &mut [f64], labels: &mut Vec<Label>);

    /// Goes back before the first step.
    fn reset(&mut self);

    /// Adds what later steps depend on.
    fn save(&self, state: &mut State) {
        let _ = state;
    }

    /// Takes it back, before `step`.
    fn restore(&mut self, step: usize, saved: &mut Saved<'_>) -> Result<(), StateError> {
        let _ = (step, saved);
        Ok(())
    }
}

/// Steps that an effect is handed at once, at most: so many that values stay in the cache, and that work
/// per (channel, realization) is spread over several steps.
pub(super) const fn block(shape: Shape) -> usize {
    let steps = 2 * AT_ONCE / shape.slab();
    if steps < 16 { 16 } else { steps }
}

/// A source that effects are done to, in their order.
pub(super) struct Spoilt<'a> {
    source: Box<dyn SlabSource + 'a>,
    effects: Vec<Box<dyn Effect>>,
    fingerprint: [u8; 32],
    done: usize,
    labels: Vec<Label>,
}

impl<'a> Spoilt<'a> {
    /// `fingerprint` tells them from other effects and other seeds.
    pub(super) fn new(
        source: Box<dyn SlabSource + 'a>,
        spoils: &[(Arc<dyn Spoil>, SeedSequence)],
        fingerprint: [u8; 32],
    ) -> Self {
        let effects = spoils.iter().map(|(spoil, seed)| spoil.start(seed)).collect();
        Spoilt { source, effects, fingerprint, done: 0, labels: Vec::new() }
    }
}

impl SlabSource for Spoilt<'_> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let steps = self.source.next(slabs)?;
        let shape = self.source.head().shape;
        let slab = shape.slab();
        for block in slabs[..steps * slab].chunks_mut(block(shape) * slab) {
            for effect in &mut self.effects {
                effect.apply(self.done, block, &mut self.labels);
            }
            self.done += block.len() / slab;
        }
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.effects.iter_mut().for_each(|effect| effect.reset());
        self.done = 0;
        self.labels.clear();
        self.source.rewind()
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.source.labels(&mut self.labels);
        self.labels.sort_by(Label::order);
        labels.append(&mut self.labels);
    }

    fn save(&self) -> Option<Vec<u8>> {
        let source = self.source.save()?;
        let mut state = State::default();
        state.bytes(&self.fingerprint);
        state.u64(self.done as u64);
        self.effects.iter().for_each(|effect| effect.save(&mut state));
        state.bytes(&source);
        Some(state.seal())
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        let mut saved = Saved::open(state)?;
        if saved.bytes()? != self.fingerprint {
            return Err(StateError::Foreign.into());
        }
        let found = saved.u64()?;
        if found != step as u64 {
            return Err(StateError::Step { expected: step, found }.into());
        }
        for effect in &mut self.effects {
            effect.restore(step, &mut saved)?;
        }
        let source = saved.bytes()?;
        saved.end()?;
        self.source.restore(step, source)?;
        self.done = step;
        self.labels.clear();
        Ok(())
    }
}
