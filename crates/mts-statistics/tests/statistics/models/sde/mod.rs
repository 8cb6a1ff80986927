//! Models of `sde`.

mod abm;
mod brownian;
mod cir;
mod double_well;
mod gbm;
mod heston;
mod merton_jump;
mod multivariate_ou;
mod ou;
mod walk;

/// What has a file of checks here.
pub const CHECKED: &[&str] = &[
    abm::MODEL,
    brownian::MODEL,
    cir::MODEL,
    double_well::MODEL,
    gbm::MODEL,
    heston::MODEL,
    merton_jump::MODEL,
    multivariate_ou::MODEL,
    ou::MODEL,
];
