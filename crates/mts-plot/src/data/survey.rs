//! What has to be known of all values before they can be counted.

use std::ops::Range;

use super::Selection;

/// Of one channel, all selected realizations together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Channel {
    pub(crate) least: f64,
    pub(crate) greatest: f64,
    /// Of the finite ones.
    pub(crate) mean: f64,
    pub(crate) finite: u64,
    pub(crate) missing: u64,
    /// The sum of the finite ones, less `base` each.
    sum: f64,
    base: f64,
}

impl Channel {
    /// The greatest distance from the mean; 1 where there is none.
    pub(crate) fn reach(&self) -> f64 {
        let reach = (self.greatest - self.mean).max(self.mean - self.least);
        if reach > 0.0 && reach.is_finite() { reach } else { 1.0 }
    }
}

/// Each selected channel's.
#[derive(Clone, Debug)]
pub(crate) struct Survey {
    pub(crate) channels: Vec<Channel>,
    selection: Selection,
    realizations: Range<usize>,
    /// Some of all values, evenly spread.
    sample: Vec<f64>,
    /// How far they are apart.
    every: usize,
    /// Values until the next one.
    until: usize,
}

/// Values that a sample has at most.
const SAMPLE: usize = 1 << 14;

impl Survey {
    pub(crate) fn new(selection: &Selection, realizations: Range<usize>) -> Self {
        let empty = Channel {
            least: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
            mean: f64::NAN,
            finite: 0,
            missing: 0,
            sum: 0.0,
            base: 0.0,
        };
        let all = selection.length() * selection.channels.len() * realizations.len();
        Survey {
            channels: vec![empty; selection.channels.len()],
            selection: selection.clone(),
            realizations,
            sample: Vec::new(),
            every: all.div_ceil(SAMPLE),
            until: 0,
        }
    }

    pub(crate) fn take(&mut self, slabs: &[f64]) {
        let selection = &self.selection;
        for (channel, place) in self.channels.iter_mut().zip(&selection.channels) {
            let (mut sum, mut found) = (0.0, 0);
            for slab in slabs.chunks_exact(selection.slab) {
                let row = &slab[place * selection.stride..][..selection.stride];
                for value in &row[self.realizations.clone()] {
                    if self.until == 0 {
                        self.sample.push(*value);
                        self.until = self.every;
                    }
                    self.until -= 1;
                    if !value.is_finite() {
                        channel.missing += 1;
                        continue;
                    }
                    if channel.finite + found == 0 {
                        channel.base = *value;
                    }
                    channel.least = channel.least.min(*value);
                    channel.greatest = channel.greatest.max(*value);
                    sum += *value - channel.base;
                    found += 1;
                }
            }
            channel.sum += sum;
            channel.finite += found;
        }
    }

    pub(crate) fn finish(mut self) -> Self {
        self.sample.retain(|value| value.is_finite());
        self.sample.sort_unstable_by(f64::total_cmp);
        for channel in &mut self.channels {
            channel.mean = channel.base + channel.sum / channel.finite as f64;
        }
        self
    }

    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        self.channels
            .iter()
            .filter(|channel| channel.finite > 0)
            .map(|channel| (channel.least, channel.greatest))
            .reduce(|(least, greatest), (low, high)| (least.min(low), greatest.max(high)))
    }

    /// Between which 95 % of the values are, about.
    pub(crate) fn bulk(&self) -> (f64, f64) {
        let last = self.sample.len().saturating_sub(1);
        let at = |share: f64| self.sample.get((share * last as f64) as usize).copied().unwrap_or_default();
        (at(0.025), at(0.975))
    }

    pub(crate) fn missing(&self) -> u64 {
        self.channels.iter().map(|channel| channel.missing).sum()
    }
}
