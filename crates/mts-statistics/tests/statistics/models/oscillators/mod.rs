//! Models of `oscillators`.

pub mod coupled_rossler;
mod graphs;
pub mod kuramoto;
mod kuramoto_variants;
mod order_parameter;
pub mod sir_network;
mod slopes;
pub mod stuart_landau;
mod synchronisation;
mod topologies;
pub mod van_der_pol;

/// What has a file of checks here.
pub const CHECKED: &[&str] =
    &[kuramoto::MODEL, stuart_landau::MODEL, van_der_pol::MODEL, coupled_rossler::MODEL, sir_network::MODEL];
