//! Datasets that are folders of files.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use mts_core::{Saved, State, StateError};

use super::{Pending, temporary};
use crate::{Digest, Digesting, IoError, IoErrorKind};

/// Deeper than any format of ours.
const MAX_DEPTH: usize = 16;

/// A folder that fills, with the digests of its files.
pub(crate) struct Folder {
    pending: Pending,
    files: BTreeMap<String, Digest>,
}

impl Folder {
    /// `pending` is a folder.
    pub(crate) fn new(pending: Pending) -> Self {
        Folder { pending, files: BTreeMap::new() }
    }

    /// Writes the whole file `name`, a path with `/` below the folder.
    pub(crate) fn write(&mut self, name: &str, content: &[u8]) -> Result<(), IoError> {
        let path = self.pending.temporary().join(name);
        let target = self.pending.path();
        let failed = |error: io::Error| IoError::from(error).at(&target.join(name));
        // Never the folder itself: where it is gone, somebody took it for stale.
        let mut folder = self.pending.temporary().to_owned();
        for part in Path::new(name).parent().into_iter().flat_map(Path::components) {
            folder.push(part);
            match fs::create_dir(&folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
                _ => {}
            }
        }
        let mut file = File::create(&path).map_err(failed)?;
        file.write_all(content).map_err(failed)?;
        // Where the store cannot make a whole file system durable at once.
        if cfg!(not(target_os = "linux")) {
            file.sync_all().map_err(failed)?;
        }
        self.files.insert(name.to_owned(), Digest::of(content));
        Ok(())
    }

    /// Goes on with a folder that was taken over and must have all of `files`; other files go.
    pub(crate) fn resume(pending: Pending, files: BTreeMap<String, Digest>) -> Result<Self, IoError> {
        let (mut found, mut more) = (0, Vec::new());
        walk(pending.temporary(), "", 0, &mut |name, path| {
            let Some(digest) = files.get(name) else {
                more.push(path.to_owned());
                return Ok(());
            };
            found += 1;
            if of_file(path)? == *digest {
                return Ok(());
            }
            Err(IoError::damaged(format!("it cannot be continued: the file {name} is not as it was written")))
        })?;
        if found < files.len() {
            return Err(IoError::damaged(format!(
                "it cannot be continued: of {} files that were written, {found} are there",
                files.len()
            )));
        }
        more.iter().try_for_each(|path| remove_local(path))?;
        Ok(Folder { pending, files })
    }

    /// Makes durable what was written, and leaves it to be continued should it not be completed; adds to
    /// `state` what [`recall`](Self::recall) reads.
    pub(crate) fn keep(&mut self, state: &mut State) -> Result<(), IoError> {
        self.pending.keep()?;
        state.u64(self.files.len() as u64);
        for (name, digest) in &self.files {
            state.bytes(name.as_bytes());
            digest.save(state);
        }
        Ok(())
    }

    /// The files that a folder has.
    pub(crate) fn recall(mut saved: Saved) -> Result<BTreeMap<String, Digest>, StateError> {
        let mut files = BTreeMap::new();
        for _ in 0..saved.u64()? {
            let name = String::from_utf8_lossy(saved.bytes()?).into_owned();
            files.insert(name, Digest::restore(&mut saved)?);
        }
        saved.end()?;
        Ok(files)
    }

    /// The folder, complete, and the digest of everything in it.
    pub(crate) fn finish(self) -> (Pending, Digest) {
        let digest = together(&self.files);
        (self.pending, digest)
    }
}

/// A folder whose files grow side by side, any number of them: none stays open.
pub(crate) struct Growing {
    pending: Pending,
    files: BTreeMap<String, Digesting<io::Sink>>,
}

impl Growing {
    /// `pending` is a folder.
    pub(crate) fn new(pending: Pending) -> Self {
        Growing { pending, files: BTreeMap::new() }
    }

