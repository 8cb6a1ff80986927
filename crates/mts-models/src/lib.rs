#![doc = include_str!("../README.md")]

#[cfg(feature = "autoregressive")]
pub mod autoregressive;
#[cfg(feature = "composites")]
pub mod composites;
#[cfg(feature = "flows")]
pub mod flows;
#[cfg(feature = "kernels")]
pub mod kernels;
#[cfg(feature = "long_memory")]
pub mod long_memory;
#[cfg(feature = "maps")]
pub mod maps;
#[cfg(feature = "neural")]
pub mod neural;
#[cfg(feature = "noise")]
pub mod noise;
#[cfg(feature = "oscillators")]
pub mod oscillators;
#[cfg(feature = "points")]
pub mod points;
#[cfg(feature = "regimes")]
pub mod regimes;
#[cfg(feature = "sde")]
pub mod sde;
#[cfg(feature = "volatility")]
pub mod volatility;

#[cfg(any(feature = "kernels", feature = "long_memory", feature = "noise"))]
mod circulant;
#[cfg(feature = "flows")]
mod delay;
#[cfg(any(
    feature = "autoregressive",
    feature = "composites",
    feature = "long_memory",
    feature = "maps",
    feature = "noise",
    feature = "oscillators",
    feature = "points",
    feature = "sde"
))]
mod each;
#[cfg(any(feature = "flows", feature = "neural", feature = "oscillators"))]
mod flow;
#[cfg(any(feature = "flows", feature = "kernels", feature = "long_memory", feature = "noise"))]
mod fourier;
#[cfg(any(feature = "maps", feature = "oscillators"))]
pub mod graph;
#[cfg(any(feature = "maps", feature = "oscillators"))]
mod held;
#[cfg(any(
    feature = "autoregressive",
    feature = "flows",
    feature = "maps",
    feature = "neural",
    feature = "oscillators",
    feature = "sde"
))]
mod initial;
#[cfg(any(feature = "noise", feature = "sde"))]
mod mix;
#[cfg(any(feature = "flows", feature = "neural", feature = "oscillators"))]
mod orbit;
#[cfg(any(feature = "kernels", feature = "long_memory", feature = "noise"))]
mod path;

use mts_core::Registry;

/// Values of whole slabs, at least one, that stay in the innermost cache from their draws to the last pass.
#[cfg(any(feature = "autoregressive", feature = "noise", feature = "sde"))]
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
    let registry = noise::register(registry);
    #[cfg(feature = "autoregressive")]
    let registry = autoregressive::register(registry);
    #[cfg(feature = "volatility")]
    let registry = volatility::register(registry);
    #[cfg(feature = "regimes")]
    let registry = regimes::register(registry);
    #[cfg(feature = "sde")]
    let registry = sde::register(registry);
    #[cfg(feature = "oscillators")]
    let registry = oscillators::register(registry);
    #[cfg(feature = "maps")]
    let registry = maps::register(registry);
    #[cfg(feature = "flows")]
    let registry = flows::register(registry);
    #[cfg(feature = "points")]
    let registry = points::register(registry);
    #[cfg(feature = "neural")]
    let registry = neural::register(registry);
    #[cfg(feature = "long_memory")]
    let registry = long_memory::register(registry);
    #[cfg(feature = "kernels")]
    let registry = kernels::register(registry);
    #[cfg(feature = "composites")]
    let registry = composites::register(registry);
    registry
}
