//! White noise: every value is independent of every other one.

pub mod cauchy;
pub mod gaussian;

pub use cauchy::CauchyNoise;
pub use gaussian::NoiseGaussian;
