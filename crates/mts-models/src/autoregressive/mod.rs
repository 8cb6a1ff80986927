//! Models in discrete time whose next step follows from their last ones.

pub mod ar;
pub mod arma;
mod drawing;
mod filter;
mod history;
mod links;
mod products;
mod recursion;
pub mod sarima;
pub mod scm_lagged;
pub mod sparse_var;
mod structural;
pub mod var;
pub mod vecm;

pub use ar::Ar;
pub use arma::Arma;
pub use sarima::Sarima;
pub use scm_lagged::ScmLagged;
pub use sparse_var::SparseVar;
pub use var::Var;
pub use vecm::Vecm;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry
        .with::<Ar>()
        .with::<Arma>()
        .with::<Sarima>()
        .with::<ScmLagged>()
        .with::<SparseVar>()
        .with::<Var>()
        .with::<Vecm>()
}
