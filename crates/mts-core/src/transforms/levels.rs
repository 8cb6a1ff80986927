//! Levels that an instrument can show: limits and steps.

use mts_hash::{Map, SeedSequence};
use mts_rng::simd::{Kernel, dispatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::effect::{Effect, Spoil};
use super::select::Selection;
use crate::label::CLIP;
use crate::{Label, Problems, Saved, Shape, State, StateError};

const QUANTISE: &str = "quantise";

/// Values beyond a limit become that limit. Each run of them is labelled.
///
/// A run is known to have ended one step later, and its label comes then: behind all others of the same end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clip {
    /// The least value; no limit where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The greatest value; no limit where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The channels with limits, counted from 0; all where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
}

/// Values are rounded to levels at equal distances, to the even one half-way between two.
///
/// With `step`, levels are its multiples. With `bits`, they are the 2^bits levels from `low` to `high`, and
/// values beyond become one of those two: an analogue-to-digital converter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantise {
    /// The distance of levels, above 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub step: Option<f64>,
    /// The number of levels, as a power of two: 1 to 32. Instead of `step`; needs `low` and `high`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 32))]
    pub bits: Option<u32>,
    /// The least level; with `bits` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The greatest level; with `bits` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The channels that are rounded, counted from 0; all where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
}

impl Clip {
    pub(super) fn check(
        &self,
        shape: Shape,
        path: &str,
        problems: &mut Problems,
    ) -> Option<impl Spoil + use<>> {
        let before = problems.len();
        let limits = [("low", self.low), ("high", self.high)];
        for (name, limit) in limits {
            problems.finite(&format!("{path}.{name}"), limit.unwrap_or(0.0));
        }
        problems.require(
            path,
            limits.iter().any(|(_, limit)| limit.is_some()),
            "have low or high",
            "neither",
        );
        let (low, high) = (self.low.unwrap_or(f64::NEG_INFINITY), self.high.unwrap_or(f64::INFINITY));
        let rule = format_args!("be above low = {low:?}");
        problems.require(&format!("{path}.high"), low < high || problems.len() > before, rule, high);
        let selection = Selection::new(self.channels.as_deref(), shape, path, problems)?;
        let given = limits.into_iter().filter_map(|(name, limit)| Some((name, limit?)));
        let limits = Limits { selection, low, high, details: given.collect() };
        (problems.len() == before).then_some(limits)
    }
}

#[derive(Clone)]
struct Limits {
    selection: Selection,
    low: f64,
    high: f64,
    details: Map,
}

impl Spoil for Limits {
    fn start(&self, _: &SeedSequence) -> Box<dyn Effect> {
        let runs = vec![NO_RUN; self.selection.lanes()];
        Box::new(Clipping { limits: self.clone(), runs, open: 0 })
    }

    fn memory(&self) -> u64 {
        8 * self.selection.lanes() as u64
    }
}

struct Clipping {
    limits: Limits,
    /// Where the run of each lane began that goes on.
    runs: Vec<usize>,
    /// How many go on.
    open: usize,
}

const NO_RUN: usize = usize::MAX;

impl Effect for Clipping {
    fn apply(&mut self, first: usize, slabs: &mut [f64], labels: &mut Vec<Label>) {
        let Limits { selection, low, high, details } = &self.limits;
        let (low, high) = (*low, *high);
        let slab = selection.shape().slab();
        let end = first + slabs.len() / slab;
        if self.open > 0 || dispatch(AnyBeyond { values: slabs, low, high }) {
            for (step, slab) in (first..).zip(slabs.chunks_exact_mut(slab)) {
                let mut lane = 0;
                for row in selection.rows() {
                    for x in &mut slab[row] {
                        let run = &mut self.runs[lane];
                        let beyond = *x < low || *x > high;
                        if beyond {
                            *x = if *x < low { low } else { high };
                        }
                        if beyond != (*run != NO_RUN) {
                            if beyond {
                                (*run, self.open) = (step, self.open + 1);
                            } else {
                                labels.push(selection.label(lane, CLIP, *run..step, details.clone()));
                                (*run, self.open) = (NO_RUN, self.open - 1);
                            }
                        }
                        lane += 1;
                    }
                }
            }
        }
        if end == selection.shape().steps() {
            for (lane, run) in self.runs.iter().enumerate().filter(|(_, run)| **run != NO_RUN) {
                labels.push(selection.label(lane, CLIP, *run..end, details.clone()));
            }
        }
    }

    fn reset(&mut self) {
        self.runs.fill(NO_RUN);
        self.open = 0;
    }

    fn save(&self, state: &mut State) {
        self.runs.iter().for_each(|run| state.u64(if *run == NO_RUN { u64::MAX } else { *run as u64 }));
    }

    fn restore(&mut self, step: usize, saved: &mut Saved<'_>) -> Result<(), StateError> {
        for run in &mut self.runs {
            let found = saved.u64()?;
            let before = usize::try_from(found).ok().filter(|run| *run < step);
            *run = match before {
                Some(run) => run,
                None if found == u64::MAX => NO_RUN,
                None => return Err(StateError::Impossible { rule: "a step before", found }),
            };
        }
        self.open = self.runs.iter().filter(|run| **run != NO_RUN).count();
        Ok(())
    }
}

