//! What of a dataset is drawn, and how.

use mts_core::{Law, Time};

use crate::Theme;

/// How series of values are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Series {
    /// A line for each channel of one realization.
    #[default]
    Lines,
    /// A stem from zero to each value.
    Stems,
    /// All realizations of each channel over each other.
    Overlay,
    /// For each channel, the median of all realizations and the bands that hold half and nine tenths of
    /// them.
    Fan,
}

/// Steps of a channel that something is known about, such as an injected anomaly.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The channel; `None` where it concerns all.
    pub channel: Option<usize>,
    /// The realization; `None` where it concerns all.
    pub realization: Option<usize>,
    /// Its steps.
    pub steps: std::ops::Range<usize>,
    /// What it is.
    pub kind: String,
}

/// The pixels that a picture can be wide and high.
pub const SIZES: std::ops::RangeInclusive<u32> = 100..=16_384;

/// The most pixels of a picture: their colours take 64 MiB.
pub const MAX_PIXELS: u64 = 1 << 24;

/// Pixels that a plot needs for its texts, from left to right and from top to bottom.
pub const LEAST: (u32, u32) = (320, 200);

/// What of a dataset is drawn, and how. The default is what suits the kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The realization; where none is given, the first one, or all of them where a kind puts
    /// realizations together.
    pub realization: Option<usize>,
    /// The channels, in the order in which they are drawn; where none are given, as many as a picture
    /// can hold.
    pub channels: Option<Vec<usize>>,
    /// The first time.
    pub from: Option<Time>,
    /// The last time.
    pub to: Option<Time>,
    /// The title; where none is given, the kind.
    pub title: Option<String>,
    /// Pixels, one of [`SIZES`]; where none are given, 960 for each plot.
    pub width: Option<u32>,
    /// Pixels, one of [`SIZES`]; where none are given, 420 for each plot.
    pub height: Option<u32>,
    /// The colours.
    pub theme: Theme,
    /// How [`timeseries`](crate::timeseries) draws.
    pub series: Series,
    /// What [`timeseries`](crate::timeseries) shades.
    pub spans: Vec<Span>,
    /// The law that values tend to: one for all channels, or one for each; none where it is not known.
    pub laws: Vec<Law>,
    /// Whether values are angles in radians, of which an overview shows the phase.
    pub angles: bool,
}
