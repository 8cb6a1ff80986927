//! Processes whose correlations decay slowly.

pub mod arfima;
pub mod fbm;
pub mod fgn;

pub use arfima::Arfima;
pub use fbm::Fbm;
pub use fgn::Fgn;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry.with::<Arfima>().with::<Fbm>().with::<Fgn>()
}
