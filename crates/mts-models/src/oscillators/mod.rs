//! Coupled oscillators, and epidemics, on networks.

pub mod coupled_rossler;
pub mod kuramoto;
mod nodes;
pub mod sir_network;
pub mod stuart_landau;
pub mod van_der_pol;

pub use coupled_rossler::CoupledRossler;
pub use kuramoto::Kuramoto;
pub use sir_network::SirNetwork;
pub use stuart_landau::StuartLandau;
pub use van_der_pol::VanDerPol;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry
        .with::<Kuramoto>()
        .with::<StuartLandau>()
        .with::<VanDerPol>()
        .with::<CoupledRossler>()
        .with::<SirNetwork>()
}
