//! When a check fails.

/// The p-value below which a check fails. The whole crate makes about a thousand checks; with right laws one of
/// a thousand choices of seeds would fail somewhere.
pub const ALPHA: f64 = 1e-6;

/// The standard errors that a normal quantity exceeds, on either side, with probability [`ALPHA`].
pub const Z: f64 = 4.891_638_475_698_681;
