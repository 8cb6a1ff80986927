//! What tables are made of.

mod children;
mod forest;
mod permutation;

/// Fails below the level.
fn judge(what: &str, p: f64) {
    assert!(p > mts_statistics::ALPHA, "{what}: p = {p:e}");
}
