//! Jansen's and Rit's column: its rest, where it ends, alpha waves, noise, and the order of the integration.

use std::f64::consts::TAU;

use mts_rng::math::exp;
use mts_statistics::{Uniformity, mean_of_known_error, periodogram, variance};
use nalgebra::DMatrix;
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::order::assert_order;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "jansen_rit";

const C: f64 = 135.0;

/// The firing rate and its slope.
fn rate(v: f64) -> [f64; 2] {
    let share = 1.0 / (1.0 + exp(0.56 * (6.0 - v)));
    [5.0 * share, 5.0 * 0.56 * share * (1.0 - share)]
}

/// y0 of the fixed point that is seen as x = y1 - y2.
fn pyramids(x: f64) -> f64 {
    3.25 / 100.0 * rate(x)[0]
}

/// The input p whose fixed point is seen as x.
fn input(x: f64) -> f64 {
    let y0 = pyramids(x);
    let y2 = 22.0 / 50.0 * 0.25 * C * rate(0.25 * C * y0)[0];
    (x + y2) * 100.0 / 3.25 - 0.8 * C * rate(C * y0)[0]
}

/// The rate of growth, and the frequency, of the fastest wave around that fixed point: of the six equations, by the
/// state y0, y1, y2 and their slopes.
fn fastest(x: f64) -> (f64, f64) {
    let y0 = pyramids(x);
    let (a, b) = (100.0, 50.0);
    let mut by = DMatrix::zeros(6, 6);
    for (row, rate) in [a, a, b].into_iter().enumerate() {
        by[(row, row + 3)] = 1.0;
        by[(row + 3, row)] = -rate * rate;
        by[(row + 3, row + 3)] = -2.0 * rate;
    }
    by[(3, 1)] += 3.25 * a * rate(x)[1];
    by[(3, 2)] -= 3.25 * a * rate(x)[1];
    by[(4, 0)] += 3.25 * a * 0.8 * C * C * rate(C * y0)[1];
    by[(5, 0)] += 22.0 * b * 0.25 * C * 0.25 * C * rate(0.25 * C * y0)[1];
    let roots = by.complex_eigenvalues();
    let first = roots.iter().max_by(|s, t| s.re.total_cmp(&t.re)).unwrap();
    (first.re, first.im.abs())
}

/// Halves an interval until it knows where a function changes its sign.
fn zero(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    assert!(f(low) * f(high) < 0.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if f(low) * f(middle) <= 0.0 { high = middle } else { low = middle }
    }
    low
}

/// Grimbert & Faugeras 2006: 89.83 and 315.70.
fn bifurcations() -> [f64; 2] {
    let stability = |x: f64| fastest(x).0;
    [zero(stability, 6.3, 7.4), zero(stability, 7.4, 12.0)]
}

fn range(path: &[f64]) -> (f64, f64) {
    path.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)))
}

#[test]
fn rest_and_waves_are_where_the_equations_have_them() {
    let [begin, end] = bifurcations();
    assert!((input(begin) - 89.83).abs() < 0.05 && (input(end) - 315.70).abs() < 0.05, "{begin} {end}");
    let paths = |p: f64, transient: f64| {
        let params = json!({ "p_std": 0.0, "p_mean": p, "transient": transient, "dt": 0.002 });
        run(MODEL, params, (2, 1000, 5), 58, STREAMS[0])
    };
    for x in [end + 0.5, end + 1.5, 0.5, 1.0] {
        assert!(fastest(x).0 < 0.0);
        let paths = paths(input(x), 20.0);
        assert!(
            paths.values().iter().all(|seen| (seen - x).abs() < 1e-6),
            "{x}: {:?}",
            range(paths.values())
        );
    }
    // Close above rest the waves are small and have the frequency of the linear equation.
    let x = end - 0.02;
    let (growth, frequency) = fastest(x);
    assert!(growth > 0.0);
    let paths = paths(input(x), 60.0);
    for (m, r) in (0..2).flat_map(|m| (0..5).map(move |r| (m, r))) {
        let path = paths.path(m, r);
        let (low, high) = range(&path);
        assert!(low < x - 0.05 && high > x + 0.05 && high - low < 3.0, "{low} to {high} around {x}");
        let middle = 0.5 * (low + high);
        let ups: Vec<f64> = (1..path.len())
            .filter(|t| path[t - 1] < middle && path[*t] >= middle)
            .map(|t| t as f64 - (path[t] - middle) / (path[t] - path[t - 1]))
            .collect();
        let turn = 0.002 * (ups[ups.len() - 1] - ups[0]) / (ups.len() - 1) as f64;
        assert!((turn * frequency / TAU - 1.0).abs() < 0.01, "{turn} for {}", TAU / frequency);
    }
}

