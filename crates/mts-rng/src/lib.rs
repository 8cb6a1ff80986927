#![doc = include_str!("../README.md")]

mod integers;
mod keyed;
pub mod math;
mod pcg64;
mod rng;
pub mod simd;
mod ziggurat;
mod ziggurat_tables;

pub use keyed::{Key, keyed};
pub use rng::{Rng, State};

/// The number of the value contract: in every recipe, and raised only when the bits of a recipe
/// would otherwise change.
pub const ENGINE: u32 = 1;