/// Whether any value lies beyond the limits.
struct AnyBeyond<'a> {
    values: &'a [f64],
    low: f64,
    high: f64,
}

impl Kernel for AnyBeyond<'_> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let mut any = false;
        for x in self.values {
            any |= (*x < self.low) | (*x > self.high);
        }
        any
    }
}

impl Quantise {
    pub(super) fn check(
        &self,
        shape: Shape,
        path: &str,
        problems: &mut Problems,
    ) -> Option<impl Spoil + use<>> {
        let (before, of) = (problems.len(), |key: &str| format!("{path}.{key}"));
        let mut details = Map::new();
        let levels = match (self.step, self.bits) {
            (Some(step), None) => {
                problems.positive(&of("step"), step);
                for (name, limit) in [("low", self.low), ("high", self.high)] {
                    let rule = "be left out with step: put a clip before it";
                    problems.require(&of(name), limit.is_none(), rule, limit.unwrap_or_default());
                }
                details.insert("step", step);
                Some(Levels { low: 0.0, step, last: None })
            }
            (None, Some(bits)) => {
                problems.require(&of("bits"), (1..=32).contains(&bits), "lie in 1..=32", bits);
                let (low, high) = self.ends(path, problems);
                details.insert("bits", bits);
                details.insert("low", low);
                details.insert("high", high);
                // Halves do not overflow where the difference does.
                let last = (1_u64 << bits.clamp(1, 32)) as f64 - 1.0;
                let step = 2.0 * (high / 2.0 / last - low / 2.0 / last);
                let apart = low + step > low && high - step < high;
                if problems.len() == before {
                    problems.require(&of("high"), apart, "leave levels apart", format_args!("{high:?}"));
                }
                Some(Levels { low, step, last: Some((last, high)) })
            }
            (step, _) => {
                let found = if step.is_some() { "both" } else { "neither" };
                problems.require(path, false, "have either step or bits", found);
                None
            }
        };
        let selection = Selection::new(self.channels.as_deref(), shape, path, problems);
        let (levels, selection) = (levels?, selection?);
        (problems.len() == before).then_some(Quantised { selection, levels, details })
    }

    /// The least and the greatest level.
    fn ends(&self, path: &str, problems: &mut Problems) -> (f64, f64) {
        let (Some(low), Some(high)) = (self.low, self.high) else {
            problems.require(path, false, "have low and high beside bits", "not both");
            return (0.0, 1.0);
        };
        problems.finite(&format!("{path}.low"), low);
        problems.finite(&format!("{path}.high"), high);
        problems.require(&format!("{path}.high"), low < high, format_args!("be above low = {low:?}"), high);
        (low, high)
    }
}

#[derive(Clone)]
struct Quantised {
    selection: Selection,
    levels: Levels,
    details: Map,
}

#[derive(Clone, Copy)]
struct Levels {
    low: f64,
    step: f64,
    /// The number of the greatest level and the level itself.
    last: Option<(f64, f64)>,
}

/// From here on, every float is whole.
const WHOLE: f64 = (1_u64 << 52) as f64;

impl Levels {
    #[inline(always)]
    fn round(self, x: f64) -> f64 {
        match self.last {
            // No level has two zeros.
            None => {
                let steps = x / self.step;
                if steps.abs() < WHOLE { steps.round_ties_even() * self.step + 0.0 } else { x }
            }
            Some((last, high)) => {
                let steps = ((x - self.low) / self.step).round_ties_even();
                if steps <= 0.0 {
                    self.low
                } else if steps >= last {
                    high
                } else {
                    self.low + steps * self.step
                }
            }
        }
    }
}

impl Spoil for Quantised {
    fn start(&self, _: &SeedSequence) -> Box<dyn Effect> {
        Box::new(self.clone())
    }

    fn memory(&self) -> u64 {
        0
    }
}

impl Effect for Quantised {
    fn apply(&mut self, first: usize, slabs: &mut [f64], labels: &mut Vec<Label>) {
        let Quantised { selection, levels, details } = &*self;
        dispatch(Round { selection, levels: *levels, slabs });
        let end = selection.shape().steps();
        if first + slabs.len() / selection.shape().slab() == end {
            selection.throughout(QUANTISE, &(0..end), details, labels);
        }
    }

    fn reset(&mut self) {}
}

struct Round<'a> {
    selection: &'a Selection,
    levels: Levels,
    slabs: &'a mut [f64],
}

impl Kernel for Round<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let slab = self.selection.shape().slab();
        for row in self.selection.rows() {
            if row.len() == slab {
                self.slabs.iter_mut().for_each(|x| *x = self.levels.round(*x));
                continue;
            }
            for slab in self.slabs.chunks_exact_mut(slab) {
                slab[row.clone()].iter_mut().for_each(|x| *x = self.levels.round(*x));
            }
        }
    }
}
