//! Trends, seasons, demand, and shapes of classes.

pub mod cylinder_bell_funnel;
pub mod ets;
mod holiday;
pub mod intermittent_demand;
mod seasons;
mod smoothing;
pub mod trend_seasonal;

pub use cylinder_bell_funnel::CylinderBellFunnel;
pub use ets::Ets;
pub use intermittent_demand::IntermittentDemand;
pub use trend_seasonal::TrendSeasonal;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry.with::<CylinderBellFunnel>().with::<Ets>().with::<IntermittentDemand>().with::<TrendSeasonal>()
}
