//! Kuramoto's phases on both sides of the critical coupling.

use mts_rng::math::exp;
use mts_statistics::{Z, chi_square_both, kolmogorov_smirnov};
use serde_json::json;

use super::kuramoto::MODEL;
use super::order_parameter::{coherent, critical, incoherent_power, order_parameters};
use crate::models::run::{STREAMS, accept, after};

/// `M·r²` of many realizations, each seed with its own frequencies, after 20 seconds.
fn powers(coupling: f64, steps: usize, streams: usize) -> Vec<f64> {
    let (channels, realizations) = (4000, 8);
    let power = |seed| {
        let params = json!({ "K": coupling, "dt": 20.0 / steps as f64 });
        let paths = after(steps, MODEL, params, (channels, 1, realizations), seed, STREAMS[streams]);
        order_parameters(paths.slab(0), realizations).into_iter().map(move |r| channels as f64 * r * r)
    };
    (0..8).flat_map(power).collect()
}

/// Sums of many small contributions make a complex normal, whose square is exponential. Decaying fluctuations of the
/// beginning are exp(-0.6·20) = 10⁻⁵; what the sample of 4000 frequencies adds is below a tenth of the standard error.
fn check_incoherent(coupling: f64, steps: usize, streams: usize) {
    let expected = incoherent_power(coupling);
    let powers = powers(coupling, steps, streams);
    let mean = powers.iter().sum::<f64>() / powers.len() as f64;
    let sum: f64 = powers.iter().map(|power| power / expected).sum();
    let what = format!("K = {coupling}: mean {mean} for {expected}");
    accept(&what, chi_square_both(2.0 * sum, 2.0 * powers.len() as f64));
    let mut survival: Vec<f64> = powers.iter().map(|power| exp(-power / expected)).collect();
    survival.sort_unstable_by(f64::total_cmp);
    accept(&what, kolmogorov_smirnov(&survival));
}

#[test]
fn free_phases_are_incoherent() {
    // Any step is exact.
    check_incoherent(0.0, 10, 1);
}

#[test]
fn phases_are_incoherent_below_the_critical_coupling() {
    assert!(0.8 < critical());
    check_incoherent(0.8, 200, 0);
}

/// The limit is that of infinitely many oscillators; what 4000 deviate by is in `coherent`.
#[test]
fn phases_lock_above_the_critical_coupling() {
    let channels = 4000;
    for coupling in [2.0, 3.0] {
        assert!(coupling > critical());
        let (r, spread) = coherent(coupling);
        for seed in 0..3 {
            let params = json!({ "K": coupling, "dt": 0.1 });
            let paths = after(300, MODEL, params, (channels, 200, 1), seed, STREAMS[0]);
            let found = (0..200).map(|step| order_parameters(paths.slab(step), 1)[0]).sum::<f64>() / 200.0;
            let limit = Z * spread / f64::sqrt(channels as f64);
            assert!((found - r).abs() < limit, "K = {coupling}: {found} for {r} ± {limit}");
        }
    }
}
