//! Why there is no picture.

use mts_core::SourceError;
use thiserror::Error;

/// Why there is no picture.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PlotError {
    /// The values could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A realization that the dataset does not have.
    #[error("no realization {found}: the dataset has {} (0 to {})", count(*.realizations, "realization"), .realizations - 1)]
    Realization {
        /// What was asked for.
        found: usize,
        /// How many there are.
        realizations: usize,
    },
    /// A channel that the dataset does not have.
    #[error("no channel {found}: the dataset has {} (0 to {})", count(*.channels, "channel"), .channels - 1)]
    Channel {
        /// What was asked for.
        found: usize,
        /// How many there are.
        channels: usize,
    },
    /// No steps, or no channels.
    #[error("nothing is selected: {0}")]
    Empty(String),
    /// A picture of a size that cannot be drawn.
    #[error("a picture is {least} to {most} pixels wide and high, found {found}", least = crate::SIZES.start(), most = crate::SIZES.end())]
    Size {
        /// What was asked for.
        found: u32,
    },
    /// More pixels than memory is given to.
    #[error("{width} × {height} pixels are more than {}, the most of a picture", crate::MAX_PIXELS)]
    Pixels {
        /// From left to right.
        width: u32,
        /// From top to bottom.
        height: u32,
    },
    /// Plots without room for their texts.
    #[error("each plot needs {} × {} pixels at least, and would get {width} × {height}", crate::LEAST.0, crate::LEAST.1)]
    Crowded {
        /// From left to right.
        width: u32,
        /// From top to bottom.
        height: u32,
    },
    /// A kind that needs what the dataset does not have.
    #[error("{kind} needs {needed}")]
    Needs {
        /// The name of the kind.
        kind: &'static str,
        /// What it needs, and what was found.
        needed: String,
    },
}

fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
