//! What is known of the order parameter `r = |Σ exp(iθ_m)|/M` of globally coupled phases with standard normal
//! frequencies of density g.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use mts_rng::math::{exp, sin_cos};

/// The coupling `K_c = 2/(π·g(0)) = √(8/π)` at which phases begin to lock.
pub fn critical() -> f64 {
    (8.0 / PI).sqrt()
}

/// The order parameter of a slab of phases, `realizations` interleaved.
pub fn order_parameters(phases: &[f64], realizations: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); realizations];
    for (at, theta) in phases.iter().enumerate() {
        let ((sin, cos), sum) = (sin_cos(*theta), &mut sums[at % realizations]);
        *sum = (sum.0 + sin, sum.1 + cos);
    }
    let channels = (phases.len() / realizations) as f64;
    sums.into_iter().map(|(sin, cos)| (sin * sin + cos * cos).sqrt() / channels).collect()
}

fn density(omega: f64) -> f64 {
    exp(-0.5 * omega * omega) / TAU.sqrt()
}

/// Simpson's rule.
fn integral(low: f64, high: f64, cells: usize, f: impl Fn(f64) -> f64) -> f64 {
    let h = (high - low) / cells as f64;
    let cell = |i: usize| {
        let x = low + h * i as f64;
        f(x) + 4.0 * f(x + 0.5 * h) + f(x + h)
    };
    (0..cells).map(cell).sum::<f64>() * h / 6.0
}

/// The mean of `M·r²` in the incoherent state, in the long run and for many oscillators: 1 without coupling, and
/// `∫ g(ω)/|1 - K/2·ĝ(ω)|² dω` with `ĝ(ω) = ∫₀^∞ exp(-t²/2 - iωt) dt`, as the fluctuation `Z₀` of free phases
/// becomes `Z = Z₀ + K/2·∫ ĝ-kernel(t-s)·Z(s) ds` to first order. For Lorentzian frequencies the integral is
/// `1/(1 - K/K_c)`: Hildebrand, Buice & Chow 2007, doi:10.1103/PhysRevLett.98.054101.
pub fn incoherent_power(coupling: f64) -> f64 {
    integral(-8.0, 8.0, 200, |omega| {
        let re = integral(0.0, 9.0, 200, |t| exp(-0.5 * t * t) * sin_cos(omega * t).1);
        let im = -integral(0.0, 9.0, 200, |t| exp(-0.5 * t * t) * sin_cos(omega * t).0);
        let (re, im) = (1.0 - 0.5 * coupling * re, -0.5 * coupling * im);
        density(omega) / (re * re + im * im)
    })
}

/// What the locked oscillators contribute to the order parameter where it is r:
/// `F(r) = K·r·∫ cos²θ·g(K·r·sin θ) dθ` over a half turn.
fn locked(coupling: f64, r: f64) -> f64 {
    let kr = coupling * r;
    kr * integral(-FRAC_PI_2, FRAC_PI_2, 400, |theta| {
        let (sin, cos) = sin_cos(theta);
        cos * cos * density(kr * sin)
    })
}

/// The order parameter of infinitely many oscillators, `r = F(r) > 0`, and the factor s such that that of M has a
/// standard deviation of at most `s/√M`.
///
/// M frequencies are a sample: at fixed r, F is the average of `f(ω) = √(1 - (ω/Kr)²)` over locked oscillators and 0
/// over others, with variance `E f² - r²`; the others add at most half of their share. The fixed point moves by
/// `1/(1 - F'(r))` times as much. Strogatz 2000, doi:10.1016/S0167-2789(00)00094-4.
pub fn coherent(coupling: f64) -> (f64, f64) {
    let (mut low, mut high) = (0.05, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if locked(coupling, middle) > middle { low = middle } else { high = middle }
    }
    let (r, kr) = (low, coupling * low);
    let slope = (locked(coupling, r + 1e-4) - locked(coupling, r - 1e-4)) / 2e-4;
    let squares = integral(-kr, kr, 400, |omega| (1.0 - omega * omega / (kr * kr)) * density(omega));
    let drifting = 1.0 - integral(-kr, kr, 400, density);
    (r, (squares - r * r + drifting / 2.0).sqrt() / (1.0 - slope))
}

#[test]
fn known_limits_hold() {
    assert!((critical() - 1.595_769).abs() < 1e-6);
    assert!((incoherent_power(0.0) - 1.0).abs() < 1e-9);
    // Strong coupling locks nearly all: r = 1 - E ω²/(2K²r²) - …, the next term 2·10⁻⁶.
    let (r, _) = coherent(20.0);
    assert!((r - (1.0 - 0.5 / (400.0 * r * r))).abs() < 1e-5, "{r}");
    // Just above K_c, r² grows by 16·(K - K_c)/(-π·K_c⁴·g''(0)), g''(0) = -g(0) = -2/(π·K_c).
    let kc = critical();
    let (r, _) = coherent(kc * 1.01);
    assert!((r * r / (8.0 * 0.01 * kc / (kc * kc * kc)) - 1.0).abs() < 0.05, "{r}");
}
