//! Leaves that are remembered.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock, RwLockReadGuard};

use super::offsets::Offsets;

/// Leaves by their numbers, as long as there is room. When there is none, all are forgotten: those who ask for some
/// now will hardly ask for what others asked for long ago.
#[derive(Debug)]
pub(super) struct Shelf {
    places: RwLock<Box<[OnceLock<Offsets>]>>,
    /// Bytes for leaves.
    size: u64,
    taken: AtomicU64,
    is_full: AtomicBool,
}

/// A shelf that nobody clears while it is looked at.
pub(super) struct Leaves<'a> {
    shelf: &'a Shelf,
    places: RwLockReadGuard<'a, Box<[OnceLock<Offsets>]>>,
}

impl Shelf {
    pub(super) fn new(leaves: u64, bytes: u64) -> Self {
        let places = leaves.saturating_mul(size_of::<OnceLock<Offsets>>() as u64);
        let (leaves, size) = bytes.checked_sub(places).map_or((0, 0), |size| (leaves, size));
        let places = (0..leaves).map(|_| OnceLock::new()).collect();
        Shelf { places: RwLock::new(places), size, taken: AtomicU64::new(0), is_full: AtomicBool::new(false) }
    }

    pub(super) fn leaves(&self) -> Leaves<'_> {
        if self.is_full.load(Ordering::Relaxed) {
            self.clear();
        }
        Leaves { shelf: self, places: self.places.read().unwrap_or_else(PoisonError::into_inner) }
    }

    #[cold]
    fn clear(&self) {
        let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
        // Nobody else is here, unless somebody was faster.
        if self.is_full.swap(false, Ordering::Relaxed) {
            places.iter_mut().for_each(|place| drop(place.take()));
            self.taken.store(0, Ordering::Relaxed);
        }
    }
}

impl Leaves<'_> {
    #[inline]
    pub(super) fn get(&self, leaf: u64) -> Option<&Offsets> {
        self.places.get(leaf as usize)?.get()
    }

    /// Remembers a leaf, if there is room.
    pub(super) fn keep(&self, leaf: u64, offsets: Offsets) -> Cow<'_, Offsets> {
        let Some(place) = self.places.get(leaf as usize) else { return Cow::Owned(offsets) };
        let bytes = offsets.bytes();
        if self.shelf.taken.fetch_add(bytes, Ordering::Relaxed) + bytes > self.shelf.size {
            self.shelf.is_full.store(true, Ordering::Relaxed);
            return Cow::Owned(offsets);
        }
        Cow::Borrowed(place.get_or_init(|| offsets))
    }
}
