//! What stands in a bucket.

use std::path::Path;
use std::time::Duration;

use object_store::ObjectStoreExt as _;
use object_store::list::{PaginatedListOptions, PaginatedListResult, PaginatedListStore};
use object_store::path::Path as Key;

use super::object::{LIMIT, Object};
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
    entries(&Object::at(path)?, LIMIT)
}

/// Where each page comes within `limit`: all of them may take long.
fn entries(object: &Object, limit: Duration) -> Result<Vec<Entry>, IoError> {
    let entry = |key: &Key, kind| Some(Entry { path: object.path.join(key.filename()?), kind });
    let mut entries: Vec<Entry> = Vec::new();
    let mut next = None;
    loop {
        let PaginatedListResult { result, page_token } = page(object, limit, next)?;
        entries.extend(result.objects.iter().filter_map(|found| entry(&found.location, EntryKind::File)));
        entries.extend(result.common_prefixes.iter().filter_map(|found| entry(found, EntryKind::Folder)));
        next = page_token.filter(|token| !token.is_empty());
        if next.is_none() {
            break;
        }
    }
    if entries.is_empty() && !object.key.as_ref().is_empty() {
        return Err(IoError::from(IoErrorKind::NotFound).at(&object.path));
    }
    entries.sort();
    // A store may name a folder on two pages.
    entries.dedup();
    Ok(entries)
}

/// A thousand names at most.
fn page(object: &Object, limit: Duration, token: Option<String>) -> Result<PaginatedListResult, IoError> {
    let prefix = (!object.key.as_ref().is_empty()).then(|| format!("{}/", object.key));
    let options = PaginatedListOptions {
        delimiter: Some("/".into()),
        page_token: token,
        ..PaginatedListOptions::default()
    };
    object.ask_within(limit, |store, _| async move { store.list_paginated(prefix.as_deref(), options).await })
}

pub(crate) fn stored_bytes(path: &Path) -> Result<u64, IoError> {
    Ok(Object::at(path)?.expect()?.size)
}

pub(crate) fn remove(path: &Path) -> Result<(), IoError> {
    Object::at(path)?.ask(|store, key| async move { store.delete(&key).await })
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::thread;

    use object_store::ClientConfigKey;
    use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};

    use super::super::bucket::Bucket;
    use super::*;

    const PAGES: usize = 4;

    /// A server that lists one object on each of its pages, and takes `delay` for it.
    fn slow(delay: Duration) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let asked = lines.next().unwrap_or_default();
                lines.take_while(|line| !line.is_empty()).for_each(drop);
                let token = |page: &usize| asked.contains(&format!("continuation-token={page}&"));
                let page = (1..PAGES).find(token).unwrap_or(0);
                thread::sleep(delay);
                let next = (page + 1 < PAGES).then(|| page + 1);
                let next = next.map(|next| format!("<NextContinuationToken>{next}</NextContinuationToken>"));
                let text = format!(
                    "<ListBucketResult>{}<Contents><Key>x/{page}</Key><Size>1</Size>\
                     <LastModified>2015-10-21T07:28:00.000Z</LastModified></Contents></ListBucketResult>",
                    next.unwrap_or_default()
                );
                let bytes = text.len();
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\nConnection: close\r\n\r\n");
                stream.write_all((head + &text).as_bytes()).unwrap();
            }
        });
        format!("http://{address}")
    }

    #[test]
    fn all_pages_may_take_longer_than_one() {
        let (delay, limit) = (Duration::from_secs(2), Duration::from_secs(7));
        let builder = AmazonS3Builder::new()
            .with_endpoint(slow(delay))
            .with_region("us-east-1")
            .with_access_key_id("test")
            .with_secret_access_key("test")
            .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp), "true");
        let bucket = Arc::new(Bucket::connect("slow", builder).unwrap());
        let object = Object { bucket, key: Key::from("x"), path: "s3://slow/x".into() };
        let names = (0..PAGES).map(|page| Path::new("s3://slow/x").join(page.to_string()));
        assert!(entries(&object, limit).unwrap().into_iter().map(|entry| entry.path).eq(names));
        let late = entries(&object, delay / 4).unwrap_err().to_string();
        assert!(late.contains("did not answer within"), "{late}");
    }
}
