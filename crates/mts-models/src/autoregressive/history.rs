//! The last slabs of a process, and the first ones that it starts from.

use std::ops::Range;

use mts_core::{Held, Problems, Process, Saved, Shape, State, StateError, Tensor, Truth};
use mts_rng::Rng;

use crate::cached;

/// The last `p` slabs, in a ring.
pub(super) struct History {
    slabs: Vec<f64>,
    width: usize,
    lags: usize,
    /// Index of the oldest slab.
    oldest: usize,
}

impl History {
    /// Starts from `p` slabs, the oldest first.
    pub(super) fn new(slabs: Vec<f64>, width: usize) -> Self {
        let lags = slabs.len() / width;
        History { slabs, width, lags, oldest: 0 }
    }

    /// The slab `lag` steps back, 1 the newest.
    #[inline]
    pub(super) fn lag(&self, lag: usize) -> &[f64] {
        // Branches: a division would take longer than a narrow slab.
        let index = if lag <= self.oldest { self.oldest - lag } else { self.oldest + self.lags - lag };
        &self.slabs[index * self.width..][..self.width]
    }

    /// Sets channels of the slab `lag` steps back.
    fn hold(&mut self, lag: usize, held: &[Held], realizations: usize) {
        let index = if lag <= self.oldest { self.oldest - lag } else { self.oldest + self.lags - lag };
        hold(&mut self.slabs[index * self.width..][..self.width], held, realizations);
    }

    /// Replaces the oldest slab.
    pub(super) fn push(&mut self, slab: &[f64]) {
        self.slabs[self.oldest * self.width..][..self.width].copy_from_slice(slab);
        self.oldest = if self.oldest + 1 == self.lags { 0 } else { self.oldest + 1 };
    }

    /// All slabs, the oldest first.
    pub(super) fn in_order(&self) -> Vec<f64> {
        (1..=self.lags).rev().flat_map(|lag| self.lag(lag).iter().copied()).collect()
    }
}

/// How the numbers of a history parameter fill (lag, channel, realization).
#[derive(Clone, Copy, Debug)]
pub(super) enum Reading {
    /// One number per lag.
    Lags,
    /// One number per channel, the same at every lag.
    Channels,
    /// (lag, channel)
    LagsChannels,
    /// (channel, lag)
    ChannelsLags,
    /// (lag, realization)
    LagsRealizations,
    /// (channel, realization), the same at every lag
    ChannelsRealizations,
    /// (lag, channel, realization)
    Full,
    /// (channel, lag, realization)
    ChannelsFirst,
    /// (lag, realization, channel)
    ChannelsLast,
}

impl Reading {
    /// The shape that this reading takes.
    pub(super) fn shape(&self, lags: usize, channels: usize, realizations: usize) -> Vec<usize> {
        match self {
            Reading::Lags => vec![lags],
            Reading::Channels => vec![channels],
            Reading::LagsChannels => vec![lags, channels],
            Reading::ChannelsLags => vec![channels, lags],
            Reading::LagsRealizations => vec![lags, realizations],
            Reading::ChannelsRealizations => vec![channels, realizations],
            Reading::Full => vec![lags, channels, realizations],
            Reading::ChannelsFirst => vec![channels, lags, realizations],
            Reading::ChannelsLast => vec![lags, realizations, channels],
        }
    }

    fn index(
        &self,
        (l, m, r): (usize, usize, usize),
        (p, channels, realizations): (usize, usize, usize),
    ) -> usize {
        match self {
            Reading::Lags => l,
            Reading::Channels => m,
            Reading::LagsChannels => l * channels + m,
            Reading::ChannelsLags => m * p + l,
            Reading::LagsRealizations => l * realizations + r,
            Reading::ChannelsRealizations => m * realizations + r,
            Reading::Full => (l * channels + m) * realizations + r,
            Reading::ChannelsFirst => (m * p + l) * realizations + r,
            Reading::ChannelsLast => (l * realizations + r) * channels + m,
        }
    }
}

/// The first slabs of a process, as compact as they were written.
#[derive(Clone, Debug)]
pub(super) struct First {
    lags: usize,
    shape: Shape,
    /// 0 where not given.
    given: Option<(Vec<f64>, Reading)>,
}

impl First {
    /// Reads a parameter by the first of `readings` that its shape fits.
    pub(super) fn new(
        readings: &[Reading],
        given: Option<&Tensor>,
        lags: usize,
        shape: Shape,
        problems: &mut Problems,
    ) -> Option<Self> {
        let Some(tensor) = given else {
            return Some(First { lags, shape, given: None });
        };
        if let Some(bad) = tensor.data().iter().find(|x| !x.is_finite()) {
            problems.finite("x0", *bad);
            return None;
        }
        let shape_of = |reading: &Reading| reading.shape(lags, shape.channels(), shape.realizations());
        let Some(reading) = readings.iter().find(|reading| shape_of(reading) == tensor.shape()) else {
            let mut known: Vec<String> =
                readings.iter().map(|reading| format!("{:?}", shape_of(reading))).collect();
            known.dedup();
            let found = tensor.shape();
            problems
                .add("x0", format_args!("must have one of the shapes {}, found {found:?}", known.join(", ")));
            return None;
        };
        Some(First { lags, shape, given: Some((tensor.data().to_vec(), *reading)) })
    }

