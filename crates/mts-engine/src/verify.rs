//! Regenerating data from their sidecars.

use std::path::{Path, PathBuf};

use mts_io::{Address, Entry, EntryKind, Format, IoError, Sidecar};
use rayon::prelude::*;
use thiserror::Error;

use crate::catalogue::CATALOGUE;
use crate::checkpoints::EXTENSION;
use crate::message::told;
use crate::pack::{self, Members, of_metadata};
use crate::{Compared, Engine, Observer, Sample, Site, Task, jobs, manifest, resources};

/// What verification found at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The sidecar, or the address of a member of a pack.
    pub sidecar: PathBuf,
    /// How its files differ from what its recipe generates; empty where they do not.
    pub differences: Vec<String>,
    /// How many parts were compared, of how many: see [`Sample`].
    pub parts: [usize; 2],
}

/// Something that can be verified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// What lies beside this sidecar.
    Sidecar(PathBuf),
    /// All members of this pack.
    Pack(PathBuf),
    /// One of them.
    Member(PathBuf, String),
    /// A data file without a sidecar.
    Unfinished(PathBuf),
    /// A dataset or pack that a manifest says is finished, and is not there.
    Missing(PathBuf),
    /// The table of the datasets of a folder.
    Catalogue(PathBuf),
}

impl Target {
    /// The file that it is about.
    pub fn path(&self) -> &Path {
        match self {
            Target::Sidecar(path)
            | Target::Pack(path)
            | Target::Member(path, _)
            | Target::Unfinished(path)
            | Target::Missing(path)
            | Target::Catalogue(path) => path,
        }
    }
}

/// Why nothing could be verified.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// There is no such path.
    #[error("{}: there is no such file or folder", .0.display())]
    NotFound(PathBuf),
    /// A file of another kind.
    #[error("{}: neither a sidecar nor a data file that one beside it names", .0.display())]
    NoSidecar(PathBuf),
    /// A data file that the sidecar beside it does not name.
    #[error("{}: the sidecar beside it does not name this file: it belongs to other data", .0.display())]
    NotNamed(PathBuf),
    /// A pack that cannot be read, or has no such member.
    #[error("{0}")]
    NoMember(IoError),
    /// A folder without sidecars.
    #[error("{}: no sidecar (*.metadata.json) below this folder, or none yet: `generate --resume` finishes a run", .0.display())]
    Empty(PathBuf),
    /// A folder that cannot be read.
    #[error("{0}")]
    Unreadable(IoError),
}

const SIDECAR: &str = ".metadata.json";

