//! A file that lines are added to.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::remote::{self, is_remote};
use crate::{IoError, places};

/// More than any manifest: ten million lines.
pub(crate) const MAX_TEXT: u64 = 1 << 31;

/// A file that lines are added to, by several writers at a time.
///
/// On this machine a line is there when it is added. An object store can only replace what is there: lines
/// wait until [`sync`](Self::sync), which writes the object again with those that others added meanwhile.
///
/// ```
/// use mts_io::Journal;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("manifest.jsonl");
/// // What a killed writer left.
/// std::fs::write(&path, "one\ntw")?;
/// let mut journal = Journal::open(&path)?;
/// journal.add("three")?;
/// journal.sync()?;
/// assert_eq!(Journal::read(&path)?, "one\ntw\nthree\n");
/// # Ok::<(), mts_io::IoError>(())
/// ```
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Local(File),
    /// Lines that are not there yet.
    Remote(String),
}

impl Journal {
    /// Opens a file to add to it, or begins it. A line that a killed writer left half is ended first.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn open(path: &Path) -> Result<Self, IoError> {
        let place = match remote::objection().filter(|_| is_remote(path)) {
            Some(objection) => return Err(IoError::refused(objection).at(path)),
            None if is_remote(path) => Place::Remote(String::new()),
            None => Place::Local(open_local(path).map_err(|error| IoError::from(error).at(path))?),
        };
        Ok(Journal { path: path.to_owned(), place })
    }

    /// Adds a line, which has no line end in it.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn add(&mut self, line: &str) -> Result<(), IoError> {
        let line = format!("{line}\n");
        match &mut self.place {
            // One call for one line: lines of several writers do not mix.
            Place::Local(file) => {
                file.write_all(line.as_bytes()).map_err(|error| IoError::from(error).at(&self.path))
            }
            Place::Remote(lines) => {
                lines.push_str(&line);
                Ok(())
            }
        }
    }

    /// Makes all lines durable.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written. Lines for an object store are kept for the next time.
    pub fn sync(&mut self) -> Result<(), IoError> {
        match &mut self.place {
            Place::Local(file) => file.sync_data().map_err(|error| IoError::from(error).at(&self.path)),
            Place::Remote(lines) if lines.is_empty() => Ok(()),
            Place::Remote(lines) => {
                remote::append(&self.path, lines.as_bytes())?;
                lines.clear();
                Ok(())
            }
        }
    }

    /// All lines of a file; letters that are none are replaced.
    ///
    /// # Errors
    ///
    /// Where it is missing, larger than any journal, or cannot be read.
    pub fn read(path: &Path) -> Result<String, IoError> {
        Ok(String::from_utf8_lossy(&places::read_bytes(path, MAX_TEXT)?).into_owned())
    }
}

fn open_local(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).read(true).append(true);
    // A link may lead anywhere.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    let mut file = options.open(path)?;
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != [b'\n'] {
            file.write_all(b"\n")?;
        }
    }
    Ok(file)
}
