//! One name in a bucket.

use std::future::Future;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3;
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStoreExt as _};

use super::bucket::Bucket;
use super::runtime;
use crate::IoError;

/// For a request that carries nothing of size, with all its attempts.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

/// What the protocol allows.
const MAX_KEY: usize = 1024;

/// A name, whether something has it or not; an empty key is the bucket.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) bucket: Arc<Bucket>,
    pub(super) key: Key,
    pub(super) path: PathBuf,
}

impl Object {
    pub(super) fn at(path: &Path) -> Result<Self, IoError> {
        Object::parse(path).map_err(|error| error.at(path))
    }

    fn parse(path: &Path) -> Result<Self, IoError> {
        let mut names = Vec::new();
        for component in path.components().skip(1) {
            match component {
                Component::Normal(name) => names.push(name.to_str().ok_or_else(|| {
                    IoError::refused("the name is no text, and an object store has no others")
                })?),
                _ => return Err(IoError::refused("an object store knows no \"..\": write the place out")),
            }
        }
        let Some((bucket, names)) = names.split_first() else {
            return Err(IoError::refused("expected s3://bucket/name"));
        };
        let key = names.join("/");
        if key.len() > MAX_KEY {
            let bytes = key.len();
            return Err(IoError::refused(format!(
                "the name has {bytes} bytes, and object stores allow {MAX_KEY}: shorten it"
            )));
        }
        let key = Key::parse(&key)
            .map_err(|error| IoError::refused(format!("this is no name for an object: {error}")))?;
        Ok(Object { bucket: Bucket::named(bucket)?, key, path: path.to_owned() })
    }

    /// Asks something that is answered soon.
    pub(super) fn ask<T, F>(&self, ask: impl FnOnce(AmazonS3, Key) -> F) -> Result<T, IoError>
    where
        T: Send + 'static,
        F: Future<Output = object_store::Result<T>> + Send + 'static,
    {
        self.ask_within(LIMIT, ask)
    }

    pub(super) fn ask_within<T, F>(
        &self,
        limit: Duration,
        ask: impl FnOnce(AmazonS3, Key) -> F,
    ) -> Result<T, IoError>
    where
        T: Send + 'static,
        F: Future<Output = object_store::Result<T>> + Send + 'static,
    {
        let asking = ask(self.bucket.store.clone(), self.key.clone());
        let answer = runtime::wait(async move { tokio::time::timeout(limit, asking).await });
        match answer.map_err(|error| error.at(&self.path))? {
            Ok(answer) => answer.map_err(|error| self.told(error)),
            Err(_) => {
                let what = format!("the object store did not answer within {} seconds", limit.as_secs());
                Err(IoError::refused(what).at(&self.path))
            }
        }
    }

    pub(super) fn told(&self, error: object_store::Error) -> IoError {
        self.bucket.told(error).at(&self.path)
    }

    /// What the store says of the object, where there is one.
    pub(super) fn look(&self) -> Result<Option<ObjectMeta>, IoError> {
        if self.key.as_ref().is_empty() {
            return self.bucket.expect().map(|()| None).map_err(|error| error.at(&self.path));
        }
        let looked = self.ask(|store, key| async move {
            match store.head(&key).await {
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                looked => looked.map(Some),
            }
        })?;
        if looked.is_none() {
            self.bucket.expect().map_err(|error| error.at(&self.path))?;
        }
        Ok(looked)
    }

    /// As [`look`](Self::look), where there must be one.
    pub(super) fn expect(&self) -> Result<ObjectMeta, IoError> {
        self.look()?.ok_or_else(|| IoError::from(crate::IoErrorKind::NotFound).at(&self.path))
    }
}
