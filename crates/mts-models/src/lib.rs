#![doc = include_str!("../README.md")]

#[cfg(feature = "autoregressive")]
pub mod autoregressive;
#[cfg(feature = "maps")]
pub mod maps;
#[cfg(feature = "noise")]
pub mod noise;
#[cfg(feature = "oscillators")]
pub mod oscillators;
#[cfg(feature = "sde")]
pub mod sde;

#[cfg(any(feature = "maps", feature = "oscillators"))]
pub mod graph;
#[cfg(any(feature = "maps", feature = "oscillators", feature = "sde"))]
mod initial;

use mts_core::Registry;

/// Values of whole slabs, at least one, that stay in the innermost cache from their draws to the last pass.
#[cfg(any(feature = "autoregressive", feature = "sde"))]
const fn cached(slab: usize) -> usize {
    let slabs = 2048 / slab;
    slab * if slabs == 0 { 1 } else { slabs }
}

/// The models of all families that are compiled in.
///
/// ```
/// let names: Vec<_> = mts_models::registry().names().collect();
/// # #[cfg(feature = "default")]
/// assert!(names.contains(&"kuramoto"));
/// ```
pub fn registry() -> Registry {
    let registry = Registry::default();
    #[cfg(feature = "noise")]
    let registry = registry.with::<noise::NoiseGaussian>().with::<noise::CauchyNoise>();
    #[cfg(feature = "autoregressive")]
    let registry = registry.with::<autoregressive::Ar>().with::<autoregressive::Var>();
    #[cfg(feature = "sde")]
    let registry = registry
        .with::<sde::Brownian>()
        .with::<sde::ArithmeticBrownian>()
        .with::<sde::GeometricBrownian>()
        .with::<sde::OrnsteinUhlenbeck>();
    #[cfg(feature = "oscillators")]
    let registry = registry.with::<oscillators::Kuramoto>();
    #[cfg(feature = "maps")]
    let registry = registry.with::<maps::CoupledMaps>();
    registry
}
