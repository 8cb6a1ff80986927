//! Work on several threads.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Runs `work` with so many threads in all, the calling one among them: what [`generate()`](crate::generate())
/// and the other verbs use. Outside, they run on rayon's own pool, one thread per core.
///
/// A thread joins the first pool that it makes for good: a later call from it with the same number runs
/// there again, with another number beside it.
///
/// ```
/// let threads = mts_engine::with_jobs(3, || rayon::current_num_threads());
/// assert_eq!(threads, 3);
/// ```
pub fn with_jobs<T: Send>(jobs: usize, work: impl FnOnce() -> T + Send) -> T {
    let inside = rayon::current_thread_index().is_some();
    if inside && rayon::current_num_threads() == jobs {
        return work();
    }
    if !inside {
        make_room_for_files();
    }
    match pool(jobs, !inside) {
        // This thread stays one of its own, and must not find it gone.
        Some(pool) if !inside => std::mem::ManuallyDrop::new(pool).install(work),
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Files that a run has open at a time: those of a batch that is published together, and a few more.
const OPEN_FILES: i32 = 511;

/// Lets the kernel have room for all files of a batch. While there are several threads it stops all of them
/// for ten milliseconds and more whenever the 64th, 256th, … file is opened; before, it need not.
fn make_room_for_files() {
    // Where so many are not allowed, nothing is lost but time.
    drop(rustix::io::fcntl_dupfd_cloexec(io::stderr(), OPEN_FILES));
}

/// A system that gives fewer threads has given enough.
fn pool(jobs: usize, with_current: bool) -> Option<ThreadPool> {
    let mut threads = jobs.max(1);
    loop {
        let builder = ThreadPoolBuilder::new().num_threads(threads);
        let builder = if with_current { builder.use_current_thread() } else { builder };
        match builder.build() {
            Ok(pool) => return Some(pool),
            Err(_) if threads > 1 => threads /= 2,
            Err(_) => return None,
        }
    }
}

/// Calls `work` with every index below `count` on the threads of the current pool; the results are in
/// order. Each thread takes the next index when it has finished one, and lends itself to the others'
/// work when none is left.
pub(crate) fn run<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if count <= 1 || rayon::current_num_threads() == 1 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(count));
    rayon::broadcast(|_| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return;
            }
            let result = work(index);
            results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_order() {
        for jobs in [1, 2, 7] {
            let squares = with_jobs(jobs, || run(100, |i| i * i));
            assert!(squares.into_iter().eq((0..100).map(|i| i * i)), "{jobs} jobs");
        }
        assert!(run(0, |i| i).is_empty());
    }

    #[test]
    fn one_job_is_this_thread() {
        let here = rayon::current_thread_index;
        assert_eq!(here(), None);
        let indices = with_jobs(1, || run(3, |_| (here(), rayon::current_num_threads())));
        assert_eq!(indices, [(Some(0), 1); 3]);
        assert_eq!(here(), Some(0));
    }

    #[test]
    fn a_thread_goes_on_after_its_pool() {
        for jobs in [3, 2, 3, 1] {
            assert_eq!(with_jobs(jobs, || run(5, |i| i)), [0, 1, 2, 3, 4]);
            assert_eq!(run(5, |i| i), [0, 1, 2, 3, 4], "after {jobs} jobs");
        }
    }
}
