//! Channels that are held at values for some steps.

use std::ops::Range;

use crate::{Held, Label};

/// A channel that is held at a value in some steps, in all realizations: Pearl's do-operator
/// (1995, doi:10.1093/biomet/82.4.669).
#[derive(Clone, Debug, PartialEq)]
pub struct Intervention {
    /// The channel.
    pub channel: usize,
    /// The steps, up to but not including the end.
    pub steps: Range<usize>,
    /// The value, finite.
    pub value: f64,
}

/// What the channels of a model can be held at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holds {
    /// They cannot be held.
    Nothing,
    /// Any finite value.
    Anything,
    /// States, of which there are no others.
    Among(&'static [f64]),
}

/// All interventions in a dataset, asked step by step.
pub(crate) struct Plan {
    interventions: Vec<Intervention>,
    /// The steps at which something begins or ends, ascending.
    changes: Vec<usize>,
}

impl Plan {
    pub(crate) fn new(interventions: Vec<Intervention>) -> Self {
        let ends = interventions.iter().flat_map(|of| [of.steps.start, of.steps.end]);
        let mut changes: Vec<usize> = ends.collect();
        changes.sort_unstable();
        changes.dedup();
        Plan { interventions, changes }
    }

    /// What is held at `step`, in the order of the document, and how many steps to make at once: one,
    /// where anything is.
    pub(crate) fn at(&self, step: usize, held: &mut Vec<Held>) -> usize {
        held.clear();
        let now = self.interventions.iter().filter(|of| of.steps.contains(&step));
        held.extend(now.map(|of| Held { channel: of.channel, value: of.value }));
        if !held.is_empty() {
            return 1;
        }
        let next = self.changes.partition_point(|&change| change <= step);
        self.changes.get(next).map_or(usize::MAX, |&change| change - step)
    }

    /// Labels of those that end within some steps, behind the first.
    pub(crate) fn ended(&self, steps: Range<usize>) -> impl Iterator<Item = Label> {
        let ends = move |of: &&Intervention| steps.start < of.steps.end && of.steps.end <= steps.end;
        self.interventions.iter().filter(ends).map(|of| Label {
            channel: Some(of.channel),
            realization: None,
            steps: of.steps.clone(),
            kind: "intervention",
            details: [("value", of.value)].into_iter().collect(),
        })
    }
}
