//! A file that is being written.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::iter;
use std::path::{Component, Path, PathBuf};

use super::folder;
use super::sync;
use super::temporary::{self, Kind};
use crate::{IoError, IoErrorKind};

const BUFFER: usize = 1 << 18;

/// A file, or a folder of files, on its way to its name: written under a temporary name in the same
/// folder, which disappears if it is not committed, unless a [checkpoint](crate::SlabSink::checkpoint)
/// speaks of it.
#[derive(Debug)]
pub struct Pending {
    target: PathBuf,
    temporary: PathBuf,
    writer: Writer,
    visible: bool,
    /// Stays where it is not committed.
    kept: bool,
}

#[derive(Debug)]
enum Writer {
    /// With what is not written yet: as much as it needs, and nothing while a complete file waits for others.
    File(File, Vec<u8>),
    /// Locked; its files are written by others.
    Folder(File),
}

impl Writer {
    fn of(kind: Kind, file: File) -> Self {
        match kind {
            Kind::File => Writer::File(file, Vec::new()),
            Kind::Folder => Writer::Folder(file),
        }
    }
}

impl Pending {
    pub(super) fn create(target: &Path, kind: Kind) -> Result<Self, IoError> {
        let named = |kind: IoErrorKind, path: &Path| IoError::from(kind).at(path);
        for component in target.components() {
            if let Component::Normal(name) = component
                && name.len() > temporary::MAX_NAME
            {
                let name = name.to_string_lossy().into_owned();
                return Err(named(IoErrorKind::NameTooLong { name }, target));
            }
        }
        let Some(name) = target.file_name().and_then(OsStr::to_str) else {
            return Err(IoError::refused("this is no name for a file").at(target));
        };
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => named(IoErrorKind::NotFolder, folder),
                _ => IoError::from(error).at(folder),
            })?;
        }
        if kind == Kind::File && target.is_dir() {
            return Err(named(IoErrorKind::IsFolder, target));
        }
        let (file, temporary) = temporary::create(target, name, kind)?;
        let writer = Writer::of(kind, file);
        Ok(Pending { target: target.to_owned(), temporary, writer, visible: false, kept: false })
    }

    /// What a writer of `target` left which is gone; a file from its beginning. It stays what it is until it
    /// is written to, and is kept.
    pub(super) fn reopen(target: &Path, kind: Kind) -> Result<Self, IoError> {
        let Some(name) = target.file_name().and_then(OsStr::to_str) else {
            return Err(IoError::refused("this is no name for a file").at(target));
        };
        let (file, temporary) = temporary::reopen(target, name, kind)?;
        let writer = Writer::of(kind, file);
        Ok(Pending { target: target.to_owned(), temporary, writer, visible: false, kept: true })
    }

    /// Makes durable what was written, under its temporary name, where it stays should it not be committed.
    pub(crate) fn keep(&mut self) -> io::Result<()> {
        self.flush()?;
        let synced = match &self.writer {
            Writer::File(file, _) => sync::one(file, &self.temporary),
            Writer::Folder(folder) => sync::all(iter::once(folder)),
        };
        synced.map_err(|error| self.error(error))?;
        self.kept = true;
        Ok(())
    }

    /// Cuts the file off, and goes on there.
    pub(crate) fn truncate(&mut self, length: u64) -> io::Result<()> {
        let mut file = self.file();
        let cut = file.set_len(length).and_then(|()| file.seek(SeekFrom::Start(length)));
        cut.map(drop).map_err(|error| self.error(error))
    }

    /// The name that it will have.
    pub fn path(&self) -> &Path {
        &self.target
    }

    /// Where it is for now.
    pub(super) fn temporary(&self) -> &Path {
        &self.temporary
    }

    pub(crate) fn file(&self) -> &File {
        match &self.writer {
            Writer::File(file, _) | Writer::Folder(file) => file,
        }
    }

    /// Removes the file that has the name now.
    pub(super) fn retract(&self) -> Result<(), IoError> {
        match fs::remove_file(&self.target) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(IoError::from(error).at(&self.target)),
            _ => Ok(()),
        }
    }

    pub(super) fn publish(mut self) -> Result<PathBuf, IoError> {
        match &self.writer {
            Writer::File(..) => fs::rename(&self.temporary, &self.target)
                .map_err(|error| IoError::from(error).at(&self.target))?,
            Writer::Folder(_) => folder::publish(&self.temporary, &self.target)?,
        }
        self.visible = true;
        Ok(self.target.clone())
    }

    fn error(&self, error: io::Error) -> io::Error {
        if error.kind() == ErrorKind::Interrupted {
            error
        } else {
            IoError::from(error).at(&self.target).into_io()
        }
    }
}

/// Writes out what is waiting before it would be more than the buffer holds.
fn write(file: &mut File, waiting: &mut Vec<u8>, bytes: &[u8]) -> io::Result<usize> {
    if waiting.len() + bytes.len() > BUFFER {
        file.write_all(waiting)?;
        waiting.clear();
    }
    if bytes.len() >= BUFFER {
        return file.write(bytes);
    }
    waiting.extend_from_slice(bytes);
    Ok(bytes.len())
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.writer {
            Writer::File(file, waiting) => write(file, waiting, bytes),
            Writer::Folder(_) => Err(ErrorKind::IsADirectory.into()),
        };
        written.map_err(|error| self.error(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match &mut self.writer {
            Writer::File(file, waiting) => file.write_all(&std::mem::take(waiting)),
            Writer::Folder(_) => Ok(()),
        };
        flushed.map_err(|error| self.error(error))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.visible && !self.kept {
            // Nobody is left to tell; what remains is found stale later.
            let _ = match &self.writer {
                Writer::File(..) => fs::remove_file(&self.temporary),
                Writer::Folder(_) => fs::remove_dir_all(&self.temporary),
            };
        }
    }
}
