//! Mixed autoregressive moving averages: autocovariances from the weights ψ of the innovations, `γ_k = σ²·Σ ψ_j·ψ_{j+k}`
//! with `ψ_j = θ_j + Σ φ_i·ψ_{j-i}` (Box & Jenkins 1970, section 3.4), from the first value on.

use mts_statistics::{Uniformity, variance};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use super::autocovariance::check;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "arma";

/// `γ_0 … γ_lags`, from weights that decay below 10⁻¹⁶.
fn autocovariances(phi: &[f64], theta: &[f64], sigma: f64, lags: usize) -> Vec<f64> {
    let mut psi = vec![1.0];
    for j in 1..4000 {
        let past: f64 =
            (1..).zip(phi).filter(|(i, _)| *i <= j).map(|(i, phi): (usize, _)| phi * psi[j - i]).sum();
        psi.push(past + theta.get(j - 1).unwrap_or(&0.0));
    }
    let gamma = |k: usize| psi.iter().zip(&psi[k..]).map(|(a, b)| a * b).sum::<f64>() * sigma * sigma;
    (0..=lags).map(gamma).collect()
}

#[test]
fn has_the_autocovariances_of_its_coefficients_from_the_first_value_on() {
    let (phi, theta) = ([[0.5, -0.3], [0.9, 0.05]], [[0.4, 0.0, -0.7], [-0.5, 0.3, 0.2]]);
    let sigma = [0.7, 2.0];
    for streams in STREAMS {
        let params = json!({ "phi": phi, "theta": theta, "sigma": sigma });
        let paths = run(MODEL, params, (2, 40, 8000), 51, streams);
        for channel in 0..2 {
            let gamma = autocovariances(&phi[channel], &theta[channel], sigma[channel], 8);
            for (lag, &gamma) in gamma.iter().enumerate() {
                check(&paths, (channel, channel), lag, gamma);
            }
            for step in [0, 1, 2, 39] {
                accept(
                    format_args!("variance at step {step}"),
                    variance(paths.across(step, channel).iter().copied(), 0.0, gamma[0]),
                );
                let normal = Normal::new(0.0, gamma[0].sqrt()).unwrap();
                let law = paths.across(step, channel).iter().map(|x| normal.cdf(*x));
                accept(format_args!("law at step {step}"), Uniformity::of(law).p());
            }
            // The joint law of the first values and later ones, not only each by itself.
            for (lag, &gamma) in gamma.iter().enumerate().take(5).skip(1) {
                let products: Vec<f64> = (0..paths.realizations)
                    .map(|r| paths.at(0, channel, r) * paths.at(lag, channel, r))
                    .collect();
                let p = mts_statistics::mean_of_estimated_error(&products, gamma);
                accept(format_args!("covariance of steps 0 and {lag}"), p);
            }
        }
        check(&paths, (0, 1), 0, 0.0);
    }
}

#[test]
fn moving_averages_end_and_innovations_are_normal() {
    let params = json!({ "phi": null, "theta": [0.8], "sigma": 0.5 });
    let paths = run(MODEL, params, (1, 400, 500), 52, STREAMS[0]);
    for (lag, gamma) in [0.25 * 1.64, 0.2, 0.0, 0.0].into_iter().enumerate() {
        check(&paths, (0, 0), lag, gamma);
    }
    // An invertible average gives its innovations away; what the first one is unknown by decays as 0.8^t.
    let normal = Normal::new(0.0, 0.5).unwrap();
    let innovations = (0..500).flat_map(|r| {
        let invert = |last: &mut f64, x: f64| {
            *last = x - 0.8 * *last;
            Some(*last)
        };
        paths.path(0, r).into_iter().scan(0.0, invert).skip(150).collect::<Vec<f64>>()
    });
    accept("innovations", Uniformity::of(innovations.map(|e| normal.cdf(e))).p());
}
