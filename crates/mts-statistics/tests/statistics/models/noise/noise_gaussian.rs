//! White Gaussian noise: moments, law, whiteness along all axes.

use mts_rng::math::pow;
use mts_statistics::{Uniformity, band, ljung_box, mean_of_known_error, periodogram, variance};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "noise_gaussian";
const SIGMA: f64 = 0.3;

#[test]
fn has_the_moments_of_a_normal() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "sigma": SIGMA }), (4, 10_000, 10), 17, streams);
        let law = Normal::new(0.0, SIGMA).unwrap();
        let judged = Uniformity::of(paths.values().iter().map(|x| law.cdf(*x)));
        accept(format_args!("{judged:?}"), judged.p());
        let standard = || paths.values().iter().map(|x| x / SIGMA);
        accept("variance", variance(standard(), 0.0, 1.0));
        // Var Z^k = E Z^2k - (E Z^k)²: 1, 15 and 105 - 9.
        accept("mean", mean_of_known_error(standard(), 0.0, 1.0));
        accept("third moment", mean_of_known_error(standard().map(|z| z * z * z), 0.0, 15_f64.sqrt()));
        accept("fourth moment", mean_of_known_error(standard().map(|z| pow(z, 4.0)), 3.0, 96_f64.sqrt()));
    }
}

#[test]
fn is_white() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "sigma": SIGMA }), (4, 16_384, 5), 18, streams);
        for (channel, realization) in [(0, 0), (0, 4), (3, 0), (3, 4)] {
            let path = paths.path(channel, realization);
            accept("autocorrelation", ljung_box(&path, 40));
            let power = periodogram(&path).unwrap();
            for part in power[1..8192].chunks_exact(1024) {
                accept("spectrum", band(part.iter().map(|power| power / (SIGMA * SIGMA))));
            }
        }
        let product = |a: (usize, usize), b: (usize, usize), lag: usize| {
            let (x, y) = (paths.path(a.0, a.1), paths.path(b.0, b.1));
            let products: Vec<f64> = x.iter().zip(&y[lag..]).map(|(x, y)| x * y / (SIGMA * SIGMA)).collect();
            mean_of_known_error(products, 0.0, 1.0)
        };
        for lag in 0..3 {
            accept(format_args!("channels, lag {lag}"), product((0, 0), (1, 0), lag));
            accept(format_args!("realizations, lag {lag}"), product((0, 0), (0, 1), lag));
        }
    }
}
