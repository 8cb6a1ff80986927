//! Hawkes processes: rates `(I - α)⁻¹ μ`; children, of which an event has a Poisson number with mean `α` after
//! exponential delays; and for one channel with branching ratio n, Λ = μ / (1 - n) and γ = β (1 - n), counts of
//! `t` seconds have the variance `Λ·(t/(1-n)² + (1 - 1/(1-n)²)·(1 - exp(-γt))/γ)` (Hawkes 1971,
//! doi:10.1093/biomet/58.1.83: the integral of the covariance density
//! `Λ·n(2-n)/(1-n)·β/2·exp(-γu)`).

use mts_core::{Label, Streams};
use mts_rng::math::{exp, exp_m1};
use mts_statistics::{Uniformity, goodness_of_fit_counts, mean_of_estimated_error, mean_of_known_error};
use serde_json::json;
use statrs::distribution::{Discrete, Poisson};

use crate::models::labelled::{detail, labelled};
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "hawkes";

/// (to, from), and what follows from these rates of immigrants.
const ALPHA: [[f64; 3]; 3] = [[0.4, 0.0, 0.3], [0.5, 0.2, 0.0], [0.0, 0.25, 0.1]];
const MU: [f64; 3] = [0.5, 0.0, 1.0];
const BETA: f64 = 2.0;
const DT: f64 = 0.5;

fn params() -> serde_json::Value {
    json!({ "alpha": ALPHA, "mu": MU, "beta": BETA, "dt": DT })
}

/// Cramer's rule for rates λ = μ + αλ.
fn rates() -> [f64; 3] {
    let determinant = |a: [[f64; 3]; 3]| {
        a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
            + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0])
    };
    let mut left = ALPHA.map(|row| row.map(|alpha| -alpha));
    (0..3).for_each(|i| left[i][i] += 1.0);
    std::array::from_fn(|column| {
        let mut replaced = left;
        (0..3).for_each(|row| replaced[row][column] = MU[row]);
        determinant(replaced) / determinant(left)
    })
}

#[test]
fn has_its_stationary_rates_from_the_first_step_on() {
    for streams in STREAMS {
        let paths = run(MODEL, params(), (3, 40, 4000), 34, streams);
        for (channel, rate) in rates().into_iter().enumerate() {
            assert!((paths.array("stationary_rate")[channel] - rate).abs() < 1e-12);
            for step in [0, 1, 39] {
                let p = mean_of_estimated_error(paths.across(step, channel), rate * DT);
                accept(format_args!("rate of channel {channel} at step {step}"), p);
            }
            let totals = (0..4000).map(|r| paths.path(channel, r).iter().sum()).collect::<Vec<f64>>();
            accept("rate", mean_of_estimated_error(&totals, rate * DT * 40.0));
        }
    }
}

fn time(event: &Label) -> f64 {
    detail(event, "time").unwrap()
}

#[test]
fn events_have_children() {
    let (steps, realizations) = (8000, 4);
    let (values, labels) = labelled(MODEL, params(), (3, steps, realizations), 35, Streams::PerRealization);
    let mut counts = vec![0.0; values.len()];
    let mut children = Vec::new();
    // Of each channel: events that leave their children time to be born.
    let mut parents = [0.0; 3];
    let end = steps as f64 * DT - 30.0 / BETA;
    let mut delays = Vec::new();
    for realization in 0..realizations {
        let mut events: Vec<&Label> =
            labels.iter().filter(|label| label.realization == Some(realization)).collect();
        events.sort_by(|a, b| time(a).total_cmp(&time(b)));
        for (number, event) in events.iter().enumerate() {
            let step = event.steps.start;
            assert_eq!((event.kind, detail(event, "number")), ("event", Some(number as f64)));
            assert_eq!((step, event.steps.len()), ((time(event) / DT) as usize, 1));
            counts[(step * 3 + event.channel.unwrap()) * realizations + realization] += 1.0;
            if time(event) < end {
                parents[event.channel.unwrap()] += 1.0;
            }
            let Some(parent) = detail(event, "parent").filter(|parent| *parent >= 0.0) else { continue };
            let parent = events[parent as usize];
            if time(parent) < end {
                children.push((parent.channel.unwrap(), event.channel.unwrap()));
                delays.push(time(event) - time(parent));
            }
        }
    }
    assert_eq!(values, counts);
    for (to, row) in ALPHA.into_iter().enumerate() {
        for (from, alpha) in row.into_iter().enumerate() {
            let found = children.iter().filter(|pair| **pair == (from, to)).count() as f64;
            if alpha == 0.0 {
                assert_eq!(found, 0.0);
                continue;
            }
            let mean = alpha * parents[from];
            accept(
                format_args!("children from {from} to {to}"),
                mean_of_known_error([found], mean, mean.sqrt()),
            );
        }
    }
    // Siblings come in the order of their births: neighbours are no evidence.
    accept("mean delay", mean_of_known_error(delays.iter().copied(), 1.0 / BETA, 1.0 / BETA));
    let delays = Uniformity::of(delays.into_iter().map(|delay| -exp_m1(-BETA * delay)));
    accept("delays", delays.distance.min(delays.tails));
    let immigrants = labels.iter().filter(|label| detail(label, "parent").is_none());
    for (channel, mu) in MU.into_iter().enumerate() {
        let found = immigrants.clone().filter(|label| label.channel == Some(channel)).count() as f64;
        let mean = mu * DT * (steps * realizations) as f64;
        assert!(mean > 0.0 || found == 0.0);
        if mean > 0.0 {
            accept("immigrants", mean_of_known_error([found], mean, mean.sqrt()));
        }
    }
}

