//! A file that is being written.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::iter;
use std::path::{Component, Path, PathBuf};

use super::folder;
use super::sync;
use super::temporary::{self, Kind};
use crate::remote::{self, Upload, is_remote};
use crate::{IoError, IoErrorKind};

const BUFFER: usize = 1 << 18;

/// A file, or a folder of files, on its way to its name: written under a temporary name in the same
/// folder, or without a name to an object store, it disappears if it is not committed, unless a
/// [checkpoint](crate::SlabSink::checkpoint) speaks of it.
#[derive(Debug)]
pub struct Pending {
    target: PathBuf,
    writer: Writer,
}

#[derive(Debug)]
enum Writer {
    /// With what is not written yet: as much as it needs, and nothing while a complete file waits for others.
    File(Temporary, File, Vec<u8>),
    /// Locked; its files are written by others.
    Folder(Temporary, File),
    Remote(Box<Upload>),
}

/// A temporary name, which goes unless it has become the final one.
#[derive(Debug)]
struct Temporary {
    path: PathBuf,
    kind: Kind,
    visible: bool,
    /// Stays where it is not committed.
    kept: bool,
}

impl Writer {
    fn of(kind: Kind, path: PathBuf, file: File, kept: bool) -> Self {
        let temporary = Temporary { path, kind, visible: false, kept };
        match kind {
            Kind::File => Writer::File(temporary, file, Vec::new()),
            Kind::Folder => Writer::Folder(temporary, file),
        }
    }
}

impl Temporary {
    /// Leaves it where it is from now on, once that is durable.
    fn keep(&mut self, sync: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
        sync(&self.path)?;
        self.kept = true;
        Ok(())
    }
}

impl Pending {
    pub(super) fn create(target: &Path, kind: Kind) -> Result<Self, IoError> {
        let writer = match kind {
            Kind::File if is_remote(target) => Writer::Remote(Box::new(Upload::begin(target)?)),
            Kind::Folder if is_remote(target) => return Err(remote::no_folder(target)),
            kind => Self::create_local(target, kind)?,
        };
        Ok(Pending { target: target.to_owned(), writer })
    }

    fn create_local(target: &Path, kind: Kind) -> Result<Writer, IoError> {
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
        if kind == Kind::File && target.is_dir() {
            return Err(named(IoErrorKind::IsFolder, target));
        }
        // Most files come into a folder that is there.
        let created = match temporary::create(target, name, kind) {
            Err(error) if matches!(error.kind(), IoErrorKind::NotFound | IoErrorKind::NotFolder) => {
                let folder = target.parent().unwrap_or(Path::new(""));
                fs::create_dir_all(folder).map_err(|error| match error.kind() {
                    ErrorKind::AlreadyExists => named(IoErrorKind::NotFolder, folder),
                    _ => IoError::from(error).at(folder),
                })?;
                temporary::create(target, name, kind)
            }
            created => created,
        };
        let (file, path) = created?;
        Ok(Writer::of(kind, path, file, false))
    }

    /// What a writer of `target` left which is gone; a file from its beginning. It stays what it is until it
    /// is written to, and is kept.
    pub(super) fn reopen(target: &Path, kind: Kind) -> Result<Self, IoError> {
        let Some(name) = target.file_name().and_then(OsStr::to_str) else {
            return Err(IoError::refused("this is no name for a file").at(target));
        };
        if is_remote(target) {
            return Err(IoError::refused("what is sent to an object store cannot be continued").at(target));
        }
        let (file, path) = temporary::reopen(target, name, kind)?;
        Ok(Pending { target: target.to_owned(), writer: Writer::of(kind, path, file, true) })
    }

    /// Makes durable what was written, under its temporary name, where it stays should it not be committed.
    pub(crate) fn keep(&mut self) -> io::Result<()> {
        self.flush()?;
        let kept = match &mut self.writer {
            Writer::File(temporary, file, _) => temporary.keep(|path| sync::one(file, path)),
            Writer::Folder(temporary, folder) => temporary.keep(|_| sync::all(iter::once(&*folder))),
            Writer::Remote(_) => Err(ErrorKind::Unsupported.into()),
        };
        kept.map_err(|error| self.error(error))
    }

    /// Cuts the file off, and goes on there.
    pub(crate) fn truncate(&mut self, length: u64) -> io::Result<()> {
        let mut file = self.file().ok_or(ErrorKind::Unsupported)?;
        let cut = file.set_len(length).and_then(|()| file.seek(SeekFrom::Start(length)));
        cut.map(drop).map_err(|error| self.error(error))
    }

    /// The name that it will have.
    pub fn path(&self) -> &Path {
        &self.target
    }

    /// Where a file, or the files of a folder, are for now.
    pub(crate) fn temporary(&self) -> &Path {
        match &self.writer {
            Writer::File(temporary, ..) | Writer::Folder(temporary, _) => &temporary.path,
            // Never a folder.
            Writer::Remote(_) => &self.target,
        }
    }

    /// Whether it is on its way to an object store.
    pub(super) fn is_remote(&self) -> bool {
        matches!(self.writer, Writer::Remote(_))
    }

    /// What has to be made durable, where that is for us to ask.
    pub(crate) fn file(&self) -> Option<&File> {
        match &self.writer {
            Writer::File(_, file, _) | Writer::Folder(_, file) => Some(file),
            Writer::Remote(_) => None,
        }
    }

    /// Removes what has the name now.
    pub(super) fn retract(&mut self) -> Result<(), IoError> {
        match &mut self.writer {
            Writer::File(..) => match fs::remove_file(&self.target) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    Err(IoError::from(error).at(&self.target))
                }
                _ => Ok(()),
            },
            Writer::Folder(temporary, _) => folder::retract(&temporary.path, &self.target),
            Writer::Remote(upload) => upload.retract(),
        }
    }

    pub(super) fn publish(mut self) -> Result<PathBuf, IoError> {
        // Locks are held until the temporary name is gone, one way or the other.
        match self.writer {
            Writer::File(ref mut temporary, ..) => {
                let renamed = fs::rename(&temporary.path, &self.target);
                renamed.map_err(|error| IoError::from(error).at(&self.target))?;
                temporary.visible = true;
            }
            Writer::Folder(ref mut temporary, _) => {
                folder::publish(&temporary.path, &self.target)?;
                temporary.visible = true;
            }
            Writer::Remote(upload) => upload.publish()?,
        }
        Ok(self.target)
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
            Writer::File(_, file, waiting) => write(file, waiting, bytes),
            Writer::Folder(..) => Err(ErrorKind::IsADirectory.into()),
            Writer::Remote(upload) => upload.write(bytes),
        };
        written.map_err(|error| self.error(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match &mut self.writer {
            Writer::File(_, file, waiting) => file.write_all(&std::mem::take(waiting)),
            Writer::Folder(..) => Ok(()),
            Writer::Remote(upload) => upload.flush(),
        };
        flushed.map_err(|error| self.error(error))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.visible && !self.kept {
            // Nobody is left to tell; what remains is found stale later.
            let _ = match self.kind {
                Kind::File => fs::remove_file(&self.path),
                Kind::Folder => fs::remove_dir_all(&self.path),
            };
        }
    }
}
