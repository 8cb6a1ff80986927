//! Gaussian processes with covariance functions.

pub mod gp;
pub mod kernel;
pub mod kernelsynth;
mod lines;
mod low_rank;
mod sampler;
mod terms;

pub use gp::GaussianProcess;
pub use kernelsynth::KernelSynth;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry.with::<GaussianProcess>().with::<KernelSynth>()
}
