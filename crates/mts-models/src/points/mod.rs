//! Point processes, counted in bins.

mod branching;
mod cluster;
mod counts;
pub mod hawkes;
pub mod nhpp;
mod pieces;
pub mod poisson;
pub mod renewal;

pub use hawkes::Hawkes;
pub use nhpp::Nhpp;
pub use poisson::PoissonProcess;
pub use renewal::Renewal;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry.with::<Hawkes>().with::<Nhpp>().with::<PoissonProcess>().with::<Renewal>()
}
