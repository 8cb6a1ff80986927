//! A dataset that is there, with what is known of it.

use std::path::{Path, PathBuf};

use mts_core::{Facts, SlabSource};
use mts_io::{Address, Format, IoError, Sidecar};

use crate::Engine;
use crate::compare::read_truth;
use crate::grid::LABELS_EXTENSION;
use crate::headed::Headed;

/// A dataset that is there.
pub struct Look {
    /// Its values, with its truth in the head where one lies beside them.
    pub source: Box<dyn SlabSource>,
    /// What is known of its model, where it has a sidecar whose recipe this program can follow.
    pub facts: Option<Facts>,
    /// The file of what happened along time, where one lies beside it.
    pub labels: Option<PathBuf>,
}

impl Engine {
    /// Opens the dataset at `path`: a data file, the sidecar of one, or a member of a pack. What lies
    /// beside it is looked for, and need not be there.
    ///
    /// # Errors
    ///
    /// Where there is no data file, or it cannot be read.
    pub fn look(&self, path: &Path) -> Result<Look, IoError> {
        let address = Address::of(path);
        let name = address.file.to_string_lossy();
        let stem = Format::ALL
            .iter()
            .find_map(|format| name.strip_suffix(format.extension())?.strip_suffix('.'))
            .or(name.strip_suffix(".metadata.json"));
        let beside = stem.map(|stem| PathBuf::from(format!("{stem}.metadata.json")));
        let sidecar = match (&address.member, &beside) {
            (Some(_), _) => Sidecar::read(path).ok(),
            (None, Some(beside)) => Sidecar::read(beside).ok(),
            (None, None) => None,
        };
        let is_sidecar = beside.as_deref() == Some(&address.file);
        let data = match sidecar.as_ref().filter(|_| is_sidecar) {
            Some(sidecar) => {
                let is_data = |format: &str| format.parse::<Format>().is_ok();
                let file = sidecar.artefacts.iter().find(|artefact| is_data(&artefact.format));
                file.map_or_else(|| path.to_owned(), |file| path.with_file_name(&file.file))
            }
            None => path.to_owned(),
        };
        let source = mts_io::open(&data)?;
        let truth = match (&address.member, &beside) {
            (None, Some(beside)) => read_truth(beside).ok(),
            _ => None,
        };
        let mut head = source.head().clone();
        head.truth = head.truth.or(truth);
        let task = sidecar.and_then(|sidecar| self.restore(&sidecar).ok());
        let facts = task.and_then(|task| Some(task.series()?.facts()));
        let labels = stem.map(|stem| PathBuf::from(format!("{stem}.{}", LABELS_EXTENSION)));
        let labels = labels.filter(|labels| address.member.is_none() && labels.is_file());
        Ok(Look { source: Box::new(Headed { source, head }), facts, labels })
    }
}
