//! The last slabs of a process, and the first ones that it starts from.

use std::ops::Range;

/// The last `p` slabs, in a ring.
pub(super) struct History {
    slabs: Vec<f64>,
    width: usize,
    /// Index of the oldest slab.
    oldest: usize,
}

impl History {
    /// Starts from `p` slabs, the oldest first.
    pub(super) fn new(slabs: Vec<f64>, width: usize) -> Self {
        History { slabs, width, oldest: 0 }
    }

    fn lags(&self) -> usize {
        self.slabs.len() / self.width
    }

    /// The slab `lag` steps back, 1 the newest.
    pub(super) fn lag(&self, lag: usize) -> &[f64] {
        let index = (self.oldest + self.lags() - lag) % self.lags();
        &self.slabs[index * self.width..][..self.width]
    }

    /// Replaces the oldest slab.
    pub(super) fn push(&mut self, slab: &[f64]) {
        self.slabs[self.oldest * self.width..][..self.width].copy_from_slice(slab);
        self.oldest = (self.oldest + 1) % self.lags();
    }

    /// All slabs, the oldest first.
    pub(super) fn in_order(&self) -> Vec<f64> {
        (1..=self.lags()).rev().flat_map(|lag| self.lag(lag).iter().copied()).collect()
    }
}

/// How the numbers of a history parameter fill (lag, channel, realization).
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

    /// The numbers as (lag, channel, realization).
    pub(super) fn expand(&self, data: &[f64], lags: usize, channels: usize, realizations: usize) -> Vec<f64> {
        let mut history = Vec::with_capacity(lags * channels * realizations);
        for l in 0..lags {
            for m in 0..channels {
                for r in 0..realizations {
                    history.push(data[self.index((l, m, r), (lags, channels, realizations))]);
                }
            }
        }
        history
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
}

/// How one slab follows from the history.
pub(super) trait Step: Send {
    /// Fills any number of slabs with noise, in the order of the draws.
    fn noise(&mut self, slabs: &mut [f64]);

    /// Adds what the history contributes to the noise in `slab`.
    fn step(&mut self, history: &History, slab: &mut [f64]);
}

impl<S: Step> Continued<S> {
    /// Starts from the columns of `history` (lag × channel × all realizations) that are
    /// `realizations`.
    pub(super) fn new(
        step: S,
        history: &[f64],
        lags: usize,
        total: usize,
        realizations: Range<usize>,
    ) -> Self {
        let slabs = history.chunks_exact(total).flat_map(|row| row[realizations.clone()].iter().copied());
        let slabs: Vec<f64> = slabs.collect();
        let width = slabs.len() / lags;
        Continued { step, history: History::new(slabs, width), emitted: 0, realizations, total }
    }
}

impl<S: Step> mts_core::Process for Continued<S> {
    fn fill(&mut self, steps: &mut [f64]) {
        let width = self.history.width;
        let given = (self.history.lags() - self.emitted).min(steps.len() / width);
        let (first, rest) = steps.split_at_mut(given * width);
        for slab in first.chunks_exact_mut(width) {
            slab.copy_from_slice(self.history.lag(self.history.lags() - self.emitted));
            self.emitted += 1;
        }
        self.step.noise(rest);
        for slab in rest.chunks_exact_mut(width) {
            self.step.step(&self.history, slab);
            self.history.push(slab);
        }
    }

    fn truth(&self, truth: &mut mts_core::Truth) {
        let lags = self.history.lags();
        let channels = self.history.width / self.realizations.len();
        let history = self.history.in_order();
        truth.columns("history", &[lags, channels], self.total, self.realizations.clone(), &history);
    }
}

/// The longest history of a model: beyond it, coefficients would no longer fit in memory.
const MAX_ORDER: usize = 10_000;

/// Checks the number of lags.
pub(super) fn order(p: usize, shape: mts_core::Shape, problems: &mut mts_core::Problems) -> Option<usize> {
    let fits = (1..=MAX_ORDER).contains(&p) && p.checked_mul(shape.slab()).is_some_and(|n| n < MAX_STATE);
    let limit = MAX_ORDER.min(MAX_STATE / shape.slab());
    problems.require("p", fits, format_args!("lie in 1..={limit}"), p);
    fits.then_some(p)
}

/// Values of a history: 2 GiB.
const MAX_STATE: usize = 1 << 28;

/// The history (lag, channel, realization) from a parameter, by the first of `readings` that its
/// shape fits.
pub(super) fn parameter(
    readings: &[Reading],
    given: Option<&mts_core::Tensor>,
    lags: usize,
    shape: mts_core::Shape,
    problems: &mut mts_core::Problems,
) -> Option<Vec<f64>> {
    let (channels, realizations) = (shape.channels(), shape.realizations());
    let Some(tensor) = given else {
        return Some(vec![0.0; lags * shape.slab()]);
    };
    if let Some(bad) = tensor.data().iter().find(|x| !x.is_finite()) {
        problems.finite("x0", *bad);
        return None;
    }
    let shapes = || readings.iter().map(|reading| reading.shape(lags, channels, realizations));
    let fitting = shapes().position(|shape| shape == tensor.shape());
    if fitting.is_none() {
        let mut known: Vec<String> = shapes().map(|shape| format!("{shape:?}")).collect();
        known.dedup();
        problems.add(
            "x0",
            format_args!("must have one of the shapes {}, found {:?}", known.join(", "), tensor.shape()),
        );
    }
    Some(readings[fitting?].expand(tensor.data(), lags, channels, realizations))
}
