//! Which steps of a model a dataset has.

use std::ops::Range;

use crate::source::AT_ONCE;
use crate::{Head, Label, Saved, Shape, SlabSource, SourceError, State, StateError, TimeAxis};

/// A source without the first steps of another.
pub(super) struct BurnIn<'a> {
    source: Box<dyn SlabSource + 'a>,
    head: Head,
    steps: usize,
    /// Whether they are over.
    begun: bool,
    done: usize,
}

impl<'a> BurnIn<'a> {
    /// `shape` is what is left.
    pub(super) fn new(source: Box<dyn SlabSource + 'a>, steps: usize, shape: Shape) -> Self {
        let head = Head { shape, ..source.head().clone() };
        BurnIn { source, head, steps, begun: false, done: 0 }
    }

    fn begin(&mut self) -> Result<(), SourceError> {
        if !self.begun {
            self.source.skip(self.steps)?;
            self.begun = true;
        }
        Ok(())
    }
}

const BURN_IN: &[u8] = b"burn_in";

impl SlabSource for BurnIn<'_> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        self.begin()?;
        let steps = self.source.next(slabs)?;
        self.done += steps;
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        (self.begun, self.done) = (false, 0);
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        let mut state = begin(BURN_IN, self.steps, self.done);
        state.flag(self.begun);
        state.bytes(&self.source.save()?);
        Some(state.seal())
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        let mut saved = open(state, BURN_IN, self.steps, step, self.head.shape)?;
        let begun = saved.flag()?;
        let source = saved.bytes()?;
        saved.end()?;
        if !begun && step > 0 {
            return Err(StateError::Impossible { rule: "1 behind the first step", found: 0 }.into());
        }
        self.source.restore(if begun { self.steps + step } else { 0 }, source)?;
        (self.begun, self.done) = (begun, step);
        Ok(())
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        mapped(&mut *self.source, labels, |_, steps| {
            steps.start.saturating_sub(self.steps)..steps.end.saturating_sub(self.steps)
        });
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        self.begin()?;
        let skipped = self.source.skip(steps)?;
        self.done += skipped;
        Ok(skipped)
    }
}

/// A source of every so-manyth step of another, whose steps are so many times as many.
pub(super) struct Every<'a> {
    source: Box<dyn SlabSource + 'a>,
    head: Head,
    every: usize,
    buffer: Vec<f64>,
    done: usize,
}

impl<'a> Every<'a> {
    /// `shape` is what is left.
    pub(super) fn new(source: Box<dyn SlabSource + 'a>, every: usize, shape: Shape) -> Self {
        let time = thinned(source.head().time, every);
        let head = Head { shape, time, ..source.head().clone() };
        Every { source, head, every, buffer: vec![0.0; buffer(shape)], done: 0 }
    }

    pub(super) fn memory(shape: Shape) -> u64 {
        8 * buffer(shape) as u64
    }
}

/// Values that are read at once.
fn buffer(shape: Shape) -> usize {
    shape.slab() * (AT_ONCE / shape.slab()).max(1)
}

/// The axis of every so-manyth step. Steps are counted anew, and dates are those of what comes out: a
/// document gives them for the dataset.
pub(super) fn thinned(time: TimeAxis, every: usize) -> TimeAxis {
    match time {
        TimeAxis::Seconds { dt } => TimeAxis::Seconds { dt: dt * every as f64 },
        TimeAxis::Steps | TimeAxis::Instants(_) => time,
    }
}

const EVERY: &[u8] = b"every";

/// Kinds of labels of which one alone holds at each step.
const STATES: [&str; 3] = ["regime", "segment", "state"];

impl SlabSource for Every<'_> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let slab = self.head.shape.slab();
        let steps = (slabs.len() / slab).min(self.head.shape.steps() - self.done);
        // Whole blocks are read, so that a label is known with the step that it ends in.
        let (wanted, mut read) = (steps * self.every, 0);
        while read < wanted {
            let fits = self.buffer.len().min((wanted - read).saturating_mul(slab));
            let now = self.source.next(&mut self.buffer[..fits])?;
            if now == 0 {
                break;
            }
            let first = read.next_multiple_of(self.every);
            for step in (first..read + now).step_by(self.every) {
                let kept = &self.buffer[(step - read) * slab..][..slab];
                slabs[step / self.every * slab..][..slab].copy_from_slice(kept);
            }
            read += now;
        }
        let made = read.div_ceil(self.every);
        self.done += made;
        Ok(made)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.done = 0;
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        let mut state = begin(EVERY, self.every, self.done);
        state.bytes(&self.source.save()?);
        Some(state.seal())
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        let mut saved = open(state, EVERY, self.every, step, self.head.shape)?;
        let source = saved.bytes()?;
        saved.end()?;
        self.source.restore(step * self.every, source)?;
        self.done = step;
        Ok(())
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        mapped(&mut *self.source, labels, |kind, steps| {
            let kept = steps.start.div_ceil(self.every)..steps.end.div_ceil(self.every);
            // What happens between two steps that are kept is told of the first of them; of states, one alone
            // holds at each step.
            if kept.is_empty() && !STATES.contains(&kind) {
                steps.start / self.every..steps.start / self.every + 1
            } else {
                kept
            }
        });
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        let steps = steps.min(self.head.shape.steps() - self.done);
        let skipped = self.source.skip(steps * self.every)?.div_ceil(self.every);
        self.done += skipped;
        Ok(skipped)
    }
}

/// Labels of a source with other steps; those that have none left are dropped.
fn mapped(
    source: &mut dyn SlabSource,
    labels: &mut Vec<Label>,
    map: impl Fn(&str, Range<usize>) -> Range<usize>,
) {
    let new = labels.len();
    source.labels(labels);
    labels[new..].iter_mut().for_each(|label| label.steps = map(label.kind, label.steps.clone()));
    let mut index = 0;
    labels.retain(|label| {
        index += 1;
        index <= new || !label.steps.is_empty()
    });
    labels[new..].sort_by(Label::order);
}

fn begin(what: &[u8], parameter: usize, done: usize) -> State {
    let mut state = State::default();
    state.bytes(what);
    state.u64(parameter as u64);
    state.u64(done as u64);
    state
}

fn open<'a>(
    state: &'a [u8],
    what: &[u8],
    parameter: usize,
    step: usize,
    shape: Shape,
) -> Result<Saved<'a>, StateError> {
    let mut saved = Saved::open(state)?;
    if saved.bytes()? != what || saved.u64()? != parameter as u64 {
        return Err(StateError::Foreign);
    }
    let found = saved.u64()?;
    if found != step as u64 {
        return Err(StateError::Step { expected: step, found });
    }
    if step > shape.steps() {
        return Err(StateError::Beyond { steps: shape.steps(), found });
    }
    Ok(saved)
}
