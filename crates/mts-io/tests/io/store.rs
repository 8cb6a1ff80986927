//! Files that appear when they are complete.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use mts_io::{Digesting, Form, Format, IoErrorKind, Pending, Store, begin, create};

use crate::contents;

fn pending(store: &Store<usize>, path: &Path, text: &str) -> Pending {
    let mut file = store.create(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn names(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = entries.collect();
    names.sort();
    names
}

#[test]
fn groups_appear_in_order_when_flushed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new();
    let paths: Vec<PathBuf> =
        ["z", "a", "m"].iter().map(|name| folder.path().join("deep/er").join(name)).collect();
    let mut done = Vec::new();
    for tag in 0..2 {
        let files =
            paths.iter().map(|path| pending(&store, &path.with_extension(tag.to_string()), "x")).collect();
        done.extend(store.commit(tag, files));
    }
    done.extend(store.flush());
    for (committed, tag) in done.iter().zip(0..) {
        let expected: Vec<_> = paths.iter().map(|path| path.with_extension(tag.to_string())).collect();
        assert_eq!(committed.tag, tag);
        assert_eq!(committed.outcome.as_ref().unwrap(), &expected);
    }
    assert_eq!(done.len(), 2);
    assert_eq!(names(&folder.path().join("deep/er")), ["a.0", "a.1", "m.0", "m.1", "z.0", "z.1"]);
    assert!(store.flush().is_empty());
}

#[test]
fn many_files_do_not_wait_for_a_flush() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new();
    let mut returned = 0;
    for tag in 0..256 {
        let path = folder.path().join(tag.to_string());
        returned += store.commit(tag, vec![pending(&store, &path, "x")]).len();
    }
    assert_eq!(returned, 256);
    assert!(store.flush().is_empty());
}

#[test]
fn threads_share_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new();
    let run = |thread: usize| {
        let mut done = 0;
        for i in 0..200 {
            let path = folder.path().join(format!("{thread}/{i}"));
            done += store.commit(i, vec![pending(&store, &path, "x")]).len();
        }
        done
    };
    let run = &run;
    let returned: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|thread| scope.spawn(move || run(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(returned + store.flush().len(), 800);
    assert!((0..4).all(|thread| names(&folder.path().join(thread.to_string())).len() == 200));
}

#[test]
fn nothing_is_left_of_what_is_not_committed() {
    let folder = tempfile::tempdir().unwrap();
    let store: Store<usize> = Store::new();
    let path = folder.path().join("x");
    let file = pending(&store, &path, "half");
    assert_eq!(names(folder.path()), [".x.0.tmp"]);
    drop(file);
    assert!(names(folder.path()).is_empty());

    let queued = pending(&store, &path, "whole");
    assert!(store.commit(0, vec![queued]).is_empty());
    drop(store);
    assert!(names(folder.path()).is_empty());
}

#[test]
fn an_earlier_file_stays_until_the_next_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new();
    let path = crate::write(folder.path(), "x", "old");
    let file = pending(&store, &path, "new");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    store.commit(0, vec![file]);
    store.flush();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(folder.path()), ["x"]);
}

/// Of several, what the last replaces goes first: a folder too.
#[test]
fn an_earlier_folder_goes_before_its_successors_come() {
    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (folder.path().join("a"), folder.path().join("x.zarr"));
    fs::create_dir_all(target.join("deep")).unwrap();
    fs::write(target.join("deep/old"), "old").unwrap();
    // What a killed writer may have left.
    fs::create_dir(folder.path().join(".x.zarr.0.f.tmp")).unwrap();
    let store = Store::new();
    let files = vec![pending(&store, &file, "a"), store.create_folder(&target).unwrap()];
    let mut done = store.commit(0, files);
    done.extend(store.flush());
    assert_eq!(done.remove(0).outcome.unwrap(), [file, target.clone()]);
    assert_eq!(names(folder.path()), ["a", "x.zarr"]);
    assert_eq!(names(&target), [""; 0]);

    // A file is not what a folder replaces.
    let path = folder.path().join("y.zarr");
    fs::write(&path, "a file").unwrap();
    let files = vec![pending(&store, &folder.path().join("b"), "b"), store.create_folder(&path).unwrap()];
    let mut done = store.commit(0, files);
    done.extend(store.flush());
    assert!(matches!(done.remove(0).outcome.unwrap_err().kind(), IoErrorKind::NotFolder));
    assert_eq!(names(folder.path()), ["a", "x.zarr", "y.zarr"]);
}

#[test]
fn a_second_writer_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (Store::<usize>::new(), Store::<usize>::new());
    let path = folder.path().join("x");
    let file = one.create(&path).unwrap();
    let error = two.create(&path).unwrap_err();
    assert!(matches!(error.kind(), IoErrorKind::Busy(_)));
    assert!(error.to_string().contains(".x.0.tmp is locked"), "{error}");
    drop(file);
    assert!(two.create(&path).is_ok());
}

