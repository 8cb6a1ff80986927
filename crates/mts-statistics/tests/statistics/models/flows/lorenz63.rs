//! Lorenz' convection: its chaos, its averages, its fixed points, and the order of the integration.

use mts_statistics::{Z, mean_of_estimated_error};
use serde_json::json;

use crate::models::lyapunov::Orbits;
use crate::models::order::assert_order;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "lorenz63";

/// λ = 0.9056: D. Viswanath 1998, Cornell University; J. C. Sprott 2003, Chaos and Time-Series Analysis. 40 orbits of
/// 760 s each see a difference of 1 %.
#[test]
fn orbits_part_as_published() {
    let orbits = Orbits::new(MODEL, json!({ "transient": 0.0, "dt": 0.01 }), 3);
    let starts = run(MODEL, json!({}), (3, 1, 40), 1, STREAMS[0]);
    let exponents: Vec<f64> =
        orbits.exponents(starts.slab(0), 50, 1600).iter().map(|per_step| per_step / 0.01).collect();
    let mean = exponents.iter().sum::<f64>() / 40.0;
    accept(format_args!("exponent {mean}"), mean_of_estimated_error(&exponents, 0.9056));
    assert!((mean - 0.9056).abs() < 0.01, "{mean}");
}

/// ⟨z⟩ = 23.55 to four digits. Along any orbit `z_T - z_0 = ∫ (x y - β z) dt` and `(x_T² - x_0²)/2 = σ ∫ (x y - x²) dt`.
#[test]
fn averages_are_those_of_the_equation() {
    let (sigma, beta, dt) = (10.0, 8.0 / 3.0, 0.01);
    let paths = run(MODEL, json!({ "dt": dt }), (3, 20_001, 60), 2, STREAMS[0]);
    let mut means = Vec::new();
    for r in 0..60 {
        let [x, y, z] = [0, 1, 2].map(|m| paths.path(m, r));
        let integral = |f: &dyn Fn(usize) -> f64| {
            let inner: f64 = (1..20_000).map(f).sum();
            dt * (inner + 0.5 * (f(0) + f(20_000)))
        };
        means.push(integral(&|t| z[t]) / (20_000.0 * dt));
        // The trapezoids are wrong by dt²/12 times the difference of slopes at both ends, below 10⁴ and 10⁵: each
        // integral of the difference is one of tens of thousands.
        let z_change = integral(&|t| x[t] * y[t] - beta * z[t]);
        assert!((z_change - (z[20_000] - z[0])).abs() < 0.2, "{z_change}");
        let x_change = sigma * integral(&|t| x[t] * y[t] - x[t] * x[t]);
        assert!((x_change - 0.5 * (x[20_000] * x[20_000] - x[0] * x[0])).abs() < 2.0, "{x_change}");
    }
    let mean = means.iter().sum::<f64>() / 60.0;
    let spread = means.iter().map(|m| (m - mean) * (m - mean)).sum::<f64>() / 59.0;
    assert!((mean - 23.55).abs() < 0.005 + Z * (spread / 60.0).sqrt(), "{mean}");
    assert!((spread / 60.0).sqrt() < 0.01);
}

#[test]
fn fixed_points_stay_and_their_neighbours_move_as_the_linear_equation_says() {
    let (sigma, rho, beta): (f64, f64, f64) = (9.0, 20.0, 2.0);
    let params = json!({ "sigma": sigma, "rho": rho, "beta": beta, "transient": 0.0, "dt": 0.001 });
    let orbits = Orbits::new(MODEL, params, 3);
    let c = (beta * (rho - 1.0)).sqrt();
    for [x, y, z] in [[c, c, rho - 1.0], [-c, -c, rho - 1.0], [0.0; 3]] {
        let a = [-sigma, sigma, 0.0, rho - z, -1.0, -x, y, x, -beta];
        orbits.assert_linear_at(&[x, y, z], 200, 0.2, &a);
    }
}

#[test]
fn the_integration_is_of_order_4() {
    let params = json!({ "transient": 0.0, "dt": 0.4, "x0": [1.0, 2.0, 20.0] });
    assert_order(MODEL, &params, (3, 3, 1), 20, 4.0);
}
