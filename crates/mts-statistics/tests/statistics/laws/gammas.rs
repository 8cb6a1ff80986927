//! Gammas and what is made of them.

use mts_rng::laws::{Beta, Chisquare, F, Gamma, NoncentralChisquare, NoncentralF, StandardT};
use mts_rng::math::{exp, lgamma, ln, ln_1p};
use statrs::distribution::{self as known, ChiSquared, FisherSnedecor, StudentsT};
use statrs::function::beta::{beta_reg, ln_beta};
use statrs::function::gamma::gamma_lr;

use super::row::{Row, binned, cdf, constant, continuous};

/// The Poisson weights of mean `half` that count.
fn weights(half: f64) -> Vec<f64> {
    let last = half + 10.0 * f64::sqrt(half) + 12.0;
    (0..=last as u32).map(|i| exp(f64::from(i) * ln(half) - half - lgamma(f64::from(i) + 1.0))).collect()
}

/// `Σ w_i·P(df/2 + i, x/2)`, each P from the one before: `P(a+1, x) = P(a, x) - x^a·exp(-x)/Γ(a+1)`. Johnson, Kotz
/// & Balakrishnan 1995, chapter 29.
fn noncentral_chi_squared(df: f64, nonc: f64) -> impl Fn(f64) -> f64 {
    let weights = weights(nonc / 2.0);
    move |x| {
        let (x, mut a) = (x / 2.0, df / 2.0);
        let mut lower = gamma_lr(a, x);
        let mut sum = 0.0;
        for weight in &weights {
            sum += weight * lower;
            lower -= exp(a * ln(x) - x - lgamma(a + 1.0));
            a += 1.0;
        }
        sum
    }
}

/// `Σ w_i·I(y; m/2 + i, n/2)` at `y = m·x/(m·x + n)`, each I from the one before:
/// `I(y; a+1, b) = I(y; a, b) - y^a·(1-y)^b/(a·B(a, b))`. Johnson, Kotz & Balakrishnan 1995, chapter 30.
fn noncentral_f(m: f64, n: f64, nonc: f64) -> impl Fn(f64) -> f64 {
    let weights = weights(nonc / 2.0);
    move |x| {
        let (y, b, mut a) = (m * x / (m * x + n), n / 2.0, m / 2.0);
        let mut lower = beta_reg(a, b, y);
        let mut sum = 0.0;
        for weight in &weights {
            sum += weight * lower;
            lower -= exp(a * ln(y) + b * ln_1p(-y) - ln(a) - ln_beta(a, b));
            a += 1.0;
        }
        sum
    }
}

pub fn rows() -> Vec<Row> {
    vec![
        // Below 1, at 1, above 1.
        continuous(Gamma::new(0.05, 1.0), cdf(known::Gamma::new(0.05, 1.0))),
        continuous(Gamma::new(0.7, 2.0), cdf(known::Gamma::new(0.7, 0.5))),
        continuous(Gamma::new(1.0, 3.0), cdf(known::Exp::new(1.0 / 3.0))),
        continuous(Gamma::new(1.01, 1.0), cdf(known::Gamma::new(1.01, 1.0))),
        continuous(Gamma::new(2.5, 0.5), cdf(known::Gamma::new(2.5, 2.0))),
        continuous(Gamma::new(1000.0, 1.0), cdf(known::Gamma::new(1000.0, 1.0))),
        constant(Gamma::new(0.0, 1.0), 0.0),
        constant(Gamma::new(2.0, 0.0), 0.0),
        // Powers of two uniforms, with and without logarithms; then gammas.
        continuous(Beta::new(0.5, 0.5), cdf(known::Beta::new(0.5, 0.5))),
        continuous(Beta::new(0.3, 0.8), cdf(known::Beta::new(0.3, 0.8))),
        continuous(Beta::new(1.0, 1.0), |x| x),
        binned(Beta::new(0.001, 0.002), &[1e-9, 0.01, 0.5, 0.99], cdf(known::Beta::new(0.001, 0.002))),
        binned(Beta::new(1e-200, 3e-200), &[0.5], |_| 0.75),
        continuous(Beta::new(0.5, 3.0), cdf(known::Beta::new(0.5, 3.0))),
        continuous(Beta::new(2.0, 5.0), cdf(known::Beta::new(2.0, 5.0))),
        continuous(Beta::new(30.0, 0.4), cdf(known::Beta::new(30.0, 0.4))),
        continuous(Chisquare::new(0.5), cdf(ChiSquared::new(0.5))),
        continuous(Chisquare::new(2.0), cdf(ChiSquared::new(2.0))),
        continuous(Chisquare::new(7.0), cdf(ChiSquared::new(7.0))),
        // Central; a shifted normal; a mixture, with Poisson counts by products and by rejection.
        continuous(NoncentralChisquare::new(4.0, 0.0), cdf(ChiSquared::new(4.0))),
        continuous(NoncentralChisquare::new(3.0, 2.0), noncentral_chi_squared(3.0, 2.0)),
        continuous(NoncentralChisquare::new(1.5, 6.0), noncentral_chi_squared(1.5, 6.0)),
        continuous(NoncentralChisquare::new(0.7, 2.0), noncentral_chi_squared(0.7, 2.0)),
        continuous(NoncentralChisquare::new(0.7, 30.0), noncentral_chi_squared(0.7, 30.0)),
        continuous(F::new(3.0, 7.0), cdf(FisherSnedecor::new(3.0, 7.0))),
        continuous(F::new(0.8, 2.0), cdf(FisherSnedecor::new(0.8, 2.0))),
        continuous(NoncentralF::new(3.0, 7.0, 2.0), noncentral_f(3.0, 7.0, 2.0)),
        continuous(NoncentralF::new(0.8, 5.0, 3.0), noncentral_f(0.8, 5.0, 3.0)),
        continuous(NoncentralF::new(3.0, 7.0, 0.0), cdf(FisherSnedecor::new(3.0, 7.0))),
        continuous(StandardT::new(0.7), cdf(StudentsT::new(0.0, 1.0, 0.7))),
        continuous(StandardT::new(2.0), cdf(StudentsT::new(0.0, 1.0, 2.0))),
        continuous(StandardT::new(3.0), cdf(StudentsT::new(0.0, 1.0, 3.0))),
        continuous(StandardT::new(30.0), cdf(StudentsT::new(0.0, 1.0, 30.0))),
    ]
}
