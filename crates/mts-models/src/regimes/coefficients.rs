//! Coefficients of regimes, as they are given.

use mts_core::linalg::spectral_radius;
use mts_core::{Problems, Tensor};

use super::chain::Chain;

/// Rows of the matrix of second moments, at most.
const MAX_MOMENTS: usize = 1024;

/// (regime, channel) from one number per regime, or as given.
pub(super) fn per_regime(
    name: &str,
    given: &Tensor,
    regimes: usize,
    channels: usize,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    if let Some(bad) = given.data().iter().find(|x| !x.is_finite()) {
        problems.finite(name, *bad);
        return None;
    }
    match given.shape() {
        [found] if *found == regimes => {
            Some(given.data().iter().flat_map(|x| std::iter::repeat_n(*x, channels)).collect())
        }
        [rows, columns] if (*rows, *columns) == (regimes, channels) => Some(given.data().to_vec()),
        found => {
            let rule = format!(
                "must be {regimes} numbers (one per regime) or a {regimes} × {channels} matrix, found shape {found:?}"
            );
            problems.add(name, rule);
            None
        }
    }
}

/// The largest sum of the absolute values of a row.
pub(super) fn norm(matrix: &[f64], channels: usize) -> f64 {
    matrix.chunks_exact(channels).map(|row| row.iter().map(|x| x.abs()).sum()).fold(0.0, f64::max)
}

/// (regime, to, from), where the system stays finite.
pub(super) fn coefficients(
    given: &Tensor,
    chain: &Chain,
    channels: usize,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    let (phi, regimes, size) = (given.data(), chain.regimes(), channels * channels);
    if let Some(bad) = phi.iter().find(|x| !x.is_finite()) {
        problems.finite("Phi", *bad);
        return None;
    }
    if given.shape() != [regimes, channels, channels] {
        let found = given.shape();
        problems
            .add("Phi", format_args!("must have shape [{regimes}, {channels}, {channels}], found {found:?}"));
        return None;
    }
    let largest = phi.chunks_exact(size).map(|matrix| norm(matrix, channels)).fold(0.0, f64::max);
    if largest < 1.0 {
        return Some(phi.to_vec());
    }
    let rows = regimes.saturating_mul(size);
    if rows > MAX_MOMENTS {
        let rule = format_args!(
            "must have rows whose absolute values add up to less than 1, found {largest}: of so many channels, no other \
             condition is checked"
        );
        problems.add("Phi", rule);
        return None;
    }
    let mut moments = vec![0.0; rows * rows];
    for (at, value) in moments.iter_mut().enumerate() {
        let ((to, pair), (from, source)) =
            ((at / rows / size, at / rows % size), (at % rows / size, at % rows % size));
        let factor = |i: usize, j: usize| phi[to * size + i * channels + j];
        let product = factor(pair / channels, source / channels) * factor(pair % channels, source % channels);
        *value = chain.transition[from * regimes + to] * product;
    }
    let radius = spectral_radius(&moments, rows);
    let rule = "have finite second moments: their matrix must have a spectral radius below 1";
    problems.require("Phi", radius < 1.0, rule, radius);
    problems.is_empty().then(|| phi.to_vec())
}
