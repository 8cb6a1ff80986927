//! Libraries that answer some damaged files with a panic.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::IoError;

/// What `read` returns; its panic is damage as any other.
pub(crate) fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, IoError> {
    silence();
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(before);
    result.map_err(|_| IoError::damaged("the file is damaged: it contradicts itself"))
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// A damaged file is no bug of the program, but the hook that prints panics cannot know: it would
/// tell the user of one, and then we of the file. Everything outside of [`guarded`] goes on to the
/// hook that was there.
fn silence() {
    static ONCE: Once = Once::new();
    // A hook cannot be exchanged during a panic.
    if std::thread::panicking() {
        return;
    }
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.try_with(Cell::get).unwrap_or(false) {
                previous(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_are_damage() {
        assert_eq!(guarded(|| 7).unwrap(), 7);
        let error = guarded(|| [0; 3][std::hint::black_box(3)]).unwrap_err().to_string();
        assert_eq!(error, "the file is damaged: it contradicts itself");
        assert!(!GUARDED.get());
        let inner = guarded(|| guarded(|| panic!("inner")).is_err() && GUARDED.get());
        assert!(inner.unwrap());
    }
}
