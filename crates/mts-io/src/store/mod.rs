//! Files that appear when they are complete.

mod folder;
mod pending;
mod sync;
mod temporary;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) use folder::{Folder, Growing, digest_local, remove_local, stored_bytes_local};
pub use pending::Pending;

use crate::IoError;
use crate::remote::is_remote;
use temporary::Kind;

/// A batch is made durable when it has so many files or is so old.
const MAX_FILES: usize = 256;
const MAX_AGE: Duration = Duration::from_millis(200);

/// Where files are written so that each appears under its name only when it is complete and
/// durable. Threads share one store.
///
/// Durable is what a file holds, before it has its name. The name itself is as durable as the file system
/// makes a rename, which is soon, and at the latest when a later batch is made durable: after a loss of power
/// the last files may be back under their temporary names, or gone, and what they replaced be there, but
/// nothing is there in part.
///
/// On an object store (`s3://bucket/name`) nothing can be locked: whoever comes second finds when its file is
/// to appear that the name is not as it was when the file was begun, and has [`IoErrorKind::Taken`]. What
/// goes there is sent while it is written, and appears in the commit itself.
///
/// [`IoErrorKind::Taken`]: crate::IoErrorKind::Taken
///
/// Files that belong together are committed together, under a `tag` of the caller's choice that
/// comes back when they are visible. Waiting for the disk is most of the cost of a small file, so
/// that groups wait for each other: a commit may return what earlier ones began, and
/// [`flush`](Self::flush) returns the rest.
///
/// ```
/// use std::io::Write as _;
///
/// use mts_io::Store;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("a/b.txt");
/// let store = Store::new();
/// let mut file = store.create(&path)?;
/// file.write_all(b"complete")?;
/// assert!(!path.exists());
///
/// let mut done = store.commit("my task", vec![file]);
/// done.extend(store.flush());
/// assert_eq!(done[0].tag, "my task");
/// assert_eq!(done[0].outcome.as_ref().unwrap(), &[path.clone()]);
/// assert_eq!(std::fs::read(&path)?, b"complete");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Store<T = ()> {
    queue: Mutex<Queue<T>>,
}

/// What became of the files of one commit.
#[derive(Debug)]
pub struct Committed<T> {
    /// The tag that they were committed under.
    pub tag: T,
    /// The files, now visible, in their order; or why not all are. None is visible in part, and
    /// none is without those before it. See [`Store`] for what a loss of power leaves of that.
    pub outcome: Result<Vec<PathBuf>, IoError>,
}

#[derive(Debug)]
struct Queue<T> {
    groups: Vec<(T, Vec<Pending>)>,
    files: usize,
    since: Option<Instant>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Queue { groups: Vec::new(), files: 0, since: None }
    }
}

impl<T> Queue<T> {
    fn is_due(&self) -> bool {
        self.files >= MAX_FILES || self.since.is_some_and(|since| since.elapsed() >= MAX_AGE)
    }
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Store::new()
    }
}

impl<T> Store<T> {
    /// A store without open files.
    pub fn new() -> Self {
        Store { queue: Mutex::new(Queue::default()) }
    }

    /// Begins a file that will appear as `path`; folders are made as needed.
    ///
    /// # Errors
    ///
    /// Where `path` cannot become a file: it is a folder, or below a file, a name in it is too
    /// long, nothing may be written there, or another writer is at work on it; or its bucket does not answer.
    pub fn create(&self, path: &Path) -> Result<Pending, IoError> {
        Pending::create(path, Kind::File)
    }

    /// Takes over the file that a writer of `path` left behind which is gone.
    pub(crate) fn reopen(&self, path: &Path) -> Result<Pending, IoError> {
        Pending::reopen(path, Kind::File)
    }

    /// Takes over the folder that a writer of `path` left behind which is gone.
    pub(crate) fn reopen_folder(&self, path: &Path) -> Result<Pending, IoError> {
        Pending::reopen(path, Kind::Folder)
    }

    /// Begins a folder that will appear as `path`, with everything in it.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and on object stores, where folders cannot appear at once.
    pub fn create_folder(&self, path: &Path) -> Result<Pending, IoError> {
        Pending::create(path, Kind::Folder)
    }

    /// Makes `files` visible in their order, soon: put what others need before what tells of it. Where
    /// there are several, the last tells of all, and what has its name now goes before the first comes:
    /// nothing ever tells of files that are replaced. On an object store none of them comes, and nothing goes,
    /// where that name is not as it was when its file was begun: begin the last first.
    ///
    /// Returns the groups that became visible or failed by now, this one among them or not.
    pub fn commit(&self, tag: T, mut files: Vec<Pending>) -> Vec<Committed<T>> {
        let written = files.iter_mut().try_for_each(io::Write::flush);
        if let Err(error) = written {
            return vec![Committed { tag, outcome: Err(error.into()) }];
        }
        // There is no disk to wait for, and each thread waits for its own answers; small files are in memory.
        if files.iter().any(Pending::is_remote) {
            let alone = Queue { files: files.len(), groups: vec![(tag, files)], since: None };
            return Self::publish(alone, self.lock());
        }
        let mut queue = self.lock();
        queue.files += files.len();
        queue.groups.push((tag, files));
        queue.since.get_or_insert_with(Instant::now);
        if queue.is_due() { Self::publish(std::mem::take(&mut *queue), queue) } else { Vec::new() }
    }

    /// Makes visible what has waited long enough: for a thread that looks in while others are busy.
    pub fn flush_due(&self) -> Vec<Committed<T>> {
        let mut queue = self.lock();
        if queue.is_due() { Self::publish(std::mem::take(&mut *queue), queue) } else { Vec::new() }
    }

    /// Makes everything visible that was committed and not yet returned.
    pub fn flush(&self) -> Vec<Committed<T>> {
        let mut queue = self.lock();
        Self::publish(std::mem::take(&mut *queue), queue)
    }

    fn lock(&self) -> MutexGuard<'_, Queue<T>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Others go on committing while this waits for the disk.
    fn publish(batch: Queue<T>, queue: MutexGuard<Queue<T>>) -> Vec<Committed<T>> {
        drop(queue);
        let files = batch.groups.iter().flat_map(|(_, files)| files).filter_map(Pending::file);
        let synced = sync::all(files);
        let groups = batch.groups.into_iter();
        groups
            .map(|(tag, files)| {
                let outcome = match &synced {
                    Ok(()) => publish(files),
                    Err(error) => Err(sync::failure(error, files.first().map(Pending::path))),
                };
                Committed { tag, outcome }
            })
            .collect()
    }

    /// Removes what writers that died left in `folder`; returns the removed files. On an object store that is
    /// nothing that has a name: parts of uploads, which a rule of the bucket (`AbortIncompleteMultipartUpload`)
    /// removes.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be read, or a file not be removed.
    pub fn remove_stale(&self, folder: &Path) -> Result<Vec<PathBuf>, IoError> {
        let mut removed = Vec::new();
        if is_remote(folder) {
            return Ok(removed);
        }
        for entry in fs::read_dir(folder).map_err(|error| IoError::from(error).at(folder))? {
            let path = entry.map_err(|error| IoError::from(error).at(folder))?.path();
            if temporary::is_name(&path) && temporary::remove(&path)? == temporary::Found::Stale {
                removed.push(path);
            }
        }
        removed.sort();
        Ok(removed)
    }
}

fn publish(mut files: Vec<Pending>) -> Result<Vec<PathBuf>, IoError> {
    if let [_, .., last] = &mut files[..] {
        last.retract()?;
    }
    files.into_iter().map(Pending::publish).collect()
}
