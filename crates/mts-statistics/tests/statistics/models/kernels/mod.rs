//! Models of `kernels`.

mod gp;
mod kernelsynth;

/// What has a file of checks here.
pub const CHECKED: &[&str] = &[gp::MODEL, kernelsynth::MODEL];

use mts_rng::math::{exp, pow, sin};
use mts_statistics::{mean_of_known_error, variance};

use crate::models::run::accept;

/// Covariances of two steps, as Rasmussen & Williams 2006, chapter 4, have them.
fn rbf(t: usize, s: usize, length: f64) -> f64 {
    let x = t.abs_diff(s) as f64 / length;
    exp(-x * x / 2.0)
}

fn rational_quadratic(t: usize, s: usize, alpha: f64, length: f64) -> f64 {
    let x = t.abs_diff(s) as f64 / length;
    pow(1.0 + x * x / (2.0 * alpha), -alpha)
}

fn periodic(t: usize, s: usize, period: f64, length: f64) -> f64 {
    let x = sin(std::f64::consts::PI * t.abs_diff(s) as f64 / period) / length;
    exp(-2.0 * x * x)
}

/// Checks variances and covariances of some steps, of which `values` has independent values of equal kernel.
fn check<'a>(
    what: &str,
    values: impl Fn(usize) -> &'a [f64],
    steps: &[usize],
    kernel: impl Fn(usize, usize) -> f64,
) {
    for (i, t) in steps.iter().enumerate() {
        let power = kernel(*t, *t);
        let here = values(*t).iter().copied();
        if power > 0.0 {
            accept(format_args!("{what}: variance at {t}, {power}"), variance(here, 0.0, power));
        } else {
            assert!(here.into_iter().all(|x| x == 0.0), "{what}: step {t}");
        }
        for s in steps[..i].iter().filter(|s| kernel(**s, **s) > 0.0) {
            let expected = kernel(*t, *s);
            let products = values(*t).iter().zip(values(*s));
            let sd = (power * kernel(*s, *s) + expected * expected).sqrt();
            let p = mean_of_known_error(products.map(|(x, y)| x * y), expected, sd);
            accept(format_args!("{what}: covariance of {s} and {t}, {expected}"), p);
        }
    }
}
