//! The recursion x_t = Σ φ_k x_{t-k} + e_t + Σ θ_k e_{t-k} of independent series.

use mts_core::{Saved, State, StateError};
use mts_rng::simd;

/// Remembers, for each series and lag, what the past adds to the value of a later step: the transposed direct
/// form II, which is also the state space form of least order.
pub(super) struct Filter {
    /// (lag, series), the same number of lags in all three.
    ar: Vec<f64>,
    ma: Vec<f64>,
    state: Vec<f64>,
    /// A slab of innovations.
    innovations: Vec<f64>,
}

impl Filter {
    /// Starts from `state`; all three are (lag, series), with at least one lag.
    pub(super) fn new(ar: Vec<f64>, ma: Vec<f64>, state: Vec<f64>, width: usize) -> Self {
        Filter { ar, ma, state, innovations: vec![0.0; width] }
    }

    /// Makes values of innovations, in whole slabs.
    pub(super) fn run(&mut self, slabs: &mut [f64]) {
        simd::dispatch(Run { filter: self, slabs });
    }

    /// (lag, series)
    pub(super) fn state(&self) -> &[f64] {
        &self.state
    }

    pub(super) fn save(&self, state: &mut State) {
        state.f64s(&self.state);
    }

    pub(super) fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.f64s(&mut self.state)
    }
}

struct Run<'a> {
    filter: &'a mut Filter,
    slabs: &'a mut [f64],
}

impl simd::Kernel for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Filter { ar, ma, state, innovations } = self.filter;
        let width = innovations.len();
        let last = state.len() - width;
        for slab in self.slabs.chunks_exact_mut(width) {
            innovations.copy_from_slice(slab);
            slab.iter_mut().zip(&state[..width]).for_each(|(x, past)| *x += past);
            for at in (0..last).step_by(width) {
                let (now, next) = state[at..][..2 * width].split_at_mut(width);
                let coefficients = ar[at..][..width].iter().zip(&ma[at..][..width]);
                let values = slab.iter().zip(&*innovations).zip(&*next);
                for ((now, (ar, ma)), ((x, e), next)) in now.iter_mut().zip(coefficients).zip(values) {
                    *now = ar.mul_add(*x, ma.mul_add(*e, *next));
                }
            }
            let coefficients = ar[last..].iter().zip(&ma[last..]);
            let values = slab.iter().zip(&*innovations);
            for ((now, (ar, ma)), (x, e)) in state[last..].iter_mut().zip(coefficients).zip(values) {
                *now = ar.mul_add(*x, ma * e);
            }
        }
    }
}

/// The stationary covariance P of the state for innovations of variance 1, by doubling (Smith 1968,
/// doi:10.1137/0116017): P = A P Aᵀ + r rᵀ, where A shifts and adds φ times the first, r = φ + θ.
pub(super) fn stationary(ar: &[f64], ma: &[f64]) -> Vec<f64> {
    let n = ar.len();
    let mut a = vec![0.0; n * n];
    for (i, phi) in ar.iter().enumerate() {
        a[i * n] = *phi;
        if i + 1 < n {
            a[i * n + i + 1] += 1.0;
        }
    }
    let r: Vec<f64> = ar.iter().zip(ma).map(|(phi, theta)| phi + theta).collect();
    let mut sum: Vec<f64> = (0..n * n).map(|at| r[at / n] * r[at % n]).collect();
    for _ in 0..DOUBLINGS {
        let half = product(&a, &sum, n);
        let transposed: Vec<f64> = (0..n * n).map(|at| a[at % n * n + at / n]).collect();
        let term = product(&half, &transposed, n);
        let largest = |matrix: &[f64]| matrix.iter().fold(0.0, |largest: f64, x| x.abs().max(largest));
        if largest(&term) <= 1e-18 * largest(&sum) {
            break;
        }
        sum.iter_mut().zip(&term).for_each(|(sum, term)| *sum += term);
        a = product(&a, &a, n);
    }
    sum
}

/// 2⁶⁰ steps: more than any radius below 1 - 2⁻⁵³ needs.
const DOUBLINGS: usize = 60;

fn product(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let mut product = vec![0.0; n * n];
    for (row, a) in product.chunks_exact_mut(n).zip(a.chunks_exact(n)) {
        for (a, b) in a.iter().zip(b.chunks_exact(n)) {
            row.iter_mut().zip(b).for_each(|(sum, b)| *sum += a * b);
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ARMA(1, 1): γ₀ = (1 + 2φθ + θ²)/(1 - φ²), so the state has variance γ₀ - 1.
    #[test]
    fn covariance_is_that_of_the_mixed_process() {
        let (phi, theta) = (0.9, -0.5);
        let gamma = (1.0 + 2.0 * phi * theta + theta * theta) / (1.0 - phi * phi);
        assert!((stationary(&[phi], &[theta])[0] - (gamma - 1.0)).abs() < 1e-14);
        assert_eq!(stationary(&[0.0, 0.0], &[0.5, 0.25]), [0.3125, 0.125, 0.125, 0.0625]);
        let slow = stationary(&[0.999_999], &[0.0])[0];
        assert!((slow / (0.999_999 * 0.999_999 / (1.0 - 0.999_999 * 0.999_999)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn runs_the_recursion() {
        let (ar, ma) = ([0.5, -0.3, 0.0], [0.4, 0.0, 0.2]);
        let mut filter = Filter::new(ar.to_vec(), ma.to_vec(), vec![0.0; 3], 1);
        let e = [1.0, -2.0, 0.5, 3.0, 1.0, 0.25];
        let mut x = e;
        filter.run(&mut x);
        for t in 0..e.len() {
            let lagged = |series: &[f64], k: usize| if t >= k { series[t - k] } else { 0.0 };
            let past: f64 = (1..=3).map(|k| ar[k - 1] * lagged(&x, k) + ma[k - 1] * lagged(&e, k)).sum();
            assert!((x[t] - e[t] - past).abs() < 1e-14);
        }
    }
}
