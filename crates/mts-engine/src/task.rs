//! One piece of work with an identity.

use std::io::Write;
use std::path::{Path, PathBuf};

use mts_config::Position;
use mts_core::SourceError;
use mts_hash::{Int, Map};
use mts_io::{Form, Format, Part, Pending, Sidecar, Store};

use crate::Observer;

/// One dataset, or what takes its place in another kind of document: it has an identity and a seed,
/// and knows nothing of threads and machines.
pub trait Task: Send + Sync {
    /// The readable name, unique within a folder: `config_id`.
    fn name(&self) -> &str;

    /// The name of the data: eight hexadecimal digits that stand for the whole recipe.
    fn data_id(&self) -> &str;

    /// The root seed that the recipe starts from.
    fn entropy(&self) -> &Int;

    /// Where it stands in the document.
    fn position(&self) -> &Position;

    /// The folder that the run writes below.
    fn outdir(&self) -> &Path;

    /// The dataset's folder below [`outdir`](Self::outdir), with `/` between its components.
    fn folder(&self) -> &str;

    /// The file formats to write; none where nothing is to be saved.
    fn formats(&self) -> &[Format];

    /// How tables hold the dataset.
    fn form(&self) -> Form;

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
    /// written.
    ///
    /// # Errors
    ///
    /// Where the values are not finite or a file cannot be written.
    fn write(
        &self,
        formats: &[Format],
        earlier: Option<&Sidecar>,
        claim: Pending,
        store: &Store<usize>,
        observer: &dyn Observer,
    ) -> Result<Written, SourceError>;

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

    /// Generates without writing.
    ///
    /// # Errors
    ///
    /// Where the values are not finite.
    fn summarise(&self, observer: &dyn Observer) -> Result<Statistics, SourceError>;

    /// Whether its sidecar is what this task writes, and its files have the checksums that it says.
    fn is_intact(&self) -> bool;

    /// What is wrong with the files beside `sidecar`, without generating again.
    fn inspect(&self, sidecar: &Path) -> Vec<String>;

    /// How the files beside `sidecar` differ from what the recipe generates.
    fn compare(&self, sidecar: &Path, observer: &dyn Observer) -> Vec<String>;

    /// The folder of its files.
    fn path(&self) -> PathBuf {
        self.outdir().join(self.folder())
    }

    /// Its sidecar.
    fn sidecar(&self) -> PathBuf {
        self.path().join(format!("{}.metadata.json", self.name()))
    }
}

/// Where a stream goes.
pub type Writer = Box<dyn Write + Send>;

/// What a task wrote and nobody sees yet.
pub struct Written {
    /// The files, the sidecar last.
    pub files: Vec<Pending>,
    /// The size of the artefacts together.
    pub bytes: u64,
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
