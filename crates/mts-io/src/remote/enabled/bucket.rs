//! Connections to buckets, one for each that is named.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::{BackoffConfig, ClientConfigKey, RetryConfig};

use super::conditional::Connector;
use super::error;
use super::runtime;
use crate::{IoError, IoErrorKind};

/// For a request with the content of a part: a slow line shared by many threads needs minutes.
const LIMIT: Duration = Duration::from_secs(300);

const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Attempts after the first, with random waits between: what lasts longer than they do is for the user to
/// know.
const RETRIES: usize = 6;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A bucket, and how it is reached.
#[derive(Debug)]
pub(super) struct Bucket {
    pub(super) store: AmazonS3,
    name: String,
    /// Where it is not the one that follows from the region.
    endpoint: Option<String>,
    /// Whether it has ever answered as a bucket that is there.
    known: AtomicBool,
}

static BUCKETS: Mutex<BTreeMap<String, Arc<Bucket>>> = Mutex::new(BTreeMap::new());

impl Bucket {
    /// The bucket `name`, with what the environment says of credentials, region and endpoint.
    pub(super) fn named(name: &str) -> Result<Arc<Self>, IoError> {
        let mut buckets = BUCKETS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get(name) {
            return Ok(Arc::clone(bucket));
        }
        let bucket = Arc::new(Bucket::connect(name, AmazonS3Builder::from_env())?);
        buckets.insert(name.to_owned(), Arc::clone(&bucket));
        Ok(bucket)
    }

    pub(super) fn connect(name: &str, environment: AmazonS3Builder) -> Result<Self, IoError> {
        let endpoint = environment.get_config_value(&AmazonS3ConfigKey::Endpoint);
        let plain = endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let client = AmazonS3ConfigKey::Client;
        let allowed = environment.get_config_value(&client(ClientConfigKey::AllowHttp));
        if plain && allowed.is_none_or(|word| word != "true") {
            return Err(IoError::refused(
                "the endpoint is not encrypted: AWS_ALLOW_HTTP=true allows that, or use one with https",
            ));
        }
        let retry = RetryConfig {
            max_retries: RETRIES,
            retry_timeout: LIMIT,
            backoff: BackoffConfig {
                init_backoff: FIRST_WAIT,
                max_backoff: LONGEST_WAIT,
                ..BackoffConfig::default()
            },
        };
        let store = environment
            .with_bucket_name(name)
            .with_config(client(ClientConfigKey::Timeout), seconds(LIMIT))
            .with_config(client(ClientConfigKey::ConnectTimeout), seconds(CONNECT_LIMIT))
            .with_retry(retry)
            .with_http_connector(Connector::default())
            .build();
        let store = store.map_err(|error| error::told(error, name, endpoint.as_deref()))?;
        Ok(Bucket { store, name: name.to_owned(), endpoint, known: AtomicBool::new(false) })
    }

    /// What went wrong, in words.
    pub(super) fn told(&self, error: object_store::Error) -> IoError {
        error::told(error, &self.name, self.endpoint.as_deref())
    }

    /// Refuses a bucket that is not there. A name that is not there is answered in the same way whether the
    /// bucket is or not.
    pub(super) fn expect(&self) -> Result<(), IoError> {
        if self.known.load(Ordering::Relaxed) {
            return Ok(());
        }
        let store = self.store.clone();
        let one = PaginatedListOptions { max_keys: Some(1), ..PaginatedListOptions::default() };
        let listed = runtime::wait(async move { store.list_paginated(None, one).await.map(drop) })?;
        match listed.map_err(|error| self.told(error)) {
            // Who may not list a bucket may still write there.
            Err(error) if !matches!(error.kind(), IoErrorKind::Denied(_)) => Err(error),
            _ => {
                self.known.store(true, Ordering::Relaxed);
                Ok(())
            }
        }
    }
}

/// As configurations have it.
fn seconds(time: Duration) -> String {
    format!("{} seconds", time.as_secs())
}
