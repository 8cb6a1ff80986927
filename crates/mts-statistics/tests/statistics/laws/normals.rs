//! Normals and what is made of them.

use std::f64::consts::PI;

use mts_rng::Rng;
use mts_rng::laws::{Lognormal, Vonmises, Wald};
use mts_rng::math::{cos, exp};
use mts_statistics::{Tabulated, two_sided};
use statrs::distribution::{Cauchy, ContinuousCDF, LogNormal, Normal};

use super::row::{Row, cdf, constant, continuous, method, tail};

/// Wald's distribution function, `Φ(√(λ/x)(x/μ - 1)) + exp(2λ/μ)·Φ(-√(λ/x)(x/μ + 1))`: Shuster 1968,
/// doi:10.1080/01621459.1968.10480942.
fn wald(mean: f64, scale: f64) -> impl Fn(f64) -> f64 {
    let normal = Normal::new(0.0, 1.0).unwrap();
    move |x| {
        let root = (scale / x).sqrt();
        let (z, y) = (root * (x / mean - 1.0), root * (x / mean + 1.0));
        normal.cdf(z) + exp(2.0 * scale / mean) * normal.cdf(-y)
    }
}

/// The law of von Mises on [-π, π], or, where it is so narrow, on twelve standard deviations around `mu`.
fn von_mises(mu: f64, kappa: f64) -> impl Fn(f64) -> f64 {
    let width = 12.0 / f64::sqrt(kappa);
    let (low, high) = if width < PI { (mu - width, mu + width) } else { (-PI, PI) };
    let table = Tabulated::new(low, high, |x| exp(kappa * (cos(x - mu) - 1.0)));
    // What is narrow but reaches over the end comes out at the other end.
    move |x| table.cdf(if x < low && high > PI { x + 2.0 * PI } else { x })
}

pub fn rows() -> Vec<Row> {
    vec![
        method(
            "standard_normal",
            Rng::standard_normal,
            Rng::fill_standard_normal,
            cdf(Normal::new(0.0, 1.0)),
        ),
        method(
            "normal",
            |rng| rng.normal(-1.0, 2.5),
            |rng, x| rng.fill_normal(-1.0, 2.5, x),
            cdf(Normal::new(-1.0, 2.5)),
        ),
        method(
            "standard_normal_f32",
            Rng::standard_normal_f32,
            Rng::fill_standard_normal_f32,
            cdf(Normal::new(0.0, 1.0)),
        ),
        // The ziggurats' tails begin at 3.654.
        tail("standard_normal", Rng::fill_standard_normal, 3.6, two_sided(3.6), two_sided),
        tail("standard_normal_f32", Rng::fill_standard_normal_f32, 3.6, two_sided(3.6), two_sided),
        method(
            "standard_cauchy",
            Rng::standard_cauchy,
            Rng::fill_standard_cauchy,
            cdf(Cauchy::new(0.0, 1.0)),
        ),
        continuous(Lognormal::new(1.5, 0.4), cdf(LogNormal::new(1.5, 0.4))),
        continuous(Lognormal::new(-3.0, 2.0), cdf(LogNormal::new(-3.0, 2.0))),
        constant(Lognormal::new(0.0, 0.0), 1.0),
        continuous(Wald::new(1.5, 2.0), wald(1.5, 2.0)),
        continuous(Wald::new(1.0, 20.0), wald(1.0, 20.0)),
        continuous(Wald::new(10.0, 0.5), wald(10.0, 0.5)),
        // Uniform, without mu.
        continuous(Vonmises::new(0.5, 0.0), |x| 0.5 + x / (2.0 * PI)),
        continuous(Vonmises::new(0.5, 5e-9), |x| 0.5 + x / (2.0 * PI)),
        // The envelope, by a series for small kappa and exactly above.
        continuous(Vonmises::new(0.5, 5e-6), von_mises(0.5, 5e-6)),
        continuous(Vonmises::new(0.5, 0.5), von_mises(0.5, 0.5)),
        continuous(Vonmises::new(3.0, 4.0), von_mises(3.0, 4.0)),
        continuous(Vonmises::new(-1.0, 100.0), von_mises(-1.0, 100.0)),
        continuous(Vonmises::new(0.5, 9e5), von_mises(0.5, 9e5)),
        // Normal, wrapped.
        continuous(Vonmises::new(0.5, 1.1e6), von_mises(0.5, 1.1e6)),
        continuous(Vonmises::new(3.1413, 2e6), von_mises(3.1413, 2e6)),
    ]
}
