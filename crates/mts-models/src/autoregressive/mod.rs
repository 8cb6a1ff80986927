//! Linear models in discrete time.

pub mod ar;
mod history;
mod products;
pub mod var;

pub use ar::Ar;
pub use var::Var;
