//! Autocovariances of models whose realizations are independent.

use mts_statistics::mean_of_estimated_error;

use crate::models::run::{Paths, accept};

/// Checks E x_t·x_{t+lag} of a channel of mean 0: its average along each realization is one independent value.
pub fn check(paths: &Paths, channel: usize, lag: usize, expected: f64) {
    let steps = paths.steps() - lag;
    let mut averages = vec![0.0; paths.realizations];
    for step in 0..steps {
        let pairs = paths.across(step, channel).iter().zip(paths.across(step + lag, channel));
        for (average, (x, y)) in averages.iter_mut().zip(pairs) {
            *average += x * y / steps as f64;
        }
    }
    let found = averages.iter().sum::<f64>() / averages.len() as f64;
    let p = mean_of_estimated_error(&averages, expected);
    accept(format_args!("covariance of channel {channel} at lag {lag}: {found} for {expected}"), p);
}
