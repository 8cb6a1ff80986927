//! Models of `points`.

mod hawkes;
mod nhpp;
mod poisson;
mod renewal;

/// What has a file of checks here.
pub const CHECKED: &[&str] = &[hawkes::MODEL, nhpp::MODEL, poisson::MODEL, renewal::MODEL];