    /// (lag, channel, realization) of some realizations.
    fn slabs(&self, realizations: Range<usize>) -> Vec<f64> {
        let (channels, total) = (self.shape.channels(), self.shape.realizations());
        let Some((data, reading)) = &self.given else {
            return vec![0.0; self.lags * channels * realizations.len()];
        };
        let mut slabs = Vec::with_capacity(self.lags * channels * realizations.len());
        for l in 0..self.lags {
            for m in 0..channels {
                let value = |r| data[reading.index((l, m, r), (self.lags, channels, total))];
                slabs.extend(realizations.clone().map(value));
            }
        }
        slabs
    }
}

/// Sets channels of a slab.
pub(super) fn hold(slab: &mut [f64], held: &[Held], realizations: usize) {
    for Held { channel, value } in held {
        slab[channel * realizations..][..realizations].fill(*value);
    }
}

/// A process that first emits its history, then continues it.
pub(super) struct Continued<S> {
    pub(super) step: S,
    history: History,
    /// How many slabs of the history have been emitted.
    emitted: usize,
    realizations: Range<usize>,
    total: usize,
    /// What the next step alone holds.
    held: Vec<Held>,
}

/// How one slab follows from the history.
pub(super) trait Step: Send {
    /// Fills any number of slabs with noise, in the order of the draws.
    fn noise(&mut self, slabs: &mut [f64]);

    /// Adds what the history contributes to the noise in `slab`. Channels that are held are set afterwards;
    /// a step in which channels depend on each other sets them itself, before what depends on them.
    fn step(&mut self, history: &History, slab: &mut [f64], held: &[Held]);

    /// The noise's generator: all of a step that changes.
    fn rng(&self) -> &Rng;

    /// The noise's generator, to be moved.
    fn rng_mut(&mut self) -> &mut Rng;
}

impl<S: Step> Continued<S> {
    /// Starts `realizations` from their part of `first`.
    pub(super) fn new(step: S, first: &First, realizations: Range<usize>) -> Self {
        let slabs = first.slabs(realizations.clone());
        let width = slabs.len() / first.lags;
        let total = first.shape.realizations();
        Continued {
            step,
            history: History::new(slabs, width),
            emitted: 0,
            realizations,
            total,
            held: Vec::new(),
        }
    }
}

impl<S: Step> Continued<S> {
    /// Starts `realizations` after `burn_in` steps from 0, of which nothing is emitted.
    pub(super) fn after(
        burn_in: usize,
        lags: usize,
        step: S,
        shape: Shape,
        realizations: Range<usize>,
    ) -> Self {
        let first = First { lags, shape, given: None };
        let mut process = Continued::new(step, &first, realizations);
        process.emitted = lags;
        let mut slab = vec![0.0; process.history.width];
        (0..burn_in).for_each(|_| process.fill(&mut slab));
        process
    }
}

impl<S: Step> Process for Continued<S> {
    fn fill(&mut self, steps: &mut [f64]) {
        let width = self.history.width;
        // What is held is held in the first step alone.
        let mut held = std::mem::take(&mut self.held);
        let given = (self.history.lags - self.emitted).min(steps.len() / width);
        let (first, rest) = steps.split_at_mut(given * width);
        for slab in first.chunks_exact_mut(width) {
            let lag = self.history.lags - self.emitted;
            self.history.hold(lag, &held, self.realizations.len());
            held.clear();
            slab.copy_from_slice(self.history.lag(lag));
            self.emitted += 1;
        }
        for piece in rest.chunks_mut(cached(width)) {
            self.step.noise(piece);
            for slab in piece.chunks_exact_mut(width) {
                self.step.step(&self.history, slab, &held);
                hold(slab, &held, self.realizations.len());
                held.clear();
                self.history.push(slab);
            }
        }
    }

    fn hold(&mut self, held: &[Held]) {
        self.held.extend_from_slice(held);
    }

    fn save(&self, state: &mut State) {
        state.rng(self.step.rng());
        state.f64s(&self.history.in_order());
        state.u64(self.emitted as u64);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(self.step.rng_mut())?;
        let mut slabs = self.history.in_order();
        saved.f64s(&mut slabs)?;
        self.history = History::new(slabs, self.history.width);
        self.emitted = saved.index(self.history.lags)?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let lags = self.history.lags;
        let channels = self.history.width / self.realizations.len();
        let history = self.history.in_order();
        truth.columns("history", &[lags, channels], self.total, self.realizations.clone(), &history);
    }
}

/// The longest history: with it, eigenvalues of a companion matrix take a minute.
pub(super) const MAX_ORDER: usize = 2048;

/// Values of a history: 2 GiB.
const MAX_STATE: usize = 1 << 28;

/// Checks the number of lags.
pub(super) fn order(p: usize, shape: Shape, problems: &mut Problems) -> Option<usize> {
    let limit = MAX_ORDER.min(MAX_STATE / shape.slab());
    let fits = (1..=limit).contains(&p);
    problems.require("p", fits, format_args!("lie in 1..={limit}"), p);
    fits.then_some(p)
}
