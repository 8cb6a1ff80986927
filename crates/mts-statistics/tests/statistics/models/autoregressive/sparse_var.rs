//! Sparse vector autoregressions: the covariance that follows from the graph, the law of what is drawn, and effects
//! of interventions, which are impulse responses to the last digit.

use mts_core::{Edge, Graph, Intervention};
use mts_statistics::{Uniformity, goodness_of_fit_counts, two_sided};
use nalgebra::DMatrix;
use serde_json::{Value, json};
use statrs::distribution::{Binomial, Discrete};

use super::autocovariance::{check, companion, lyapunov, radius};
use super::intervention::{both, check_linear_effect};
use crate::models::run::{Paths, STREAMS, accept, run};

pub const MODEL: &str = "sparse_var";

fn edges(paths: &Paths) -> &[Edge] {
    match &paths.truth.graphs["granger"] {
        Graph::Edges { edges, .. } => edges,
        _ => panic!("no list of edges"),
    }
}

/// Coefficients (lag, to, from) from the graph.
fn dense(paths: &Paths, lags: usize) -> Vec<f64> {
    let channels = paths.channels;
    let mut phi = vec![0.0; lags * channels * channels];
    for edge in edges(paths) {
        phi[((edge.lag - 1) * channels + edge.to) * channels + edge.from] = edge.weight;
    }
    phi
}

fn check_covariances(paths: &Paths, lags: usize, noise: &[f64]) {
    let channels = paths.channels;
    let matrix = companion(&dense(paths, lags), channels);
    let noise = DMatrix::from_fn(matrix.nrows(), matrix.nrows(), |i, j| {
        if i == j && i < channels { noise[i] * noise[i] } else { 0.0 }
    });
    let mut covariance = lyapunov(&matrix, &noise);
    for lag in 0..=3 {
        for (x, y) in (0..channels).flat_map(|x| (0..channels).map(move |y| (x, y))) {
            check(paths, (x, y), lag, covariance[(y, x)]);
        }
        covariance = &matrix * covariance;
    }
}

#[test]
fn has_the_covariance_of_its_links_from_the_first_step_on() {
    let links = [[0.0, 0.0, 1.0, 0.6], [0.0, 1.0, 3.0, -0.8], [1.0, 2.0, 1.0, 0.5], [2.0, 2.0, 2.0, 0.4]];
    let noise = [1.0, 0.5, 2.0];
    for streams in STREAMS {
        let params = json!({ "edges": links, "noise_std": noise });
        let paths = run(MODEL, params, (3, 60, 4000), 61, streams);
        check_covariances(&paths, 3, &noise);
    }
    // Drawn, and brought down to a radius of 0.8: 0.8^200 = 10⁻¹⁹ of the zeros is left.
    let params = json!({ "p": 2, "parents": 2, "radius": 0.8, "high": 0.9 });
    let paths = run(MODEL, params, (4, 60, 3000), 62, STREAMS[0]);
    let modulus = radius(&companion(&dense(&paths, 2), 4));
    assert!((modulus - 0.8).abs() < 1e-10, "{modulus}");
    check_covariances(&paths, 2, &[1.0; 4]);
}

#[test]
fn links_are_drawn_as_they_should_be() {
    // So weak that nothing is scaled.
    let params = json!({ "p": 3, "density": 0.1, "low": 0.01, "high": 0.02, "burn_in": 0 });
    let channels = 40;
    let (mut sizes, mut lags, mut positive, mut degrees, mut all) = (vec![], [0_u64; 3], 0.0, vec![], 0.0);
    for seed in 0..40 {
        let paths = run(MODEL, params.clone(), (channels, 1, 1), 700 + seed, STREAMS[0]);
        let mut degree = vec![0_u64; channels];
        for edge in edges(&paths) {
            sizes.push((edge.weight.abs() - 0.01) / 0.01);
            positive += f64::from(u8::from(edge.weight > 0.0));
            all += 1.0;
            if edge.from == edge.to {
                assert_eq!(edge.lag, 1);
            } else {
                lags[edge.lag - 1] += 1;
                degree[edge.to] += 1;
            }
        }
        degrees.extend(degree);
    }
    accept("sizes", Uniformity::of(sizes).p());
    accept("signs", two_sided((positive - 0.5 * all) / (0.25_f64 * all).sqrt()));
    let each = lags.iter().sum::<u64>() as f64 / 3.0;
    accept("lags", mts_statistics::goodness_of_fit(&lags, &[each; 3]));
    let law = Binomial::new(0.1, channels as u64 - 1).unwrap();
    accept("parents", goodness_of_fit_counts(&degrees, 0..=15, |k| law.pmf(k)));
}

#[test]
fn parents_and_orders_are_kept() {
    let count = |params: Value, expected: &dyn Fn(&[Edge]) -> bool| {
        for seed in 0..20 {
            let paths = run(MODEL, params.clone(), (8, 1, 1), 800 + seed, STREAMS[0]);
            assert!(expected(edges(&paths)), "{:?}", edges(&paths));
        }
    };
    let others = |edges: &[Edge], to: usize| edges.iter().filter(|e| e.to == to && e.from != to).count();
    count(json!({ "parents": 3 }), &|edges| (0..8).all(|to| others(edges, to) == 3));
    count(json!({ "parents": 3, "self_links": false }), &|edges| edges.iter().all(|e| e.from != e.to));
    // Of eight in a row, each of which has three parents before it where there are as many: 0 + 1 + 2 + 5·3.
    let acyclic = |edges: &[Edge]| {
        let mut left: Vec<usize> = (0..8).collect();
        while let Some(at) = left
            .iter()
            .position(|m| edges.iter().all(|e| e.to != *m || e.from == *m || !left.contains(&e.from)))
        {
            left.remove(at);
        }
        left.is_empty() && (0..8).map(|to| others(edges, to)).sum::<usize>() == 18
    };
    count(json!({ "parents": 3, "acyclic": true }), &acyclic);
}

#[test]
fn interventions_have_the_effect_of_an_impulse_response() {
    let links = [[0.0, 0.0, 1.0, 0.6], [0.0, 1.0, 3.0, -0.8], [1.0, 2.0, 1.0, 0.5], [2.0, 0.0, 2.0, 0.4]];
    let held = Intervention { channel: 1, steps: 10..13, value: 4.0 };
    let paths = both(MODEL, &json!({ "edges": links }), (3, 40, 3), 63, &held);
    check_linear_effect(&paths, &dense(&paths[0], 3), &held);
}
