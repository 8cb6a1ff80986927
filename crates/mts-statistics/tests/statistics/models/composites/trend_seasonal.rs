//! Trends with change points, seasons and holidays: without noise, the sum of what the truth and the labels tell; change
//! points are geometrically far apart, their changes have Laplace's law; noise and coefficients are normal.

use std::f64::consts::TAU;

use mts_core::Label;
use mts_rng::math::{exp, sin_cos};
use mts_statistics::{Uniformity, goodness_of_fit_counts, mean_of_known_error, variance};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::labelled::{detail, labelled};
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "trend_seasonal";

#[test]
fn is_the_sum_of_its_parts() {
    let (periods, orders) = ([7.0, 30.5], [2, 1]);
    let coefficients = [[1.0, 0.5, -0.25, 2.0, 3.0, -1.0], [0.0, 1.0, 0.0, 0.0, 4.0, 0.0]];
    let (level, growth, effect) = ([10.0, -3.0], [0.1, -0.2], [5.0, -7.0]);
    let params = json!({
        "level": level, "growth": growth, "changepoint_rate": 0, "periods": periods, "orders": orders,
        "coefficients": coefficients, "holiday_period": 20, "holiday_offset": 11, "holiday_window": 4,
        "holiday_effect": effect, "sigma": 0,
    });
    for streams in STREAMS {
        let (values, labels) = labelled(MODEL, params.clone(), (2, 93, 2), 41, streams);
        let mut holidays = [false; 93];
        let spans: Vec<_> = labels.iter().map(|label| label.steps.clone()).collect();
        assert_eq!(spans, [11..15, 31..35, 51..55, 71..75, 91..93]);
        for label in &labels {
            assert_eq!((label.kind, label.channel, label.realization), ("holiday", None, None));
            holidays[label.steps.clone()].fill(true);
        }
        for (at, value) in values.into_iter().enumerate() {
            let (step, channel) = (at / 4, at % 4 / 2);
            let wave = |n: f64, period: f64, pair: &[f64]| {
                let (sin, cos) = sin_cos(TAU * n * step as f64 / period);
                pair[0] * cos + pair[1] * sin
            };
            let of = coefficients[channel];
            let season = wave(1.0, periods[0], &of[..2]) + wave(2.0, periods[0], &of[2..4]);
            let season = season + wave(1.0, periods[1], &of[4..]);
            let holiday = if holidays[step] { effect[channel] } else { 0.0 };
            let expected = level[channel] + growth[channel] * step as f64 + season + holiday;
            assert!((value - expected).abs() < 1e-11, "step {step}: {value} {expected}");
        }
    }
}

#[test]
fn slopes_change_at_change_points() {
    let (rate, scale) = (0.05, 0.4);
    let params = json!({
        "level": 0, "growth": 0.25, "changepoint_rate": rate, "changepoint_scale": scale, "season_scale": 0,
        "holiday_period": 0, "sigma": 0,
    });
    let (channels, steps, realizations) = (3, 2000, 60);
    for streams in STREAMS {
        let (values, labels) = labelled(MODEL, params.clone(), (channels, steps, realizations), 42, streams);
        let slab = channels * realizations;
        let (mut changes, mut sizes) = (Vec::new(), Vec::new());
        let mut distances = Vec::new();
        for at in 0..slab {
            let own = |label: &&Label| {
                label.channel == Some(at / realizations) && label.realization == Some(at % realizations)
            };
            let mut points = labels.iter().filter(own).peekable();
            let (mut slope, mut last) = (0.25, 0);
            for step in 0..steps - 1 {
                if let Some(point) = points.next_if(|label| label.steps.start == step) {
                    assert_eq!((point.kind, point.steps.len()), ("changepoint", 1));
                    let change = detail(point, "change").unwrap();
                    slope += change;
                    assert_eq!(detail(point, "slope"), Some(slope));
                    sizes.push(change.abs());
                    changes.push(if change < 0.0 {
                        0.5 * exp(change / scale)
                    } else {
                        1.0 - 0.5 * exp(-change / scale)
                    });
                    // The first ones of each series alone: they are not cut off.
                    if distances.len() < 20 * (at + 1) {
                        distances.push((step - last) as u64);
                    }
                    last = step;
                }
                let found = values[(step + 1) * slab + at] - values[step * slab + at];
                assert!((found - slope).abs() < 1e-9, "slope {slope} at step {step}, found {found}");
            }
        }
        let mut power = 1.0;
        let powers: Vec<f64> = (0..400)
            .map(|_| {
                power *= 1.0 - rate;
                power
            })
            .collect();
        let mass = |k: u64| rate * powers[k as usize] / (1.0 - rate);
        accept("distances", goodness_of_fit_counts(&distances, 1..=399, |k| mass(k - 1)));
        accept("sizes of changes", mean_of_known_error(sizes, scale, scale));
        accept("changes", Uniformity::of(changes).p());
    }
}

#[test]
fn noise_and_coefficients_are_normal() {
    let params = json!({
        "level": 3, "growth": 0, "changepoint_rate": 0, "season_scale": [0.5, 2], "orders": [1, 2],
        "holiday_scale": 4, "holiday_period": 0, "sigma": 0.7,
    });
    let paths = run(MODEL, params, (4000, 30, 2), 43, STREAMS[0]);
    let coefficients = paths.array("coefficients");
    for (at, scale) in [0.5, 0.5, 2.0, 2.0, 1.0, 1.0].into_iter().enumerate() {
        let drawn = || coefficients.iter().skip(at).step_by(6).copied();
        accept("coefficients", variance(drawn(), 0.0, scale * scale));
    }
    let law = Normal::new(0.0, 4.0).unwrap();
    accept("effects", Uniformity::of(paths.array("holiday_effect").iter().map(|x| law.cdf(*x))).p());
    let law = Normal::new(0.0, 0.7).unwrap();
    let mut noise = Vec::new();
    for step in 0..paths.steps() {
        for (channel, of) in coefficients.chunks_exact(6).enumerate() {
            let wave = |n: usize, period: f64, pair: &[f64]| {
                let (sin, cos) = sin_cos(TAU * (n * step) as f64 / period);
                pair[0] * cos + pair[1] * sin
            };
            let season = wave(1, 7.0, &of[..2]) + wave(1, 30.0, &of[2..4]) + wave(2, 30.0, &of[4..]);
            noise.extend(paths.across(step, channel).iter().map(|value| value - 3.0 - season));
        }
    }
    accept("mean", mean_of_known_error(noise.iter().copied(), 0.0, 0.7));
    accept("noise", Uniformity::of(noise.into_iter().map(|x| law.cdf(x))).p());
}