/// What `path` stands for, in order: a sidecar or the one beside a data file, a pack or one of its members
/// (`FILE#MEMBER`), a catalogue, or all below a folder, with what manifests there say should be found.
///
/// # Errors
///
/// Where there is none.
pub fn targets(path: &Path) -> Result<Vec<Target>, VerifyError> {
    let Address { file, member } = Address::of(path);
    let kind = mts_io::kind(&file).map_err(VerifyError::NoMember)?;
    if kind.is_none() {
        return Err(VerifyError::NotFound(file));
    }
    if let Some(member) = member {
        let file = of_metadata(&file).unwrap_or(file);
        let known = Members::open(&file).and_then(|members| members.pack.position(&member));
        return known.map(|_| vec![Target::Member(file, member)]).map_err(VerifyError::NoMember);
    }
    let is_dataset = Format::of(path).is_some_and(Format::is_folder) && beside(path).is_some();
    if kind != Some(EntryKind::Folder) || is_dataset {
        return of_file(path).map(|target| vec![target]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        found.extend(manifest::missing(&folder).into_iter().map(Target::Missing));
        for entry in mts_io::list(&folder).map_err(VerifyError::Unreadable)? {
            let Entry { path, kind } = entry;
            let format = Format::of(&path);
            if kind == EntryKind::Folder && path.to_string_lossy().ends_with(SIDECAR) {
                found.push(Target::Sidecar(path));
            } else if kind == EntryKind::Folder && !format.is_some_and(Format::is_folder) {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(SIDECAR) {
                found.push(Target::Sidecar(path));
            } else if is_catalogue(&path) {
                // A table may have the name of the catalogue.
                if naming(&path).is_none() {
                    found.push(Target::Catalogue(path));
                }
            } else if let Some(pack) = of_metadata(&path) {
                found.push(Target::Pack(pack));
            } else if format.is_some() && beside(&path).is_none() {
                // A folder of another program may have the name of a format's.
                if is_name_of_data(&path) {
                    found.push(Target::Unfinished(path));
                } else if kind == EntryKind::Folder {
                    folders.push(path);
                }
            }
        }
    }
    found.sort();
    if found.iter().all(|target| matches!(target, Target::Catalogue(_))) {
        // The partitions of a table have no sidecar of their own.
        let partitioned = naming(path).map(|sidecar| vec![Target::Sidecar(sidecar)]);
        partitioned.ok_or_else(|| VerifyError::Empty(path.to_owned()))
    } else {
        Ok(found)
    }
}

fn is_catalogue(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == CATALOGUE)
}

fn of_file(path: &Path) -> Result<Target, VerifyError> {
    if is_catalogue(path) && naming(path).is_none() {
        return Ok(Target::Catalogue(path.to_owned()));
    }
    let pack = of_metadata(path).or_else(|| is_there(&pack::files(path).metadata).then(|| path.to_owned()));
    if let Some(pack) = pack {
        return Ok(Target::Pack(pack));
    }
    let sidecar =
        beside(path).or_else(|| naming(path)).ok_or_else(|| VerifyError::NoSidecar(path.to_owned()))?;
    if names(&sidecar, path) {
        Ok(Target::Sidecar(sidecar))
    } else {
        Err(VerifyError::NotNamed(path.to_owned()))
    }
}

/// Whether files of ours have such a name: that of a configuration, or the number of a pack.
fn is_name_of_data(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let hash = stem
        .rsplit_once("__")
        .is_some_and(|(_, hash)| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()));
    let number = stem
        .rsplit_once('.')
        .is_some_and(|(_, number)| number.len() >= 5 && number.bytes().all(|b| b.is_ascii_digit()));
    hash || number
}

fn is_there(path: &Path) -> bool {
    mts_io::exists(path).unwrap_or(false)
}

fn beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    if is_there(&pack::files(path).metadata) {
        return Some(pack::files(path).metadata);
    }
    if name.ends_with(SIDECAR) {
        return Some(path.to_owned());
    }
    let formats = Format::NAMES.iter().filter_map(|name| name.parse::<Format>().ok()).map(Format::extension);
    let mut endings = formats.chain(["truth.json", "truth.npz", "labels.parquet", EXTENSION]);
    endings.find_map(|ending| {
        let stem = name.strip_suffix(ending)?.strip_suffix('.')?;
        let sidecar = path.with_file_name(format!("{stem}{SIDECAR}"));
        is_there(&sidecar).then_some(sidecar)
    })
}

