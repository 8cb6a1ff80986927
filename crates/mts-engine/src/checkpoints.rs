//! Places within long data where they can be continued.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mts_core::{Head, Label, Shape, SlabSource, SourceError};
use mts_hash::{Map, Value, canonical_json, name_words, parse};

/// Data of fewer values are made again as quickly as they are continued.
const LONG: usize = 1 << 25;

/// About so many values lie between two checkpoints.
const DISTANCE: usize = 1 << 24;

/// Checkpoints take less than this part of the bytes of the data.
const PART: usize = 128;

/// Bytes that the states of all checkpoints of some data take at most: they are in memory together.
const ALL: usize = 1 << 24;

/// About so many values make a row group of a Parquet file, at whose end it can be continued.
const GROUP: usize = 1 << 20;

/// A state before a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    pub(crate) step: usize,
    pub(crate) state: Vec<u8>,
}

/// The steps between two checkpoints, where data of such a shape have any.
fn distance(shape: Shape, state_bytes: usize) -> Option<usize> {
    if shape.values() < LONG {
        return None;
    }
    let slab = shape.slab();
    let fitting = shape.steps().saturating_mul(state_bytes) / ALL;
    let steps = (DISTANCE / slab).max(PART * state_bytes / (8 * slab)).max(fitting).max(1);
    let steps = steps.next_multiple_of((GROUP / slab).max(1));
    (steps < shape.steps()).then_some(steps)
}

/// Bytes of memory that the checkpoints of data of such a shape take, and what is made of them to be
/// stored: text with two digits for a byte, and that once more between quotes.
pub(crate) fn memory(shape: Shape, state_bytes: u64) -> u64 {
    let state_bytes = usize::try_from(state_bytes).unwrap_or(usize::MAX);
    match distance(shape, state_bytes) {
        Some(distance) => 6 * (shape.steps() / distance) as u64 * state_bytes as u64,
        None => 0,
    }
}

/// A source that remembers where it can be continued.
pub(crate) struct Recording<'a> {
    source: Box<dyn SlabSource + 'a>,
    distance: Option<usize>,
    done: usize,
    /// Seen by who takes the values too, a little later.
    checkpoints: Arc<Mutex<Vec<Checkpoint>>>,
}

impl<'a> Recording<'a> {
    /// `source` stands before its first step.
    pub(crate) fn new(source: Box<dyn SlabSource + 'a>) -> Self {
        let state = source.save();
        let distance = state.and_then(|state| distance(source.head().shape, state.len()));
        Recording { source, distance, done: 0, checkpoints: Arc::default() }
    }

    /// One line for each checkpoint so far; nothing where there is none.
    pub(crate) fn text(&self) -> Option<String> {
        let checkpoints = lock(&self.checkpoints);
        (!checkpoints.is_empty()).then(|| text(&checkpoints))
    }

    /// The steps between two checkpoints, and all so far, as they become more.
    pub(crate) fn checkpoints(&self) -> Option<(usize, Arc<Mutex<Vec<Checkpoint>>>)> {
        Some((self.distance?, self.checkpoints.clone()))
    }

    /// Goes on at the last of `checkpoints`.
    pub(crate) fn resume(&mut self, checkpoints: &[Checkpoint]) -> Result<(), SourceError> {
        if let Some(last) = checkpoints.last() {
            self.source.restore(last.step, &last.state)?;
            (self.done, *lock(&self.checkpoints)) = (last.step, checkpoints.to_vec());
        }
        Ok(())
    }

    /// The steps that it has made, or need not make.
    pub(crate) fn done(&self) -> usize {
        self.done
    }

    /// The steps up to the next checkpoint.
    fn ahead(&self) -> usize {
        self.distance.map_or(usize::MAX, |distance| distance - self.done % distance)
    }
}

impl SlabSource for Recording<'_> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let slab = self.head().shape.slab();
        let mut filled = 0;
        loop {
            let wanted = (slabs.len() / slab - filled).min(self.ahead());
            let steps = self.source.next(&mut slabs[filled * slab..][..wanted * slab])?;
            if steps == 0 {
                return Ok(filled);
            }
            (filled, self.done) = (filled + steps, self.done + steps);
            let between = self.done < self.source.head().shape.steps();
            if self.distance.is_some_and(|distance| self.done.is_multiple_of(distance)) && between {
                let state = self.source.save().unwrap_or_default();
                lock(&self.checkpoints).push(Checkpoint { step: self.done, state });
            }
            if filled == slabs.len() / slab {
                return Ok(filled);
            }
        }
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.source.labels(labels);
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        (self.done, *lock(&self.checkpoints)) = (0, Vec::new());
        self.source.rewind()
    }
}

impl Checkpoint {
    /// Those before `step`, and before it.
    pub(crate) fn up_to(checkpoints: &Mutex<Vec<Checkpoint>>, step: usize) -> Vec<Checkpoint> {
        lock(checkpoints).iter().take_while(|checkpoint| checkpoint.step <= step).cloned().collect()
    }

    fn line(&self) -> String {
        let line: Map =
            [("state", Value::from(to_hex(&self.state))), ("step", self.step.into())].into_iter().collect();
        canonical_json(&line.into()) + "\n"
    }

