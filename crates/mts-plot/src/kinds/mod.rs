//! The kinds of pictures. A further one is a module with an [`Aggregate`] and a line in `kinds!`.

mod acf;
mod correlation;
mod heatmap;
mod histogram;
mod network;
mod phase;
mod portrait;
mod psd;
mod shades;
mod timeseries;

use std::fmt;
use std::str::FromStr;

use mts_core::{Head, SlabSource, TimeAxis};

use crate::axes::{Axis, Scale, counted};
use crate::data::{Selection, Survey};
use crate::picture::HEADING;
use crate::scene::{Group, Point, Theme};
use crate::{Figure, LEAST, MAX_PIXELS, Options, Picture, PlotError, SIZES};

/// Parts of a picture, each with its upper left corner.
pub(crate) type Parts = Vec<(Point, Vec<Group>)>;

/// What collects values in constant memory until it is drawn.
pub(crate) trait Aggregate: Send {
    /// Takes whole slabs; `step` counts from the beginning of the selection.
    fn take(&mut self, step: usize, slabs: &[f64]);

    /// Draws what was collected.
    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts;
}

/// What a kind is drawn on.
#[derive(Clone, Debug)]
pub(crate) struct Canvas {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) theme: Theme,
    pub(crate) title: String,
}

/// Which values have to be surveyed before they are collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    Nothing,
    /// Those of one realization.
    One,
    /// Those of all selected realizations.
    All,
}

/// All that a kind is made from.
pub(crate) struct Given<'a> {
    pub(crate) head: &'a Head,
    pub(crate) options: &'a Options,
    pub(crate) selection: &'a Selection,
    /// As asked for by [`Before`]; empty where nothing was.
    pub(crate) survey: &'a Survey,
    pub(crate) canvas: &'a Canvas,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $module:ident),* $(,)?) => {
        /// A kind of picture.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[doc = $doc])* $kind,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind),*];

            /// Its name in commands.
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$kind => stringify!($module),)*
                }
            }

            /// What it shows, in one line.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Kind::$kind => concat!($($doc),*).trim_ascii(),)*
                }
            }

            fn before(self) -> Before {
                match self {
                    $(Kind::$kind => $module::BEFORE,)*
                }
            }

            fn start(self, given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
                match self {
                    $(Kind::$kind => $module::start(given),)*
                }
            }
        }

        $(
            $(#[doc = $doc])*
            ///
            /// # Errors
            ///
            /// Where the options ask for what the dataset does not have, or it cannot be read.
            pub fn $module(source: &mut dyn SlabSource, options: &Options) -> Result<Picture, PlotError> {
                compose(source, &[Kind::$kind], 1, options)
            }
        )*
    };
}

kinds! {
    /// Time × channel of one realization as colours.
    Heatmap = heatmap,
    /// Values over time.
    Timeseries = timeseries,
    /// Angles over time without jumps, and how much they agree.
    Phase = phase,
    /// Autocorrelation by lag.
    Acf = acf,
    /// Power spectral density.
    Psd = psd,
    /// How often values occur.
    Histogram = histogram,
    /// Correlation of each channel with each other.
    Correlation = correlation,
    /// One channel against another.
    Portrait = portrait,
    /// Which channel acts on which, as the truth has it.
    Network = network,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Kind::ALL.iter().find(|kind| kind.name() == name);
        found.copied().ok_or_else(|| {
            let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            format!("no kind of picture is called {name:?}: there are {}", names.join(", "))
        })
    }
}

impl Kind {
    /// The kinds that suit a dataset: what an overview shows.
    pub fn suiting(head: &Head, options: &Options) -> Vec<Kind> {
        let several = options.channels.as_ref().map_or(head.shape.channels(), Vec::len) > 1;
        let long = head.shape.steps() >= psd::LEAST;
        let graph = head.truth.as_ref().is_some_and(|truth| !truth.graphs.is_empty());
        let suits = |kind: &Kind| match kind {
            Kind::Timeseries | Kind::Histogram => true,
            Kind::Heatmap | Kind::Correlation => several,
            Kind::Acf | Kind::Psd => long,
            Kind::Phase => options.angles,
            Kind::Portrait => false,
            Kind::Network => several && graph,
        };
        Kind::ALL.iter().copied().filter(suits).collect()
    }
}

