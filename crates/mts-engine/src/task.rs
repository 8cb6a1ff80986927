//! One piece of work with an identity.

use std::io::Write;
use std::path::{Path, PathBuf};

use mts_config::Position;
use mts_core::{Facts, SlabSource, SourceError};
use mts_hash::{Int, Map};
use mts_io::{Artefact, CatalogueRow, Form, Format, PackWriter, Part, Pending, Sidecar, Store};

use crate::{Observer, Options, Sample, Site};

/// One dataset of series or of tables: it has an identity and a seed,
/// and knows nothing of threads and machines.
pub trait Task: Send + Sync {
    /// The readable name, unique within a folder: `config_id`.
    fn name(&self) -> &str;

    /// The name of the data: eight hexadecimal digits that stand for the whole recipe.
    fn data_id(&self) -> &str;

    /// The root seed that the recipe starts from.
    fn entropy(&self) -> Int;

    /// Where it stands in the document.
    fn position(&self) -> &Position;

    /// The folder that the run writes below.
    fn outdir(&self) -> &Path;

    /// The folder that its own part of the document asks for, where the request asks for another.
    fn overridden_outdir(&self) -> Option<&Path> {
        None
    }

    /// The dataset's folder below [`outdir`](Self::outdir), with `/` between its components.
    fn folder(&self) -> String;

    /// The names of the formats to write; none where nothing is to be saved.
    fn formats(&self) -> Vec<&'static str>;

    /// Whether anything is to be saved.
    fn is_saved(&self) -> bool {
        !self.formats().is_empty()
    }

    /// Whether a file in one of the formats holds data as this task would write them.
    fn holds(&self, artefact: &Artefact, format: &str) -> bool {
        artefact.format == format
    }

    /// Whether a format that leaves no file holds the data already.
    fn keeps(&self, _format: &str) -> bool {
        false
    }

    /// Also compares what is on the server at `url`, where such data may be on one.
    fn on_server(&mut self, _url: &str) {}

    /// Whether a file beside its sidecar may be one of such a task.
    fn is_own(&self, file: &str) -> bool;

    /// What else its data may differ in from others of the same name and seed, as the end of a sentence.
    fn identity(&self) -> &'static str {
        ": dtype, time, streams, zscore, transforms, interventions, twin, split or the seed path differ"
    }

    /// Its files beside the sidecar whose names others may have, too.
    fn common_files(&self) -> Vec<String> {
        Vec::new()
    }

    /// The file that holds it together with others, where it has none of its own.
    fn pack(&self) -> Option<PathBuf> {
        None
    }

    /// Its address in a pack: what its folder has below that of the model.
    fn member(&self) -> &str {
        self.name()
    }

    /// The number of values.
    fn values(&self) -> u64;

    /// Bytes of memory that running it takes, files aside.
    fn memory(&self) -> u64;

    /// Bytes that its files will take, roughly.
    fn disk(&self) -> u64;

    /// Nanoseconds of one core that making it takes, roughly.
    fn cost(&self) -> f64;

    /// What is planned, for people and programs.
    fn describe(&self) -> Map;

    /// Writes the given formats and everything that belongs to them; the files become visible when
    /// they are committed to `store`. `earlier` is the sidecar of files that stay, `claim` the one to be
    /// written. What a killed run left is continued if `options` say so.
    ///
    /// # Errors
    ///
    /// Where the values are not finite or a file cannot be written.
    fn write(
        &self,
        formats: &[&str],
        earlier: Option<&Sidecar>,
        claim: Pending,
        options: &Options,
        store: &Store<usize>,
        observer: &dyn Observer,
    ) -> Result<Written, SourceError>;

    /// Whether a killed run left something that can be continued.
    fn is_begun(&self) -> bool {
        false
    }

    /// Forgets how far a killed run was.
    fn forget(&self) {}

    /// Whether its sidecar is what this task writes, and its files have the checksums that it says.
    fn is_intact(&self, site: &Site) -> bool;

    /// What is wrong with the files at `site`.
    fn inspect(&self, site: &Site) -> Inspected;

    /// How the files at `site` differ from what the recipe generates: all of them, or a sample.
    fn compare(&self, site: &Site, sample: Option<Sample>, observer: &dyn Observer) -> Compared;

    /// It, where it is a dataset of series.
    fn series(&self) -> Option<&dyn SeriesTask> {
        None
    }

    /// The folder of its files.
    fn path(&self) -> PathBuf {
        self.outdir().join(self.folder())
    }

    /// Where people find it: its folder, or the member of a pack.
    fn location(&self) -> PathBuf {
        if self.pack().is_some() { self.sidecar() } else { self.path() }
    }

    /// Where it is found: its sidecar, or the member of a pack.
    fn sidecar(&self) -> PathBuf {
        match self.pack() {
            Some(pack) => pack.with_file_name(format!("{}#{}", file_name(&pack), self.member())),
            None => self.path().join(format!("{}.metadata.json", self.name())),
        }
    }
}

