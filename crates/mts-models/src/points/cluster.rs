//! Immigrants and their descendants, one event after the other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use mts_core::{Saved, State, StateError};
use mts_rng::Rng;

use super::branching::{Branching, pick};
use super::counts;

/// A cluster process of exponential delays.
#[derive(Clone, Debug)]
pub(super) struct Clusters {
    pub branching: Branching,
    /// Channels of immigrants.
    pub immigrants: Vec<(u32, f64)>,
    /// Mean seconds between immigrants of any channel.
    pub wait: f64,
    /// Mean seconds from an event to its child.
    pub delay: f64,
}

/// An event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub time: f64,
    pub channel: usize,
    pub number: i64,
    pub parent: Option<i64>,
}

/// A child that was drawn and is not yet born, in order of time. Equal ones are the same.
#[derive(Clone, Copy, Debug)]
struct Child {
    time: f64,
    parent: i64,
    channel: usize,
}

impl Child {
    fn key(&self) -> (i64, i64, usize) {
        (order(self.time), self.parent, self.channel)
    }
}

/// Floats in their order, as integers.
fn order(x: f64) -> i64 {
    let bits = x.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

impl PartialEq for Child {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Child {}

impl PartialOrd for Child {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Child {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// One realization: where its events stand.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    immigrant: f64,
    children: BinaryHeap<Reverse<Child>>,
    number: i64,
}

/// Numbers of events are exact as floats.
const MAX_NUMBER: usize = 1 << 53;

impl Stream {
    /// A stream without events so far, from `begin` on.
    pub(super) fn new(clusters: &Clusters, begin: f64, rng: &mut Rng) -> Self {
        let immigrant = begin + clusters.wait * rng.standard_exponential();
        Stream { immigrant, children: BinaryHeap::new(), number: 0 }
    }

    /// Lets what happened so far have negative numbers: the next event is number 0.
    pub(super) fn renumber(&mut self) {
        let shifted =
            |Reverse(child): &Reverse<Child>| Reverse(Child { parent: child.parent - self.number, ..*child });
        self.children = self.children.iter().map(shifted).collect();
        self.number = 0;
    }

    /// The next event before `end`. Draws for it: the next immigrant where it is one, then the number of
    /// its children, then for each the channel and the delay.
    #[inline]
    pub(super) fn next(&mut self, clusters: &Clusters, end: f64, rng: &mut Rng) -> Option<Event> {
        let born = self.children.peek().map_or(f64::INFINITY, |Reverse(child)| child.time);
        let time = born.min(self.immigrant);
        if time >= end {
            return None;
        }
        let number = self.number;
        let (channel, parent) = if self.immigrant <= born {
            self.immigrant = time + clusters.wait * rng.standard_exponential();
            (pick(&clusters.immigrants, rng), None)
        } else {
            let Reverse(child) = self.children.pop().expect("the child that was looked at");
            (child.channel, Some(child.parent))
        };
        for _ in 0..clusters.branching.children(channel, rng) {
            let channel = clusters.branching.channel(channel, rng);
            let time = time + clusters.delay * rng.standard_exponential();
            self.children.push(Reverse(Child { time, parent: number, channel }));
        }
        self.number += 1;
        Some(Event { time, channel, number, parent })
    }

    pub(super) fn save(&self, state: &mut State) {
        state.f64(self.immigrant);
        state.u64(self.number as u64);
        let mut children = self.children.clone().into_vec();
        children.sort_unstable();
        state.u64(children.len() as u64);
        for Reverse(child) in children {
            state.f64(child.time);
            state.u64(child.parent as u64);
            state.u64(child.channel as u64);
        }
    }

    /// Takes back what happens from `now` on.
    pub(super) fn restore(
        &mut self,
        channels: usize,
        now: f64,
        saved: &mut Saved<'_>,
    ) -> Result<(), StateError> {
        self.immigrant = saved.f64()?;
        counts::later(self.immigrant, now)?;
        self.number = saved.index(MAX_NUMBER)? as i64;
        let count = saved.u64()?;
        self.children.clear();
        for _ in 0..count {
            let time = saved.f64()?;
            counts::later(time, now)?;
            let parent = saved.u64()? as i64;
            if parent >= self.number {
                return Err(StateError::Impossible {
                    rule: "a parent that has happened",
                    found: parent as u64,
                });
            }
            let channel = saved.index(channels - 1)?;
            self.children.push(Reverse(Child { time, parent, channel }));
        }
        Ok(())
    }
}
