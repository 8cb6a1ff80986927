//! Lorenz' circle: its chaos, its energy, its fixed point for any number of places, and the order of the integration.

use mts_core::Graph;
use mts_statistics::mean_of_estimated_error;
use serde_json::json;

use crate::models::lyapunov::Orbits;
use crate::models::order::assert_order;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "lorenz96";

/// Errors double in 2.1 days of 0.2 s each (Lorenz & Emanuel 1998), so that λ is about ln 2/0.42 = 1.65; later authors
/// give 1.67 to 1.70 for M = 40, F = 8.
#[test]
fn orbits_part_as_published() {
    let orbits = Orbits::new(MODEL, json!({ "transient": 0.0 }), 40);
    let starts = run(MODEL, json!({}), (40, 1, 20), 4, STREAMS[0]);
    let exponents: Vec<f64> =
        orbits.exponents(starts.slab(0), 5, 800).iter().map(|per_step| per_step / 0.05).collect();
    let mean = exponents.iter().sum::<f64>() / 20.0;
    assert!((1.64..1.73).contains(&mean), "{mean}");
    accept(format_args!("exponent {mean}"), mean_of_estimated_error(&exponents, 1.68));
}

/// Along any orbit `Σ x²/2` changes by `∫ (F Σ x - Σ x²) dt`, as the quadratic part keeps it.
#[test]
fn the_quadratic_part_keeps_the_energy() {
    let (steps, dt, forcing) = (4000, 0.01, 6.0);
    for places in [1, 2, 3, 4, 5, 36] {
        let params = json!({ "F": forcing, "dt": dt, "transient": 0.0 });
        let paths = run(MODEL, params, (places, steps + 1, 3), 5, STREAMS[0]);
        for r in 0..3 {
            let sum = |step: usize, f: &dyn Fn(f64) -> f64| -> f64 {
                (0..places).map(|m| f(paths.at(step, m, r))).sum()
            };
            let rate = |step: usize| sum(step, &|x| forcing * x - x * x);
            let inner: f64 = (1..steps).map(rate).sum();
            let integral = dt * (inner + 0.5 * (rate(0) + rate(steps)));
            let change = sum(steps, &|x| 0.5 * x * x) - sum(0, &|x| 0.5 * x * x);
            // The trapezoids miss dt²/12 times slopes of a few hundred per place.
            assert!((integral - change).abs() < 0.02 * places as f64, "{places}: {integral} for {change}");
        }
    }
}

#[test]
fn the_fixed_point_stays_and_its_neighbours_move_as_the_linear_equation_says() {
    let forcing = 1.5;
    for places in [1, 2, 3, 4, 5, 7] {
        let params = json!({ "F": forcing, "transient": 0.0, "dt": 0.01 });
        let orbits = Orbits::new(MODEL, params, places);
        let mut linear = vec![0.0; places * places];
        for m in 0..places {
            linear[m * places + m] -= 1.0;
            linear[m * places + (m + 1) % places] += forcing;
            linear[m * places + (m + 2 * places - 2) % places] -= forcing;
        }
        orbits.assert_linear_at(&vec![forcing; places], 50, 0.5, &linear);
    }
}

/// One small step against the equation, place by place, and who acts on whom.
#[test]
fn a_step_is_that_of_the_equation() {
    let (places, h) = (9, 1e-6);
    let params = json!({ "dt": h, "transient": 0.0 });
    let paths = run(MODEL, params, (places, 2, 3), 6, STREAMS[0]);
    for (m, r) in (0..places).flat_map(|m| (0..3).map(move |r| (m, r))) {
        let x = |shift: usize| paths.at(0, (m + shift) % places, r);
        let slope = (x(1) - x(places - 2)) * x(places - 1) - x(0) + 8.0;
        let found = (paths.at(1, m, r) - x(0)) / h;
        assert!((found - slope).abs() < 1e-2, "{found} for {slope}");
    }
    let Graph::Edges { edges, .. } = &paths.truth.graphs["adjacency"] else { panic!("edges") };
    let acts = |from: usize, to: usize| edges.iter().any(|edge| (edge.from, edge.to) == (from, to));
    for (from, to) in (0..places).flat_map(|from| (0..places).map(move |to| (from, to))) {
        assert_eq!(acts(from, to), [1, places - 2, places - 1].contains(&((from + places - to) % places)));
    }
}

/// Where one place is moved, the slopes of those that it acts on change, and no others but its own.
#[test]
fn a_place_moves_those_that_it_acts_on() {
    let h = 1e-6;
    for places in 1..8 {
        let x0 = |moved: Option<usize>| -> Vec<f64> {
            (0..places).map(|m| (m * m) as f64 + 1.0 + if moved == Some(m) { 0.5 } else { 0.0 }).collect()
        };
        let slopes = |moved: Option<usize>| -> Vec<f64> {
            let params = json!({ "dt": h, "transient": 0.0, "x0": x0(moved) });
            let paths = run(MODEL, params, (places, 2, 1), 7, STREAMS[0]);
            paths.slab(1).iter().zip(paths.slab(0)).map(|(after, before)| (after - before) / h).collect()
        };
        let params = json!({ "transient": 0.0 });
        let paths = run(MODEL, params, (places, 1, 1), 7, STREAMS[0]);
        let Graph::Edges { edges, .. } = &paths.truth.graphs["adjacency"] else { panic!("edges") };
        let still = slopes(None);
        for from in 0..places {
            for (to, slope) in slopes(Some(from)).into_iter().enumerate().filter(|(to, _)| *to != from) {
                let acts = edges.iter().any(|edge| (edge.from, edge.to) == (from, to));
                assert_eq!((slope - still[to]).abs() > 0.01, acts, "{from} on {to} of {places}");
            }
        }
    }
}

#[test]
fn the_integration_is_of_order_4() {
    let params = json!({ "transient": 0.0, "dt": 0.4, "x0": [1.0, 2.0, 4.0, -1.0, 0.5, 7.0] });
    assert_order(MODEL, &params, (6, 3, 1), 16, 4.0);
}