/// A task that is a dataset of series.
pub trait SeriesTask: Task {
    /// Generates without writing.
    ///
    /// # Errors
    ///
    /// Where the values are not finite.
    fn summarise(&self, observer: &dyn Observer) -> Result<Statistics, SourceError>;

    /// How tables hold the dataset.
    fn form(&self) -> Form;

    /// Its values, until `observer` is asked to stop.
    fn source<'a>(&self, observer: &'a dyn Observer) -> Box<dyn SlabSource + 'a>;

    /// Writes `source`, which has its values, into a pack.
    ///
    /// # Errors
    ///
    /// Where the values are not finite or the pack cannot be written.
    fn write_member(
        &self,
        source: &mut dyn SlabSource,
        pack: &mut PackWriter,
        observer: &dyn Observer,
    ) -> Result<(), SourceError>;

    /// What is known of its values before they are made.
    fn facts(&self) -> Facts;

    /// Its row in a catalogue; `artefacts` are its files. None where there is no data file among them.
    fn row(&self, artefacts: &[Artefact]) -> Option<CatalogueRow>;

    /// Writes one of several datasets into a stream, and gives the stream back.
    ///
    /// # Errors
    ///
    /// Where the values are not finite or the stream cannot be written.
    fn stream(
        &self,
        format: Format,
        part: Part,
        writer: Writer,
        observer: &dyn Observer,
    ) -> Result<Writer, SourceError>;

    /// What its table's columns hold, in words: tasks of one stream agree.
    fn columns(&self) -> String;
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What looking at the files of a dataset found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspected {
    /// What is wrong, in words; empty where nothing is.
    pub findings: Vec<String>,
    /// Every rule that was looked at, of tables.
    pub checks: Vec<Checked>,
}

/// One rule, and whether a table in a file keeps to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The file.
    pub file: String,
    /// The table.
    pub table: String,
    /// The rule, behind the column that it is one of.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// What was looked at, or why nothing was.
    pub details: String,
}

impl From<Vec<String>> for Inspected {
    fn from(findings: Vec<String>) -> Self {
        Inspected { findings, checks: Vec::new() }
    }
}

/// What comparing a dataset with its recipe found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// How they differ; empty where they do not.
    pub differences: Vec<String>,
    /// How many parts were compared, of how many.
    pub parts: [usize; 2],
}

/// Where a stream goes.
pub type Writer = Box<dyn Write + Send>;

/// What a task wrote and nobody sees yet.
pub struct Written {
    /// The files, the sidecar last.
    pub files: Vec<Pending>,
    /// What the sidecar says of the others.
    pub artefacts: Vec<Artefact>,
}

/// Statistics of all values of a dataset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    /// Arithmetic mean.
    pub mean: f64,
    /// Population standard deviation.
    pub std: f64,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
}
