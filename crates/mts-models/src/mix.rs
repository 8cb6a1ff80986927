//! Channels as fixed mixtures of others: a matrix times whole slabs, and covariances that are one.

use mts_core::linalg::cholesky;
use mts_core::{Problems, Tensor};

/// out += matrix · x, channel by channel, over the sources in ascending order whatever is computed together.
///
/// `by_source` holds (from, to), so that with one realization the loop runs along contiguous targets.
/// Must run inside a kernel.
#[inline(always)]
pub(crate) fn add_product(by_source: &[f64], channels: usize, x: &[f64], out: &mut [f64]) {
    let realizations = x.len() / channels;
    for (column, x) in by_source.chunks_exact(channels).zip(x.chunks_exact(realizations)) {
        if let [x] = x {
            for (out, weight) in out.iter_mut().zip(column) {
                *out = weight.mul_add(*x, *out);
            }
        } else {
            for (out, weight) in out.chunks_exact_mut(realizations).zip(column) {
                for (out, x) in out.iter_mut().zip(x) {
                    *out = weight.mul_add(*x, *out);
                }
            }
        }
    }
}

/// Turns (to, from) into (from, to), or back.
pub(crate) fn transpose(matrix: &[f64], n: usize) -> Vec<f64> {
    (0..n * n).map(|at| matrix[at % n * n + at / n]).collect()
}

/// Requires a matrix with a row and a column per channel, of finite numbers.
pub(crate) fn square<'a>(
    name: &str,
    matrix: &'a Tensor,
    channels: usize,
    problems: &mut Problems,
) -> Option<&'a [f64]> {
    if let Some(bad) = matrix.data().iter().find(|x| !x.is_finite()) {
        problems.finite(name, *bad);
        return None;
    }
    // One number is a matrix of one channel.
    let single = channels == 1 && matrix.data().len() == 1;
    if !single && matrix.shape() != [channels, channels] {
        let found = matrix.shape();
        problems.add(name, format_args!("must have shape [{channels}, {channels}], found {found:?}"));
        return None;
    }
    Some(matrix.data())
}

/// The lower triangle L with L Lᵀ = Σ; requires Σ to be symmetric and positive semidefinite.
pub(crate) fn root(name: &str, sigma: &[f64], n: usize, problems: &mut Problems) -> Option<Vec<f64>> {
    for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
        let (below, above) = (sigma[i * n + j], sigma[j * n + i]);
        if (below - above).abs() > 1e-12 * (below.abs() + above.abs()) {
            let rule = format_args!(
                "must be symmetric, found {below} in row {i}, column {j} and {above} in row {j}, column {i}"
            );
            problems.add(name, rule);
            return None;
        }
    }
    let lower = cholesky(sigma, n);
    if lower.is_none() {
        let (row, pivot) = bad_pivot(sigma, n);
        let rule = format_args!(
            "must be positive semidefinite: given the channels before it, channel {row} would have variance {pivot}"
        );
        problems.add(name, rule);
    }
    lower
}

/// The first channel whose variance, given those before it, is negative, and that variance; where none is,
/// a channel that has none left but covaries, which only a negative one could.
fn bad_pivot(sigma: &[f64], n: usize) -> (usize, f64) {
    let leading =
        |size: usize| -> Vec<f64> { (0..size * size).map(|at| sigma[at / size * n + at % size]).collect() };
    // Few factors: the leading part of a covariance is one.
    let (mut row, mut above) = (0, n);
    while above - row > 1 {
        let size = row.midpoint(above);
        let fits = cholesky(&leading(size), size).is_some();
        (row, above) = if fits { (size, above) } else { (row, size) };
    }
    let lower = cholesky(&leading(row), row).unwrap_or_default();
    let (mut solved, mut pivot) = (vec![0.0; row], sigma[row * n + row]);
    for j in 0..row {
        let rest: f64 = sigma[row * n + j] - (0..j).map(|k| lower[j * row + k] * solved[k]).sum::<f64>();
        if lower[j * row + j] > 0.0 {
            solved[j] = rest / lower[j * row + j];
            pivot -= solved[j] * solved[j];
        } else if rest != 0.0 {
            return (row, f64::NEG_INFINITY);
        }
    }
    (row, pivot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(sigma: &[f64], n: usize) -> String {
        let mut problems = Problems::default();
        assert!(root("Sigma", sigma, n, &mut problems).is_none());
        problems.to_string()
    }

    #[test]
    fn what_is_no_covariance_is_refused_by_its_number() {
        let words = refusal(&[1.0, 0.5, 0.4, 1.0], 2);
        assert!(words.contains("symmetric, found 0.4 in row 1, column 0 and 0.5"), "{words}");
        let words = refusal(&[1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 2.0, 1.0], 3);
        assert!(words.contains("channel 2 would have variance -3"), "{words}");
        let words = refusal(&[0.0, 1.0, 1.0, 1.0], 2);
        assert!(words.contains("channel 1 would have variance -inf"), "{words}");
        assert!(refusal(&[-1.0], 1).contains("channel 0 would have variance -1"));
    }

    /// A factor for each of so many channels would take minutes.
    #[test]
    fn many_channels_are_refused_at_once() {
        let n = 512;
        let mut sigma: Vec<f64> = (0..n * n).map(|at| f64::from(u8::from(at / n == at % n))).collect();
        sigma[500 * n + 500] = -2.0;
        let words = refusal(&sigma, n);
        assert!(words.contains("channel 500 would have variance -2"), "{words}");
    }

    #[test]
    fn products_have_one_order() {
        let matrix = [1.0, 2.0, 3.0, 4.0];
        let mut one = [0.5, 0.25];
        add_product(&transpose(&matrix, 2), 2, &[10.0, 100.0], &mut one);
        assert_eq!(one, [210.5, 430.25]);
        let mut two = [0.5, 0.5, 0.25, 0.25];
        add_product(&transpose(&matrix, 2), 2, &[10.0, 1.0, 100.0, 1.0], &mut two);
        assert_eq!(two, [210.5, 3.5, 430.25, 7.25]);
    }
}
