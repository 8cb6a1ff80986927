//! What happens along time.

use std::cmp::Ordering;
use std::ops::Range;

use mts_hash::{Map, Value, canonical_json};

/// The kind of a run of values beyond a limit.
pub(crate) const CLIP: &str = "clip";

/// Something that happened, or was done to the data, in some steps: a switch of regimes, an event, an
/// anomaly.
///
/// Labels come in the order of their last steps, so that a dataset has the same ones in the same order
/// however it is cut into pieces.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The channel; `None` for all of them.
    pub channel: Option<usize>,
    /// The realization; `None` for all of them.
    pub realization: Option<usize>,
    /// The steps, at least one, up to but not including the end.
    pub steps: Range<usize>,
    /// What it is, from the vocabulary of whoever says it: lower case, words joined by `_`.
    pub kind: &'static str,
    /// Sizes, states and causes.
    pub details: Map,
}

impl Label {
    /// The order of labels: by end, begin, channel, realization, kind and details. Runs of clipped
    /// values, which are known to have ended only a step later, come behind all others of the same end.
    pub fn order(&self, other: &Self) -> Ordering {
        let place = |label: &Self| {
            let Range { start, end } = label.steps;
            (end, label.kind == CLIP, start, label.channel, label.realization, label.kind)
        };
        place(self).cmp(&place(other)).then_with(|| details(&self.details, &other.details))
    }
}

/// Key by key as they come, numbers by their size: many labels lie in one place, and texts of all of them
/// would take long to make.
fn details(a: &Map, b: &Map) -> Ordering {
    let pair = |((a, x), (b, y)): ((&str, &Value), (&str, &Value))| {
        a.cmp(b).then_with(|| match (x, y, x.as_f64(), y.as_f64()) {
            (.., Some(x), Some(y)) => x.total_cmp(&y),
            (Value::Str(x), Value::Str(y), ..) => x.cmp(y),
            _ => canonical_json(x).cmp(&canonical_json(y)),
        })
    };
    let differing = a.iter().zip(b.iter()).map(pair).find(|order| order.is_ne());
    differing.unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// A channel that is held at a value for one step, whatever its causes would make of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// The channel, in all realizations.
    pub channel: usize,
    /// The value, finite.
    pub value: f64,
}
