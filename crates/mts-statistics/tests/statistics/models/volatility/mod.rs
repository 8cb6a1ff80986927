//! Models of `volatility`.

mod garch;

/// What has a file of checks here.
pub const CHECKED: &[&str] = &[garch::MODEL];
