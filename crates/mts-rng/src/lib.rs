#![doc = include_str!("../README.md")]

mod integers;
mod keyed;
pub mod laws;
pub mod math;
mod pcg64;
mod permutation;
mod rng;
pub mod simd;
mod single;
mod typed_integers;
mod words;
mod ziggurat;
mod ziggurat_tables;

pub use keyed::{Key, keyed};
pub use rng::{Rng, State};
pub use typed_integers::Integer;

/// The number of the value contract: in every recipe, and raised only when the bits of a recipe
/// would otherwise change.
pub const ENGINE: u32 = 1;
