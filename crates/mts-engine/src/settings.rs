//! What a user asks for beside the models and their parameters.

use std::path::PathBuf;

use mts_core::{Streams, ZscoreAxis};
use mts_hash::Int;
use mts_io::Format;

/// The keys that may stand in a record, at the root of a document, and on the command line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Non-negative.
    pub seed: Option<Int>,
    /// At least 1.
    pub n_realizations: Option<usize>,
    /// Whether values are standardised.
    pub zscore: Option<bool>,
    /// Along which axis.
    pub zscore_axis: Option<ZscoreAxis>,
    /// How realizations share randomness.
    pub streams: Option<Streams>,
    /// Whether a CSV file is written too.
    pub csv: Option<bool>,
    /// Whether anything is written.
    pub save: Option<bool>,
    /// The folder that datasets are written below.
    pub outdir: Option<PathBuf>,
}

/// What the command line, or a program, asks of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// Settings for all records.
    pub settings: Settings,
    /// File formats; those of the document where not given.
    pub formats: Option<Vec<Format>>,
    /// Only the first so many tasks.
    pub limit: Option<usize>,
}
