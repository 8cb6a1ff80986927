//! Models of `flows`.

mod kuramoto_sivashinsky;
mod lorenz63;
mod lorenz96;
mod mackey_glass;
mod rossler;

/// What has a file of checks here.
pub const CHECKED: &[&str] =
    &[kuramoto_sivashinsky::MODEL, lorenz63::MODEL, lorenz96::MODEL, mackey_glass::MODEL, rossler::MODEL];
