//! Laws of vectors: projections that have a known law see every covariance.

use mts_rng::laws::{Dirichlet, Multinomial, MultivariateHypergeometric, MultivariateNormal};
use statrs::distribution::{self as known, Beta, Discrete, Normal};

use super::counts::good_ones;
use super::row::{DRAWS, Row, bins, cdf, name, projected, row, subset, vectors};

const ALPHAS: [f64; 3] = [0.5, 1.0, 3.0];
/// All below 0.1: by breaking a stick.
const SMALL: [f64; 3] = [0.05, 0.08, 0.02];
const MEAN: [f64; 3] = [1.0, -2.0, 0.5];
const COVARIANCE: [f64; 9] = [4.0, 1.0, -0.5, 1.0, 9.0, 2.0, -0.5, 2.0, 1.0];
const LOWER: [f64; 4] = [2.0, 0.0, -1.5, 0.5];
const P: [f64; 5] = [0.1, 0.2, 0.3, 0.25, 0.15];
const COLORS: [u64; 3] = [16, 8, 4];
const MANY: [u64; 3] = [1000, 800, 400];

/// Sums of shares have beta laws.
fn dirichlet(weights: &'static [f64]) -> Row {
    let inside: f64 = ALPHAS.iter().zip(weights).map(|(alpha, weight)| alpha * weight).sum();
    projected(Dirichlet::new(&ALPHAS), weights, cdf(Beta::new(inside, ALPHAS.iter().sum::<f64>() - inside)))
}

/// Shares so close to 0 and 1 that doubles cannot tell them: only counts of a few bins have a law.
fn stick(components: &'static [usize]) -> Row {
    row(name::<Dirichlet>(), format!("{SMALL:?} {components:?}"), move |rng| {
        let drawn = vectors(&Dirichlet::new(&SMALL).unwrap(), DRAWS, rng);
        let sums: Vec<f64> = drawn.iter().map(|x| components.iter().map(|i| x[*i]).sum()).collect();
        let inside: f64 = components.iter().map(|i| SMALL[*i]).sum();
        let whole = drawn.iter().all(|x| (x.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let edges = [1e-12, 1e-6, 1e-3, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999];
        let law = cdf(Beta::new(inside, SMALL.iter().sum::<f64>() - inside));
        if whole { bins(&sums, &edges, law) } else { 0.0 }
    })
}

/// Weighted sums of normals are normal.
fn normal(weights: &'static [f64]) -> Row {
    let mean = MEAN.iter().zip(weights).map(|(mean, weight)| mean * weight).sum();
    let pairs = (0..9).map(|at| weights[at / 3] * weights[at % 3] * COVARIANCE[at]);
    let sd = pairs.sum::<f64>().sqrt();
    projected(MultivariateNormal::new(&MEAN, &COVARIANCE), weights, cdf(Normal::new(mean, sd)))
}

fn from_cholesky(weights: &'static [f64], sd: f64) -> Row {
    let law = MultivariateNormal::from_cholesky(&[0.0, 0.0], &LOWER);
    projected(law, weights, cdf(Normal::new(0.0, sd)))
}

/// Sums of counts are binomial.
fn multinomial(n: u64, components: &'static [usize]) -> Row {
    let inside: f64 = components.iter().map(|i| P[*i]).sum();
    let law = known::Binomial::new(inside.min(1.0), n).unwrap();
    subset(Multinomial::new(n, &P), components, 0..=n, move |k| law.pmf(k))
}

/// Sums of counts are hypergeometric.
fn hypergeometric(colors: &'static [u64], taken: u64, components: &'static [usize]) -> Row {
    let (total, inside) = (colors.iter().sum::<u64>(), components.iter().map(|i| colors[*i]).sum::<u64>());
    let (cells, mass) = good_ones(inside, total - inside, taken);
    subset(MultivariateHypergeometric::new(colors, taken), components, cells, mass)
}

pub fn rows() -> Vec<Row> {
    vec![
        dirichlet(&[1.0, 0.0, 0.0]),
        dirichlet(&[0.0, 1.0, 0.0]),
        dirichlet(&[0.0, 1.0, 1.0]),
        dirichlet(&[1.0, 0.0, 1.0]),
        stick(&[0]),
        stick(&[1]),
        stick(&[2]),
        stick(&[0, 2]),
        normal(&[1.0, 0.0, 0.0]),
        normal(&[0.0, 1.0, 0.0]),
        normal(&[0.0, 0.0, 1.0]),
        normal(&[1.0, -1.0, 2.0]),
        normal(&[-1.0, 1.0, 1.0]),
        normal(&[1.0, 1.0, 0.0]),
        from_cholesky(&[1.0, 0.0], 2.0),
        from_cholesky(&[0.0, 1.0], 2.5_f64.sqrt()),
        from_cholesky(&[1.0, 1.0], 0.5_f64.sqrt()),
        // Each outcome by inversion, then by rejection.
        multinomial(20, &[0]),
        multinomial(20, &[4]),
        multinomial(20, &[0, 1]),
        multinomial(20, &[1, 3]),
        multinomial(1000, &[2]),
        multinomial(1000, &[0, 2]),
        multinomial(1000, &[1, 4]),
        multinomial(1000, &[2, 3]),
        hypergeometric(&COLORS, 6, &[0]),
        hypergeometric(&COLORS, 6, &[1, 2]),
        hypergeometric(&COLORS, 20, &[1]),
        hypergeometric(&COLORS, 20, &[0, 2]),
        hypergeometric(&MANY, 300, &[0]),
        hypergeometric(&MANY, 300, &[0, 2]),
        hypergeometric(&MANY, 1500, &[1]),
        hypergeometric(&MANY, 1500, &[1, 2]),
    ]
}
