//! Coloured noise: where its period is the series, periodograms are independent exponentials around the spectrum.

use mts_rng::math::pow;
use mts_statistics::{Uniformity, band, ljung_box, mean_of_known_error, periodogram, variance};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "colored_noise";
const BETA: [f64; 6] = [-2.0, -0.5, 0.0, 1.0, 1.5, 2.0];
const SIGMA: f64 = 1.5;

#[test]
fn has_its_spectrum() {
    let (n, realizations) = (1024, 50);
    for streams in STREAMS {
        let params = json!({ "beta": BETA, "sigma": SIGMA, "oversampling": 1 });
        let paths = run(MODEL, params, (BETA.len(), n, realizations), 51, streams);
        assert_eq!(paths.truth.scalars.get("period"), Some(&n.into()));
        for (channel, beta) in BETA.into_iter().enumerate() {
            // f^-β on both sides of 0 sums up to σ²; the white one has a frequency 0.
            let power = |j: usize| pow(j as f64, -beta);
            let white = f64::from(u8::from(beta == 0.0));
            let total = white + 2.0 * (1..n / 2).map(power).sum::<f64>() + power(n / 2);
            let density = |j: usize| n as f64 * SIGMA * SIGMA * power(j) / total;
            let ratios: Vec<Vec<f64>> = (0..realizations)
                .map(|r| {
                    let found = periodogram(&paths.path(channel, r)).unwrap();
                    (1..n / 2).map(|j| found[j] / density(j)).collect()
                })
                .collect();
            // Octaves, from j = 1: 50 ratios of 14 % each; the highest has 12 800, of 0.9 %.
            for octave in 0..9 {
                let octave = (1 << octave) - 1..(2 << octave) - 1;
                let p = band(ratios.iter().flat_map(|ratios| ratios[octave.clone()].iter().copied()));
                accept(format_args!("β = {beta}, frequencies {octave:?}"), p);
            }
            let law = ratios.iter().flatten().map(|ratio| 1.0 - mts_rng::math::exp(-ratio));
            accept(format_args!("β = {beta}, law of the periodogram"), Uniformity::of(law).p());
        }
    }
}

#[test]
fn has_its_standard_deviation_at_every_step() {
    let law = Normal::new(0.0, SIGMA).unwrap();
    for streams in STREAMS {
        let params = json!({ "beta": BETA, "sigma": SIGMA });
        let paths = run(MODEL, params, (BETA.len(), 50, 10_000), 52, streams);
        for channel in 0..BETA.len() {
            for step in [0, 49] {
                let values = || paths.across(step, channel).iter().copied();
                accept("law", Uniformity::of(values().map(|x| law.cdf(x))).p());
                accept("variance", variance(values(), 0.0, SIGMA * SIGMA));
            }
        }
        // Both of a pair, and neighbouring pairs.
        for (a, b) in [((0, 0), (0, 1)), ((3, 1), (3, 2)), ((4, 0), (5, 0))] {
            let products =
                (0..50).map(|step| paths.at(step, a.0, a.1) * paths.at(step, b.0, b.1) / (SIGMA * SIGMA));
            // Averages of correlated steps: 50 of a steep spectrum are worth one.
            accept("independence", mean_of_known_error([products.sum::<f64>() / 50.0], 0.0, 1.0));
        }
    }
}

#[test]
fn is_white_without_a_slope() {
    let paths = run(MODEL, json!({ "beta": 0 }), (1, 20_000, 2), 53, STREAMS[0]);
    let (a, b) = (paths.path(0, 0), paths.path(0, 1));
    accept("autocorrelation", ljung_box(&a, 40));
    for lag in [0, 1, 7] {
        accept("of a pair", mean_of_known_error(a.iter().zip(&b[lag..]).map(|(x, y)| x * y), 0.0, 1.0));
    }
}