    /// Adds to the file `name`, a path with `/` below the folder, which begins with the first bytes.
    pub(crate) fn append(&mut self, name: &str, bytes: &[u8]) -> Result<(), IoError> {
        let target = self.pending.path();
        let failed = |error: io::Error| IoError::from(error).at(&target.join(name));
        let path = self.pending.temporary().join(name);
        let mut options = File::options();
        options.append(true);
        let digesting = match self.files.get_mut(name) {
            Some(digesting) => digesting,
            None => {
                let mut folder = self.pending.temporary().to_owned();
                for part in Path::new(name).parent().into_iter().flat_map(Path::components) {
                    let part = part.as_os_str();
                    if part.len() > temporary::MAX_NAME {
                        let name = part.to_string_lossy().into_owned();
                        return Err(IoError::from(IoErrorKind::NameTooLong { name }).at(target));
                    }
                    folder.push(part);
                    match fs::create_dir(&folder) {
                        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                            return Err(failed(error));
                        }
                        _ => {}
                    }
                }
                options.create_new(true);
                self.files.entry(name.to_owned()).or_insert_with(|| Digesting::new(io::sink()))
            }
        };
        let mut file = options.open(&path).map_err(failed)?;
        file.write_all(bytes).and_then(|()| digesting.write_all(bytes)).map_err(failed)?;
        if cfg!(not(target_os = "linux")) {
            file.sync_all().map_err(failed)?;
        }
        Ok(())
    }

    /// The folder, complete, the digest of everything in it, and those of all files, in order.
    pub(crate) fn finish(self) -> (Pending, Digest, Vec<(String, Digest)>) {
        let files: BTreeMap<_, _> =
            self.files.into_iter().map(|(name, digesting)| (name, digesting.finish().1)).collect();
        let digest = together(&files);
        (self.pending, digest, files.into_iter().collect())
    }
}

/// The digest of a folder: its bytes are those of all files, its checksum that of the text which
/// `sha256sum` prints for them, in the order of their paths.
fn together(files: &BTreeMap<String, Digest>) -> Digest {
    let lines: String = files.iter().map(|(name, digest)| format!("{}  {name}\n", digest.sha256)).collect();
    Digest { bytes: files.values().map(|digest| digest.bytes).sum(), ..Digest::of(lines.as_bytes()) }
}

impl Digest {
    /// The digest of some bytes.
    pub(crate) fn of(content: &[u8]) -> Self {
        let mut digesting = Digesting::new(io::sink());
        // A sink takes everything.
        let _ = digesting.write_all(content);
        digesting.finish().1
    }
}

/// The digest of a file or folder of this machine.
pub(crate) fn digest_local(path: &Path) -> Result<Digest, IoError> {
    if !fs::metadata(path).map_err(|error| IoError::from(error).at(path))?.is_dir() {
        return of_file(path);
    }
    let mut files = BTreeMap::new();
    walk(path, "", 0, &mut |name, path| {
        files.insert(name.to_owned(), of_file(path)?);
        Ok(())
    })?;
    Ok(together(&files))
}

fn of_file(path: &Path) -> Result<Digest, IoError> {
    let named = |error: io::Error| IoError::from(error).at(path);
    if !fs::metadata(path).map_err(named)?.is_file() {
        return Err(IoError::damaged("is no regular file").at(path));
    }
    let mut digesting = Digesting::new(io::sink());
    io::copy(&mut File::open(path).map_err(named)?, &mut digesting).map_err(named)?;
    Ok(digesting.finish().1)
}

/// The bytes of a file, or of all files in a folder, of this machine.
pub(crate) fn stored_bytes_local(path: &Path) -> Result<u64, IoError> {
    let named = |path: &Path, error: io::Error| IoError::from(error).at(path);
    let metadata = fs::metadata(path).map_err(|error| named(path, error))?;
    if !metadata.is_dir() {
        return Ok(metadata.len());
    }
    let mut bytes = 0;
    walk(path, "", 0, &mut |_, path| {
        bytes += fs::metadata(path).map_err(|error| named(path, error))?.len();
        Ok(())
    })?;
    Ok(bytes)
}

/// Shows every file below a folder, with its path below it.
fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    visit: &mut dyn FnMut(&str, &Path) -> Result<(), IoError>,
) -> Result<(), IoError> {
    let named = |error: io::Error| IoError::from(error).at(folder);
    if depth > MAX_DEPTH {
        return Err(IoError::damaged("folders are nested too deeply").at(folder));
    }
    for entry in fs::read_dir(folder).map_err(named)? {
        let entry = entry.map_err(named)?;
        let Ok(name) = entry.file_name().into_string() else {
            return Err(IoError::damaged("the name of a file in it is no text").at(folder));
        };
        let name = format!("{prefix}{name}");
        // Links are not followed: they may lead anywhere.
        let kind = entry.file_type().map_err(named)?;
        if kind.is_dir() {
            walk(&entry.path(), &format!("{name}/"), depth + 1, visit)?;
        } else if kind.is_file() {
            visit(&name, &entry.path())?;
        } else {
            return Err(IoError::damaged("is no regular file").at(&entry.path()));
        }
    }
    Ok(())
}

