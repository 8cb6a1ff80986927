//! The exact law of a linear system with noise over a step, and in the long run: dX = A X dt + dB, where B has
//! the covariance Σ per second.

use mts_core::linalg::spectral_radius;
use mts_rng::math;

/// exp(A h) and the covariance ∫₀ʰ exp(A s) Σ exp(Aᵀ s) ds that noise adds over h.
pub(super) struct Moments {
    pub(super) decay: Vec<f64>,
    pub(super) covariance: Vec<f64>,
}

/// Terms of both series: with |A| h at most 1/4 the last is below 10⁻²⁰ of the first.
const TERMS: usize = 18;

impl Moments {
    /// Both series over a fraction of h that is short enough, then doubled until it is h: sums of positive
    /// semidefinite matrices, which lose no digits however large |A| h is. Van Loan's exponential of a block
    /// matrix is the same pair of series.
    pub(super) fn over(a: &[f64], sigma: &[f64], n: usize, h: f64) -> Self {
        let mut doublings = 0;
        let mut short = h;
        while norm(a, n) * short > 0.25 {
            short *= 0.5;
            doublings += 1;
        }
        let mut decay = identity(n);
        let mut term = identity(n);
        for k in 1..=TERMS {
            term = scaled(&product(a, &term, n), short / k as f64);
            add(&mut decay, &term);
        }
        let mut term = scaled(sigma, short);
        let mut covariance = term.clone();
        for k in 1..=TERMS {
            // A T + T Aᵀ, T being symmetric.
            let half = product(a, &term, n);
            let both = (0..n * n).map(|at| half[at] + half[at % n * n + at / n]).collect::<Vec<_>>();
            term = scaled(&both, short / (k + 1) as f64);
            add(&mut covariance, &term);
        }
        let mut moments = Moments { decay, covariance };
        (0..doublings).for_each(|_| moments.double(n));
        moments
    }

    /// Over twice the time: Q + E Q Eᵀ, E².
    fn double(&mut self, n: usize) {
        let carried = product(&self.decay, &self.covariance, n);
        let carried = product_transposed(&carried, &self.decay, n);
        // Symmetric to the last bit.
        let even =
            (0..n * n).map(|at| 0.5 * (carried[at] + carried[at % n * n + at / n])).collect::<Vec<_>>();
        add(&mut self.covariance, &even);
        self.decay = product(&self.decay, &self.decay, n);
    }

    /// The covariance in the long run, where the system is stable: the doubling goes on until nothing is
    /// carried over.
    pub(super) fn stationary(&self, n: usize) -> Vec<f64> {
        let mut moments = Moments { decay: self.decay.clone(), covariance: self.covariance.clone() };
        // A rate of return that 2⁶⁴ steps do not show is none.
        for _ in 0..64 {
            if norm(&moments.decay, n) < 1e-18 {
                break;
            }
            moments.double(n);
        }
        moments.covariance
    }
}

/// The largest real part among the eigenvalues of A: that of ln|exp(A/|A|)| times |A|.
pub(super) fn largest_real_part(a: &[f64], n: usize) -> f64 {
    let size = norm(a, n);
    if size == 0.0 {
        return 0.0;
    }
    let moments = Moments::over(&scaled(a, 1.0 / size), &vec![0.0; n * n], n, 1.0);
    size * math::ln(spectral_radius(&moments.decay, n))
}

/// The largest sum of moduli of a row.
fn norm(a: &[f64], n: usize) -> f64 {
    a.chunks_exact(n).map(|row| row.iter().map(|x| x.abs()).sum()).fold(0.0, f64::max)
}

fn identity(n: usize) -> Vec<f64> {
    (0..n * n).map(|at| if at / n == at % n { 1.0 } else { 0.0 }).collect()
}

fn scaled(a: &[f64], factor: f64) -> Vec<f64> {
    a.iter().map(|x| x * factor).collect()
}

fn add(a: &mut [f64], b: &[f64]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
}

fn product(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let mut out = vec![0.0; n * n];
    for (out, row) in out.chunks_exact_mut(n).zip(a.chunks_exact(n)) {
        for (weight, b) in row.iter().zip(b.chunks_exact(n)) {
            out.iter_mut().zip(b).for_each(|(out, b)| *out += weight * b);
        }
    }
    out
}

/// A Bᵀ
fn product_transposed(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum();
    a.chunks_exact(n).flat_map(|a| b.chunks_exact(n).map(move |b| dot(a, b))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: &[f64], expected: &[f64]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-13 * (1.0 + expected.abs()), "{found} {expected}");
        }
    }

    #[test]
    fn a_rotation_that_decays_is_known() {
        for h in [1e-3, 0.1, 3.0, 400.0] {
            let (a, w) = (0.3, 2.0);
            let moments = Moments::over(&[-a, -w, w, -a], &[0.5, 0.0, 0.0, 0.5], 2, h);
            let (e, (sin, cos)) = (math::exp(-a * h), math::sin_cos(w * h));
            close(&moments.decay, &[e * cos, -e * sin, e * sin, e * cos]);
            let variance = -0.5 * math::exp_m1(-2.0 * a * h) / (2.0 * a);
            close(&moments.covariance, &[variance, 0.0, 0.0, variance]);
            close(&moments.stationary(2), &[0.5 / 0.6, 0.0, 0.0, 0.5 / 0.6]);
        }
        assert!((largest_real_part(&[-0.3, -2.0, 2.0, -0.3], 2) + 0.3).abs() < 1e-13);
        assert!((largest_real_part(&[1.5, 7.0, 0.0, -4.0], 2) - 1.5).abs() < 1e-13);
    }

    #[test]
    fn the_long_run_balances_noise_and_decay() {
        // A P + P Aᵀ + Σ = 0 of a system with very different rates.
        let (a, sigma) = (
            [-50.0, 3.0, 0.0, 0.2, -1.0, 0.5, 0.0, 0.3, -0.02],
            [1.0, 0.2, 0.0, 0.2, 2.0, 0.1, 0.0, 0.1, 0.5],
        );
        let a = [a[0], a[1], a[2], a[3], a[4], a[5], 0.0, -0.3, -0.02];
        let p = Moments::over(&a, &sigma, 3, 0.7).stationary(3);
        let left = product(&a, &p, 3);
        let right = product_transposed(&p, &a, 3);
        for at in 0..9 {
            assert!((left[at] + right[at] + sigma[at]).abs() < 1e-11, "{at}");
        }
    }
}