/// The sidecar in the folder of `path` that names it: that of tables has a name of its own.
fn naming(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let sidecars = mts_io::list(folder)
        .ok()?
        .into_iter()
        .filter(|entry| entry.kind != EntryKind::Folder && entry.path.to_string_lossy().ends_with(SIDECAR));
    let is_named = |sidecar: &Sidecar| sidecar.artefacts.iter().any(|artefact| artefact.file == name);
    sidecars.map(|entry| entry.path).find(|path| Sidecar::read(path).is_ok_and(|sidecar| is_named(&sidecar)))
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
    /// Regenerates the data of every target from their recipes alone and compares every value, the
    /// attributes and the truth with its files; of a sample, only chosen parts. Each member of a pack is
    /// told of by itself.
    pub fn verify(
        &self,
        targets: &[Target],
        sample: Option<Sample>,
        observer: &dyn Observer,
    ) -> Vec<Verified> {
        let (members, values) = targets
            .iter()
            .map(|target| self.size(target))
            .fold((0, 0_u64), |sum, size| (sum.0 + size.0, sum.1.saturating_add(size.1)));
        observer.begin(members, values);
        let check = |index: usize| self.verify_one(&targets[index], sample, observer);
        let verified = jobs::run(targets.len(), check).into_iter().flatten().collect();
        observer.end();
        verified
    }

    /// Datasets and values.
    fn size(&self, target: &Target) -> (usize, u64) {
        let values = |sidecar: &Sidecar| self.restore(sidecar).map_or(0, |task| task.values());
        match target {
            Target::Sidecar(path) => (1, Sidecar::read(path).map_or(0, |sidecar| values(&sidecar))),
            Target::Pack(path) => Members::open(path).map_or((1, 0), |members| {
                let all = (0..members.pack.len()).into_par_iter();
                (
                    members.pack.len(),
                    all.map(|at| members.pack.member(at).map_or(0, |member| values(member.sidecar()))).sum(),
                )
            }),
            Target::Member(..) | Target::Unfinished(_) | Target::Missing(_) => (1, 0),
            Target::Catalogue(_) => (0, 0),
        }
    }

    fn verify_one(&self, target: &Target, sample: Option<Sample>, observer: &dyn Observer) -> Vec<Verified> {
        let one =
            |differences| vec![Verified { sidecar: target.path().to_owned(), differences, parts: [1, 1] }];
        match target {
            Target::Sidecar(path) => {
                let Compared { differences, parts } = self.compare(&Site::Beside(path), sample, observer);
                observer.task_done(&path.display().to_string());
                vec![Verified { sidecar: path.clone(), differences, parts }]
            }
            Target::Pack(path) => self.verify_pack(path, None, sample, observer),
            Target::Member(path, member) => self.verify_pack(path, Some(member), sample, observer),
            Target::Unfinished(_) => one(vec!["unfinished: a data file without its sidecar".to_owned()]),
            // It is no dataset, and is told of only where it is wrong.
            Target::Catalogue(path) => match self.compare_catalogue(path) {
                findings if findings.is_empty() => Vec::new(),
                findings => one(findings),
            },
            Target::Missing(_) => one(vec!["missing: the manifest says that it was finished".to_owned()]),
        }
    }

    /// Verifies one or all members; what is wrong with the pack is told of the pack.
    fn verify_pack(
        &self,
        path: &Path,
        member: Option<&str>,
        sample: Option<Sample>,
        observer: &dyn Observer,
    ) -> Vec<Verified> {
        let whole = |differences| Verified { sidecar: path.to_owned(), differences, parts: [1, 1] };
        let members = match Members::open(path) {
            Ok(members) => members,
            Err(error) => return vec![whole(vec![told(&error.to_string())])],
        };
        let wanted = match member {
            None => 0..members.pack.len(),
            Some(member) => match members.pack.position(member) {
                Ok(place) => place..place + 1,
                Err(error) => return vec![whole(vec![told(&error.to_string())])],
            },
        };
        // To read all of a pack is what a sample avoids.
        let wrong = if sample.is_some() { Vec::new() } else { members.check(path) };
        let files = members.artefacts().unwrap_or_default();
        let verify = |place: usize| {
            let member = match members.pack.member(place) {
                Ok(member) => member,
                Err(error) => return whole(vec![told(&error.to_string())]),
            };
            let Compared { mut differences, parts } = self.compare(&Site::Member(&member), sample, observer);
            if member.sidecar().artefacts != files {
                differences.push("its sidecar names other files than the first member's".to_owned());
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let sidecar = path.with_file_name(format!("{name}#{}", member.address()));
            observer.task_done(&sidecar.display().to_string());
            Verified { sidecar, differences, parts }
        };
        let verified: Vec<Verified> = wanted.into_par_iter().map(verify).collect();
        let pack = (!wrong.is_empty()).then(|| whole(wrong));
        pack.into_iter().chain(verified).collect()
    }

    fn compare(&self, site: &Site, sample: Option<Sample>, observer: &dyn Observer) -> Compared {
        let task =
            site.sidecar().map_err(|error| error.to_string()).and_then(|sidecar| self.restore(&sidecar));
        match task {
            Ok(mut task) => {
                if let Some(url) = self.server() {
                    task.on_server(url);
                }
                task.compare(site, sample, observer)
            }
            Err(error) => Compared { differences: vec![told(&error)], parts: [1, 1] },
        }
    }

    pub(crate) fn restore(&self, sidecar: &Sidecar) -> Result<Box<dyn Task>, String> {
        let kind = sidecar.recipe.get("kind").and_then(mts_hash::Value::as_str).unwrap_or_default();
        let kind = self.kinds().find(|known| known.kind().name() == kind);
        let kind = kind.ok_or("the recipe is of a kind that this program does not know")?;
        let task = kind.restore(sidecar)?;
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
