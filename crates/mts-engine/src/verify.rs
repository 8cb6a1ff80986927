//! Regenerating data from their sidecars.

use std::fs;
use std::path::{Path, PathBuf};

use mts_io::{Format, Sidecar};
use thiserror::Error;

use crate::message::told;
use crate::{Engine, Observer, Task, jobs, resources};

/// What verification found beside one sidecar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The sidecar.
    pub sidecar: PathBuf,
    /// How its files differ from what its recipe generates; empty where they do not.
    pub differences: Vec<String>,
}

/// Why nothing could be verified.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// There is no such path.
    #[error("{}: there is no such file or folder", .0.display())]
    NotFound(PathBuf),
    /// A file of another kind.
    #[error("{}: neither a sidecar nor a data file with one beside it", .0.display())]
    NoSidecar(PathBuf),
    /// A data file that the sidecar beside it does not name.
    #[error("{}: the sidecar beside it does not name this file: it belongs to other data", .0.display())]
    NotNamed(PathBuf),
    /// A folder without sidecars.
    #[error("{}: no sidecar (*.metadata.json) below this folder", .0.display())]
    Empty(PathBuf),
    /// A folder that cannot be read.
    #[error("{path}: {1}", path = .0.display())]
    Unreadable(PathBuf, std::io::Error),
}

const SIDECAR: &str = ".metadata.json";

/// The sidecars that `path` stands for: itself, the one beside a data file, or all below a folder,
/// in order.
///
/// # Errors
///
/// Where there is none.
pub fn sidecars(path: &Path) -> Result<Vec<PathBuf>, VerifyError> {
    if !path.exists() {
        return Err(VerifyError::NotFound(path.to_owned()));
    }
    let is_dataset = Format::of(path).is_some_and(Format::is_folder) && beside(path).is_some();
    if !path.is_dir() || is_dataset {
        let sidecar = beside(path).ok_or_else(|| VerifyError::NoSidecar(path.to_owned()))?;
        return if names(&sidecar, path) {
            Ok(vec![sidecar])
        } else {
            Err(VerifyError::NotNamed(path.to_owned()))
        };
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let unreadable = |error| VerifyError::Unreadable(folder.clone(), error);
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let kind = entry.file_type().map_err(unreadable)?;
            if kind.is_dir() {
                // What belongs to a dataset holds no others.
                let part = Format::of(&entry.path()).is_some_and(Format::is_folder);
                if !part || beside(&entry.path()).is_none() {
                    folders.push(entry.path());
                }
            } else if entry.file_name().to_string_lossy().ends_with(SIDECAR) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    if found.is_empty() { Err(VerifyError::Empty(path.to_owned())) } else { Ok(found) }
}

fn beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    if name.ends_with(SIDECAR) {
        return Some(path.to_owned());
    }
    let formats = Format::NAMES.iter().filter_map(|name| name.parse::<Format>().ok()).map(Format::extension);
    let mut endings = formats.chain(["truth.json", "truth.npz", "labels.parquet"]);
    endings.find_map(|ending| {
        let stem = name.strip_suffix(ending)?.strip_suffix('.')?;
        let sidecar = path.with_file_name(format!("{stem}{SIDECAR}"));
        sidecar.exists().then_some(sidecar)
    })
}

/// Whether `sidecar` is `path`, names it, or is too damaged to tell.
fn names(sidecar: &Path, path: &Path) -> bool {
    let named = |sidecar: Sidecar| {
        let name = path.file_name().and_then(|name| name.to_str());
        sidecar.artefacts.iter().any(|artefact| Some(artefact.file.as_str()) == name)
    };
    sidecar == path || Sidecar::read(sidecar).map_or(true, named)
}

impl Engine {
    /// Regenerates the data of every sidecar from its recipe alone and compares every value, the
    /// attributes and the truth with its files.
    pub fn verify(&self, sidecars: &[PathBuf], observer: &dyn Observer) -> Vec<Verified> {
        let values = sidecars.iter().filter_map(|path| Some(self.restore(path).ok()?.values()));
        observer.begin(sidecars.len(), values.fold(0, u64::saturating_add));
        let check = |index: usize| {
            let sidecar = sidecars[index].clone();
            let differences = match self.restore(&sidecar) {
                Ok(task) => task.compare(&sidecar, observer),
                Err(error) => vec![told(&error)],
            };
            observer.task_done(&sidecar.display().to_string());
            Verified { sidecar, differences }
        };
        let verified = jobs::run(sidecars.len(), check);
        observer.end();
        verified
    }

    fn restore(&self, path: &Path) -> Result<Box<dyn Task>, String> {
        let sidecar = Sidecar::read(path).map_err(|error| error.to_string())?;
        let kind = sidecar.recipe.get("kind").and_then(mts_hash::Value::as_str).unwrap_or_default();
        let kind = self.kinds().find(|known| known.kind().name() == kind);
        let kind = kind.ok_or("the recipe is of a kind that this program does not know")?;
        let task = kind.restore(&sidecar)?;
        match resources::memory() {
            Some(available) if task.memory() > available => Err(format!(
                "needs {} of memory, {} are available",
                resources::size(task.memory()),
                resources::size(available)
            )),
            _ => Ok(task),
        }
    }
}
