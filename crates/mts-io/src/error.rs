//! What can go wrong between values and files.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Bytes of a message; most have a tenth of that.
const MAX_MESSAGE: usize = 1000;

/// Why something could not be read or written: one sentence that begins with the file.
#[derive(Debug, Error)]
#[error("{}{kind}", path.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default())]
pub struct IoError {
    path: Option<PathBuf>,
    kind: IoErrorKind,
}

/// What went wrong.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IoErrorKind {
    /// There is no such file.
    #[error("there is no such file or folder")]
    NotFound,
    /// The file system does not let us.
    #[error("access is denied ({0}): change the permissions, or use another folder")]
    Denied(io::Error),
    /// The disk or the quota is full.
    #[error("no space is left on the device: free some, or write to another folder")]
    Full,
    /// A component of the path is longer than file systems allow.
    #[error("the name {name:?} has {} bytes, and file systems allow 255: shorten it", name.len())]
    NameTooLong {
        /// The component.
        name: String,
    },
    /// A folder stands where a file is needed.
    #[error("this is a folder where a file is needed: remove it, or use another folder")]
    IsFolder,
    /// A file stands where a folder is needed.
    #[error("this is a file where a folder is needed: remove it, or use another folder")]
    NotFolder,
    /// Somebody else is writing the same file.
    #[error("another writer is at work on it ({0} is locked): wait for it, or use another folder")]
    Busy(String),
    /// Somebody else wrote the same file since it was begun, where files cannot be locked.
    #[error("another writer was faster, and what it put there stays: see what it is, and run again")]
    Taken,
    /// The content is not what the format asks for.
    #[error("{0}")]
    Damaged(String),
    /// The request cannot be met.
    #[error("{0}")]
    Refused(String),
    /// Anything else that the system reports.
    #[error("{0}")]
    System(io::Error),
}

impl IoError {
    /// The file, where known.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What went wrong.
    pub fn kind(&self) -> &IoErrorKind {
        &self.kind
    }

    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        IoErrorKind::Damaged(told(what.into())).into()
    }

    pub(crate) fn refused(what: impl Into<String>) -> Self {
        IoErrorKind::Refused(told(what.into())).into()
    }

    /// Names the file, where it is not named yet.
    #[must_use]
    pub(crate) fn at(mut self, path: &Path) -> Self {
        self.path.get_or_insert_with(|| path.to_owned());
        self
    }

    /// Makes the error travel through code that knows only `io::Error`; `From` gets it back.
    pub(crate) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }
}

/// What a file says stands in messages: made short, and without letters that move a cursor.
fn told(what: String) -> String {
    if what.len() <= MAX_MESSAGE && !what.contains(char::is_control) {
        return what;
    }
    let mut told = String::new();
    for letter in what.chars() {
        if told.len() > MAX_MESSAGE {
            return told + "…";
        }
        if letter.is_control() { told.extend(letter.escape_default()) } else { told.push(letter) }
    }
    told
}

impl From<IoErrorKind> for IoError {
    fn from(kind: IoErrorKind) -> Self {
        IoError { path: None, kind }
    }
}

impl From<io::Error> for IoError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as E;
        let error = match error.downcast::<IoError>() {
            Ok(own) => return own,
            Err(error) => error,
        };
        match error.kind() {
            E::NotFound => IoErrorKind::NotFound.into(),
            E::PermissionDenied | E::ReadOnlyFilesystem => IoErrorKind::Denied(error).into(),
            E::StorageFull | E::QuotaExceeded => IoErrorKind::Full.into(),
            E::IsADirectory => IoErrorKind::IsFolder.into(),
            E::NotADirectory => IoErrorKind::NotFolder.into(),
            _ => IoErrorKind::System(error).into(),
        }
    }
}

/// The `IoError` or `io::Error` that another library wrapped; else its own message.
pub(crate) fn unwrapped(error: Box<dyn Error + Send + Sync>) -> IoError {
    match error.downcast::<io::Error>() {
        Ok(error) => (*error).into(),
        Err(error) => match error.downcast::<IoError>() {
            Ok(own) => *own,
            Err(error) => IoError::damaged(error.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_can_be_shown() {
        let codec = format!("the codec \u{1b}[31m\0{} is not read", "é".repeat(5000));
        let error = IoError::refused(codec).to_string();
        assert!(error.starts_with(r"the codec \u{1b}[31m\u{0}é"), "{error}");
        assert!(error.len() < MAX_MESSAGE + 10 && error.ends_with('…'));
        assert_eq!(IoError::damaged("is “short”").to_string(), "is “short”");
    }
}
