//! Models of `autoregressive`.

mod ar;
mod arma;
pub mod autocovariance;
pub mod intervention;
mod sarima;
mod scm_lagged;
mod sparse_var;
mod var;
mod vecm;

/// What has a file of checks here.
pub const CHECKED: &[&str] =
    &[ar::MODEL, arma::MODEL, sarima::MODEL, scm_lagged::MODEL, sparse_var::MODEL, var::MODEL, vecm::MODEL];
