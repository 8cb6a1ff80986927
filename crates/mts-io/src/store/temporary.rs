//! Files that have no name yet: `.<name>.<hex>.tmp`, locked by their writer.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use mts_hash::{Value, hash8};

use crate::{IoError, IoErrorKind};

/// What file systems allow for one name.
pub(super) const MAX_NAME: usize = 255;

/// Bytes that a temporary name has beside the final one.
const EXTRA: usize = ".".len() + ".ff.tmp".len();

/// Names are tried again where others come and go at the same moment.
const ATTEMPTS: usize = 64;

/// What is to appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
}

impl Kind {
    /// Makes a new one, and opens it.
    fn make(self, path: &Path) -> io::Result<File> {
        match self {
            Kind::File => File::options().write(true).create_new(true).open(path),
            Kind::Folder => {
                fs::create_dir(path)?;
                // Taken for stale in between: the name is somebody else's, or free again.
                File::open(path).map_err(|error| match error.kind() {
                    ErrorKind::NotFound => ErrorKind::AlreadyExists.into(),
                    _ => error,
                })
            }
        }
    }
}

/// A new file or folder that will become `target`, and its path for now.
pub(super) fn create(target: &Path, name: &str, kind: Kind) -> Result<(File, PathBuf), IoError> {
    let stem = stem(name);
    let mut number = 0_usize;
    for _ in 0..ATTEMPTS {
        let path = path(target, &stem, number);
        match kind.make(&path) {
            Ok(file) if is_claimed(&file, &path) => return Ok((file, path)),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => match remove(&path)? {
                Found::Stale | Found::Gone => {}
                Found::Locked => {
                    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    return Err(IoError::from(IoErrorKind::Busy(name)).at(target));
                }
                Found::Unknown => number += 1,
            },
            Err(error) => return Err(IoError::from(error).at(target)),
        }
    }
    let what =
        format!("its temporary files .{stem}.*.tmp come and go: wait for other writers, or remove them");
    Err(IoError::refused(what).at(target))
}

/// What a writer of `target` left which is gone, and its path. It is the first one: further ones
/// are only there where nobody can say whether a writer is gone.
pub(super) fn reopen(target: &Path, name: &str, kind: Kind) -> Result<(File, PathBuf), IoError> {
    let path = path(target, &stem(name), 0);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (is, what): (fn(&Metadata) -> bool, _) = match kind {
        Kind::File => (Metadata::is_file, "file"),
        Kind::Folder => (Metadata::is_dir, "folder"),
    };
    let missing = || {
        IoError::refused(format!("it cannot be continued: there is no {what} {name} beside it")).at(target)
    };
    // A link may lead anywhere.
    if !fs::symlink_metadata(&path).is_ok_and(|found| is(&found)) {
        return Err(missing());
    }
    let opened = File::options().read(true).write(kind == Kind::File).open(&path);
    let file = opened.map_err(|error| IoError::from(error).at(&path))?;
    match file.try_lock() {
        Ok(()) if is_at(&file, &path) => Ok((file, path)),
        Ok(()) => Err(missing()),
        Err(TryLockError::WouldBlock) => Err(IoError::from(IoErrorKind::Busy(name)).at(target)),
        Err(TryLockError::Error(_)) => Err(IoError::refused(
            "it cannot be continued: the file system does not say whether its writer is gone",
        )
        .at(target)),
    }
}

fn path(target: &Path, stem: &str, number: usize) -> PathBuf {
    target.with_file_name(format!(".{stem}.{number:x}.tmp"))
}

/// A name that leaves room for the rest; a shortened one stays apart from others by its hash.
fn stem(name: &str) -> String {
    if name.len() + EXTRA <= MAX_NAME {
        return name.to_owned();
    }
    let end = name.floor_char_boundary(200);
    format!("{}~{}", &name[..end], hash8(&Value::from(name)))
}

