//! Many datasets in one file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mts_core::{Dataset, SourceError};
use mts_io::{Artefact, Finished, FinishedPack, Form, Format, Pack, PackWriter};
use rayon::prelude::*;

use crate::compare::check_bytes;
use crate::{Observer, SeriesTask};

/// Values of members that are made at the same time; larger members are made alone, piece by piece.
const BATCH: u64 = 1 << 19;

/// Bytes that a line of a sidecar takes until the pack is complete.
const LINE: u64 = 4096;

/// Bytes of memory that a pack takes, its members aside.
pub(crate) fn memory(members: usize) -> u64 {
    members as u64 * LINE + 4 * 8 * BATCH
}

/// Why a pack was not made.
pub(crate) struct Failed {
    /// The member that broke off, by its place among them; none where it was the pack.
    pub(crate) member: Option<usize>,
    pub(crate) error: SourceError,
}

/// Makes a pack of `tasks`. A batch of members is written while the next is made, where a thread
/// is free.
pub(crate) fn write(
    mut pack: PackWriter,
    tasks: &[&dyn SeriesTask],
    observer: &dyn Observer,
) -> Result<FinishedPack, Failed> {
    let whole = |error: mts_io::IoError| Failed { member: None, error: error.into() };
    let batches = batches(tasks);
    let mut next = batches.iter();
    let mut ready = next.next().map(|batch| (batch, make(&tasks[batch.clone()], batch.start, observer)));
    while let Some((batch, made)) = ready {
        let made = made?;
        let following = next.next();
        let write = || {
            for (at, member) in batch.clone().enumerate() {
                let written = match made.get(at) {
                    Some(dataset) => tasks[member].write_member(&mut dataset.source(), &mut pack, observer),
                    None => {
                        tasks[member].write_member(&mut tasks[member].source(observer), &mut pack, observer)
                    }
                };
                written.map_err(|error| Failed { member: Some(member), error })?;
            }
            Ok(())
        };
        let make_next = || following.map(|batch| (batch, make(&tasks[batch.clone()], batch.start, observer)));
        let (written, made) = rayon::join(write, make_next);
        written?;
        ready = made;
    }
    pack.finish().map_err(whole)
}

/// The files that the sidecars of a pack name.
pub(crate) fn artefacts(pack: &FinishedPack) -> Vec<Artefact> {
    let named = [(&pack.data, Format::Parquet.name()), (&pack.truth, "truth")];
    let artefact = |(file, format): (&Finished, &str)| Artefact {
        file: file.pending.path().file_name().unwrap_or_default().to_string_lossy().into_owned(),
        format: format.to_owned(),
        form: Form::default(),
        digest: file.digest.clone(),
    };
    named.map(artefact).into()
}

/// Consecutive members that are made at the same time.
fn batches(tasks: &[&dyn SeriesTask]) -> Vec<std::ops::Range<usize>> {
    let mut batches: Vec<std::ops::Range<usize>> = Vec::new();
    let mut values = 0;
    for (index, task) in tasks.iter().enumerate() {
        values += task.values();
        match batches.last_mut() {
            Some(batch) if values <= BATCH => batch.end = index + 1,
            _ => {
                batches.push(index..index + 1);
                values = task.values();
            }
        }
    }
    batches
}

/// The datasets of a batch; none where its one member is large. `first` is the place of the first member.
fn make(tasks: &[&dyn SeriesTask], first: usize, observer: &dyn Observer) -> Result<Vec<Dataset>, Failed> {
    if tasks.iter().any(|task| task.values() > BATCH) {
        return Ok(Vec::new());
    }
    let collect = |(at, task): (usize, &&dyn SeriesTask)| {
        Dataset::collect(&mut task.source(observer))
            .map_err(|error| Failed { member: Some(first + at), error })
    };
    tasks.par_iter().enumerate().map(collect).collect()
}

/// What lies beside a pack.
pub(crate) struct Files {
    pub(crate) metadata: PathBuf,
    pub(crate) truth: PathBuf,
}

/// The names of what lies beside the pack `path`.
pub(crate) fn files(path: &Path) -> Files {
    Files { metadata: path.with_extension("metadata.jsonl"), truth: path.with_extension("truth.jsonl") }
}

/// The pack that a file of sidecars stands for.
pub(crate) fn of_metadata(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_suffix(".metadata.jsonl")?;
    Some(path.with_file_name(format!("{name}.parquet")))
}

/// Members that a pack holds, by address.
pub(crate) struct Members {
    pub(crate) pack: Pack,
    places: BTreeMap<String, usize>,
}

impl Members {
    pub(crate) fn open(path: &Path) -> Result<Self, mts_io::IoError> {
        let pack = Pack::open(path)?;
        let places =
            pack.addresses().enumerate().map(|(place, address)| (address.to_owned(), place)).collect();
        Ok(Members { pack, places })
    }

    pub(crate) fn place(&self, address: &str) -> Option<usize> {
        self.places.get(address).copied()
    }

    /// The files of the pack, as its first member names them.
    pub(crate) fn artefacts(&self) -> Result<Vec<Artefact>, mts_io::IoError> {
        Ok(self.pack.member(0)?.sidecar().artefacts.clone())
    }

    /// What is wrong with the files of the pack, by size and checksum.
    pub(crate) fn check(&self, path: &Path) -> Vec<String> {
        let artefacts = match self.artefacts() {
            Ok(artefacts) => artefacts,
            Err(error) => return vec![error.to_string()],
        };
        let wrong = |artefact: &Artefact| {
            let wrong = check_bytes(&path.with_file_name(&artefact.file), artefact)?;
            Some(format!("{}: {wrong}", crate::message::shown(&artefact.file)))
        };
        artefacts.iter().filter_map(wrong).collect()
    }
}
