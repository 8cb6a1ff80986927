//! White noise, and noise with a spectrum or a correlation of its own.

pub mod alpha_stable;
pub mod cauchy;
pub mod colored;
pub mod correlated;
pub mod gaussian;
pub mod laplace;
mod stable;
pub mod student_t;
pub mod uniform;
mod white;

pub use alpha_stable::AlphaStable;
pub use cauchy::CauchyNoise;
pub use colored::ColoredNoise;
pub use correlated::CorrelatedGaussian;
pub use gaussian::NoiseGaussian;
pub use laplace::LaplaceNoise;
pub use student_t::StudentTNoise;
pub use uniform::UniformNoise;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry
        .with::<AlphaStable>()
        .with::<CauchyNoise>()
        .with::<ColoredNoise>()
        .with::<CorrelatedGaussian>()
        .with::<LaplaceNoise>()
        .with::<NoiseGaussian>()
        .with::<StudentTNoise>()
        .with::<UniformNoise>()
}
