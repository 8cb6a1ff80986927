//! Models that switch between several ways to behave.

mod chain;
mod coefficients;
pub mod markov_switching_var;
pub mod piecewise;
pub mod setar;
mod spells;

pub use markov_switching_var::MarkovSwitchingVar;
pub use piecewise::Piecewise;
pub use setar::Setar;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry.with::<MarkovSwitchingVar>().with::<Piecewise>().with::<Setar>()
}
