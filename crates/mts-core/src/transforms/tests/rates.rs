//! How often something happens, over a million values and more.

use mts_rng::math;

use super::*;

const SHAPE: Shape = Shape::of(4, 100_000, 3);
const LANES: f64 = 12.0;

fn labels(list: Value, shape: Shape) -> Vec<Label> {
    seeded(&list, shape, 11)
}

fn seeded(list: &Value, shape: Shape, seed: u64) -> Vec<Label> {
    let transforms = transforms(list, shape);
    let mut source = transforms.apply(zeros(shape), &SeedSequence::new(seed));
    let mut labels = Vec::new();
    source.skip(shape.steps()).unwrap();
    source.labels(&mut labels);
    labels
}

/// A count whose standard deviation is known, five of which are allowed.
fn near(found: usize, expected: f64, deviation: f64) {
    let z = (found as f64 - expected) / deviation;
    assert!(z.abs() < 5.0, "found {found}, expected {expected:.1} ± {deviation:.1}: {z:.1} deviations");
}

#[test]
fn spikes_are_a_binomial_share_of_cells() {
    for rate in [0.002, 0.3] {
        let found = labels(json!([{"anomalies": {"kind": "spike", "rate": rate, "size": 1}}]), SHAPE);
        let n = SHAPE.values() as f64;
        near(found.len(), n * rate, (n * rate * (1.0 - rate)).sqrt());
        let up = found.iter().filter(|label| added(label, label.steps.start) == Some(1.0)).count();
        near(up, found.len() as f64 / 2.0, (found.len() as f64).sqrt() / 2.0);
    }
}

/// Renewals: the number in n steps has variance n·v/m³, with m and v those of the distance of two.
#[test]
fn anomalies_begin_at_their_rate() {
    for (rate, length, gap) in [(0.002, 50, 0), (0.01, 50, 40), (0.02, 50, 0), (0.1, 3, 2)] {
        let anomalies = json!({"kind": "flatline", "rate": rate, "length": length, "gap": gap});
        let found = labels(json!([{ "anomalies": anomalies }]), SHAPE);
        let busy = (length + gap) as f64;
        let p: f64 = rate / (1.0 - rate * (busy - 1.0));
        let (mean, variance) = (1.0 / p - 1.0 + busy, (1.0 - p) / (p * p));
        assert!((mean * rate - 1.0).abs() < 1e-9);
        let n = (SHAPE.steps() - length + 1) as f64 * LANES;
        // Beginnings are as likely at each step, so that each lane adds at most one to the spread.
        near(found.len(), n * rate, (n * variance / (mean * mean * mean)).sqrt() + 0.2 * LANES.sqrt());
        let mut lanes = [None; 12];
        for label in &found {
            assert_eq!(label.steps.len(), length);
            let lane = &mut lanes[label.channel.unwrap() * 3 + label.realization.unwrap()];
            let apart = lane.is_none_or(|end: usize| label.steps.start >= end + gap);
            assert!(apart, "{label:?} behind {lane:?}");
            *lane = Some(label.steps.end);
        }
    }
}

/// As if it had always been going on: the first step is as likely as any other.
#[test]
fn the_first_steps_are_as_likely_as_others() {
    let (lanes, rate) = (200_000, 0.03);
    let found = labels(
        json!([{"anomalies": {"kind": "level_shift", "rate": rate, "length": 20, "gap": 10, "size": 1}}]),
        Shape::of(1, 60, lanes),
    );
    for step in [0, 1, 5, 19, 20, 29, 30, 31, 40] {
        let begun = found.iter().filter(|label| label.steps.start == step).count();
        let n = lanes as f64;
        near(begun, n * rate, (n * rate * (1.0 - rate)).sqrt());
    }
}

