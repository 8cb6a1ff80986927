//! The jump diffusion: increments of the logarithm are a Poisson mixture of normals, the price grows by `exp(μt)`,
//! and what the labels say is what happened.

use mts_core::{Series, Shape, SlabSource, Value};
use mts_hash::SeedSequence;
use mts_rng::math::{exp, ln};
use mts_statistics::{Uniformity, goodness_of_fit_counts, mean_of_estimated_error, mean_of_known_error};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Discrete, Normal, Poisson};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "merton_jump";

const MU: f64 = 0.3;
const SIGMA: f64 = 0.2;
const LAMBDA: f64 = 8.0;
const JUMP_MEAN: f64 = -0.1;
const JUMP_SD: f64 = 0.15;
const DT: f64 = 0.1;

fn params() -> serde_json::Value {
    json!({
        "mu": MU, "sigma": SIGMA, "lambda": LAMBDA, "jump_mean": JUMP_MEAN, "jump_sd": JUMP_SD, "dt": DT,
        "S0": 2.0,
    })
}

fn drift() -> f64 {
    let gain = exp(JUMP_MEAN + 0.5 * JUMP_SD * JUMP_SD) - 1.0;
    (MU - LAMBDA * gain - 0.5 * SIGMA * SIGMA) * DT
}

#[test]
fn increments_are_a_mixture() {
    let counts = Poisson::new(LAMBDA * DT).unwrap();
    let parts: Vec<(f64, Normal)> = (0..25_u32)
        .map(|n| {
            let jumps = f64::from(n);
            let variance = SIGMA * SIGMA * DT + jumps * JUMP_SD * JUMP_SD;
            let law = Normal::new(drift() + jumps * JUMP_MEAN, variance.sqrt()).unwrap();
            (counts.pmf(n.into()), law)
        })
        .collect();
    let cdf = |x: f64| parts.iter().map(|(weight, law)| weight * law.cdf(x)).sum::<f64>().min(1.0);
    for streams in STREAMS {
        let paths = run(MODEL, params(), (2, 101, 300), 62, streams).map(ln);
        let increments: Vec<f64> = (1..101)
            .flat_map(|step| paths.slab(step).iter().zip(paths.slab(step - 1)).map(|(x, last)| x - last))
            .collect();
        let judged = Uniformity::of(increments.iter().map(|x| cdf(*x)));
        accept(format_args!("{judged:?}"), judged.p());
        let truth = |name: &str| paths.truth.scalars.get(name).and_then(Value::as_f64).unwrap();
        let (mean, variance) = (truth("log_increment_mean"), truth("log_increment_variance"));
        accept("mean", mean_of_known_error(increments.iter().copied(), mean, variance.sqrt()));
        let squares: Vec<f64> = increments.iter().map(|x| (x - mean) * (x - mean)).collect();
        accept("variance", mean_of_estimated_error(&squares, variance));
        let third = LAMBDA * DT * (JUMP_MEAN * JUMP_MEAN * JUMP_MEAN + 3.0 * JUMP_MEAN * JUMP_SD * JUMP_SD);
        let cubes: Vec<f64> =
            squares.iter().zip(&increments).map(|(square, x)| square * (x - mean)).collect();
        accept("third moment", mean_of_estimated_error(&cubes, third));
    }
}

#[test]
fn prices_grow_by_their_drift() {
    let paths = run(MODEL, params(), (1, 11, 50_000), 63, STREAMS[0]);
    for step in [1, 10] {
        let expected = 2.0 * exp(MU * DT * step as f64);
        accept(format_args!("step {step}"), mean_of_estimated_error(paths.across(step, 0), expected));
    }
}

#[test]
fn labels_are_the_jumps() {
    let shape = Shape::new(2, 400, 30).unwrap();
    for streams in STREAMS {
        let registry = mts_models::registry();
        let model = registry.get(MODEL).unwrap().build(params(), shape).unwrap();
        let mut series = Series::new(model, SeedSequence::new(64_u64), streams);
        let (mut values, mut labels) = (vec![0.0; shape.values()], Vec::new());
        assert_eq!(series.next(&mut values).unwrap(), 400);
        series.labels(&mut labels);
        let at = |step: usize, channel: usize, realization: usize| {
            ln(values[step * shape.slab() + channel * 30 + realization])
        };
        // What is left of each increment without its jump.
        let mut rest: Vec<f64> = vec![f64::NAN; shape.values()];
        for step in 1..400 {
            for place in 0..shape.slab() {
                let (channel, realization) = (place / 30, place % 30);
                rest[step * shape.slab() + place] =
                    at(step, channel, realization) - at(step - 1, channel, realization);
            }
        }
        let (mut counts, mut scaled) = (vec![0_u64; 399 * shape.slab()], Vec::new());
        for label in &labels {
            let place = label.channel.unwrap() * 30 + label.realization.unwrap();
            let detail = |name: &str| label.details.get(name).unwrap().clone();
            let (size, count) = (detail("size").as_f64().unwrap(), detail("count").as_f64().unwrap());
            rest[label.steps.start * shape.slab() + place] -= size;
            counts[(label.steps.start - 1) * shape.slab() + place] = count as u64;
            scaled.push((size - count * JUMP_MEAN) / (JUMP_SD * count.sqrt()));
        }
        let law = Normal::new(drift(), SIGMA * DT.sqrt()).unwrap();
        accept("between jumps", Uniformity::of(rest[shape.slab()..].iter().map(|x| law.cdf(*x))).p());
        let standard = Normal::new(0.0, 1.0).unwrap();
        accept("sizes", Uniformity::of(scaled.iter().map(|x| standard.cdf(*x))).p());
        let law = Poisson::new(LAMBDA * DT).unwrap();
        accept("counts", goodness_of_fit_counts(&counts, 0..=5, |n| law.pmf(n)));
    }
}