/// Removes a dataset's file or folder from this machine.
pub(crate) fn remove_local(path: &Path) -> Result<(), IoError> {
    let kind = fs::symlink_metadata(path).map_err(|error| IoError::from(error).at(path))?;
    let removed = if kind.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.map_err(|error| IoError::from(error).at(path))
}

/// Gives the folder `temporary` its name, in the place of another if there is one.
pub(super) fn publish(temporary: &Path, target: &Path) -> Result<(), IoError> {
    let named = |error: io::Error| IoError::from(error).at(target);
    match fs::symlink_metadata(target) {
        Ok(found) if !found.is_dir() => Err(IoError::from(IoErrorKind::NotFolder).at(target)),
        Ok(_) => {
            let old = Replaced::lock(target).map_err(named)?;
            old.remove(&exchange(temporary, target).map_err(named)?);
            Ok(())
        }
        Err(_) => fs::rename(temporary, target).map_err(named),
    }
}

/// Removes the folder `target`, if there is one, that `temporary` is going to replace: at once, so that it
/// is never seen in part.
pub(super) fn retract(temporary: &Path, target: &Path) -> Result<(), IoError> {
    let named = |error: io::Error| IoError::from(error).at(target);
    match fs::symlink_metadata(target) {
        Ok(found) if !found.is_dir() => Err(IoError::from(IoErrorKind::NotFolder).at(target)),
        Ok(_) => {
            let (old, aside) = (Replaced::lock(target).map_err(named)?, aside(temporary));
            temporary::remove(&aside)?;
            fs::rename(target, &aside).map_err(named)?;
            old.remove(&aside);
            Ok(())
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(named(error)),
        Err(_) => Ok(()),
    }
}

/// A folder that loses its name. It gets a temporary one: locked, so that nobody takes it for stale, and
/// makes a folder of the same name while this one goes.
struct Replaced {
    _folder: File,
    locked: bool,
}

impl Replaced {
    fn lock(target: &Path) -> io::Result<Self> {
        let folder = File::open(target)?;
        let locked = !matches!(folder.try_lock(), Err(TryLockError::WouldBlock));
        Ok(Replaced { _folder: folder, locked })
    }

    /// What cannot go is under a temporary name, and stale.
    fn remove(self, path: &Path) {
        if self.locked {
            let _ = fs::remove_dir_all(path);
        } else {
            let _ = temporary::remove(path);
        }
    }
}

/// The name that is free beside a locked `temporary` one.
fn aside(temporary: &Path) -> PathBuf {
    temporary.with_extension("f.tmp")
}

/// Gives `temporary` the name of `target`; returns where that is now.
#[cfg(target_os = "linux")]
fn exchange(temporary: &Path, target: &Path) -> io::Result<PathBuf> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    match renameat_with(CWD, temporary, CWD, target, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS) => swap(temporary, target),
        other => Ok(other.map(|()| temporary.to_owned())?),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(temporary: &Path, target: &Path) -> io::Result<PathBuf> {
    swap(temporary, target)
}

/// In two steps; between them, nothing has the name of `target`. What had it stays aside: its lock is not
/// that of the name `temporary`, which somebody else may have by now.
fn swap(temporary: &Path, target: &Path) -> io::Result<PathBuf> {
    let aside = aside(temporary);
    fs::rename(target, &aside)?;
    fs::rename(temporary, target).or_else(|error| fs::rename(&aside, target).and(Err(error)))?;
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_replaced_in_either_way() {
        for exchange in [exchange, swap] {
            let folder = tempfile::tempdir().unwrap();
            let [temporary, target] = [".x.0.tmp", "x"].map(|name| folder.path().join(name));
            for (path, text) in [(&temporary, "new"), (&target, "old")] {
                fs::create_dir(path).unwrap();
                fs::write(path.join("file"), text).unwrap();
            }
            let old = Replaced::lock(&target).unwrap();
            let aside = exchange(&temporary, &target).unwrap();
            assert_eq!(fs::read_to_string(aside.join("file")).unwrap(), "old");
            old.remove(&aside);
            assert_eq!(fs::read_to_string(target.join("file")).unwrap(), "new");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }
}