#[test]
fn values_are_missing_at_their_rate_in_runs_of_their_length() {
    for (rate, burst) in
        [(0.05, None), (0.05, Some(1.0)), (0.05, Some(10.0)), (0.5, Some(2.0)), (0.4, Some(1.0))]
    {
        let mut missing = json!({ "rate": rate });
        if let Some(burst) = burst {
            missing["burst"] = json!(burst);
        }
        let found = labels(json!([{ "missing": missing }]), SHAPE);
        let cells: usize = found.iter().map(|label| label.steps.len()).sum();
        let burst: f64 = burst.unwrap_or(1.0 / (1.0 - rate));
        let (leave, n) = (1.0 / burst, SHAPE.values() as f64);
        let enter = rate * leave / (1.0 - rate);
        // A stationary chain of two states: correlations fall as (1 - enter - leave)^lag.
        let memory: f64 = 1.0 - enter - leave;
        let variance = rate * (1.0 - rate) * (1.0 + memory) / (1.0 - memory);
        near(cells, n * rate, (n * variance).sqrt());
        let runs = found.len() as f64;
        let mean = cells as f64 / runs;
        let deviation = ((1.0 - leave) / (leave * leave) / runs).sqrt();
        assert!((mean - burst).abs() < 5.0 * deviation + 1e-3, "{mean} instead of {burst} ± {deviation}");
        let first = found.iter().filter(|label| label.steps.start == 0).count();
        assert!(first <= 12);
    }
}

/// Over realizations, and over seeds.
#[test]
fn the_first_value_is_missing_at_the_rate() {
    let (n, rate) = (100_000, 0.2);
    for missing in [json!({"rate": rate, "burst": 7}), json!({ "rate": rate })] {
        let list = json!([{ "missing": missing }]);
        let together = seeded(&list, Shape::of(1, 12, n), 11);
        let seeds = (0..n as u64 / 4).flat_map(|seed| seeded(&list, Shape::of(1, 12, 1), seed));
        for (found, n) in [(together, n as f64), (seeds.collect(), n as f64 / 4.0)] {
            for step in [0, 1, 5, 11] {
                let missing = found.iter().filter(|label| label.steps.contains(&step)).count();
                near(missing, n * rate, (n * rate * (1.0 - rate)).sqrt());
            }
        }
    }
}

#[test]
fn noise_has_its_law() {
    let shape = Shape::of(2, 250_000, 2);
    let n = shape.values() as f64;
    // Variance, and the share of values below 1 in absolute value.
    let laws = [
        (json!({"sigma": 1}), 1.0, 0.682_689_492_137_085_9),
        (json!({"law": "laplace", "sigma": 1}), 2.0, 1.0 - math::exp(-1.0)),
        (json!({"law": "uniform", "sigma": 1.25}), 1.25 * 1.25 / 3.0, 0.8),
        (json!({"law": "student_t", "nu": 10, "sigma": 1}), 1.25, 0.659_106_867_7),
    ];
    for (noise, variance, inner) in laws {
        let list = json!([{ "observation_noise": noise }]);
        let (values, twin) = (collect(spoilt(&list, shape, 12)).0, collect(clean(&list, shape, 12)).0);
        let noise: Vec<f64> = values.iter().zip(&twin).map(|(x, twin)| x - twin).collect();
        let mean = noise.iter().sum::<f64>() / n;
        let found = noise.iter().map(|e| e * e).sum::<f64>() / n;
        let fourth = noise.iter().map(|e| e * e * e * e).sum::<f64>() / n;
        assert!(mean.abs() < 5.0 * (variance / n).sqrt(), "{list}: mean {mean}");
        let deviation = ((fourth - found * found) / n).sqrt();
        assert!((found - variance).abs() < 5.0 * deviation, "{list}: {found} instead of {variance}");
        let within = noise.iter().filter(|e| e.abs() < 1.0).count();
        near(within, n * inner, (n * inner * (1.0 - inner)).sqrt());
        // Neighbours along time, channels and realizations have nothing to do with each other.
        for lag in [1, 2, 4] {
            let product: f64 = noise.iter().zip(&noise[lag..]).map(|(a, b)| a * b).sum::<f64>() / n;
            assert!(product.abs() < 5.0 * variance / n.sqrt(), "{list}: {product} at {lag}");
        }
    }
}
