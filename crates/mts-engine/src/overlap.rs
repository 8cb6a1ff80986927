//! Two things at the same time, where the pool of the run has somebody for the second.

/// Does both. Outside of any pool this thread does, one after the other, rather than asking for a pool.
pub(crate) fn both<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    let threads = rayon::current_thread_index().map_or(1, |_| rayon::current_num_threads());
    if threads > 1 { rayon::join(one, other) } else { (one(), other()) }
}
