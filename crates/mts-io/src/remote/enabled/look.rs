//! What stands in a bucket.

use std::path::Path;

use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::{ObjectStore as _, ObjectStoreExt as _};

use super::object::Object;
use crate::{Entry, EntryKind, IoError, IoErrorKind};

pub(crate) fn is_file(path: &Path) -> Result<bool, IoError> {
    Ok(Object::at(path)?.look()?.is_some())
}

/// A folder is there while anything is below it; a bucket always is.
pub(crate) fn kind(path: &Path) -> Result<Option<EntryKind>, IoError> {
    let object = Object::at(path)?;
    if object.look()?.is_some() {
        return Ok(Some(EntryKind::File));
    }
    if object.key.as_ref().is_empty() {
        return Ok(Some(EntryKind::Folder));
    }
    let below = format!("{}/", object.key);
    let one = PaginatedListOptions { max_keys: Some(1), ..PaginatedListOptions::default() };
    let found = object.ask(|store, _| async move { store.list_paginated(Some(&below), one).await })?;
    Ok((!found.result.objects.is_empty()).then_some(EntryKind::Folder))
}

pub(crate) fn list(path: &Path) -> Result<Vec<Entry>, IoError> {
    let object = Object::at(path)?;
    let listed = object.ask(|store, key| async move { store.list_with_delimiter(Some(&key)).await })?;
    let entry = |key: &object_store::path::Path, kind| Some(Entry { path: path.join(key.filename()?), kind });
    let files = listed.objects.iter().filter_map(|found| entry(&found.location, EntryKind::File));
    let folders = listed.common_prefixes.iter().filter_map(|found| entry(found, EntryKind::Folder));
    let mut entries: Vec<Entry> = files.chain(folders).collect();
    if entries.is_empty() && !object.key.as_ref().is_empty() {
        return Err(IoError::from(IoErrorKind::NotFound).at(path));
    }
    entries.sort();
    Ok(entries)
}

pub(crate) fn stored_bytes(path: &Path) -> Result<u64, IoError> {
    Ok(Object::at(path)?.expect()?.size)
}

pub(crate) fn remove(path: &Path) -> Result<(), IoError> {
    Object::at(path)?.ask(|store, key| async move { store.delete(&key).await })
}