    fn read(line: &str) -> Option<Self> {
        let line = parse(line).ok()?;
        let step = usize::try_from(line.get("step")?.as_int()?.to_u64()?).ok()?;
        Some(Checkpoint { step, state: from_hex(line.get("state")?.as_str()?)? })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

pub(crate) fn from_hex(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

/// A line for each of some checkpoints.
pub(crate) fn text(checkpoints: &[Checkpoint]) -> String {
    checkpoints.iter().map(Checkpoint::line).collect()
}

/// The name of files of checkpoints among artefacts.
pub(crate) const CHECKPOINTS: &str = "checkpoints";

/// Their extension.
pub(crate) const EXTENSION: &str = "checkpoints.jsonl";

/// The checkpoints in a text, in the order of their steps. None where it is no such text.
pub(crate) fn read(text: &str) -> Option<Vec<Checkpoint>> {
    let checkpoints = text.lines().map(Checkpoint::read).collect::<Option<Vec<_>>>()?;
    let ordered = checkpoints.is_sorted_by(|a, b| a.step < b.step);
    (ordered && checkpoints.first().is_none_or(|first| first.step > 0)).then_some(checkpoints)
}

/// 2³²
const TWO_32: f64 = 4_294_967_296.0;

/// A choice of parts of data: the same for the same data and number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The share of parts to be looked at, from 0 to 1.
    pub share: f64,
    /// Another number is another choice.
    pub seed: u64,
}

impl Sample {
    /// Whether a part of some data is chosen.
    fn has(self, data_id: &str, part: usize) -> bool {
        let [word, ..] = name_words(&format!("sample {} {data_id} {part}", self.seed));
        f64::from(word) < self.share * TWO_32
    }

    /// The chosen ones of the parts between `checkpoints`, one at least where there are several, and how many
    /// there are.
    pub(crate) fn parts<'a>(
        self,
        data_id: &str,
        steps: usize,
        checkpoints: &'a [Checkpoint],
    ) -> (Vec<Part<'a>>, usize) {
        let all = parts(steps, checkpoints);
        let chosen = all.iter().enumerate().filter(|(at, _)| self.has(data_id, *at));
        let mut chosen: Vec<Part<'a>> = chosen.map(|(_, part)| part.clone()).collect();
        if let (true, [_, _, ..]) = (chosen.is_empty(), all.as_slice()) {
            let [word, ..] = name_words(&format!("one {} {data_id}", self.seed));
            chosen.push(all[word as usize % all.len()].clone());
        }
        (chosen, all.len())
    }
}

/// Steps that can be made without those before them.
#[derive(Clone, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) steps: Range<usize>,
    /// Where it begins, unless that is the beginning of all.
    pub(crate) from: Option<&'a Checkpoint>,
    /// Where it ends, unless that is the end of all.
    pub(crate) to: Option<&'a Checkpoint>,
}

fn parts(steps: usize, checkpoints: &[Checkpoint]) -> Vec<Part<'_>> {
    (0..=checkpoints.len())
        .map(|at| {
            let (from, to) = (at.checked_sub(1).map(|at| &checkpoints[at]), checkpoints.get(at));
            let (start, end) = (from.map_or(0, |from| from.step), to.map_or(steps, |to| to.step));
            Part { steps: start.min(steps)..end.min(steps), from, to }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;

    #[test]
    fn distances_are_whole_row_groups_and_states_stay_small() {
        assert_eq!(distance(Shape::of(100, 1000, 1), 900), None);
        let shape = Shape::of(100, 10_000_000, 1);
        assert_eq!(distance(shape, 900), Some(178_245));
        assert!(distance(shape, 900).unwrap().is_multiple_of(10_485));
        let wide = Shape::of(1 << 16, 1000, 1);
        let steps = distance(wide, 8 * wide.slab()).unwrap();
        assert_eq!(steps, 256);
        let wider = Shape::of(1 << 20, 1000, 4);
        assert_eq!(distance(wider, 8 * wider.slab()), None, "one state alone is more than all may be");
    }

    #[test]
    fn all_states_together_stay_small_however_long_the_data_are() {
        for slab in [1, 100, 10_000, 1_000_000] {
            for steps in [1_000, 1_000_000, 1_000_000_000] {
                let shape = Shape::of(slab, steps, 1);
                let state = 8 * slab + 100;
                if let Some(distance) = distance(shape, state) {
                    let all = shape.steps() / distance * state;
                    assert!(all <= ALL + state, "{slab} × {steps}: {all}");
                    assert!(memory(shape, state as u64) <= 6 * (ALL + state) as u64);
                }
            }
        }
    }

    #[test]
    fn lines_are_read_back_and_nothing_else_is() {
        let checkpoints = [7, 9].map(|step| Checkpoint { step, state: vec![0, step as u8, 255] });
        let text: String = checkpoints.iter().map(Checkpoint::line).collect();
        assert_eq!(read(&text).unwrap(), checkpoints);
        assert_eq!(read("").unwrap(), []);
        for damaged in [
            "x",
            "{}",
            r#"{"state":"0","step":1}"#,
            r#"{"state":"0g","step":1}"#,
            r#"{"state":"é0","step":1}"#,
        ] {
            assert_eq!(read(damaged), None, "{damaged}");
        }
        let backwards: String = checkpoints.iter().rev().map(Checkpoint::line).collect();
        assert_eq!(read(&backwards), None);
    }

    #[test]
    fn a_sample_has_about_its_share() {
        let sample = Sample { share: 0.1, seed: 1 };
        let chosen = (0..10_000).filter(|part| sample.has("00c0ffee", *part)).count();
        assert!((850..1150).contains(&chosen), "{chosen}");
        assert!((0..100).all(|part| Sample { share: 1.0, seed: 1 }.has("x", part)));
        assert!(!(0..100).any(|part| Sample { share: 0.0, seed: 1 }.has("x", part)));
    }
}