#[test]
fn counts_vary_more_than_poisson() {
    let (mu, n, beta, dt) = (1.5, 0.6, 3.0, 0.4);
    let params = json!({ "mu": mu, "alpha": n, "beta": beta, "dt": dt });
    let (rate, gamma) = (mu / (1.0 - n), beta * (1.0 - n));
    let inverse = 1.0 / ((1.0 - n) * (1.0 - n));
    let variance = |t: f64| rate * (t * inverse + (1.0 - inverse) * -exp_m1(-gamma * t) / gamma);
    let paths = run(MODEL, params, (2, 25, 8000), 36, STREAMS[0]);
    for bins in [1, 5, 25] {
        let t = bins as f64 * dt;
        let squares = (0..2).flat_map(|channel| {
            let count = |r: usize| (0..bins).map(|step| paths.at(step, channel, r)).sum::<f64>();
            let paths = &paths;
            (0..paths.realizations)
                .map(count)
                .map(move |count| (count - rate * t) * (count - rate * t))
                .collect::<Vec<_>>()
        });
        let squares: Vec<f64> = squares.collect();
        accept(format_args!("variance of {bins} bins"), mean_of_estimated_error(&squares, variance(t)));
    }
    for lag in [1, 3] {
        // The covariance density over two bins.
        let decay = -exp_m1(-gamma * dt) / gamma;
        let density = rate * n * (2.0 - n) / (1.0 - n) * beta / 2.0;
        let covariance = density * exp(-gamma * dt * (lag - 1) as f64) * decay * decay;
        let pairs = paths.slab(2).iter().zip(paths.slab(2 + lag));
        let products: Vec<f64> = pairs.map(|(x, y)| (x - rate * dt) * (y - rate * dt)).collect();
        accept(format_args!("covariance at lag {lag}"), mean_of_estimated_error(&products, covariance));
    }
    // Channels that excite themselves alone know nothing of each other.
    let pairs = paths.across(7, 0).iter().zip(paths.across(7, 1));
    let products: Vec<f64> = pairs.map(|(x, y)| (x - rate * dt) * (y - rate * dt)).collect();
    accept("channels", mean_of_estimated_error(&products, 0.0));
}

#[test]
fn without_children_it_is_poisson() {
    let (mu, dt) = (2.5, 1.0);
    let (values, labels) = labelled(MODEL, json!({ "mu": mu, "alpha": 0 }), (1, 20_000, 1), 37, STREAMS[0]);
    let law = Poisson::new(mu * dt).unwrap();
    let counts: Vec<u64> = values.iter().map(|count| *count as u64).collect();
    accept("counts", goodness_of_fit_counts(&counts, 0..=30, |k| law.pmf(k)));
    let mut times: Vec<f64> = labels.iter().map(time).collect();
    times.sort_by(f64::total_cmp);
    let waits = times.windows(2).map(|pair| -exp_m1(-mu * (pair[1] - pair[0])));
    accept("waiting times", Uniformity::of(waits).p());
}
