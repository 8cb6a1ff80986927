//! Laws of numbers, as documents name them.

use mts_rng::Rng;
use mts_rng::laws::{
    Beta, Binomial, Choice, Exponential, Gamma, Geometric, Law as _, LawError, Lognormal, Pareto, Poisson,
    Triangular, Zipf,
};
use mts_rng::math::exp;

use crate::Finding;
use crate::children::ShiftedZipf;
use crate::choice::choice;
use crate::finding::nearest;
use crate::spec::LawSpec;

/// A law of numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Law {
    Uniform {
        low: f64,
        high: f64,
    },
    Normal {
        mean: f64,
        std: f64,
    },
    LogNormal(Lognormal),
    /// Poisson of a mean below `RARE`: the shares of counts up to 0, 1, 2, …
    Rare {
        shares: Box<[f64]>,
    },
    Poisson(Poisson),
    /// Poisson of a mean from `FREQUENT` on.
    Frequent {
        lambda: f64,
    },
    Exponential(Exponential),
    Gamma(Gamma),
    Beta(Beta),
    Pareto {
        law: Pareto,
        scale: f64,
    },
    Zipf(ShiftedZipf),
    Geometric(Geometric),
    Binomial(Binomial),
    Triangular(Triangular),
    Empirical {
        values: Vec<f64>,
        choice: Choice,
    },
}

/// The mean up to which a Poisson count is found by one draw among shares: multiplying draws until their product is
/// small enough takes as many as the mean.
const RARE: f64 = 10.0;

/// The mean from which on a Poisson count is made of a normal number: the usual way compares logarithms of factorials,
/// whose difference drowns in their size.
const FREQUENT: f64 = 1e10;

/// Laws by name, and the parameters of each.
const LAWS: [(&str, &[&str]); 13] = [
    ("uniform", &[]),
    ("normal", &["mean", "std"]),
    ("lognormal", &["mean", "sigma"]),
    ("poisson", &["lambda"]),
    ("exponential", &["rate", "scale"]),
    ("gamma", &["shape", "scale"]),
    ("beta", &["alpha", "beta"]),
    ("pareto", &["shape", "scale"]),
    ("zipf", &["exponent"]),
    ("geometric", &["p"]),
    ("binomial", &["n", "p"]),
    ("triangular", &["mode"]),
    ("empirical", &["values", "weights"]),
];

impl Law {
    /// The law of a specification whose values lie between `low` and `high` where it has no bounds of its own.
    pub(super) fn new(
        spec: &LawSpec,
        [low, high]: [f64; 2],
        at: &dyn Fn(&str) -> String,
    ) -> Result<Self, Vec<Finding>> {
        let name = spec.distribution.as_deref().unwrap_or("uniform");
        let Some((name, parameters)) = LAWS.iter().find(|(known, _)| *known == name) else {
            let known = LAWS.iter().map(|(name, _)| *name);
            let finding = Finding::new(at("distribution"), format!("no such distribution: {name:?}"));
            let hint = match nearest(name, known.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("one of {}", known.collect::<Vec<_>>().join(", ")),
            };
            return Err(vec![finding.with_hint(hint)]);
        };
        let foreign = given(spec).into_iter().filter(|given| !parameters.contains(given));
        let foreign: Vec<Finding> = foreign
            .map(|key| {
                let takes =
                    if parameters.is_empty() { "min and max".to_owned() } else { parameters.join(" and ") };
                Finding::new(at(key), format!("is no parameter of {name}, which takes {takes}"))
            })
            .collect();
        if !foreign.is_empty() {
            return Err(foreign);
        }
        let law = |law: Result<Law, LawError>| {
            law.map_err(|error| vec![Finding::new(at("distribution"), error.to_string())])
        };
        match *name {
            "uniform" => Ok(Law::Uniform { low, high }),
            "normal" => {
                let (mean, std) = (spec.mean.unwrap_or(0.0), spec.std.unwrap_or(1.0));
                if !mean.is_finite() || !std.is_finite() || std < 0.0 {
                    return Err(vec![Finding::new(at("std"), format!("must be >= 0, found {std}"))]);
                }
                Ok(Law::Normal { mean, std })
            }
            "lognormal" => {
                let made = Lognormal::new(spec.mean.unwrap_or(0.0), spec.sigma.unwrap_or(1.0));
                law(made.map(Law::LogNormal))
            }
            "poisson" => {
                let lambda = spec.lambda.unwrap_or(5.0);
                law(Poisson::new(lambda).map(|law| match lambda {
                    RARE..FREQUENT => Law::Poisson(law),
                    FREQUENT.. => Law::Frequent { lambda },
                    _ => Law::Rare { shares: shares(lambda) },
                }))
            }
            "exponential" => {
                let scale = spec.scale.or(spec.rate.map(|rate| 1.0 / rate)).unwrap_or(1.0);
                law(Exponential::new(scale).map(Law::Exponential))
            }
            "gamma" => law(Gamma::new(spec.shape.unwrap_or(1.0), spec.scale.unwrap_or(1.0)).map(Law::Gamma)),
            "beta" => law(Beta::new(spec.alpha.unwrap_or(1.0), spec.beta.unwrap_or(1.0)).map(Law::Beta)),
            "pareto" => {
                let scale = spec.scale.unwrap_or(1.0);
                if !scale.is_finite() || scale <= 0.0 {
                    return Err(vec![Finding::new(at("scale"), format!("must be > 0, found {scale}"))]);
                }
                law(Pareto::new(spec.shape.unwrap_or(1.0)).map(|law| Law::Pareto { law, scale }))
            }
            "zipf" => {
                let exponent = spec.exponent.unwrap_or(2.0);
                // It is as exact for large numbers as for small ones.
                let one_less = |_| Law::Zipf(ShiftedZipf::new(exponent, 1.0, i64::MAX as u64 - 1));
                law(Zipf::new(exponent).map(one_less))
            }
            "geometric" => law(Geometric::new(spec.p.unwrap_or(0.5)).map(Law::Geometric)),
            "binomial" => law(Binomial::new(spec.n.unwrap_or(10), spec.p.unwrap_or(0.5)).map(Law::Binomial)),
            "triangular" => {
                let mode = spec.mode.unwrap_or(low + (high - low) / 2.0);
                law(Triangular::new(low, mode, high).map(Law::Triangular))
            }
            _ => empirical(spec, at),
        }
    }

