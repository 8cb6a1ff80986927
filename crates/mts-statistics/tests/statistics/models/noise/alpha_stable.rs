//! Stable noise: the three laws that have a closed form, and elsewhere the characteristic function
//! `exp(iδu - γ^α·|u|^α·(1 - iβ·sign(u)·tan(πα/2)))`, for α = 1 with `-(2/π)·ln|u|` in place of the tangent.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

use mts_rng::math::{cos, exp, ln, pow, sin, tan};
use mts_statistics::mean_of_known_error;
use serde_json::json;
use statrs::distribution::{Cauchy, ContinuousCDF, Normal};
use statrs::function::erf::erfc;

use super::white;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "alpha_stable";

#[test]
fn two_is_normal() {
    let law = Normal::new(0.5, 0.7 * 2_f64.sqrt()).unwrap();
    let params = json!({ "alpha": 2, "beta": 0.6, "scale": 0.7, "loc": 0.5 });
    white::check(MODEL, &params, 35, |x| law.cdf(x));
}

#[test]
fn one_is_cauchy() {
    let law = Cauchy::new(-1.0, 0.8).unwrap();
    white::check(MODEL, &json!({ "alpha": 1, "scale": 0.8, "loc": -1 }), 36, |x| law.cdf(x));
}

#[test]
fn a_half_is_levy() {
    let scale = 0.3;
    let levy = |x: f64| erfc((scale / (2.0 * (x - 2.0))).sqrt());
    let params = |beta: f64, loc: f64| json!({ "alpha": 0.5, "beta": beta, "scale": scale, "loc": loc });
    white::check(MODEL, &params(1.0, 2.0), 37, levy);
    // The other skewness is the mirror image.
    white::check(MODEL, &params(-1.0, -2.0), 38, |x| levy(-x));
}

#[test]
fn others_have_their_characteristic_function() {
    let cases = [
        (1.3, -0.4, 0.6, 0.2),
        (1.9, 1.0, 1.0, 0.0),
        (1.0, 0.5, 2.0, 0.3),
        (1.0, -1.0, 0.4, 0.0),
        (0.7, -0.5, 1.0, -0.5),
        (1.02, 0.7, 1.0, 0.0),
        (0.3, 0.0, 0.5, 0.0),
    ];
    for (alpha, beta, scale, loc) in cases {
        let params = json!({ "alpha": alpha, "beta": beta, "scale": scale, "loc": loc });
        let paths = run(MODEL, params.clone(), (4, 10_000, 10), 39, STREAMS[0]);
        // Modulus and angle at u > 0.
        let characteristic = |u: f64| {
            let power = pow(scale * u, alpha);
            let skew = if alpha == 1.0 { -FRAC_2_PI * ln(u) } else { tan(FRAC_PI_2 * alpha) };
            (exp(-power), loc * u + power * beta * skew)
        };
        for u in [0.2, 0.7, 1.5] {
            let (modulus, angle) = characteristic(u);
            let (doubled, twice) = characteristic(2.0 * u);
            let (real, imaginary) = (modulus * cos(angle), modulus * sin(angle));
            // cos² = (1 + cos 2ux)/2, sin² = (1 - cos 2ux)/2.
            let half = 0.5 * doubled * cos(twice);
            let sd = [(0.5 + half - real * real).sqrt(), (0.5 - half - imaginary * imaginary).sqrt()];
            let values = || paths.values().iter();
            accept(format_args!("{params}: real part at {u}"), {
                mean_of_known_error(values().map(|x| cos(u * x)), real, sd[0])
            });
            accept(format_args!("{params}: imaginary part at {u}"), {
                mean_of_known_error(values().map(|x| sin(u * x)), imaginary, sd[1])
            });
        }
    }
}
