//! Autocovariances of linear models: what they should be, and what they are.

use mts_statistics::mean_of_estimated_error;
use nalgebra::{DMatrix, DVector};

use crate::models::run::{Paths, accept};

/// `γ_0 … γ_lags` of `x_t = Σ φ_i·x_{t-i} + σ·Z`, by the equations of Yule and Walker,
/// `γ_k - Σ φ_i·γ_|k-i| = σ²·[k = 0]`, k = 0 … p, and their recursion beyond. Yule 1927, doi:10.1098/rsta.1927.0007;
/// Walker 1931, doi:10.1098/rspa.1931.0069.
pub fn yule_walker(phi: &[f64], sigma: f64, lags: usize) -> Vec<f64> {
    let p = phi.len();
    let mut system = DMatrix::<f64>::identity(p + 1, p + 1);
    for k in 0..=p {
        for (i, phi) in (1..).zip(phi) {
            system[(k, k.abs_diff(i))] -= phi;
        }
    }
    let mut right = DVector::<f64>::zeros(p + 1);
    right[0] = sigma * sigma;
    let mut gamma = system.lu().solve(&right).unwrap().as_slice().to_vec();
    for k in p + 1..=lags {
        gamma.push((1..).zip(phi).map(|(i, phi): (usize, _)| phi * gamma[k - i]).sum());
    }
    gamma
}

/// The companion matrix of coefficients (lag, to, from).
pub fn companion(phi: &[f64], channels: usize) -> DMatrix<f64> {
    let rows = phi.len() / channels;
    DMatrix::from_fn(rows, rows, |row, column| {
        if row < channels {
            phi[(column / channels * channels + row) * channels + column % channels]
        } else {
            f64::from(row - channels == column)
        }
    })
}

/// The largest modulus of an eigenvalue, by nalgebra.
pub fn radius(matrix: &DMatrix<f64>) -> f64 {
    matrix.complex_eigenvalues().iter().map(|z| z.re.mul_add(z.re, z.im * z.im).sqrt()).fold(0.0, f64::max)
}

/// The solution of Lyapunov's equation `S = A·S·Aᵀ + Q`, by doubling: `S ← S + A·S·Aᵀ`, `A ← A²`. Smith 1968,
/// doi:10.1137/0116017.
pub fn lyapunov(matrix: &DMatrix<f64>, noise: &DMatrix<f64>) -> DMatrix<f64> {
    let (mut a, mut s) = (matrix.clone(), noise.clone());
    for _ in 0..60 {
        s += &a * &s * a.transpose();
        a = &a * &a;
    }
    let residual = matrix * &s * matrix.transpose() + noise - &s;
    assert!(residual.amax() < 1e-10 * s.amax(), "no stationary covariance");
    s
}

/// Checks `E x_t·y_{t+lag}` of two channels: its average along each realization is one independent value.
pub fn check(paths: &Paths, (x, y): (usize, usize), lag: usize, expected: f64) {
    let steps = paths.steps() - lag;
    let mut averages = vec![0.0; paths.realizations];
    for step in 0..steps {
        let pairs = paths.across(step, x).iter().zip(paths.across(step + lag, y));
        for (average, (x, y)) in averages.iter_mut().zip(pairs) {
            *average += x * y / steps as f64;
        }
    }
    let found = averages.iter().sum::<f64>() / averages.len() as f64;
    let p = mean_of_estimated_error(&averages, expected);
    accept(format_args!("covariance of {x} and {y} at lag {lag}: {found} for {expected}"), p);
}

#[test]
fn solvers_agree_with_closed_forms() {
    // AR(1) and AR(2) (Box & Jenkins 1970, section 3.2): γ₀ = σ²/(1 - φ²); ρ₁ = φ₁/(1 - φ₂).
    let one = yule_walker(&[0.8], 0.5, 3);
    assert!((one[0] - 0.25 / 0.36).abs() < 1e-14 && (one[3] - one[0] * 0.512).abs() < 1e-14);
    let two = yule_walker(&[0.6, -0.5], 1.0, 2);
    assert!((two[0] - 1.5 / (0.5 * (2.25 - 0.36))).abs() < 1e-14 && (two[1] / two[0] - 0.4).abs() < 1e-14);
    let covariance =
        lyapunov(&companion(&[0.6, -0.5], 1), &DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 0.0, 0.0]));
    assert!((covariance[(0, 0)] - two[0]).abs() < 1e-12 && (covariance[(0, 1)] - two[1]).abs() < 1e-12);
    assert!((radius(&companion(&[0.6, -0.5], 1)) - 0.5_f64.sqrt()).abs() < 1e-12);
}
