//! Switching autoregressions: chains with their transitions, innovations under the regimes that labels tell, and the mean
//! and covariance of a Markov jump linear system, `V_i = Φ_i·(Σ_j p_ji·V_j)·Φ_iᵀ + π_i·Σ_i` (Costa, Fragoso & Marques
//! 2005, chapter 3).

use mts_statistics::{Uniformity, goodness_of_fit, mean_of_estimated_error};
use nalgebra::DMatrix;
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Normal};

use super::told;
use crate::models::autoregressive::autocovariance::radius;
use crate::models::run::{Paths, STREAMS, accept};

pub const MODEL: &str = "markov_switching_var";

const TRANSITION: [[f64; 3]; 3] = [[0.7, 0.2, 0.1], [0.05, 0.9, 0.05], [0.3, 0.3, 0.4]];

fn params() -> Value {
    json!({
        "regimes": 3, "transition": TRANSITION, "mu": [[0, 1], [2, -1], [5, 3]], "sigma": [[0.5, 1], [1, 1], [2, 0.3]],
        "Phi": [[[0.5, 0.2], [0, 0.3]], [[-0.4, 0.3], [0.2, 0.1]], [[1.1, 0], [-0.5, 0.6]]],
    })
}

#[test]
fn regimes_are_a_chain_that_starts_in_its_law() {
    for streams in STREAMS {
        let (paths, labels) = told::run(MODEL, &params(), (2, 100, 600), 91, streams);
        let (mut first, mut pairs) = ([0_u64; 3], [[0_u64; 3]; 3]);
        for r in 0..600 {
            let regimes = told::regimes(&labels, None, r, 100);
            first[regimes[0]] += 1;
            assert_eq!(regimes[0] as f64, paths.array("initial_regime")[r]);
            regimes.windows(2).for_each(|pair| pairs[pair[0]][pair[1]] += 1);
        }
        let stationary = paths.array("stationary");
        accept("first regimes", goodness_of_fit(&first, &[0, 1, 2].map(|k: usize| 600.0 * stationary[k])));
        for (row, pairs) in TRANSITION.iter().zip(&pairs) {
            let all = pairs.iter().sum::<u64>() as f64;
            accept("transitions", goodness_of_fit(pairs, &row.map(|p| all * p)));
            let left: f64 =
                (0..3).map(|k| stationary[k] * (TRANSITION[k][0] - f64::from(u8::from(k == 0)))).sum();
            assert!(left.abs() < 1e-14);
        }
    }
}

#[test]
fn innovations_are_normal_under_the_regimes_told() {
    let mut all = params();
    for phi in [all["Phi"].take(), Value::Null] {
        all["Phi"] = phi;
        let (paths, labels) = told::run(MODEL, &all, (2, 200, 100), 92, STREAMS[1]);
        let (phi, mu, sigma) = (paths.array("Phi"), paths.array("mu"), paths.array("sigma"));
        let mut innovations = Vec::new();
        for r in 0..100 {
            let regimes = told::regimes(&labels, None, r, 200);
            for (t, channel) in (1..200).flat_map(|t| [(t, 0), (t, 1)]) {
                let (now, before) = (regimes[t], regimes[t - 1]);
                let past = |from: usize| {
                    phi[(now * 2 + channel) * 2 + from] * (paths.at(t - 1, from, r) - mu[before * 2 + from])
                };
                let left = paths.at(t, channel, r) - mu[now * 2 + channel] - past(0) - past(1);
                innovations.push(Normal::new(0.0, sigma[now * 2 + channel]).unwrap().cdf(left));
            }
        }
        accept("innovations", Uniformity::of(innovations).p());
    }
}

/// The moments of x - μ and the regime together; then those of x, as both are uncorrelated given the regime.
#[test]
fn has_the_moments_of_a_jump_system() {
    let (paths, _) = told::run(MODEL, &params(), (2, 200, 2500), 93, STREAMS[0]);
    let (phi, sigma, stationary) = (paths.array("Phi"), paths.array("sigma"), paths.array("stationary"));
    let phi = |k: usize| DMatrix::from_row_slice(2, 2, &phi[4 * k..][..4]);
    let mut second: Vec<DMatrix<f64>> = vec![DMatrix::zeros(2, 2); 3];
    for _ in 0..4000 {
        second = (0..3)
            .map(|i| {
                let came = (0..3).fold(DMatrix::zeros(2, 2), |sum, j| sum + TRANSITION[j][i] * &second[j]);
                let noise = DMatrix::from_diagonal(&nalgebra::DVector::from_fn(2, |m, _| {
                    sigma[2 * i + m] * sigma[2 * i + m]
                }));
                phi(i) * came * phi(i).transpose() + stationary[i] * noise
            })
            .collect();
    }
    let mean: Vec<f64> =
        (0..2).map(|m| (0..3).map(|k| stationary[k] * paths.array("mu")[2 * k + m]).sum()).collect();
    let average = |of: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        (0..2500).map(|r| (0..200).map(|t| of(t, r)).sum::<f64>() / 200.0).collect()
    };
    for (m, &mean) in mean.iter().enumerate() {
        accept(
            format_args!("mean of {m}"),
            mean_of_estimated_error(&average(&|t, r| paths.at(t, m, r)), mean),
        );
    }
    for (i, j) in [(0, 0), (0, 1), (1, 1)] {
        let mu = paths.array("mu");
        let of_means: f64 = (0..3).map(|k| stationary[k] * mu[2 * k + i] * mu[2 * k + j]).sum();
        let expected = of_means + second.iter().map(|v| v[(i, j)]).sum::<f64>();
        let found = average(&|t, r| paths.at(t, i, r) * paths.at(t, j, r));
        accept(format_args!("moment of {i} and {j}"), mean_of_estimated_error(&found, expected));
    }
}

/// Any way to switch between drawn coefficients is stable: no row of them adds up to more than 0.9.
#[test]
fn drawn_coefficients_contract() {
    let paths: Paths = told::run(MODEL, &json!({ "regimes": 4 }), (12, 1, 1), 94, STREAMS[0]).0;
    let rows = paths.array("Phi").chunks_exact(12).map(|row| row.iter().map(|phi| phi.abs()).sum::<f64>());
    let largest = rows.fold(0.0, f64::max);
    assert!((largest - 0.9).abs() < 1e-12, "{largest}");
    for phi in paths.array("Phi").chunks_exact(144) {
        assert!(radius(&DMatrix::from_row_slice(12, 12, phi)) < 0.9);
    }
}

/// What is held is held, and what it was before does not matter any more.
#[test]
fn interventions_are_seen_by_what_follows() {
    let held = mts_core::Intervention { channel: 0, steps: 20..22, value: 7.0 };
    let [free, done] =
        crate::models::autoregressive::intervention::both(MODEL, &params(), (2, 60, 4), 95, &held);
    let (_, labels) = told::run(MODEL, &params(), (2, 60, 4), 95, STREAMS[0]);
    let phi = free.array("Phi");
    for r in 0..4 {
        let regimes = told::regimes(&labels, None, r, 60);
        for t in 21..60 {
            let effect = |t: usize, m: usize| done.at(t, m, r) - free.at(t, m, r);
            for m in 0..2 {
                let carried: f64 =
                    (0..2).map(|from| phi[(regimes[t] * 2 + m) * 2 + from] * effect(t - 1, from)).sum();
                let expected = if m == 0 && t == 21 { 7.0 - free.at(t, 0, r) } else { carried };
                assert!((effect(t, m) - expected).abs() < 1e-11, "step {t}, channel {m}");
            }
        }
    }
}