/// Several kinds in a grid of `columns`, for which the values are read once, or twice where a kind has
/// to know their range before.
///
/// # Errors
///
/// Where the options ask for what the dataset does not have, or it cannot be read.
pub fn compose(
    source: &mut dyn SlabSource,
    kinds: &[Kind],
    columns: usize,
    options: &Options,
) -> Result<Picture, PlotError> {
    let columns = columns.clamp(1, kinds.len().max(1));
    let rows = kinds.len().div_ceil(columns);
    for found in [options.width, options.height].into_iter().flatten() {
        if !SIZES.contains(&found) {
            return Err(PlotError::Size { found });
        }
    }
    let head = source.head().clone();
    let selection = Selection::new(&head, options)?;
    let width = options.width.map_or(960.0, |width| f64::from(width) / columns as f64);
    let heading = options.title.as_ref().filter(|_| kinds.len() > 1);
    let above = if heading.is_some() { HEADING } else { 0.0 };
    let height = options.height.map_or(420.0, |height| (f64::from(height) - above) / rows as f64);
    let (each_width, each_height) = (width as u32, height as u32);
    if u64::from(each_width) * u64::from(each_height) * (columns * rows) as u64 > MAX_PIXELS {
        let (width, height) = (each_width * columns as u32, each_height * rows as u32);
        return Err(PlotError::Pixels { width, height });
    }
    if each_width < LEAST.0 || each_height < LEAST.1 {
        return Err(PlotError::Crowded { width: each_width, height: each_height });
    }
    let title = |kind: Kind| match &options.title {
        Some(title) if kinds.len() == 1 => title.clone(),
        _ => kind.name().to_owned(),
    };
    let surveys = survey(source, kinds, &selection)?;
    let mut started = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let canvas = Canvas {
            width: width.floor(),
            height: height.floor(),
            theme: options.theme,
            title: title(*kind),
        };
        let survey = surveys.of(kind.before());
        let given = Given { head: &head, options, selection: &selection, survey, canvas: &canvas };
        started.push((kind.start(&given)?, canvas));
    }
    if kinds.iter().any(|kind| *kind != Kind::Network) {
        selection
            .read(source, |step, slabs| started.iter_mut().for_each(|(kind, _)| kind.take(step, slabs)))?;
    }
    let pictures = started.into_iter().map(|(kind, canvas)| {
        let parts = kind.draw(&canvas);
        Picture::of(canvas.width, canvas.height, canvas.theme, parts)
    });
    let picture = Figure::grid(pictures.collect(), columns, heading.map(String::as_str));
    // What equal plots leave over is at the right and below.
    Ok(picture.sized(options.width, options.height))
}

/// Surveys of one realization and of all.
struct Surveys {
    one: Survey,
    all: Survey,
}

impl Surveys {
    fn of(&self, before: Before) -> &Survey {
        match before {
            Before::One => &self.one,
            Before::Nothing | Before::All => &self.all,
        }
    }
}

fn survey(source: &mut dyn SlabSource, kinds: &[Kind], selection: &Selection) -> Result<Surveys, PlotError> {
    let asked = |before: Before| kinds.iter().any(|kind| kind.before() == before);
    let (one, all) = (asked(Before::One), asked(Before::All));
    let single = selection.realization..selection.realization + 1;
    let mut surveys = Surveys {
        one: Survey::new(selection, single),
        all: Survey::new(selection, selection.realizations.clone()),
    };
    if one || all {
        selection.read(source, |_, slabs| {
            if one {
                surveys.one.take(slabs);
            }
            if all {
                surveys.all.take(slabs);
            }
        })?;
    }
    Ok(Surveys { one: surveys.one.finish(), all: surveys.all.finish() })
}

/// The axis of the selected times, with half a step beyond its ends where `cells` lie around them.
pub(crate) fn time_axis(selection: &Selection, cells: bool) -> Axis {
    let (first, last) = selection.ends();
    let (before, after) = if cells { edges(selection) } else { (first, last) };
    let (label, scale) = match selection.time {
        TimeAxis::Steps => ("time, steps", Scale::Counts),
        TimeAxis::Seconds { .. } => ("time, s", Scale::Linear),
        TimeAxis::Instants(_) => ("time", Scale::Dates),
    };
    Axis::new(label, scale, before, after)
}

/// Half a step before the first and after the last time.
fn edges(selection: &Selection) -> (f64, f64) {
    let (first, last) = selection.ends();
    if selection.length() == 1 {
        let half = match selection.time {
            TimeAxis::Steps => 0.5,
            TimeAxis::Seconds { dt } => dt / 2.0,
            TimeAxis::Instants(_) => 0.5e6,
        };
        return (first - half, last + half);
    }
    let second = selection.position(selection.steps.start + 1);
    let before_last = selection.position(selection.steps.end - 2);
    (first - (second - first) / 2.0, last + (last - before_last) / 2.0)
}

/// The unit of time, and how much of it a step takes, on average.
pub(crate) fn step_length(selection: &Selection) -> (&'static str, f64) {
    const DAY: f64 = 86_400e6;
    match selection.time {
        TimeAxis::Steps => ("step", 1.0),
        TimeAxis::Seconds { dt } => ("s", dt),
        TimeAxis::Instants(_) => {
            let (first, last) = selection.ends();
            let steps = (selection.length() - 1).max(1) as f64;
            let step = (last - first) / steps;
            match step {
                short if short < DAY / 1440.0 => ("s", step / 1e6),
                short if short < DAY => ("h", step / DAY * 24.0),
                _ => ("day", step / DAY),
            }
        }
    }
}

/// What to say where values were left out.
pub(crate) fn missing(count: u64) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 value is not finite and was left out".to_owned()),
        more => Some(format!("{} are not finite and were left out", counted(more, "value"))),
    }
}

/// Which realization, where there are several.
pub(crate) fn which(selection: &Selection) -> Option<String> {
    (selection.stride > 1).then(|| format!("realization {} of {}", selection.realization, selection.stride))
}
