//! Fractional Brownian motion: covariance (t²ᴴ + s²ᴴ - |t - s|²ᴴ)·σ²/2, and the law of increments.

use mts_rng::math::pow;
use mts_statistics::{Uniformity, mean_of_known_error, variance};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "fbm";
const HURST: [f64; 3] = [0.2, 0.5, 0.85];
const SIGMA: f64 = 1.5;
const DT: f64 = 0.1;

#[test]
fn has_its_covariance() {
    for streams in STREAMS {
        let params = json!({ "H": HURST, "sigma": SIGMA, "dt": DT, "X0": [1, 2, 3] });
        let paths = run(MODEL, params, (3, 101, 20_000), 63, streams);
        for (channel, h) in HURST.into_iter().enumerate() {
            let x0 = (channel + 1) as f64;
            assert!(paths.across(0, channel).iter().all(|x| *x == x0));
            let spread = |t: f64| SIGMA * SIGMA * pow(t, 2.0 * h);
            for step in [1, 3, 10, 100] {
                let values = || paths.across(step, channel).iter().copied();
                let power = spread(DT * step as f64);
                accept(format_args!("H = {h}, step {step}"), variance(values(), x0, power));
                let law = Normal::new(x0, power.sqrt()).unwrap();
                accept("law", Uniformity::of(values().map(|x| law.cdf(x))).p());
            }
            for (s, t) in [(1, 2), (10, 30), (3, 100)] {
                let (early, late) = (DT * s as f64, DT * t as f64);
                let cross = (spread(early) + spread(late) - spread(late - early)) / 2.0;
                let pairs = paths.across(s, channel).iter().zip(paths.across(t, channel));
                let products = pairs.map(|(x, y)| (x - x0) * (y - x0));
                let sd = (spread(early) * spread(late) + cross * cross).sqrt();
                accept(format_args!("H = {h}, steps {s} and {t}"), mean_of_known_error(products, cross, sd));
                let pairs = paths.across(s, channel).iter().zip(paths.across(t, channel));
                let increments = pairs.map(|(x, y)| y - x);
                accept("increments", variance(increments, 0.0, spread(late - early)));
            }
        }
    }
}
