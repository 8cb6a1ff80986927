//! Maps, alone and coupled.

pub mod cml;
pub mod henon;
mod iterate;
pub mod logistic;
pub mod rulkov;

pub use cml::CoupledMaps;
pub use henon::Henon;
pub use logistic::Logistic;
pub use rulkov::Rulkov;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry.with::<CoupledMaps>().with::<Henon>().with::<Logistic>().with::<Rulkov>()
}