#[test]
fn stale_files_are_removed_and_others_not() {
    let folder = tempfile::tempdir().unwrap();
    let store: Store<usize> = Store::new();
    let live = pending(&store, &folder.path().join("live"), "x");
    for name in [".dead.0.tmp", ".dead.csv.1f.tmp", ".other", "mine.tmp", ".mine.tmp"] {
        crate::write(folder.path(), name, "x");
    }
    let removed = store.remove_stale(folder.path()).unwrap();
    assert_eq!(removed, [".dead.0.tmp", ".dead.csv.1f.tmp"].map(|name| folder.path().join(name)));
    assert_eq!(names(folder.path()), [".live.0.tmp", ".mine.tmp", ".other", "mine.tmp"]);
    drop(live);

    // A writer clears its own way.
    crate::write(folder.path(), ".x.0.tmp", "dead");
    let file = pending(&store, &folder.path().join("x"), "alive");
    store.commit(0, vec![file]);
    store.flush();
    assert_eq!(fs::read(folder.path().join("x")).unwrap(), b"alive");
}

#[test]
fn impossible_paths_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store: Store<usize> = Store::new();
    let file = crate::write(folder.path(), "file", "x");
    let kind = |path: PathBuf| {
        let error = store.create(&path).unwrap_err();
        assert!(error.path().is_some(), "{error}");
        error.to_string()
    };
    assert!(kind(folder.path().to_owned()).contains("is a folder where a file is needed"));
    assert!(kind(file.join("x")).contains("is a file where a folder is needed"));
    assert!(kind(file.join("x/y")).contains("is a file where a folder is needed"));
    assert!(kind(folder.path().join("..")).contains("no name for a file"));
    let long = kind(folder.path().join("é".repeat(128)).join("x"));
    assert!(long.contains("has 256 bytes, and file systems allow 255"), "{long}");
    assert_eq!(names(folder.path()), ["file"]);
    for length in [240, 248, 249, 255] {
        let path = folder.path().join("x".repeat(length));
        store.commit(0, vec![pending(&store, &path, "x")]);
        store.flush();
        assert!(path.exists(), "{length}");
    }
}

#[test]
fn what_a_sink_writes_is_digested_and_published() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new();
    let dataset = crate::declared(2, 30, 2, mts_core::TimeAxis::Steps);
    let path = folder.path().join("x.csv");
    let writer = Digesting::new(store.create(&path).unwrap());
    let mut sink =
        create(Format::Csv, writer, &contents(&dataset, Form::Long, &mts_hash::Map::new())).unwrap();
    sink.write(dataset.values()).unwrap();
    let (file, digest) = sink.finish().unwrap().finish();
    store.commit(0, vec![file]);
    store.flush();
    assert_eq!(digest.bytes, fs::metadata(&path).unwrap().len());
    let sum = Command::new("sha256sum").arg(&path).output().unwrap().stdout;
    assert!(String::from_utf8(sum).unwrap().starts_with(&digest.sha256));
}

/// A small file system; none where mounting is not allowed.
#[cfg(target_os = "linux")]
pub(crate) struct Mounted(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl Mounted {
    pub(crate) fn new(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder.path()).output();
        mount.is_ok_and(|output| output.status.success()).then_some(Mounted(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

#[cfg(target_os = "linux")]
impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

/// Without the right to mount, `/dev/full` still stands for a full disk in the tests of the sinks.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let Some(disk) = Mounted::new("size=256k") else {
        let error = fs::write("/dev/full", "x").unwrap_err();
        assert!(matches!(mts_io::IoError::from(error).kind(), IoErrorKind::Full));
        return;
    };
    let store: Store<usize> = Store::new();
    let path = disk.path().join("x.csv");
    let dataset = crate::declared(10, 5000, 1, mts_core::TimeAxis::Steps);
    let extra = mts_hash::Map::new();
    for format in Format::ALL {
        let contents = contents(&dataset, Form::Long, &extra);
        let finished = begin(&store, &path, *format, &contents).and_then(|mut sink| {
            sink.write(dataset.values())?;
            sink.finish()
        });
        let outcome = finished.and_then(|done| {
            store.commit(0, vec![done.pending]).pop().map_or(Ok(()), |done| done.outcome.map(drop))
        });
        let error = outcome.unwrap_err();
        assert!(matches!(error.kind(), IoErrorKind::Full), "{format}: {error}");
        assert!(error.path().unwrap().starts_with(&path), "{format}: {error}");
        assert!(names(disk.path()).is_empty());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_folder_is_named() {
    let Some(disk) = Mounted::new("ro") else {
        assert!(Store::<usize>::new().create(Path::new("/proc/x")).is_err());
        return;
    };
    let error = Store::<usize>::new().create(&disk.path().join("x")).unwrap_err();
    assert!(matches!(error.kind(), IoErrorKind::Denied(_)), "{error}");
    let error = Store::<usize>::new().create(&disk.path().join("deep/x")).unwrap_err();
    assert!(matches!(error.kind(), IoErrorKind::Denied(_)), "{error}");
}
