//! Poisson processes: counts have Poisson's law with mean `λ·dt`, and know nothing of each other.

use mts_statistics::{goodness_of_fit_counts, mean_of_known_error};
use serde_json::json;
use statrs::distribution::{Discrete, Poisson};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "poisson";

const DT: f64 = 0.5;

#[test]
fn counts_have_their_law_and_no_memory() {
    let rates = [0.3, 4.0, 50.0];
    for streams in STREAMS {
        let paths = &run(MODEL, json!({ "rate": rates, "dt": DT }), (3, 500, 400), 31, streams);
        for (channel, rate) in rates.into_iter().enumerate() {
            let mean = rate * DT;
            let law = Poisson::new(mean).unwrap();
            let counts: Vec<u64> =
                (0..500).flat_map(|step| paths.across(step, channel)).map(|count| *count as u64).collect();
            accept("law", goodness_of_fit_counts(&counts, 0..=80, |k| law.pmf(k)));
            let products = |lag: usize, other: usize| {
                let pairs = (lag..500).flat_map(move |step| {
                    paths.across(step - lag, channel).iter().zip(paths.across(step, other))
                });
                let scale = DT * (rate * rates[other]).sqrt();
                pairs.map(move |(x, y)| (x - mean) * (y - rates[other] * DT) / scale)
            };
            accept("the next count", mean_of_known_error(products(1, channel), 0.0, 1.0));
            accept("another channel", mean_of_known_error(products(0, (channel + 1) % 3), 0.0, 1.0));
        }
    }
}
