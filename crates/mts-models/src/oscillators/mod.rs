//! Coupled oscillators.

pub mod kuramoto;

pub use kuramoto::Kuramoto;
