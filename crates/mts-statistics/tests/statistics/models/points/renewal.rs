//! Renewal processes: waits have their law and know nothing of each other; from the first step on the mean count is
//! `λ·dt`, and the first event comes with the density `λ·S(x)`, S being the survival of a wait.

use mts_core::Label;
use mts_rng::math::{exp, lgamma};
use mts_statistics::{Tabulated, Uniformity, mean_of_estimated_error};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Gamma, Weibull};

use crate::models::labelled::{detail, labelled};
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "renewal";

const RATE: [f64; 2] = [0.5, 3.0];

fn check(law: &str, shape: f64, seed: u64, waits: [impl ContinuousCDF<f64, f64>; 2]) {
    let params = json!({ "law": law, "shape": shape, "rate": RATE, "dt": 0.5 });
    let (steps, realizations) = (100, 1000);
    for streams in STREAMS {
        let (values, labels) = labelled(MODEL, params.clone(), (2, steps, realizations), seed, streams);
        let mut counts = vec![0.0; values.len()];
        let mut times = vec![Vec::new(); 2 * realizations];
        for label in labels {
            let Label { channel: Some(channel), realization: Some(realization), steps, .. } = &label else {
                panic!("an event of no series")
            };
            let time = detail(&label, "time").unwrap();
            assert_eq!((label.kind, steps.start, steps.len()), ("event", (time / 0.5) as usize, 1));
            counts[(steps.start * 2 + channel) * realizations + realization] += 1.0;
            times[channel * realizations + realization].push(time);
        }
        assert_eq!(counts, values);
        times.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
        for (channel, law) in waits.iter().enumerate() {
            let of = &times[channel * realizations..][..realizations];
            // The first ones of each series alone: they are not cut off.
            let waits = of.iter().flat_map(|times| times.windows(2).take(10).map(|pair| pair[1] - pair[0]));
            accept("waits", Uniformity::of(waits.map(|wait| law.cdf(wait))).p());
            let longest = law.inverse_cdf(1.0 - 1e-12);
            let first = Tabulated::new(0.0, longest, |x| law.sf(x));
            accept("first events", Uniformity::of(of.iter().map(|times| first.cdf(times[0]))).p());
        }
        let paths = run(MODEL, params.clone(), (2, 4, 20_000), seed + 1, streams);
        for (channel, rate) in RATE.into_iter().enumerate() {
            for step in 0..4 {
                accept("mean", mean_of_estimated_error(paths.across(step, channel), 0.5 * rate));
            }
        }
    }
}

#[test]
fn gamma_waits() {
    check("gamma", 4.0, 81, RATE.map(|rate| Gamma::new(4.0, 4.0 * rate).unwrap()));
}

#[test]
fn weibull_waits() {
    let gamma = exp(lgamma(1.0 + 1.0 / 1.7));
    check("weibull", 1.7, 83, RATE.map(|rate| Weibull::new(1.7, 1.0 / (rate * gamma)).unwrap()));
}
