//! What stands under a path.

use std::fs;
use std::path::Path;

use mts_io::{EntryKind, Journal, exists, is_file, kind, list, read_bytes};

#[test]
fn what_stands_there_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    crate::write(folder.path(), "file", "abc");
    fs::create_dir(at("folder")).unwrap();
    std::os::unix::fs::symlink(at("file"), at("link")).unwrap();
    assert_eq!(kind(&at("file")).unwrap(), Some(EntryKind::File));
    assert_eq!(kind(&at("link")).unwrap(), Some(EntryKind::File));
    assert_eq!(kind(&at("folder")).unwrap(), Some(EntryKind::Folder));
    assert_eq!(kind(Path::new("/dev/null")).unwrap(), Some(EntryKind::Other));
    assert!(exists(&at("folder")).unwrap() && !is_file(&at("folder")).unwrap());
    assert!(!exists(&at("none")).unwrap() && !exists(&at("file/none")).unwrap());

    let found = list(folder.path()).unwrap();
    let found: Vec<_> = found.iter().map(|entry| (entry.path.clone(), entry.kind)).collect();
    let expected = [("file", EntryKind::File), ("folder", EntryKind::Folder), ("link", EntryKind::Other)];
    assert_eq!(found, expected.map(|(name, kind)| (at(name), kind)));
    assert!(list(&at("file")).unwrap_err().to_string().contains("this is a file where a folder is needed"));

    assert_eq!(read_bytes(&at("file"), 3).unwrap(), b"abc");
    assert!(read_bytes(&at("file"), 2).unwrap_err().to_string().contains("more than the 2 bytes"));
    assert!(read_bytes(&at("folder"), 2).unwrap_err().to_string().contains("is no regular file"));
}

#[test]
fn journals_grow_by_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.jsonl");
    let (mut one, mut two) = (Journal::open(&path).unwrap(), Journal::open(&path).unwrap());
    one.add("a").unwrap();
    two.add("b").unwrap();
    one.add("c").unwrap();
    one.sync().unwrap();
    assert_eq!(Journal::read(&path).unwrap(), "a\nb\nc\n");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(Journal::open(&link).is_err());
    let error = Journal::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("this is a folder where a file is needed"), "{error}");
}

/// The command line has its own test, that nothing is written for it.
#[cfg(not(feature = "s3"))]
#[test]
fn object_stores_are_refused_without_the_feature() {
    let path = Path::new("s3://bucket/x.parquet");
    let refused = "s3://bucket/x.parquet: this program was built without object stores: feature s3";
    let store = mts_io::Store::<()>::new();
    for error in [
        store.create(path).map(drop).unwrap_err(),
        kind(path).map(drop).unwrap_err(),
        list(path).map(drop).unwrap_err(),
        read_bytes(path, 1).map(drop).unwrap_err(),
        mts_io::open(path).map(drop).unwrap_err(),
        mts_io::Digest::read(path).map(drop).unwrap_err(),
        mts_io::Pack::open(path).map(drop).unwrap_err(),
        mts_io::Sidecar::read(path).map(drop).unwrap_err(),
        mts_io::Catalogue::read(path).map(drop).unwrap_err(),
        mts_io::stored_bytes(path).map(drop).unwrap_err(),
        mts_io::remove(path).unwrap_err(),
        Journal::open(path).map(drop).unwrap_err(),
    ] {
        assert_eq!(error.to_string(), refused);
    }
    assert!(mts_io::Format::Csv.objection_to(path).is_some());
    assert!(!Path::new("s3:").exists());
}