/// Locks a new file. Somebody else may have taken it for stale before that, and removed it.
fn is_claimed(file: &File, path: &Path) -> bool {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => false,
        // Some network file systems have no locks: there, the name alone protects the file.
        Ok(()) | Err(TryLockError::Error(_)) => is_at(file, path),
    }
}

/// True where `path` still names what was opened under it: before it was locked, it may have been published
/// or removed, and the name be another writer's. Only whoever has the lock of what a temporary name stands
/// for removes or renames it, so that the answer stays true as long as the lock is held.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let identity = |found: Metadata| (found.dev(), found.ino());
    let (opened, named) = (file.metadata().map(identity), fs::symlink_metadata(path).map(identity));
    matches!((opened, named), (Ok(opened), Ok(named)) if opened == named)
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

/// True for the names that [`create`] makes.
pub(super) fn is_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let inner = name.and_then(|name| name.strip_prefix('.')?.strip_suffix(".tmp"));
    inner.and_then(|inner| inner.rsplit_once('.')).is_some_and(|(stem, number)| {
        !stem.is_empty() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

/// What a temporary file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Its writer is gone, and now it is too.
    Stale,
    /// Somebody else published or removed it meanwhile.
    Gone,
    /// Its writer is at work.
    Locked,
    /// The file system does not say.
    Unknown,
}

/// Removes a temporary file or folder whose writer is gone.
pub(super) fn remove(path: &Path) -> Result<Found, IoError> {
    let gone = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => Ok(Found::Gone),
        _ => Err(IoError::from(error).at(path)),
    };
    let folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    let opened = if folder { File::open(path) } else { File::options().write(true).open(path) };
    let file = match opened {
        Ok(file) => file,
        Err(error) => return gone(error),
    };
    match file.try_lock() {
        Ok(()) if !is_at(&file, path) => Ok(Found::Gone),
        // The lock is held until the file is gone, so that nobody else takes it over.
        Ok(()) => {
            let removed = if folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            removed.map(|()| Found::Stale).or_else(gone)
        }
        Err(TryLockError::WouldBlock) => Ok(Found::Locked),
        Err(TryLockError::Error(_)) => Ok(Found::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    /// Writers that die at once: whoever comes next finds a stale file, with others who find it too.
    #[test]
    fn a_name_has_one_writer() {
        const ROUNDS: usize = 5000;
        for kind in [Kind::File, Kind::Folder] {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("x");
            let (writers, rounds) = (AtomicUsize::new(0), AtomicUsize::new(0));
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        while rounds.fetch_add(1, Ordering::Relaxed) < ROUNDS {
                            let Ok((file, path)) = create(&target, "x", kind) else { continue };
                            assert_eq!(writers.fetch_add(1, Ordering::SeqCst), 0, "two writers of one name");
                            thread::yield_now();
                            assert!(is_at(&file, &path), "a writer's file was removed");
                            writers.fetch_sub(1, Ordering::SeqCst);
                        }
                    });
                }
            });
        }
    }

    /// What was published while somebody waited for its lock is no longer a temporary file.
    #[test]
    fn only_the_named_file_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        let (file, path) = create(&folder.path().join("x"), "x", Kind::File).unwrap();
        fs::rename(&path, folder.path().join("x")).unwrap();
        assert!(!is_at(&file, &path));
        fs::write(&path, "another's").unwrap();
        assert!(!is_at(&file, &path));
        assert!(is_at(&File::open(&path).unwrap(), &path));
    }

    #[test]
    fn names() {
        for (name, is) in [
            (".x.csv.0.tmp", true),
            (".x.ff.tmp", true),
            ("x.0.tmp", false),
            (".x.tmp", false),
            (".x.g.tmp", false),
            ("..0.tmp", false),
            (".x.0.tmp2", false),
        ] {
            assert_eq!(is_name(Path::new(name)), is, "{name}");
        }
        assert_eq!(stem("short"), "short");
        let (one, two) = (stem(&"é".repeat(127)), stem(&("é".repeat(126) + "aa")));
        assert!(one.len() + EXTRA <= MAX_NAME && one != two);
    }
}
