//! Models of `neural`.

mod fitzhugh_nagumo;
mod izhikevich;
mod jansen_rit;
mod wilson_cowan;

/// What has a file of checks here.
pub const CHECKED: &[&str] =
    &[fitzhugh_nagumo::MODEL, izhikevich::MODEL, jansen_rit::MODEL, wilson_cowan::MODEL];
