//! One thread that talks to object stores, for all threads that wait for answers.

use std::future::Future;
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::IoError;

/// The reason is kept as text: everybody who asks is told it.
static RUNTIME: LazyLock<Result<Runtime, String>> = LazyLock::new(|| {
    let built =
        Builder::new_multi_thread().worker_threads(1).thread_name("object-store").enable_all().build();
    built.map_err(|error| error.to_string())
});

/// Work under way.
#[derive(Debug)]
pub(super) struct Task<T>(Receiver<T>);

/// Begins `work` without waiting for it.
pub(super) fn start<F>(work: F) -> Result<Task<F::Output>, IoError>
where
    F: Future<Output: Send> + Send + 'static,
{
    let runtime = RUNTIME.as_ref().map_err(|error| IoError::refused(format!("no thread for it: {error}")))?;
    let (sender, receiver) = sync_channel(1);
    runtime.spawn(async move {
        // Nobody waits for work that was given up.
        let _ = sender.send(work.await);
    });
    Ok(Task(receiver))
}

impl<T> Task<T> {
    /// Waits, on whatever thread: one of another runtime too, where its own ways of waiting would panic.
    pub(super) fn wait(self) -> Result<T, IoError> {
        self.0.recv().map_err(|_| IoError::refused("the request broke off inside of the program"))
    }

    /// Waits until it is done or given up.
    pub(super) fn wait_at_most(self, limit: Duration) {
        let _ = self.0.recv_timeout(limit);
    }
}

/// Does `work`.
pub(super) fn wait<F>(work: F) -> Result<F::Output, IoError>
where
    F: Future<Output: Send> + Send + 'static,
{
    start(work)?.wait()
}
