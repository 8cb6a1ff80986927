//! Neurons and populations of neurons.

pub mod fitzhugh_nagumo;
pub mod izhikevich;
pub mod jansen_rit;
pub mod wilson_cowan;

pub use fitzhugh_nagumo::FitzHughNagumo;
pub use izhikevich::Izhikevich;
pub use jansen_rit::JansenRit;
pub use wilson_cowan::WilsonCowan;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry.with::<FitzHughNagumo>().with::<Izhikevich>().with::<JansenRit>().with::<WilsonCowan>()
}
