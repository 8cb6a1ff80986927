//! What all white noises share: values whose probabilities are uniform and do not depend on each other.

use mts_statistics::{Uniformity, ljung_box, mean_of_known_error};
use serde_json::Value;

use crate::models::run::{STREAMS, accept, run};

/// 400 000 values in either mode by their distribution function.
pub fn check(model: &str, params: &Value, seed: u64, cdf: impl Fn(f64) -> f64) {
    for streams in STREAMS {
        let paths = run(model, params.clone(), (4, 10_000, 10), seed, streams).map(&cdf);
        let judged = Uniformity::of(paths.values().iter().copied());
        accept(format_args!("{model} {params}: {judged:?}"), judged.p());
        accept("autocorrelation of probabilities", ljung_box(&paths.path(2, 3), 40));
        for (a, b) in [((0, 0), (1, 0)), ((0, 0), (0, 1))] {
            let (a, b) = (paths.path(a.0, a.1), paths.path(b.0, b.1));
            let products = a.iter().zip(&b).map(|(a, b)| 12.0 * (a - 0.5) * (b - 0.5));
            accept("channels and realizations", mean_of_known_error(products, 0.0, 1.0));
        }
    }
}
