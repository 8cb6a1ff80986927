//! What Brownian motions have in common: independent normal increments.

use mts_statistics::{Uniformity, ljung_box, mean_of_known_error, variance};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::run::{Paths, accept};

/// Checks walks that start at `start` and whose steps are normal with this mean and standard deviation.
pub fn check(paths: &Paths, start: f64, drift: f64, sd: f64) {
    assert!(paths.slab(0).iter().all(|x| (x - start).abs() < 1e-12), "the first value is the initial state");
    let normal = Normal::new(0.0, 1.0).unwrap();
    let steps = |channel: usize, realization: usize| -> Vec<f64> {
        let path = paths.path(channel, realization);
        path.windows(2).map(|w| (w[1] - w[0] - drift) / sd).collect()
    };
    let mut all = Vec::new();
    for channel in 0..paths.channels {
        for realization in 0..paths.realizations {
            all.extend(steps(channel, realization));
        }
    }
    let law = Uniformity::of(all.iter().map(|z| normal.cdf(*z)));
    accept(format_args!("increments {law:?}"), law.p());
    accept("whiteness", ljung_box(&steps(0, 0), 10));
    let product = |a: Vec<f64>, b: Vec<f64>| a.into_iter().zip(b).map(|(a, b)| a * b).collect::<Vec<_>>();
    let channels = (0..paths.realizations).flat_map(|r| product(steps(0, r), steps(1, r)));
    accept("channels independent", mean_of_known_error(channels, 0.0, 1.0));
    let realizations = (1..paths.realizations).flat_map(|r| product(steps(0, r - 1), steps(0, r)));
    accept("realizations independent", mean_of_known_error(realizations, 0.0, 1.0));
    let last = paths.steps() - 1;
    for step in [1, last / 4, last / 2, last] {
        let (t, values) = (step as f64, || paths.slab(step).iter().copied());
        let (mean, spread) = (start + drift * t, sd * t.sqrt());
        accept(format_args!("mean at step {step}"), mean_of_known_error(values(), mean, spread));
        accept(format_args!("variance at step {step}"), variance(values(), mean, spread * spread));
    }
}
