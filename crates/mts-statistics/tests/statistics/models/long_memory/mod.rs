//! Models of `long_memory`.

mod arfima;
pub mod covariance;
mod fbm;
mod fgn;

/// What has a file of checks here.
pub const CHECKED: &[&str] = &[arfima::MODEL, fbm::MODEL, fgn::MODEL];
