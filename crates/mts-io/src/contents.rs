//! What a file is to hold, and how.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use mts_core::{CHANNEL_NAMES, Head};
use mts_hash::{Map, Value};

/// How a table holds a dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// One row per value: `time, channel, realization, value, config_id`.
    #[default]
    Long,
    /// One row per time and realization, one column per channel: `time, realization, channel_0, …`.
    Wide,
    /// One row per value, one series per channel and realization, as forecasting libraries want it:
    /// `unique_id, ds, y`, where `unique_id` is `<config_id>/<channel>/<realization>`.
    Panel,
}

impl Form {
    /// The names in documents.
    pub const NAMES: [&'static str; 3] = ["long", "wide", "panel"];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Form {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Form::Long, Form::Wide, Form::Panel].into_iter().find(|form| form.name() == name).ok_or(())
    }
}

/// How a Parquet file makes values smaller. Readers need not be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// Snappy: fast, and finds repetitions alone.
    #[default]
    Snappy,
    /// Zstandard at its fastest level, of values whose bytes are sorted by their place: all first ones,
    /// all second ones and so on, of which the first are alike.
    Zstd,
}

impl Compression {
    /// The names in documents.
    pub const NAMES: [&'static str; 3] = ["none", "snappy", "zstd"];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Compression {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let all = [Compression::None, Compression::Snappy, Compression::Zstd];
        all.into_iter().find(|compression| compression.name() == name).ok_or(())
    }
}

/// What a file is to hold, its values aside.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// Shape, axes, precision and attributes.
    pub head: &'a Head,
    /// The name of the dataset, for the columns that hold it.
    pub config_id: &'a str,
    /// How tables hold it; arrays have one form.
    pub form: Form,
    /// How Parquet compresses it; other formats do not.
    pub compression: Compression,
    /// Entries that the file holds after the attributes of `head`, where the format has a place for
    /// them.
    pub extra: &'a Map,
}

impl Contents<'_> {
    /// All attributes in order; one named again in `extra` has its value from there, at its own place.
    pub(crate) fn attributes(&self) -> Map {
        let mut all = self.head.attributes.clone();
        for (key, value) in self.extra.iter() {
            all.insert(key, value.clone());
        }
        all
    }

    /// The columns of channels in the wide form: what they are called, where they have names that no two
    /// columns share, else `channel_0` and so on.
    pub(crate) fn channel_columns(&self) -> Vec<String> {
        let channels = self.head.shape.channels();
        let named = self.head.attributes.get(CHANNEL_NAMES).and_then(Value::as_list).unwrap_or_default();
        let names: Vec<&str> = named.iter().filter_map(Value::as_str).collect();
        let distinct: BTreeSet<&str> = names.iter().copied().chain(INDEX).collect();
        if names.len() == channels && distinct.len() == channels + INDEX.len() {
            return names.into_iter().map(str::to_owned).collect();
        }
        (0..channels).map(|channel| format!("channel_{channel}")).collect()
    }

    /// What the series of a channel and a realization is called in the panel form.
    pub(crate) fn unique_id(&self, channel: usize, realization: usize) -> String {
        format!("{}/{channel}/{realization}", self.config_id)
    }
}

/// Columns of the wide form that are no channels.
const INDEX: [&str; 2] = ["time", "realization"];