    /// One draw.
    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        match self {
            Law::Uniform { low, high } => rng.uniform(*low, *high),
            Law::Normal { mean, std } => rng.normal(*mean, *std),
            Law::LogNormal(law) => law.sample(rng),
            Law::Rare { shares } => {
                let draw = rng.random();
                shares.iter().take_while(|share| **share <= draw).count() as f64
            }
            _ => self.sample_other(rng),
        }
    }

    /// The same of what takes longer than a call.
    #[inline(never)]
    fn sample_other(&self, rng: &mut Rng) -> f64 {
        match self {
            Law::Uniform { .. } | Law::Normal { .. } | Law::LogNormal(_) | Law::Rare { .. } => {
                self.sample(rng)
            }
            Law::Poisson(law) => law.sample(rng) as f64,
            Law::Exponential(law) => law.sample(rng),
            Law::Gamma(law) => law.sample(rng),
            Law::Beta(law) => law.sample(rng),
            Law::Pareto { law, scale } => (law.sample(rng) + 1.0) * scale,
            // Cornish and Fisher's expansion to the skewness: what it lacks is below 10⁻¹⁰ deviations.
            Law::Frequent { lambda } => {
                let z = rng.standard_normal();
                (lambda + lambda.sqrt() * z + (z * z - 1.0) / 6.0).round_ties_even()
            }
            Law::Zipf(law) => (law.sample(rng) + 1) as f64,
            Law::Geometric(law) => law.sample(rng) as f64,
            Law::Binomial(law) => law.sample(rng) as f64,
            Law::Triangular(law) => law.sample(rng),
            Law::Empirical { values, choice } => values[choice.sample(rng)],
        }
    }
}

/// The shares of Poisson counts up to 0, 1, 2, …, as far as they differ from 1.
fn shares(lambda: f64) -> Box<[f64]> {
    let (mut mass, mut sum) = (exp(-lambda), 0.0);
    let each = (1..).map_while(|count| {
        let before = sum;
        sum += mass;
        mass *= lambda / f64::from(count);
        (sum > before).then_some(sum)
    });
    each.collect()
}

fn empirical(spec: &LawSpec, at: &dyn Fn(&str) -> String) -> Result<Law, Vec<Finding>> {
    let values = spec.values.clone().unwrap_or_default();
    if values.is_empty() {
        return Err(vec![Finding::new(at("values"), "an empirical law needs at least one")]);
    }
    let weights = spec.weights.clone().unwrap_or_else(|| vec![1.0; values.len()]);
    let choice = choice(&weights, values.len()).map_err(|why| vec![Finding::new(at("weights"), why)])?;
    Ok(Law::Empirical { values, choice })
}

/// The parameters that a specification gives.
fn given(spec: &LawSpec) -> Vec<&'static str> {
    let LawSpec { mean, std, sigma, lambda, rate, shape, scale, alpha, beta, exponent, p, n, mode, .. } =
        spec;
    let numbers = [
        ("mean", mean.is_some()),
        ("std", std.is_some()),
        ("sigma", sigma.is_some()),
        ("lambda", lambda.is_some()),
        ("rate", rate.is_some()),
        ("shape", shape.is_some()),
        ("scale", scale.is_some()),
        ("alpha", alpha.is_some()),
        ("beta", beta.is_some()),
        ("exponent", exponent.is_some()),
        ("p", p.is_some()),
        ("n", n.is_some()),
        ("mode", mode.is_some()),
        ("values", spec.values.is_some()),
        ("weights", spec.weights.is_some()),
    ];
    numbers.into_iter().filter(|(_, given)| *given).map(|(key, _)| key).collect()
}
