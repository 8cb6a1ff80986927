//! Kuramoto's phases: what is drawn, the drift, the noise, and the order of the integration.

use std::f64::consts::TAU;

use mts_core::{Graph, Streams};
use mts_rng::math::{log2, sin};
use mts_statistics::{Uniformity, mean_of_known_error, variance};
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::run::{Paths, STREAMS, accept, run};

pub const MODEL: &str = "kuramoto";

#[test]
fn frequencies_and_phases_have_their_laws() {
    let normal = Normal::new(1.0, 0.5).unwrap();
    let params = json!({ "omega_mu": 1.0, "omega_sigma": 0.5 });
    let paths = run(MODEL, params, (50_000, 1, 4), 27, STREAMS[0]);
    accept("normal", Uniformity::of(paths.array("omega").iter().map(|x| normal.cdf(*x))).p());
    let params = json!({ "omega_dist": "uniform", "omega_low": -3.0, "omega_high": 1.0 });
    let uniform = run(MODEL, params, (50_000, 1, 1), 28, STREAMS[0]);
    accept("uniform", Uniformity::of(uniform.array("omega").iter().map(|x| (x + 3.0) / 4.0)).p());
    let phases = run(MODEL, json!({}), (5000, 1, 40), 29, STREAMS[1]);
    for paths in [&paths, &phases] {
        accept("phases", Uniformity::of(paths.slab(0).iter().map(|theta| theta / TAU)).p());
        assert_eq!(paths.array("initial_state"), paths.slab(0));
    }
}

#[test]
fn free_phases_walk_with_their_frequencies() {
    let (dt, noise) = (0.04_f64, 0.6);
    for streams in STREAMS {
        for method in ["rk4", "euler"] {
            let params = json!({ "K": 0.0, "dt": dt, "noise_std": noise, "method": method });
            let paths = run(MODEL, params, (20, 101, 100), 30, streams);
            let sd = noise * dt.sqrt();
            let law = Normal::new(0.0, sd).unwrap();
            let omega = paths.array("omega");
            let mut steps = Vec::new();
            let mut ends = Vec::new();
            for (m, r) in (0..20).flat_map(|m| (0..100).map(move |r| (m, r))) {
                let path = paths.path(m, r);
                steps.extend(path.windows(2).map(|w| w[1] - w[0] - omega[m] * dt));
                ends.push((path[100] - path[0] - omega[m] * dt * 100.0) / (sd * 10.0));
            }
            accept("noise", Uniformity::of(steps.into_iter().map(|x| law.cdf(x))).p());
            accept("mean", mean_of_known_error(ends.iter().copied(), 0.0, 1.0));
            accept("variance", variance(ends, 0.0, 1.0));
        }
    }
}

/// Who acts on whom, as a matrix.
pub fn adjacency(paths: &Paths) -> Vec<f64> {
    let nodes = paths.channels;
    let mut matrix = vec![0.0; nodes * nodes];
    match &paths.truth.graphs["adjacency"] {
        Graph::Complete { .. } => (0..nodes * nodes).for_each(|at| {
            matrix[at] = f64::from(at / nodes != at % nodes);
        }),
        Graph::Ring { .. } => (0..nodes).for_each(|i| {
            matrix[i * nodes + (i + 1) % nodes] = 1.0;
            matrix[(i + 1) % nodes * nodes + i] = 1.0;
        }),
        Graph::Edges { edges, .. } => {
            edges.iter().for_each(|edge| matrix[edge.to * nodes + edge.from] = edge.weight);
        }
    }
    matrix
}

#[test]
fn the_drift_is_that_of_the_equation() {
    let networks = [
        json!({ "topology": "complete" }),
        json!({ "topology": "ring" }),
        json!({ "topology": "erdos_renyi", "p": 0.3 }),
        json!({ "topology": "sbm", "block_sizes": [4, 5], "p_intra": 0.8, "p_inter": 0.3 }),
        json!({ "topology": "watts_strogatz", "k": 4, "p_rewire": 0.3, "alpha": 0.4 }),
        json!({ "topology": "barabasi_albert", "m": 2, "alpha": -2 }),
        json!({ "topology": "dag", "p": 0.6 }),
        json!({ "topology": "lattice", "rows": 3 }),
    ];
    for mut params in networks {
        let (coupling, dt) = (1.7, 0.5);
        params["K"] = coupling.into();
        params["dt"] = dt.into();
        params["method"] = "euler".into();
        let alpha = params.get("alpha").and_then(Value::as_f64).unwrap_or(0.0);
        let paths = run(MODEL, params, (9, 2, 3), 31, STREAMS[0]);
        let matrix = adjacency(&paths);
        for (m, r) in (0..9).flat_map(|m| (0..3).map(move |r| (m, r))) {
            let theta = paths.at(0, m, r);
            let pull: f64 = (0..9).map(|n| matrix[m * 9 + n] * sin(paths.at(0, n, r) - theta - alpha)).sum();
            let slope = paths.array("omega")[m] + coupling / 9.0 * pull;
            // A few roundings of numbers below 10.
            assert!((paths.at(1, m, r) - theta - dt * slope).abs() < 1e-14);
        }
    }
}

/// The state after four seconds with steps of 0.2/2^k seconds, from the same phases and frequencies.
fn end(method: &str, topology: &Value, k: u32) -> Vec<f64> {
    let mut params = topology.clone();
    let steps = 20 * 2_usize.pow(k);
    params["dt"] = (4.0 / steps as f64).into();
    params["K"] = 1.5.into();
    params["method"] = method.into();
    run(MODEL, params, (12, steps + 1, 2), 32, Streams::Shared).slab(steps).to_vec()
}

/// With error `C·h^q·(1 + O(h))`, halving the step divides the distance between two results by `2^q`, and the rest of
/// the observed order by about 2.
#[test]
fn integrations_have_their_order() {
    for topology in [json!({ "topology": "complete" }), json!({ "topology": "ring" })] {
        for (method, order) in [("rk4", 4.0), ("euler", 1.0)] {
            let ends: Vec<Vec<f64>> = (0..5).map(|k| end(method, &topology, k)).collect();
            let distance = |k: usize| {
                let squares = ends[k].iter().zip(&ends[k + 1]).map(|(a, b)| (a - b) * (a - b));
                squares.sum::<f64>().sqrt()
            };
            let rest: Vec<f64> =
                (0..3).map(|k| (log2(distance(k) / distance(k + 1)) - order).abs()).collect();
            assert!(rest[2] < 0.1 && rest[2] < 0.75 * rest[0], "{method}: {rest:?}");
        }
    }
}
