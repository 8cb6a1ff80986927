//! Correlated Gaussian noise: products of two channels have mean `Σᵢⱼ` and variance `ΣᵢᵢΣⱼⱼ + Σᵢⱼ²`; those of two
//! steps or realizations have mean 0.

use mts_statistics::{Uniformity, mean_of_known_error};
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "correlated_gaussian";

fn check(params: &Value, sigma: &[f64], channels: usize) {
    for streams in STREAMS {
        let paths = run(MODEL, params.clone(), (channels, 20_000, 5), 40, streams);
        assert_eq!(paths.array("Sigma"), sigma);
        let at = |i: usize, j: usize| sigma[i * channels + j];
        let paths_of: Vec<Vec<f64>> = (0..channels).map(|channel| paths.path(channel, 0)).collect();
        let other: Vec<Vec<f64>> = (0..channels).map(|channel| paths.path(channel, 1)).collect();
        for i in 0..channels {
            let law = Normal::new(0.0, at(i, i).sqrt()).unwrap();
            accept("law", Uniformity::of(paths_of[i].iter().map(|x| law.cdf(*x))).p());
            for j in 0..channels {
                let pairs = (0..paths.steps()).flat_map(|step| {
                    paths.across(step, i).iter().zip(paths.across(step, j)).map(|(x, y)| x * y)
                });
                let sd = (at(i, i) * at(j, j) + at(i, j) * at(i, j)).sqrt();
                accept(format_args!("Σ of {i}, {j}"), mean_of_known_error(pairs, at(i, j), sd));
                let sd = (at(i, i) * at(j, j)).sqrt();
                let later = paths_of[i].iter().zip(&paths_of[j][1..]).map(|(x, y)| x * y);
                accept(format_args!("next step of {i}, {j}"), mean_of_known_error(later, 0.0, sd));
                let elsewhere = paths_of[i].iter().zip(&other[j]).map(|(x, y)| x * y);
                accept(format_args!("realizations of {i}, {j}"), mean_of_known_error(elsewhere, 0.0, sd));
            }
        }
    }
}

#[test]
fn has_the_covariance_that_it_was_given() {
    let sigma = [2.0, 0.3, -0.6, 0.3, 0.5, 0.1, -0.6, 0.1, 1.0];
    check(&json!({ "Sigma": [[2.0, 0.3, -0.6], [0.3, 0.5, 0.1], [-0.6, 0.1, 1.0]] }), &sigma, 3);
}

#[test]
fn correlates_all_channels_alike() {
    let sigma: Vec<f64> = (0..16).map(|at| if at % 5 == 0 { 1.0 } else { -0.3 }).collect();
    check(&json!({ "rho": -0.3 }), &sigma, 4);
}

#[test]
fn of_one_dimension_all_channels_are_one() {
    let paths = run(MODEL, json!({ "rho": 1 }), (3, 100, 2), 41, STREAMS[0]);
    assert!((0..100).all(|step| paths.across(step, 0) == paths.across(step, 2)));
}
