//! KernelSynth: what is drawn from the bank, and that paths have the covariance which the truth tells.

use std::collections::BTreeMap;

use mts_core::Value;
use mts_statistics::goodness_of_fit;
use serde_json::json;

use super::{check, periodic, rational_quadratic, rbf};
use crate::models::run::{Paths, STREAMS, run};

pub const MODEL: &str = "kernelsynth";
const STEPS: usize = 60;

fn kernels(paths: &Paths) -> Vec<String> {
    let kernels = paths.truth.scalars.get("kernels").and_then(Value::as_list).unwrap();
    kernels.iter().map(|kernel| kernel.as_str().unwrap().to_owned()).collect()
}

/// The number behind `name=` in a kernel's text.
fn number(text: &str, name: &str) -> f64 {
    let (_, rest) = text.split_once(&format!("{name}=")).unwrap();
    rest.split([',', ')']).next().unwrap().parse().unwrap()
}

/// The covariance that a text tells: of one kernel, or two with an operator.
fn covariance(text: &str, t: usize, s: usize) -> f64 {
    for (operator, apply) in [(" + ", (|a, b| a + b) as fn(f64, f64) -> f64), (" * ", |a, b| a * b)] {
        if let Some((a, b)) = text.split_once(operator) {
            return apply(covariance(a, t, s), covariance(b, t, s));
        }
    }
    match text.split_once('(').unwrap().0 {
        "rbf" => rbf(t, s, number(text, "length")),
        "rational_quadratic" => rational_quadratic(t, s, number(text, "alpha"), number(text, "length")),
        "periodic" => periodic(t, s, number(text, "period"), number(text, "length")),
        "white" => number(text, "variance") * f64::from(u8::from(t == s)),
        "constant" => number(text, "variance"),
        "linear" => number(text, "offset") + number(text, "variance") * (t * s) as f64,
        other => panic!("{other}"),
    }
}

#[test]
fn paths_have_the_covariances_of_their_kernels() {
    let paths = run(MODEL, json!({ "max_kernels": 2 }), (40, STEPS, 2000), 93, STREAMS[0]);
    for (channel, kernel) in kernels(&paths).iter().enumerate() {
        let across = |step: usize| paths.across(step, channel);
        check(kernel, across, &[0, 1, 7, 30, 59], |t, s| covariance(kernel, t, s));
    }
}

#[test]
fn the_bank_is_drawn_from_evenly() {
    let paths = run(MODEL, json!({ "max_kernels": 1 }), (20_000, 1, 1), 94, STREAMS[0]);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    kernels(&paths).into_iter().for_each(|kernel| *counts.entry(kernel).or_default() += 1);
    // 4 steps come three times among the 21 periods.
    assert_eq!(counts.len(), 31);
    let four = |kernel: &String| if kernel.contains("period=4,") { 3.0 } else { 1.0 };
    let expected: Vec<f64> = counts.keys().map(|kernel| 20_000.0 * four(kernel) / 33.0).collect();
    let observed: Vec<u64> = counts.values().copied().collect();
    assert!(goodness_of_fit(&observed, &expected) > 1e-6, "{counts:?}");
}

#[test]
fn numbers_and_operators_are_even_too() {
    let paths = run(MODEL, json!({}), (5000, 1, 1), 95, STREAMS[0]);
    let (mut lengths, mut sums) = ([0_u64; 5], [0_u64; 2]);
    for kernel in kernels(&paths) {
        let (plus, times) = (kernel.matches(" + ").count(), kernel.matches(" * ").count());
        lengths[plus + times] += 1;
        sums[0] += plus as u64;
        sums[1] += times as u64;
    }
    assert!(goodness_of_fit(&lengths, &[1000.0; 5]) > 1e-6, "{lengths:?}");
    let half = (sums[0] + sums[1]) as f64 / 2.0;
    assert!(goodness_of_fit(&sums, &[half; 2]) > 1e-6, "{sums:?}");
}
