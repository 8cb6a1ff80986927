//! Size and checksum, while writing.

use std::fmt::Write as _;
use std::io::{self, Read, Write};

use mts_core::{Saved, State, StateError};
use sha2::{Digest as _, Sha256};

use crate::{IoError, Pending, pool};

/// A writer that counts and hashes what passes through it.
///
/// ```
/// use std::io::Write as _;
///
/// use mts_io::Digesting;
///
/// let mut file = Digesting::new(Vec::new());
/// file.write_all(b"abc")?;
/// let (bytes, digest) = file.finish();
/// assert_eq!((bytes.as_slice(), digest.bytes), (b"abc".as_slice(), 3));
/// assert!(digest.sha256.starts_with("ba7816bf"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Digesting<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

/// So many bytes are worth a thread of their own.
const LARGE: usize = 1 << 17;

/// Bytes that are read at once.
const READ: usize = 1 << 18;

/// What a file holds, in two figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

impl Digest {
    /// Adds both figures.
    pub(crate) fn save(&self, state: &mut State) {
        state.u64(self.bytes);
        state.bytes(self.sha256.as_bytes());
    }

    /// Reads what [`save`](Self::save) added.
    pub(crate) fn restore(saved: &mut Saved) -> Result<Self, StateError> {
        let (bytes, sha256) = (saved.u64()?, saved.bytes()?);
        Ok(Digest { bytes, sha256: String::from_utf8_lossy(sha256).into_owned() })
    }
}

impl<W> Digesting<W> {
    /// Counts and hashes what `inner` receives from now on.
    pub fn new(inner: W) -> Self {
        Digesting { inner, bytes: 0, hash: Sha256::new() }
    }

    /// The digest of what the writer received so far.
    pub fn digest(&self) -> Digest {
        let mut sha256 = String::new();
        for byte in self.hash.clone().finalize() {
            let _ = write!(sha256, "{byte:02x}");
        }
        Digest { bytes: self.bytes, sha256 }
    }

    /// Gives the writer back, and the digest of what it received.
    pub fn finish(self) -> (W, Digest) {
        let digest = self.digest();
        (self.inner, digest)
    }
}

impl Digesting<Pending> {
    /// Goes on behind `prefix`, with which a file that was taken over must begin; what it has behind that
    /// is cut off. Nothing of it changes where it begins otherwise.
    pub(crate) fn resume(pending: Pending, prefix: &Digest) -> Result<Self, IoError> {
        let mut digesting = Digesting::new(pending);
        let mut piece = vec![0; READ];
        while digesting.bytes < prefix.bytes {
            let some = (prefix.bytes - digesting.bytes).min(READ as u64) as usize;
            let file = digesting.inner.file().ok_or(io::Error::from(io::ErrorKind::Unsupported));
            let read = file.and_then(|mut file| file.read_exact(&mut piece[..some]));
            read.map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => IoError::damaged(format!(
                    "it cannot be continued: the temporary file has less than the {} bytes that were written",
                    prefix.bytes
                )),
                _ => error.into(),
            })?;
            digesting.hash.update(&piece[..some]);
            digesting.bytes += some as u64;
        }
        if digesting.digest() != *prefix {
            return Err(IoError::damaged(
                "it cannot be continued: the temporary file does not begin with what was written",
            ));
        }
        digesting.inner.truncate(prefix.bytes)?;
        Ok(digesting)
    }

    /// Makes durable what was written, and leaves it to be continued should it not be completed; adds to
    /// `state` what [`recall`](Self::recall) reads.
    pub(crate) fn keep(&mut self, state: &mut State) -> Result<(), IoError> {
        self.inner.keep()?;
        self.digest().save(state);
        Ok(())
    }

    /// What a file begins with.
    pub(crate) fn recall(mut saved: Saved) -> Result<Digest, StateError> {
        let prefix = Digest::restore(&mut saved)?;
        saved.end()?;
        Ok(prefix)
    }
}

impl<W: Write + Send> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What writers take whole, as they nearly always do, can be hashed at the same time.
        if bytes.len() >= LARGE {
            let (inner, hash) = (&mut self.inner, &mut self.hash);
            let (written, ()) = pool::join(|| inner.write_all(bytes), || hash.update(bytes));
            written?;
            self.bytes += bytes.len() as u64;
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
