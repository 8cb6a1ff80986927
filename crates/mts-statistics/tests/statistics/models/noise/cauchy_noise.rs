//! White Cauchy noise: by quantiles and probabilities, as it has no moments.

use std::f64::consts::PI;

use mts_statistics::{Uniformity, ljung_box, mean_of_known_error, quantile};
use serde_json::json;
use statrs::distribution::{Cauchy, ContinuousCDF};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "cauchy_noise";
const GAMMA: f64 = 0.8;

#[test]
fn has_the_quantiles_of_a_cauchy_law() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "gamma": GAMMA }), (4, 10_000, 10), 19, streams);
        let mut sorted = paths.values().to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        // Half of the peak's density at the quartiles.
        let peak = 1.0 / (PI * GAMMA);
        for (q, x, density) in [(0.25, -GAMMA, peak / 2.0), (0.5, 0.0, peak), (0.75, GAMMA, peak / 2.0)] {
            accept(format_args!("quantile {q}"), quantile(&sorted, q, x, density));
        }
    }
}

#[test]
fn has_the_law_and_is_white() {
    let law = Cauchy::new(0.0, GAMMA).unwrap();
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "gamma": GAMMA }), (4, 10_000, 10), 20, streams).map(|x| law.cdf(x));
        let judged = Uniformity::of(paths.values().iter().copied());
        accept(format_args!("{judged:?}"), judged.p());
        accept("autocorrelation of probabilities", ljung_box(&paths.path(2, 3), 40));
        let (a, b) = (paths.path(0, 0), paths.path(1, 0));
        let products = a.iter().zip(&b).map(|(a, b)| 12.0 * (a - 0.5) * (b - 0.5));
        accept("channels", mean_of_known_error(products, 0.0, 1.0));
    }
}
