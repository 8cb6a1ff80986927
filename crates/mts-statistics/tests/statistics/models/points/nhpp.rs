//! Poisson processes of a changing rate: the count of a bin has Poisson's law with the integral of the rate, here by
//! Simpson's rule.

use std::f64::consts::TAU;

use mts_rng::math::sin;
use mts_statistics::{goodness_of_fit_counts, mean_of_known_error};
use serde_json::json;
use statrs::distribution::{Discrete, Poisson};

use crate::models::run::{Paths, STREAMS, accept, run};

pub const MODEL: &str = "nhpp";

fn check(paths: &Paths, mean: impl Fn(usize, usize) -> f64) {
    for channel in 0..paths.channels {
        let mut standardised = Vec::new();
        for step in 0..paths.steps() {
            let mean = mean(channel, step);
            let counts = || paths.across(step, channel).iter().copied();
            if mean < 1e-12 {
                assert!(counts().all(|count| count == 0.0));
                continue;
            }
            accept(format_args!("mean of step {step}"), mean_of_known_error(counts(), mean, mean.sqrt()));
            if step % 10 == 0 {
                let law = Poisson::new(mean).unwrap();
                let counts: Vec<u64> = counts().map(|count| count as u64).collect();
                accept(
                    format_args!("law of step {step}"),
                    goodness_of_fit_counts(&counts, 0..=80, |k| law.pmf(k)),
                );
            }
            standardised.extend(counts().map(|count| (count - mean) / mean.sqrt()));
        }
        let neighbours = standardised.iter().zip(&standardised[paths.realizations..]);
        accept("the next count", mean_of_known_error(neighbours.map(|(x, y)| x * y), 0.0, 1.0));
    }
}

#[test]
fn swings() {
    let (base, amplitude, period, phase, dt) = ([2.0, 20.0], [0.8, 1.0], 7.3, [0.0, 1.1], 0.9);
    let params = json!({ "base": base, "amplitude": amplitude, "period": period, "phase": phase, "dt": dt });
    for streams in STREAMS {
        check(&run(MODEL, params.clone(), (2, 40, 20_000), 32, streams), |channel, step| {
            let rate =
                |t: f64| base[channel] * (1.0 + amplitude[channel] * sin(TAU * t / period + phase[channel]));
            let (begin, cells) = (step as f64 * dt, 50);
            let width = dt / f64::from(cells);
            let simpson = |cell: i32| {
                let left = begin + f64::from(cell) * width;
                width / 6.0 * (rate(left) + 4.0 * rate(left + width / 2.0) + rate(left + width))
            };
            (0..cells).map(simpson).sum()
        });
    }
}

#[test]
fn goes_through_its_rates_again_and_again() {
    // Bins of 0.75 s cut pieces of 2 s: thousandths of a second are exact.
    let rates = [0.0, 3.0, 12.0, 0.5];
    let params = json!({ "rates": rates, "length": 2.0, "dt": 0.75 });
    let paths = run(MODEL, params, (1, 40, 20_000), 33, STREAMS[0]);
    check(&paths, |_, step| (0..750).map(|at| rates[(750 * step + at) / 2000 % 4] / 1000.0).sum());
}
