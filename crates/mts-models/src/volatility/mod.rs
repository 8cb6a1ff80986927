//! Models whose variance moves.

pub mod garch;
mod recursion;

pub use garch::Garch;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry.with::<Garch>()
}
