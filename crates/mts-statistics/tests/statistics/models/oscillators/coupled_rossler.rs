//! Coupled Rössler systems: the equation, synchrony and its limits.

use mts_statistics::Uniformity;
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use super::slopes;
use crate::models::run::{STREAMS, accept, after, run};

pub const MODEL: &str = "coupled_rossler";

#[test]
fn the_drift_is_that_of_the_equation() {
    let params = json!({ "a": 0.3, "b": 0.4, "c": 6, "omega": 1.2, "omega_sigma": 0.1, "epsilon": 0.7 });
    slopes::check(MODEL, params, 3, |paths, pull, state, node| {
        let (x, y, z, omega) = (state(0), state(1), state(2), paths.array("omega")[node]);
        vec![-omega * y - z + 0.7 * pull(0), omega * x + 0.3 * y, 0.4 + z * (x - 6.0)]
    });
}

#[test]
fn what_is_drawn_has_its_law() {
    let params = json!({ "omega": 1.5, "omega_sigma": 0.3, "transient": 0 });
    let paths = run(MODEL, params, (60_000, 1, 1), 58, STREAMS[0]);
    let law = Normal::new(1.5, 0.3).unwrap();
    accept("frequencies", Uniformity::of(paths.array("omega").iter().map(|x| law.cdf(*x))).p());
    let law = Normal::standard();
    accept("x and y", Uniformity::of(paths.slab(0)[..40_000].iter().map(|x| law.cdf(*x))).p());
    accept("z", Uniformity::of(paths.slab(0)[40_000..].iter().map(|z| law.cdf(10.0 * z))).p());
}

/// A pair's difference decays where 2ε lies within the interval of the master stability function (Pecora & Carroll
/// 1998, doi:10.1103/PhysRevLett.80.2109), and grows outside: for a = b = 0.2 and c = 5.7, integrated on its own over
/// 3000 s, from 0.15 to 4.35.
#[test]
fn synchrony_is_stable_within_an_interval() {
    for (twice, stable) in [(0.1, false), (0.2, true), (1.0, true), (4.0, true), (5.0, false)] {
        let params = json!({
            "c": 5.7, "omega_sigma": 0, "epsilon": 0.5 * twice, "topology": "complete",
            "x0": [1.0, 1.0 + 1e-7, 2.0, 2.0, 0.1, 0.1],
        });
        let paths = after(6000, MODEL, params, (6, 500, 1), 59, STREAMS[0]);
        let distances = (0..500).map(|step| (paths.at(step, 0, 0) - paths.at(step, 1, 0)).abs());
        let distance = distances.fold(0.0, f64::max);
        assert_eq!(distance < 1e-8, stable, "{twice}: {distance}");
        assert!(!(1e-8..=1e-3).contains(&distance), "{twice}: {distance}");
    }
}

#[test]
fn equal_nodes_stay_equal() {
    for topology in ["ring", "complete"] {
        let x0: Vec<f64> = [1.0, 2.0, 0.3].into_iter().flat_map(|x| [x; 8]).collect();
        let params = json!({ "omega_sigma": 0, "topology": topology, "epsilon": 0.05, "x0": x0 });
        let paths = run(MODEL, params, (24, 1000, 1), 60, STREAMS[0]);
        for step in 0..1000 {
            for component in paths.slab(step).chunks_exact(8) {
                assert!(
                    component.iter().all(|x| x.to_bits() == component[0].to_bits()),
                    "{topology}, {step}"
                );
            }
        }
    }
}

/// Whatever is drawn, trajectories stay on the attractor.
#[test]
fn values_stay_bounded() {
    let paths = after(5000, MODEL, json!({}), (30, 100, 200), 61, STREAMS[1]);
    assert!(paths.values().iter().all(|x| x.abs() < 40.0));
}
