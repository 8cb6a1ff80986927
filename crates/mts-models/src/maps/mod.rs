//! Coupled maps.

pub mod cml;

pub use cml::CoupledMaps;
