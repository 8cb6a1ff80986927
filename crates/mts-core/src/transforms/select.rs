//! The channels that a transform acts on.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mts_hash::Map;
use mts_rng::{Key, Rng, keyed};

use crate::{Label, Problems, Shape};

/// Some channels of all realizations. Each (channel, realization) of them is a *lane*, counted from 0 in
/// the order of the channels.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    /// As the document lists them; all of them otherwise.
    channels: Arc<[usize]>,
    /// Whether the document lists them.
    named: bool,
    shape: Shape,
}

impl Selection {
    /// The listed channels, or all; `path` is where the list stands.
    pub(super) fn new(
        listed: Option<&[usize]>,
        shape: Shape,
        path: &str,
        problems: &mut Problems,
    ) -> Option<Self> {
        let Some(listed) = listed else { return Some(Selection::all(shape)) };
        let path = format!("{path}.channels");
        let found = problems.len();
        problems.require(&path, !listed.is_empty(), "name at least one channel, or be left out", "none");
        let (last, mut known) = (shape.channels() - 1, BTreeSet::new());
        for channel in listed {
            problems.require(&path, *channel <= last, format_args!("lie in 0..={last}"), channel);
            problems.require(&path, known.insert(channel), "name each channel once", channel);
        }
        let selection = Selection { channels: listed.into(), named: true, shape };
        (problems.len() == found).then_some(selection)
    }

    pub(super) fn all(shape: Shape) -> Self {
        Selection { channels: (0..shape.channels()).collect(), named: false, shape }
    }

    pub(super) fn channels(&self) -> &[usize] {
        &self.channels
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    /// The same realizations of other channels.
    pub(super) fn of(&self, channels: impl Iterator<Item = usize>) -> Self {
        Selection { channels: channels.collect(), named: true, shape: self.shape }
    }

    /// How many lanes there are.
    pub(super) fn lanes(&self) -> usize {
        self.channels.len() * self.shape.realizations()
    }

    pub(super) fn channel(&self, lane: usize) -> usize {
        self.channels[lane / self.shape.realizations()]
    }

    pub(super) fn realization(&self, lane: usize) -> usize {
        lane % self.shape.realizations()
    }

    /// Where a lane stands in a slab.
    pub(super) fn offset(&self, lane: usize) -> usize {
        self.channel(lane) * self.shape.realizations() + self.realization(lane)
    }

    /// The parts of a slab that are selected, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Range<usize>> {
        let realizations = self.shape.realizations();
        let (rows, width) =
            if self.named { (&*self.channels, realizations) } else { (&[0][..], self.shape.slab()) };
        rows.iter().map(move |channel| channel * realizations..channel * realizations + width)
    }

    /// A generator for each lane. It follows from the channel and the realization alone: no other channels
    /// and realizations, selected or not, change what is drawn there.
    pub(super) fn generators(&self, key: Key) -> impl Iterator<Item = Rng> {
        (0..self.lanes())
            .map(move |lane| keyed(key, (self.channel(lane) as u64) << 32 ^ self.realization(lane) as u64))
    }

    /// A label on one lane.
    pub(super) fn label(&self, lane: usize, kind: &'static str, steps: Range<usize>, details: Map) -> Label {
        let (channel, realization) = (Some(self.channel(lane)), Some(self.realization(lane)));
        Label { channel, realization, steps, kind, details }
    }

    /// Labels on all realizations of what is selected: one, or one for each channel that is listed.
    pub(super) fn throughout(
        &self,
        kind: &'static str,
        steps: &Range<usize>,
        details: &Map,
        labels: &mut Vec<Label>,
    ) {
        let label = |channel| Label {
            channel,
            realization: None,
            steps: steps.clone(),
            kind,
            details: details.clone(),
        };
        if self.named {
            labels.extend(self.channels.iter().map(|&channel| label(Some(channel))));
        } else {
            labels.push(label(None));
        }
    }
}