/// The EEG of the paper: a peak between 8 and 12 cycles per second, which holds most of the power.
#[test]
fn noise_makes_alpha_waves() {
    let (steps, dt) = (4096, 0.004);
    let paths = run(MODEL, json!({}), (1, steps, 20), 59, STREAMS[0]);
    let mut power = vec![0.0; steps / 2 + 1];
    for r in 0..20 {
        let path = paths.path(0, r);
        let mean = path.iter().sum::<f64>() / steps as f64;
        let centred: Vec<f64> = path.iter().map(|x| x - mean).collect();
        power.iter_mut().zip(periodogram(&centred).unwrap()).for_each(|(sum, power)| *sum += power);
    }
    let frequency = |j: usize| j as f64 / (steps as f64 * dt);
    let peak = (1..power.len()).max_by(|i, j| power[*i].total_cmp(&power[*j])).unwrap();
    assert!((8.0..12.0).contains(&frequency(peak)), "{}", frequency(peak));
    let alpha: f64 =
        (1..power.len()).filter(|j| (8.0..13.0).contains(&frequency(*j))).map(|j| power[j]).sum();
    assert!(alpha > 0.6 * power.iter().sum::<f64>(), "{alpha}");
}

/// Without synapses, y1 is a damped oscillator in white noise: normal around `A p/a`, of variance `A² s²/4a` and
/// autocorrelation `(1 + aτ) e^(-aτ)`.
#[test]
fn noise_has_the_law_of_the_linear_equation() {
    let (gain, a, p, sd, dt) = (4.0, 80.0, 150.0, 500.0, 0.01);
    let params = json!({
        "C": 0.0, "A": gain, "a": a, "p_mean": p, "p_std": sd, "dt": dt, "substeps": 10, "transient": 0.2,
    });
    let var = gain * gain * sd * sd * 0.001 / (4.0 * a);
    let law = Normal::new(gain * p / a, var.sqrt()).unwrap();
    let correlation = (1.0 + a * dt) * exp(-a * dt);
    for streams in STREAMS {
        let paths = run(MODEL, params.clone(), (10, 2, 4000), 60, streams);
        accept("law", Uniformity::of(paths.slab(0).iter().map(|x| law.cdf(*x))).p());
        accept("variance", variance(paths.slab(0).iter().copied(), gain * p / a, var));
        let both = paths.slab(0).iter().zip(paths.slab(1));
        let rest: Vec<f64> = both.map(|(x, y)| y - gain * p / a - correlation * (x - gain * p / a)).collect();
        let left = var * (1.0 - correlation * correlation);
        accept("mean", mean_of_known_error(rest.iter().copied(), 0.0, left.sqrt()));
        accept("correlation", variance(rest, 0.0, left));
    }
}

#[test]
fn initial_states_are_normal() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "transient": 0.0 }), (5, 1, 5000), 61, streams);
        let state = paths.array("initial_state");
        let law = Normal::new(0.0, 1.0).unwrap();
        let (slopes, potentials) = state.split_at(state.len() / 2);
        let both = slopes.iter().map(|x| 0.1 * x).chain(potentials.iter().copied());
        accept("law", Uniformity::of(both.map(|x| law.cdf(x))).p());
        let seen = potentials[..25_000].iter().zip(&potentials[50_000..]).map(|(y1, y2)| y1 - y2);
        assert_eq!(seen.collect::<Vec<f64>>(), paths.slab(0));
    }
}

#[test]
fn the_integration_is_of_order_4() {
    let params = json!({ "transient": 0.0, "dt": 0.1, "p_std": 0.0 });
    assert_order(MODEL, &params, (3, 4, 1), 40, 4.0);
}
