//! Models of `maps`.

pub mod cml;
mod henon;
mod logistic;
mod rulkov;

/// What has a file of checks here.
pub const CHECKED: &[&str] = &[cml::MODEL, henon::MODEL, logistic::MODEL, rulkov::MODEL];
