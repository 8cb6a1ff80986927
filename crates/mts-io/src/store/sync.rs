//! Making many files durable at once.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::IoError;

/// One request for each file system, however many files it has.
#[cfg(target_os = "linux")]
pub(super) fn all<'a>(files: impl Iterator<Item = &'a File>) -> io::Result<()> {
    use std::collections::BTreeMap;
    use std::os::unix::fs::MetadataExt as _;

    let mut systems = BTreeMap::new();
    for file in files {
        systems.entry(file.metadata()?.dev()).or_insert(file);
    }
    systems.values().try_for_each(|file| Ok(rustix::fs::syncfs(file)?))
}

/// Elsewhere there is no such request.
#[cfg(not(target_os = "linux"))]
pub(super) fn all<'a>(mut files: impl Iterator<Item = &'a File>) -> io::Result<()> {
    files.try_for_each(File::sync_all)
}

/// One file, and that it has the name `path`.
pub(super) fn one(file: &File, path: &Path) -> io::Result<()> {
    file.sync_data()?;
    // Only there can a folder be asked.
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The failure of a whole batch as that of one of its groups.
pub(super) fn failure(error: &io::Error, first: Option<&Path>) -> IoError {
    let copy = error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
    match first {
        Some(path) => IoError::from(copy).at(path),
        None => copy.into(),
    }
}
