//! Things that are made side by side and taken one after the other.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::{ScopeFifo, scope_fifo};

/// Makes the things of numbers below `count`, and takes them in the order of their numbers.
///
/// Whoever has made a thing takes what has its turn, unless somebody is at it; the others go on making. Of each
/// thread, two things are made and not yet taken, at most. Nobody waits for anybody, so that the pool may lend a
/// thread that takes to the things it makes. Outside of any pool this thread does everything.
pub(crate) fn in_order<T: Send, E: Send>(
    count: u64,
    make: impl Fn(u64) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let threads = rayon::current_thread_index().map_or(1, |_| rayon::current_num_threads());
    if threads == 1 {
        return (0..count).try_for_each(|number| take(make(number)?));
    }
    let begun = count.min(2 * threads as u64);
    let state = State { begun, next: 0, made: BTreeMap::new(), take: Some(take), error: None };
    let line = Line { count, make, state: Mutex::new(state) };
    scope_fifo(|scope| {
        let line = &line;
        (0..begun).for_each(|number| scope.spawn_fifo(move |scope| line.work(number, scope)));
    });
    line.state.into_inner().unwrap_or_else(PoisonError::into_inner).error.map_or(Ok(()), Err)
}

struct Line<T, E, M, K> {
    count: u64,
    make: M,
    state: Mutex<State<T, E, K>>,
}

struct State<T, E, K> {
    /// Things that somebody makes or has made.
    begun: u64,
    /// The number of the thing that is to be taken next.
    next: u64,
    made: BTreeMap<u64, T>,
    /// Away while somebody takes.
    take: Option<K>,
    error: Option<E>,
}

impl<T, E, M, K> Line<T, E, M, K>
where
    T: Send,
    E: Send,
    M: Fn(u64) -> Result<T, E> + Sync,
    K: FnMut(T) -> Result<(), E> + Send,
{
    fn state(&self) -> MutexGuard<'_, State<T, E, K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work<'s>(&'s self, number: u64, scope: &ScopeFifo<'s>) {
        if self.state().error.is_some() {
            return;
        }
        let made = (self.make)(number);
        let mut state = self.state();
        match made {
            Ok(made) => drop(state.made.insert(number, made)),
            Err(error) => drop(state.error.get_or_insert(error)),
        }
        while state.error.is_none() {
            let next = state.next;
            let Some(mut take) = state.take.take() else { return };
            let Some(made) = state.made.remove(&next) else {
                state.take = Some(take);
                return;
            };
            drop(state);
            let taken = take(made);
            state = self.state();
            state.take = Some(take);
            state.next += 1;
            if let Err(error) = taken {
                state.error.get_or_insert(error);
            } else if state.begun < self.count {
                let number = state.begun;
                state.begun += 1;
                scope.spawn_fifo(move |scope| self.work(number, scope));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(threads: usize) -> rayon::ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
    }

    #[test]
    fn things_come_in_order() {
        for threads in 1..5 {
            for count in [0, 1, 2, 7, 100] {
                let mut taken = Vec::new();
                let make = |number: u64| -> Result<u64, ()> {
                    // The first of some takes longer than the others.
                    let rounds = if number.is_multiple_of(4) { 20_000 } else { 1 };
                    Ok((0..rounds).fold(number, |sum, _| std::hint::black_box(sum)))
                };
                let take = |number| {
                    // As writers do, who hash at the same time.
                    rayon::join(|| taken.push(number), || ());
                    Ok(())
                };
                pool(threads).install(|| in_order(count, make, take)).unwrap();
                assert!(taken.into_iter().eq(0..count), "{threads} threads, {count} things");
            }
        }
    }

    #[test]
    fn nothing_is_taken_after_an_error() {
        for threads in 1..4 {
            let mut taken = Vec::new();
            let make = |number| if number == 20 { Err("made") } else { Ok(number) };
            let result = pool(threads).install(|| {
                in_order(100, make, |number| {
                    taken.push(number);
                    Ok(())
                })
            });
            assert_eq!(result, Err("made"));
            assert!(taken.len() <= 20 && taken.iter().copied().eq(0..taken.len() as u64));
            let mut taken = 0;
            let result = pool(threads).install(|| {
                in_order(100, Ok, |number| {
                    taken += 1;
                    if number == 20 { Err("taken") } else { Ok(()) }
                })
            });
            assert_eq!((result, taken), (Err("taken"), 21));
        }
    }
}
