//! What a user asks for beside the models and their parameters.

use std::path::PathBuf;

use mts_core::transforms::Transform;
use mts_core::{Dtype, Streams, ZscoreAxis};
use mts_hash::Int;
use mts_io::{Compression, Form};
use mts_tables::Profile;

use crate::{Shard, Shares};

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
    /// What is done to the values of the model.
    pub transforms: Option<Vec<Transform>>,
    /// Whether the values are written too as they are without what spoils them.
    pub clean: Option<bool>,
    /// Parts of the time axis.
    pub split: Option<Shares>,
    /// How realizations share randomness.
    pub streams: Option<Streams>,
    /// The precision of values in files.
    pub dtype: Option<Dtype>,
    /// What the steps stand for, where it is not what the model says.
    pub time: Option<Dates>,
    /// Whether a CSV file is written too.
    pub csv: Option<bool>,
    /// Whether anything is written.
    pub save: Option<bool>,
    /// The folder that datasets are written below.
    pub outdir: Option<PathBuf>,
}

/// A time axis as documents have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The date of the first step.
    pub start: String,
    /// How far the dates are from each other.
    pub freq: String,
}

/// What the command line, or a program, asks of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// Settings for all records.
    pub settings: Settings,
    /// Names of file formats; those of the document where not given.
    pub formats: Option<Vec<String>>,
    /// How tables hold datasets; the document's form where not given.
    pub form: Option<Form>,
    /// How Parquet files are compressed; the document's compression where not given.
    pub compression: Option<Compression>,
    /// How much is spoilt in tables; what the document says where not given.
    pub profile: Option<Profile>,
    /// Rows of the largest table; the others keep their proportion to it.
    pub rows: Option<u64>,
    /// Rows of all tables against those of the document.
    pub scale: Option<f64>,
    /// The address of a server that tables go to.
    pub url: Option<String>,
    /// Only the first so many tasks.
    pub limit: Option<usize>,
    /// Only a part of the tasks.
    pub shard: Option<Shard>,
    /// So many datasets of a model in one file; the document's number, else one each, where not given.
    pub pack: Option<usize>,
    /// Bytes of memory that the run may take; the document's, else the machine's, where not given.
    pub memory: Option<u64>,
    /// Whether NaN and infinities are kept rather than refused.
    pub allow_nonfinite: bool,
}
