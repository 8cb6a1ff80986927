//! A file that lines are added to.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
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
    Local(Lines<File>),
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
            None => {
                let lines = open_local(path).and_then(Lines::new);
                Place::Local(lines.map_err(|error| IoError::from(error).at(path))?)
            }
        };
        Ok(Journal { path: path.to_owned(), place })
    }

    /// Adds a line, which has no line end in it.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written. What a full disk took of the line is a line of its own then: the next
    /// one does not continue it.
    pub fn add(&mut self, line: &str) -> Result<(), IoError> {
        let line = format!("{line}\n");
        match &mut self.place {
            Place::Local(lines) => lines.add(&line).map_err(|error| IoError::from(error).at(&self.path)),
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
            Place::Local(lines) => {
                lines.file.sync_data().map_err(|error| IoError::from(error).at(&self.path))
            }
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
    options.open(path)
}

/// A file that ends with a line end, or may not since a line was written in part.
#[derive(Debug)]
struct Lines<F> {
    file: F,
    torn: bool,
}

impl<F: Read + Write + Seek> Lines<F> {
    fn new(file: F) -> io::Result<Self> {
        let mut lines = Lines { file, torn: true };
        lines.mend()?;
        Ok(lines)
    }

    fn add(&mut self, line: &str) -> io::Result<()> {
        self.mend()?;
        // One call for one line: lines of several writers do not mix.
        self.torn = true;
        self.file.write_all(line.as_bytes())?;
        self.torn = false;
        Ok(())
    }

    /// Ends a line that is there in part.
    fn mend(&mut self) -> io::Result<()> {
        if self.torn && self.file.seek(SeekFrom::End(0))? > 0 {
            self.file.seek(SeekFrom::End(-1))?;
            let mut last = [0];
            self.file.read_exact(&mut last)?;
            if last != [b'\n'] {
                self.file.write_all(b"\n")?;
            }
        }
        self.torn = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file on a disk that has some bytes left; what is written goes to its end.
    struct Disk {
        file: io::Cursor<Vec<u8>>,
        left: usize,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let length = bytes.len().min(self.left);
            if length == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.left -= length;
            self.file.seek(SeekFrom::End(0))?;
            self.file.write(&bytes[..length])
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Read for Disk {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.file.read(buffer)
        }
    }

    impl Seek for Disk {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.file.seek(to)
        }
    }

    #[test]
    fn a_line_that_a_full_disk_tore_is_not_continued() {
        for (left, torn) in [(4, ""), (5, "t\n"), (7, "two\n")] {
            let mut lines = Lines::new(Disk { file: io::Cursor::default(), left }).unwrap();
            lines.add("one\n").unwrap();
            assert_eq!(lines.add("two\n").unwrap_err().kind(), io::ErrorKind::StorageFull);
            // Nor is it ended yet.
            assert!(lines.add("three\n").is_err());
            lines.file.left = 100;
            lines.add("four\n").unwrap();
            lines.add("five\n").unwrap();
            let text = String::from_utf8(lines.file.file.into_inner()).unwrap();
            assert_eq!(text, format!("one\n{torn}four\nfive\n"));
        }
    }
}
