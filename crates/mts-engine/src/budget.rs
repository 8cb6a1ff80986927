//! Memory that tasks share.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::Observer;

/// How often a waiting task asks whether it is to stop.
const PATIENCE: Duration = Duration::from_millis(50);

/// Bytes that may be used at once.
pub(crate) struct Budget {
    all: u64,
    free: Mutex<u64>,
    returned: Condvar,
}

/// Bytes of a budget, until they are dropped.
pub(crate) struct Share<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(bytes: u64) -> Self {
        Budget { all: bytes, free: Mutex::new(bytes), returned: Condvar::new() }
    }

    /// Waits until `bytes` are free, or all where there never were so many. None where the run is
    /// interrupted meanwhile.
    pub(crate) fn take(&self, bytes: u64, observer: &dyn Observer) -> Option<Share<'_>> {
        let bytes = bytes.min(self.all);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free < bytes {
            if observer.is_interrupted() {
                return None;
            }
            let waited = self.returned.wait_timeout(free, PATIENCE);
            (free, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        Some(Share { budget: self, bytes })
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.budget.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn no_more_is_used_than_there_is() {
        let (budget, used, most) = (Budget::new(10), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for i in 0..8 {
                let (budget, used, most) = (&budget, &used, &most);
                scope.spawn(move || {
                    for bytes in (0..200).map(|j| (i + j) % 10 + 1) {
                        let share = budget.take(bytes, &());
                        most.fetch_max(used.fetch_add(bytes, Ordering::SeqCst) + bytes, Ordering::SeqCst);
                        used.fetch_sub(bytes, Ordering::SeqCst);
                        drop(share);
                    }
                });
            }
        });
        assert!((5..=10).contains(&most.into_inner()));
    }
}
