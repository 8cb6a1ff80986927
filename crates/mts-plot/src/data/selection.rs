//! What of a dataset is drawn, checked.

use std::ops::Range;

use mts_core::{CHANNEL_NAMES, Head, SlabSource, Time, TimeAxis, Value};

use crate::{Options, PlotError};

/// Values that are read at once.
const AT_ONCE: usize = 1 << 16;

/// Steps, channels and realizations of a dataset, all of which it has.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    pub(crate) time: TimeAxis,
    /// The first step and the one after the last.
    pub(crate) steps: Range<usize>,
    /// As the options name them, or all.
    pub(crate) channels: Vec<usize>,
    /// Whether the options name channels.
    pub(crate) named: bool,
    /// The one realization that is drawn where only one is.
    pub(crate) realization: usize,
    /// Those that are put together where several are.
    pub(crate) realizations: Range<usize>,
    /// Realizations of the dataset: the distance from one channel to the next.
    pub(crate) stride: usize,
    /// Values of a step.
    pub(crate) slab: usize,
    /// What channels are called, where they have names.
    names: Vec<String>,
}

impl Selection {
    /// What a channel is called: its name, or its number.
    pub(crate) fn channel(&self, channel: usize) -> String {
        self.names.get(channel).cloned().unwrap_or_else(|| format!("channel {channel}"))
    }

    pub(crate) fn new(head: &Head, options: &Options) -> Result<Self, PlotError> {
        let shape = head.shape;
        let (channels, realizations) = (shape.channels(), shape.realizations());
        if let Some(found) = options.realization.filter(|found| *found >= realizations) {
            return Err(PlotError::Realization { found, realizations });
        }
        if let Some(named) = &options.channels {
            if named.is_empty() {
                return Err(PlotError::Empty("no channel is named".to_owned()));
            }
            if let Some(found) = named.iter().copied().find(|found| *found >= channels) {
                return Err(PlotError::Channel { found, channels });
            }
        }
        let names = head.attributes.get(CHANNEL_NAMES).and_then(Value::as_list).unwrap_or_default();
        let names = names.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect();
        Ok(Selection {
            names,
            time: head.time,
            steps: steps(head, options)?,
            channels: options.channels.clone().unwrap_or_else(|| (0..channels).collect()),
            named: options.channels.is_some(),
            realization: options.realization.unwrap_or(0),
            realizations: options.realization.map_or(0..realizations, |one| one..one + 1),
            stride: realizations,
            slab: shape.slab(),
        })
    }

    /// How many steps there are: at least one.
    pub(crate) fn length(&self) -> usize {
        self.steps.len()
    }

    /// The first channels, and what to say where there are more. Of those that were asked for by name, eight
    /// times as many.
    pub(crate) fn first(&self, most: usize) -> (Vec<usize>, Option<String>) {
        let all = self.channels.len();
        let most = if self.named { 8 * most } else { most };
        if all <= most {
            return (self.channels.clone(), None);
        }
        (self.channels[..most].to_vec(), Some(format!("the first {most} of {all} channels")))
    }

    /// The position of a step along an axis.
    pub(crate) fn position(&self, step: usize) -> f64 {
        self.time.at(step).as_f64()
    }

    /// Where the last value of the axis is; half a step on where there is only one.
    pub(crate) fn ends(&self) -> (f64, f64) {
        (self.position(self.steps.start), self.position(self.steps.end - 1))
    }

    /// Gives the selected steps to `take`, whole slabs at a time, with the number of the first, counted
    /// from the beginning of the selection.
    pub(crate) fn read(
        &self,
        source: &mut dyn SlabSource,
        mut take: impl FnMut(usize, &[f64]),
    ) -> Result<(), PlotError> {
        source.rewind()?;
        source.skip(self.steps.start)?;
        let mut buffer = vec![0.0; self.slab * (AT_ONCE / self.slab).clamp(1, self.length())];
        let mut done = 0;
        while done < self.length() {
            let fits = buffer.len().min((self.length() - done) * self.slab);
            let steps = source.next(&mut buffer[..fits])?;
            if steps == 0 {
                break;
            }
            take(done, &buffer[..steps * self.slab]);
            done += steps;
        }
        Ok(())
    }
}

/// The steps whose times are asked for.
fn steps(head: &Head, options: &Options) -> Result<Range<usize>, PlotError> {
    let all = head.shape.steps();
    // Times grow, so the steps before one are found by halving.
    let before = |time: Time, or_at: bool| {
        let (mut low, mut high) = (0, all);
        while low < high {
            let middle = low + (high - low) / 2;
            let at = head.time.at(middle).as_f64();
            if at < time.as_f64() || (or_at && at == time.as_f64()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    };
    let start = options.from.map_or(0, |from| before(from, false));
    let end = options.to.map_or(all, |to| before(to, true));
    if start < end {
        return Ok(start..end);
    }
    let bound = |name: &str, time: Option<Time>| time.map(|time| format!("{name} {time}"));
    let asked: Vec<String> =
        [bound("from", options.from), bound("to", options.to)].into_iter().flatten().collect();
    Err(PlotError::Empty(format!(
        "no step is {}; the dataset goes from {} to {}",
        asked.join(" "),
        head.time.at(0),
        head.time.at(all - 1)
    )))
}
