//! The double well: its stationary density `exp(-2V/σ²)`, the mean time between the labels of two wells, and the
//! answer to a weak periodic force.

use mts_core::{Series, Shape, SlabSource};
use mts_hash::SeedSequence;
use mts_rng::math::exp;
use mts_statistics::{Tabulated, Uniformity, mean_of_estimated_error};
use serde_json::json;

use crate::models::run::{STREAMS, accept, after, run};

pub const MODEL: &str = "double_well";

/// `exp(sign·2V/σ²)` of a = b = 1.
fn weight(sign: f64, sigma: f64, x: f64) -> f64 {
    exp(sign * 2.0 * (0.25 * x * x * x * x - 0.5 * x * x) / (sigma * sigma))
}

/// The integral of `exp(sign·2V/σ²)` from `from` to each of so many equal steps.
fn integral(sign: f64, sigma: f64, (from, to): (f64, f64), cells: usize) -> Vec<f64> {
    let width = (to - from) / cells as f64;
    let density = |x: f64| weight(sign, sigma, x);
    let mut sums = vec![0.0];
    for cell in 0..cells {
        // Simpson's rule.
        let x = from + cell as f64 * width;
        let part = width / 6.0 * (density(x) + 4.0 * density(x + 0.5 * width) + density(x + width));
        sums.push(sums[cell] + part);
    }
    sums
}

#[test]
fn has_its_stationary_density() {
    let sigma = 0.8;
    let law = Tabulated::new(-4.0, 4.0, |x| weight(-1.0, sigma, x));
    for streams in STREAMS {
        let paths = after(100, MODEL, json!({ "sigma": sigma, "dt": 0.1 }), (1, 1, 150_000), 67, streams);
        let judged = Uniformity::of(paths.slab(0).iter().map(|x| law.cdf(*x)));
        accept(format_args!("{judged:?}"), judged.p());
    }
}

/// From -c to c the mean time is `2/σ²·∫ exp(2V(y)/σ²) ∫ exp(-2V(z)/σ²) dz dy`, y from -c to c and z from -∞ to y.
#[test]
fn stays_in_a_well_as_long_as_it_should() {
    let (sigma, half) = (0.7, 0.5);
    let below = integral(-1.0, sigma, (-4.0, half), 9000);
    let up = integral(1.0, sigma, (-half, half), 2000);
    let double: f64 = (0..2000).map(|at| (up[at + 1] - up[at]) * below[7000 + at]).sum();
    let expected = 2.0 / (sigma * sigma) * double;
    let shape = Shape::new(1, 100_000, 60).unwrap();
    let registry = mts_models::registry();
    let params = json!({ "sigma": sigma, "dt": 0.01, "substeps": 1 });
    let model = registry.get(MODEL).unwrap().build(params, shape).unwrap();
    let mut series = Series::new(model, SeedSequence::new(68_u64), STREAMS[0]);
    let (mut values, mut labels) = (vec![0.0; shape.values()], Vec::new());
    assert_eq!(series.next(&mut values).unwrap(), 100_000);
    series.labels(&mut labels);
    let inner = labels.iter().filter(|label| label.steps.start > 0 && label.steps.end < 100_000);
    let times: Vec<f64> = inner.map(|label| 0.01 * label.steps.len() as f64).collect();
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    // A path that is seen every 0.01 s passes thresholds unseen: about 0.58·σ·0.1 further on, some 4 % of the time.
    assert!(times.len() > 3000 && (mean / expected - 1.0).abs() < 0.08, "{mean} {expected} {}", times.len());
    for label in &labels {
        let side = if label.details.get("well").unwrap().as_str() == Some("right") { 1.0 } else { -1.0 };
        let at = |step: usize| side * values[step * 60 + label.realization.unwrap()];
        assert!(label.steps.start == 0 || at(label.steps.start) >= half, "{label:?}");
        assert!(label.steps.clone().all(|step| at(step) > -half), "{label:?}");
        assert!(label.steps.end == 100_000 || at(label.steps.end) <= -half, "{label:?}");
    }
}

/// In one well, in linear response: `x̄ = F·cos(ωt - φ)/√(4a² + ω²)`, noise nearly off.
#[test]
fn follows_a_weak_force() {
    let (sigma, amplitude, frequency) = (0.05, 0.05, 0.3);
    let params = json!({
        "sigma": sigma, "amplitude": amplitude, "frequency": frequency, "dt": 0.05, "substeps": 2, "x0": 1.0,
    });
    let paths = run(MODEL, params, (1, 601, 2000), 69, STREAMS[0]);
    let omega = std::f64::consts::TAU * frequency;
    // The mean over noise of a curved well lies a little lower: <x> = 1 - 3/2·var, up to higher orders.
    for step in [500, 540, 600] {
        let t = 0.05 * step as f64;
        let (sin, cos) = mts_rng::math::sin_cos(omega * t);
        let gain = amplitude / (4.0 + omega * omega);
        let linear = gain * (2.0 * cos + omega * sin);
        let found: Vec<f64> = paths.across(step, 0).iter().map(|x| x - 1.0).collect();
        let mean = found.iter().sum::<f64>() / 2000.0;
        assert!((mean - linear).abs() < 0.002 && linear.abs() < 0.02, "{mean} {linear}");
    }
    let still = run(MODEL, json!({ "sigma": sigma, "x0": 1.0 }), (1, 41, 100_000), 70, STREAMS[0]);
    // Variance σ²/4a to first order, 1.005 of it to second.
    let squares: Vec<f64> = still.across(40, 0).iter().map(|x| (x - 1.0) * (x - 1.0)).collect();
    accept("variance", mean_of_estimated_error(&squares, sigma * sigma / 4.0));
}
