//! Laws of counts.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use mts_rng::laws::{Binomial, Geometric, Hypergeometric, Logseries, NegativeBinomial, Poisson, Zipf};
use mts_rng::math::{exp, ln_1p, pow};
use statrs::distribution::{self as known, Discrete};
use statrs::function::factorial::ln_binomial;

use super::row::{Row, constant, discrete};

/// Seven standard deviations around the mean: what lies beyond is one more cell.
fn around(mean: f64, sd: f64) -> RangeInclusive<u64> {
    (mean - 7.0 * sd).max(0.0) as u64..=(mean + 7.0 * sd) as u64 + 10
}

fn mass<D: Discrete<u64, f64> + 'static, E: Debug>(law: Result<D, E>) -> impl Fn(u64) -> f64 + 'static {
    let law = law.unwrap();
    move |k| law.pmf(k)
}

fn binomial(n: u64, p: f64) -> Row {
    let (trials, mass) = (n as f64, mass(known::Binomial::new(p, n)));
    let cells = around(trials * p, (trials * p * (1.0 - p)).sqrt());
    discrete(Binomial::new(n, p), *cells.start()..=n.min(*cells.end()), mass)
}

fn poisson(mean: f64) -> Row {
    discrete(Poisson::new(mean), around(mean, mean.sqrt()), mass(known::Poisson::new(mean)))
}

fn geometric(p: f64) -> Row {
    discrete(Geometric::new(p), 1..=(16.0 / p) as u64, mass(known::Geometric::new(p)))
}

fn hypergeometric(good: u64, bad: u64, taken: u64) -> Row {
    let (cells, mass) = good_ones(good, bad, taken);
    discrete(Hypergeometric::new(good, bad, taken), cells, mass)
}

/// How many good ones are possible, and with which probability: by logarithms, as products overflow.
pub fn good_ones(good: u64, bad: u64, taken: u64) -> (RangeInclusive<u64>, impl Fn(u64) -> f64) {
    let all = ln_binomial(good + bad, taken);
    let mass = move |k| exp(ln_binomial(good, k) + ln_binomial(bad, taken - k) - all);
    (taken.saturating_sub(bad)..=good.min(taken), mass)
}

fn negative_binomial(n: f64, p: f64) -> Row {
    let mean = n * (1.0 - p) / p;
    let cells = 0..=*around(mean, 2.0 * (mean / p).sqrt()).end();
    discrete(NegativeBinomial::new(n, p), cells, mass(known::NegativeBinomial::new(n, p)))
}

fn logseries(p: f64) -> Row {
    let mass = move |k: u64| -pow(p, k as f64) / (k as f64 * ln_1p(-p));
    discrete(Logseries::new(p), 1..=20_000, mass)
}

/// `Σ k^-a` over k = first, first + 1, …, by Euler and Maclaurin from 1000 on.
fn zeta(a: f64, first: f64) -> f64 {
    let start = first.max(1000.0);
    let terms = (first as u64..start as u64).map(|k| pow(k as f64, -a)).sum::<f64>();
    let power = pow(start, -a);
    terms + power * start / (a - 1.0) + power / 2.0 + a * power / (12.0 * start)
}

/// Among the integers that fit.
fn zipf(a: f64) -> Row {
    let total = zeta(a, 1.0) - zeta(a, 9.223_372_036_854_776e18);
    discrete(Zipf::new(a), 1..=5000, move |k| pow(k as f64, -a) / total)
}

pub fn rows() -> Vec<Row> {
    vec![
        // Inversion up to min(p, 1 - p)·n = 30, BTPE above; both for the rarer outcome.
        binomial(20, 0.3),
        binomial(20, 0.7),
        binomial(60, 0.5),
        binomial(1_000_000, 1e-5),
        binomial(62, 0.5),
        binomial(500, 0.4),
        binomial(500, 0.6),
        binomial(1_000_000_000, 1e-4),
        constant(Binomial::new(30, 1.0), 30),
        constant(Binomial::new(30, 0.0), 0),
        // Products below 10, rejection from there on.
        poisson(0.5),
        poisson(4.0),
        poisson(9.99),
        poisson(10.0),
        poisson(40.0),
        poisson(100_000.0),
        constant(Poisson::new(0.0), 0),
        // Search from 1/3 on, inversion below.
        geometric(0.5),
        geometric(1.0 / 3.0),
        geometric(0.33),
        geometric(0.01),
        constant(Geometric::new(1.0), 1),
        // One after the other, taken or left; then rejection, with the good ones fewer or more, taken or left.
        hypergeometric(15, 25, 6),
        hypergeometric(15, 25, 35),
        hypergeometric(15, 25, 12),
        hypergeometric(25, 15, 12),
        hypergeometric(15, 25, 28),
        hypergeometric(25, 15, 28),
        hypergeometric(2000, 5000, 1000),
        hypergeometric(100, 50_000, 20_000),
        // Gammas of each kind under Poisson counts of each kind.
        negative_binomial(0.5, 0.2),
        negative_binomial(1.0, 0.3),
        negative_binomial(3.0, 0.4),
        negative_binomial(50.0, 0.1),
        constant(NegativeBinomial::new(3.0, 1.0), 0),
        logseries(0.05),
        logseries(0.6),
        logseries(0.97),
        logseries(0.999),
        constant(Logseries::new(0.0), 1),
        zipf(1.05),
        zipf(1.5),
        zipf(2.2),
        zipf(5.0),
        constant(Zipf::new(2000.0), 1),
    ]
}
