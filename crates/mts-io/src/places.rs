//! What stands under a path, on this machine or on an object store: the one place that tells them apart
//! for whoever reads.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::remote::{self, is_remote};
use crate::{Digest, Digesting, IoError, store};

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder; on an object store, whatever has something below it.
    Folder,
    /// A pipe, a device; in a [`list`], a link too.
    Other,
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The folder's path and the name.
    pub path: PathBuf,
    /// What it is.
    pub kind: EntryKind,
}

impl From<fs::FileType> for EntryKind {
    fn from(found: fs::FileType) -> Self {
        match found {
            found if found.is_dir() => EntryKind::Folder,
            found if found.is_file() => EntryKind::File,
            _ => EntryKind::Other,
        }
    }
}

/// What stands under a path, if anything does.
///
/// ```
/// use mts_io::{EntryKind, exists, kind, list, read_bytes, read_text};
///
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("x.txt");
/// assert!(!exists(&file)?);
/// std::fs::write(&file, "abc")?;
/// assert_eq!(kind(&file)?, Some(EntryKind::File));
/// assert_eq!(list(folder.path())?[0].path, file);
/// assert_eq!(read_text(&file, 3)?, "abc");
/// assert!(read_bytes(&file, 2).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Where that cannot be found out.
pub fn kind(path: &Path) -> Result<Option<EntryKind>, IoError> {
    if is_remote(path) {
        return remote::kind(path);
    }
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.file_type().into())),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(IoError::from(error).at(path)),
    }
}

/// Whether anything stands under a path. Where a file is looked for, [`is_file`] asks an object store less.
///
/// # Errors
///
/// As [`kind`].
pub fn exists(path: &Path) -> Result<bool, IoError> {
    Ok(kind(path)?.is_some())
}

/// Whether a file stands under a path.
///
/// # Errors
///
/// As [`kind`].
pub fn is_file(path: &Path) -> Result<bool, IoError> {
    if is_remote(path) {
        return remote::is_file(path);
    }
    Ok(kind(path)? == Some(EntryKind::File))
}

/// What is in a folder, in order.
///
/// # Errors
///
/// Where it is no folder, or cannot be read.
pub fn list(folder: &Path) -> Result<Vec<Entry>, IoError> {
    if is_remote(folder) {
        return remote::list(folder);
    }
    list_local(folder).map_err(|error| IoError::from(error).at(folder))
}

fn list_local(folder: &Path) -> io::Result<Vec<Entry>> {
    let entry = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok(Entry { kind: entry.file_type()?.into(), path: entry.path() })
    };
    let mut entries: Vec<Entry> = fs::read_dir(folder)?.map(entry).collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

/// The content of a file of at most `most` bytes.
///
/// # Errors
///
/// Where it is larger, no regular file, or cannot be read.
pub fn read_bytes(path: &Path, most: u64) -> Result<Vec<u8>, IoError> {
    let mut bytes = Vec::new();
    if is_remote(path) {
        remote::read_into(path, most, &mut bytes)?;
        return Ok(bytes);
    }
    let read = open_regular(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes);
    if read.map_err(|error| IoError::from(error).at(path))? as u64 > most {
        return Err(IoError::damaged(format!("has more than the {most} bytes that are expected")).at(path));
    }
    Ok(bytes)
}

/// As [`read_bytes`], of a text.
///
/// # Errors
///
/// As [`read_bytes`], and where the content is no text.
pub fn read_text(path: &Path, most: u64) -> Result<String, IoError> {
    let text = String::from_utf8(read_bytes(path, most)?);
    text.map_err(|_| IoError::damaged("this is no text").at(path))
}

/// The bytes of a file, or of all files in a folder of this machine.
///
/// # Errors
///
/// Where something cannot be looked at.
pub fn stored_bytes(path: &Path) -> Result<u64, IoError> {
    if is_remote(path) { remote::stored_bytes(path) } else { store::stored_bytes_local(path) }
}

/// Removes a dataset's file or folder. An object that is not there is no error.
///
/// # Errors
///
/// Where it cannot go.
pub fn remove(path: &Path) -> Result<(), IoError> {
    if is_remote(path) { remote::remove(path) } else { store::remove_local(path) }
}

impl Digest {
    /// The digest of a file, or of a folder: that of the list of its files, each with its checksum, as
    /// `sha256sum` prints it in the order of their paths.
    ///
    /// # Errors
    ///
    /// Where something cannot be read, or is neither file nor folder.
    pub fn read(path: &Path) -> Result<Self, IoError> {
        if !is_remote(path) {
            return store::digest_local(path);
        }
        let mut digesting = Digesting::new(io::sink());
        remote::read_into(path, u64::MAX, &mut digesting)?;
        Ok(digesting.finish().1)
    }
}

/// Opens a file to read it wherever its reader wants; of an object, a copy that goes when it is closed.
pub(crate) fn open(path: &Path) -> Result<File, IoError> {
    if is_remote(path) { remote::open(path) } else { Ok(File::open(path)?) }
}

/// As [`open`], without waiting for the writer of a pipe.
pub(crate) fn open_regular(path: &Path) -> Result<File, IoError> {
    if !is_remote(path) {
        let found = fs::metadata(path).map_err(|error| IoError::from(error).at(path))?;
        if !found.is_file() {
            return Err(IoError::damaged("is no regular file").at(path));
        }
    }
    open(path).map_err(|error| error.at(path))
}
