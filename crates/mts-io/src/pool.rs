//! Threads of the pool that a call runs in. No byte of a file depends on how many there are.

/// The number of threads; outside of any pool the caller is alone, rather than asking for a pool.
pub(crate) fn threads() -> usize {
    match rayon::current_thread_index() {
        Some(_) => rayon::current_num_threads(),
        None => 1,
    }
}

/// Does both, at the same time where there is somebody to do so.
pub(crate) fn join<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if threads() > 1 { rayon::join(one, other) } else { (one(), other()) }
}
