//! The table of all datasets of a folder.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use mts_io::{Address, Artefact, Catalogue, CatalogueRow, Digest, Finished, IoError, IoErrorKind, Store};

use crate::survey::{Found, survey};
use crate::{Observer, Options, Plan, Target, targets};

/// The name of the catalogue in the folder that a run writes below.
pub const CATALOGUE: &str = "catalog.parquet";

/// Writes the catalogue of each folder that the plan writes below: the datasets of the document that are
/// finished, those of other shards too, in its order; then those of other documents that were there before.
/// `finished` are units of this run. Returns what went wrong.
///
/// A catalogue that cannot be read is replaced. The datasets of other documents that it listed are then told
/// of: nobody else knows how to list them.
pub(crate) fn write(
    plan: &Plan,
    options: &Options,
    finished: &BTreeMap<usize, &[Artefact]>,
    observer: &dyn Observer,
) -> Vec<String> {
    // Tables are in no catalogue, and one of them may have its name.
    if observer.is_interrupted() || plan.tasks().all(|task| task.series().is_none()) {
        return Vec::new();
    }
    // Where nothing can be locked, another run may be faster.
    let written = |outdir: &Path| loop {
        match write_one(plan, options, finished, outdir, observer) {
            Err(error) if matches!(error.kind(), IoErrorKind::Taken) && !observer.is_interrupted() => {}
            written => break written,
        }
    };
    let told = |outdir: PathBuf| written(&outdir).unwrap_or_else(|error| Some(error.to_string()));
    plan.outdirs().into_iter().filter_map(told).collect()
}

fn write_one(
    plan: &Plan,
    options: &Options,
    finished: &BTreeMap<usize, &[Artefact]>,
    outdir: &Path,
    observer: &dyn Observer,
) -> Result<Option<String>, IoError> {
    let path = outdir.join(CATALOGUE);
    let is_there = |catalogue: &Catalogue| -> Result<bool, IoError> {
        // Encoding takes longer than reading.
        Ok(catalogue.is_empty()
            || match Digest::read(&path) {
                Ok(found) => found == catalogue.digest()?,
                Err(_) => false,
            })
    };
    // Nothing is touched where nothing changes.
    let changes = !finished.is_empty() && Digest::read(&path).is_err();
    if !changes && is_there(&collect(plan, options, finished, outdir))? {
        return Ok(None);
    }
    let store = Store::new();
    // One run after the other, so that the last knows what all have finished.
    let claim = loop {
        match store.create(&path.with_extension("lock")) {
            Err(error) if matches!(error.kind(), IoErrorKind::Busy(_)) && !observer.is_interrupted() => {
                std::thread::sleep(crate::generate::PATIENCE);
            }
            claim => break claim?,
        }
    };
    let catalogue = collect(plan, options, finished, outdir);
    if is_there(&catalogue)? {
        return Ok(None);
    }
    let was_damaged = mts_io::exists(&path)? && Catalogue::read(&path).is_err();
    let Finished { pending, .. } = catalogue.write(&store, &path)?;
    let mut committed = store.commit((), vec![pending]).into_iter().chain(store.flush());
    committed.try_for_each(|committed| committed.outcome.map(drop))?;
    drop(claim);
    Ok(was_damaged.then(|| forgotten(outdir, &catalogue)).flatten())
}

/// What to say where datasets below `outdir` are not in its catalogue, which was damaged.
fn forgotten(outdir: &Path, catalogue: &Catalogue) -> Option<String> {
    let listed: BTreeSet<String> = catalogue.rows().map(|row| dataset(&row.path)).collect();
    let is_listed = |target: &Target| match target {
        Target::Sidecar(sidecar) => {
            let folder = sidecar.parent().and_then(|folder| folder.strip_prefix(outdir).ok());
            folder.is_none_or(|folder| listed.contains(&*folder.to_string_lossy()))
        }
        Target::Pack(pack) => catalogue.rows().any(|row| Address::of(&outdir.join(&row.path)).file == *pack),
        _ => true,
    };
    let others = targets(outdir).unwrap_or_default().iter().filter(|target| !is_listed(target)).count();
    let files = if others == 1 { "1 file" } else { &format!("{others} files") };
    (others > 0).then(|| {
        format!(
            "{}: was damaged and is written anew, without the datasets of other documents ({files}): generate \
             those again, and what is there is listed again",
            outdir.join(CATALOGUE).display()
        )
    })
}

