//! Structural models: the noise that is left when all causes are taken away, the covariance of linear ones, and
//! interventions.

use mts_core::{Edge, Graph, Intervention};
use mts_rng::math::{exp, sin, tanh};
use mts_statistics::Uniformity;
use nalgebra::DMatrix;
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Laplace, Normal, Uniform};

use super::autocovariance::{check, companion, lyapunov};
use super::intervention::both;
use crate::models::run::{Paths, STREAMS, accept, run};

pub const MODEL: &str = "scm_lagged";

fn links(paths: &Paths) -> Vec<(Edge, String)> {
    let Graph::Edges { edges, .. } = &paths.truth.graphs["causal"] else { panic!("no list of edges") };
    let Some(mts_hash::Value::List(names)) = paths.truth.scalars.get("functions") else {
        panic!("no functions")
    };
    assert_eq!(names.len(), edges.len());
    edges.iter().copied().zip(names.iter().map(|name| name.as_str().unwrap().to_owned())).collect()
}

fn function(name: &str, x: f64) -> f64 {
    match name {
        "linear" => x,
        "tanh" => tanh(x),
        "sin" => sin(x),
        "saturating" => x * x / (1.0 + x * x),
        "bump" => x * exp(-x * x / 2.0),
        _ => panic!("{name}"),
    }
}

/// What is left of a value when all its causes are taken away.
fn noise(paths: &Paths, links: &[(Edge, String)], step: usize, channel: usize, r: usize) -> f64 {
    let causes = links.iter().filter(|(edge, _)| edge.to == channel);
    let causes =
        causes.map(|(edge, name)| edge.weight * function(name, paths.at(step - edge.lag, edge.from, r)));
    paths.at(step, channel, r) - causes.sum::<f64>()
}

fn check_noise(params: Value, seed: u64, cdf: impl Fn(usize, f64) -> f64) {
    for streams in STREAMS {
        let paths = run(MODEL, params.clone(), (5, 203, 30), seed, streams);
        let links = links(&paths);
        let mut left = Vec::new();
        for (channel, r) in (0..5).flat_map(|m| (0..30).map(move |r| (m, r))) {
            left.extend((3..203).map(|step| cdf(channel, noise(&paths, &links, step, channel, r))));
        }
        accept("noise", Uniformity::of(left).p());
    }
}

#[test]
fn what_no_cause_explains_is_the_noise() {
    let std = [1.0, 0.5, 2.0, 1.0, 0.1];
    let all = ["linear", "tanh", "sin", "saturating", "bump"];
    let with = |noise: &str| json!({ "p": 3, "density": 0.6, "functions": all, "noise": noise, "noise_std": std, "autocorrelation": 0.6 });
    check_noise(with("normal"), 81, |m, x| Normal::new(0.0, std[m]).unwrap().cdf(x));
    check_noise(with("laplace"), 82, |m, x| Laplace::new(0.0, std[m] / 2.0_f64.sqrt()).unwrap().cdf(x));
    let root = 3.0_f64.sqrt();
    check_noise(with("uniform"), 83, |m, x| Uniform::new(-root * std[m], root * std[m]).unwrap().cdf(x));
}

/// x = A₀x + A₁x' + η is the autoregression of (1 - A₀)⁻¹A₁ and noise (1 - A₀)⁻¹η.
#[test]
fn linear_links_within_the_step_have_their_covariance() {
    let params = json!({
        "autocorrelation": [0.5, -0.3, 0.6],
        "links": [
            { "from": 2, "to": 0, "lag": 0, "weight": 0.8 },
            { "from": 0, "to": 1, "lag": 0, "weight": -0.5 },
            { "from": 1, "to": 2, "lag": 1, "weight": 0.4 },
        ],
    });
    let within = DMatrix::from_row_slice(3, 3, &[0.0, 0.0, 0.8, -0.5, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let before = [0.5, 0.0, 0.0, 0.0, -0.3, 0.0, 0.0, 0.4, 0.6];
    let follow = (DMatrix::<f64>::identity(3, 3) - within).try_inverse().unwrap();
    let matrix = &follow * companion(&before, 3);
    let mut covariance = lyapunov(&matrix, &(&follow * follow.transpose()));
    let paths = run(MODEL, params, (3, 60, 4000), 84, STREAMS[0]);
    for lag in 0..=3 {
        for (x, y) in (0..3).flat_map(|x| (0..3).map(move |y| (x, y))) {
            check(&paths, (x, y), lag, covariance[(y, x)]);
        }
        covariance = &matrix * covariance;
    }
}

/// Causes do not change, what depends on the channel does, within the step too; noise stays as it was.
#[test]
fn interventions_cut_causes_and_keep_effects() {
    let link = |from: usize, to: usize, lag: usize, function: &str| json!({ "from": from, "to": to, "lag": lag, "function": function, "weight": 0.9 });
    let params =
        json!({ "links": [link(0, 1, 0, "tanh"), link(1, 2, 0, "sin"), link(1, 3, 2, "saturating")] });
    let held = Intervention { channel: 1, steps: 20..23, value: 3.0 };
    let [free, done] = both(MODEL, &params, (4, 60, 3), 85, &held);
    let links = links(&free);
    for (step, r) in (2..60).flat_map(|step| (0..3).map(move |r| (step, r))) {
        assert_eq!(free.at(step, 0, r), done.at(step, 0, r), "a cause changes");
        for channel in 0..4 {
            if channel == 1 && held.steps.contains(&step) {
                assert_eq!(done.at(step, 1, r), 3.0);
                continue;
            }
            let noises = [&free, &done].map(|paths| noise(paths, &links, step, channel, r));
            assert!((noises[0] - noises[1]).abs() < 1e-12, "step {step}, channel {channel}");
        }
    }
    assert!((free.at(20, 2, 0) - done.at(20, 2, 0)).abs() > 1e-3, "no effect within the step");
    assert!((free.at(22, 3, 0) - done.at(22, 3, 0)).abs() > 1e-3, "no effect later on");
}
