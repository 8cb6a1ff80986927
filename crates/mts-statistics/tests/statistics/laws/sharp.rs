//! The tables can fail: laws that are a little off are refused, each kind of row by itself.

use mts_rng::Rng;
use mts_rng::laws::{Beta, Binomial, ChoiceWithoutReplacement, Dirichlet, Gamma, Multinomial, Poisson};
use statrs::distribution::{self as known, Discrete, Normal};

use super::integers::even;
use super::row::{
    Row, binned, cdf, constant, continuous, discrete, failures, method, projected, row, subset,
};

fn wrong() -> Vec<Row> {
    let binomial = known::Binomial::new(0.402, 500).unwrap();
    let poisson = known::Poisson::new(40.15).unwrap();
    let pair = known::Binomial::new(0.31, 20).unwrap();
    vec![
        continuous(Gamma::new(2.5, 1.0), cdf(known::Gamma::new(2.54, 1.0))),
        continuous(Gamma::new(0.7, 1.0), cdf(known::Gamma::new(0.7, 1.03))),
        binned(Beta::new(0.001, 0.002), &[0.5], |_| 0.66),
        method(
            "standard_normal",
            Rng::standard_normal,
            Rng::fill_standard_normal,
            cdf(Normal::new(0.0, 1.02)),
        ),
        // Only the bulk form is wrong.
        method("random", Rng::random, |rng, x| x.fill_with(|| rng.random() * 0.98), |x| x),
        discrete(Binomial::new(500, 0.4), 100..=300, move |k| binomial.pmf(k)),
        discrete(Poisson::new(40.0), 0..=100, move |k| poisson.pmf(k)),
        constant(Poisson::new(0.0), 1),
        projected(Dirichlet::new(&[0.5, 1.0, 3.0]), &[1.0, 0.0, 0.0], cdf(known::Beta::new(0.51, 4.0))),
        subset(Multinomial::new(20, &[0.1, 0.2, 0.7]), &[0, 1], 0..=20, move |k| pair.pmf(k)),
        row("permutation", "one place out of three", |rng| {
            even((0..200_000).map(|_| rng.permutation(3)[0].min(1)), 2)
        }),
        row("bounded", "by remainder", |rng| {
            even((0..600_000).map(|_| (rng.bounded(999) % 300) as usize), 300)
        }),
    ]
}

#[test]
fn laws_that_are_a_little_off_are_refused() {
    let rows = wrong();
    let refused = failures(&rows);
    assert_eq!(refused.len(), rows.len(), "refused only:\n{}", refused.join("\n"));
}

#[test]
fn an_order_that_should_be_random_and_is_not_is_seen() {
    let p = |shuffle: bool| {
        let law = ChoiceWithoutReplacement::new(20, 8, shuffle).unwrap();
        let mut rng = Rng::from_seed(6_u64);
        even(super::row::vectors(&law, 50_000, &mut rng).iter().map(|chosen| chosen[0]), 20)
    };
    assert!(p(true) > mts_statistics::ALPHA);
    assert_eq!(p(false), 0.0);
}
