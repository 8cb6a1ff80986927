//! A file that is being written.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use super::temporary;
use crate::{IoError, IoErrorKind};

const BUFFER: usize = 1 << 18;

/// A file on its way to its name: written into a temporary file in the same folder, which
/// disappears if it is not committed.
#[derive(Debug)]
pub struct Pending {
    target: PathBuf,
    temporary: PathBuf,
    writer: BufWriter<File>,
    visible: bool,
}

impl Pending {
    pub(super) fn create(target: &Path) -> Result<Self, IoError> {
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
        if target.is_dir() {
            return Err(named(IoErrorKind::IsFolder, target));
        }
        let (file, temporary) = temporary::create(target, name)?;
        let writer = BufWriter::with_capacity(BUFFER, file);
        Ok(Pending { target: target.to_owned(), temporary, writer, visible: false })
    }

    /// The name that it will have.
    pub fn path(&self) -> &Path {
        &self.target
    }

    pub(super) fn file(&self) -> &File {
        self.writer.get_ref()
    }

    pub(super) fn publish(mut self) -> Result<PathBuf, IoError> {
        fs::rename(&self.temporary, &self.target).map_err(|error| IoError::from(error).at(&self.target))?;
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

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes).map_err(|error| self.error(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().map_err(|error| self.error(error))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.visible {
            // Nobody is left to tell; what remains is found stale later.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}
