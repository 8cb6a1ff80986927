//! Exponentials and laws by inversion.

use mts_rng::Rng;
use mts_rng::laws::{Exponential, Gumbel, Laplace, Logistic, Pareto, Power, Rayleigh, Triangular, Weibull};
use mts_rng::math::{exp, exp_m1, pow};
use statrs::distribution::{self as known, Exp};

use super::row::{Row, cdf, constant, continuous, method, tail};

fn lomax(a: f64) -> impl Fn(f64) -> f64 {
    let classical = cdf(known::Pareto::new(1.0, a));
    move |x| classical(1.0 + x)
}

pub fn rows() -> Vec<Row> {
    vec![
        method(
            "standard_exponential",
            Rng::standard_exponential,
            Rng::fill_standard_exponential,
            cdf(Exp::new(1.0)),
        ),
        method(
            "standard_exponential_inv",
            Rng::standard_exponential_inv,
            Rng::fill_standard_exponential_inv,
            cdf(Exp::new(1.0)),
        ),
        method(
            "standard_exponential_f32",
            Rng::standard_exponential_f32,
            Rng::fill_standard_exponential_f32,
            cdf(Exp::new(1.0)),
        ),
        // The ziggurats' tails begin at 7.697.
        tail("standard_exponential", Rng::fill_standard_exponential, 7.5, exp(-7.5), |x| exp(-x)),
        tail("standard_exponential_f32", Rng::fill_standard_exponential_f32, 7.5, exp(-7.5), |x| exp(-x)),
        continuous(Exponential::new(2.5), cdf(Exp::new(0.4))),
        constant(Exponential::new(0.0), 0.0),
        continuous(Gumbel::new(0.5, 2.0), cdf(known::Gumbel::new(0.5, 2.0))),
        constant(Gumbel::new(0.5, 0.0), 0.5),
        continuous(Laplace::new(-0.5, 1.5), cdf(known::Laplace::new(-0.5, 1.5))),
        continuous(Logistic::new(1.0, 0.7), |x| 1.0 / (1.0 + exp(-(x - 1.0) / 0.7))),
        continuous(Pareto::new(3.0), lomax(3.0)),
        continuous(Pareto::new(0.5), lomax(0.5)),
        continuous(Power::new(2.5), |x| pow(x, 2.5)),
        continuous(Power::new(0.3), |x| pow(x, 0.3)),
        continuous(Rayleigh::new(2.0), |x| -exp_m1(-x * x / 8.0)),
        continuous(Weibull::new(1.7), cdf(known::Weibull::new(1.7, 1.0))),
        continuous(Weibull::new(0.5), cdf(known::Weibull::new(0.5, 1.0))),
        constant(Weibull::new(0.0), 0.0),
        continuous(Triangular::new(-1.0, 0.5, 2.0), cdf(known::Triangular::new(-1.0, 2.0, 0.5))),
        continuous(Triangular::new(0.0, 0.0, 3.0), |x| x / 3.0 * (2.0 - x / 3.0)),
        continuous(Triangular::new(0.0, 3.0, 3.0), |x| x * x / 9.0),
    ]
}