fn collect(
    plan: &Plan,
    options: &Options,
    finished: &BTreeMap<usize, &[Artefact]>,
    outdir: &Path,
) -> Catalogue {
    let quick = Options { resume: false, ..*options };
    // Each with its task, in the order of the document.
    let (mut places, mut files) = (Vec::new(), BTreeMap::new());
    for (index, unit) in plan.units().iter().enumerate() {
        let tasks = plan.tasks_of(index);
        if tasks[0].outdir() != outdir || !tasks[0].is_saved() || tasks[0].series().is_none() {
            continue;
        }
        let is_own = plan.own().binary_search(&index).is_ok();
        let artefacts = match (finished.get(&index), is_own) {
            (Some(artefacts), _) => Cow::Borrowed(*artefacts),
            (None, true) => continue,
            (None, false) => match survey(plan, index, &quick) {
                Found::Everything(artefacts) => Cow::Owned(artefacts),
                _ => continue,
            },
        };
        places.extend(unit.tasks.iter().copied().zip(tasks).map(|(place, task)| (place, task, index)));
        files.insert(index, artefacts);
    }
    places.sort_unstable_by_key(|(place, ..)| *place);
    let mut catalogue = Catalogue::new();
    let rows = places.into_iter().filter_map(|(_, task, unit)| task.series()?.row(files.get(&unit)?));
    rows.for_each(|row| catalogue.add(row));
    let before = Catalogue::read(&outdir.join(CATALOGUE)).unwrap_or_default();
    if before.is_empty() {
        return catalogue;
    }
    // A dataset has one row, wherever it lies: those of the plan say what was said of them before.
    let here = plan.units().iter().enumerate().map(|(index, _)| plan.tasks_of(index));
    let here = here.filter(|tasks| tasks[0].outdir() == outdir);
    let (mut planned, mut packs) = (BTreeSet::new(), BTreeSet::new());
    for task in here.flatten() {
        planned.insert(task.folder());
        packs.extend(task.pack());
    }
    let mut digests = BTreeMap::new();
    let mut still_true = |row: &CatalogueRow| {
        let Address { file, .. } = Address::of(&outdir.join(&row.path));
        if planned.contains(&dataset(&row.path)) {
            return false;
        }
        // A pack of the plan may be another than it was, and of the same size.
        if packs.contains(&file) {
            let digest = digests.entry(file).or_insert_with_key(|file| Digest::read(file).ok());
            return digest.as_ref() == Some(&row.digest);
        }
        mts_io::stored_bytes(&file).is_ok_and(|bytes| bytes == row.digest.bytes)
    };
    before.rows().filter(|row| still_true(row)).for_each(|row| catalogue.add(row));
    catalogue
}

/// The folder of the dataset in a file, or that it would have were it not the member of a pack.
fn dataset(path: &str) -> String {
    let above = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    match path.split_once(".parquet#") {
        Some((pack, member)) => format!("{}/{member}", above(pack)),
        None => above(path),
    }
}

#[cfg(test)]
mod tests {
    use super::dataset;

    #[test]
    fn a_dataset_is_known_by_its_folder() {
        assert_eq!(dataset("ou/ou__00c0ffee/seed=2/ou__00c0ffee.csv"), "ou/ou__00c0ffee/seed=2");
        assert_eq!(dataset("ou/ou.00001.parquet#ou__00c0ffee/seed=2"), "ou/ou__00c0ffee/seed=2");
    }
}
