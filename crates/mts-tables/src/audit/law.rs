//! Distribution functions of the laws that documents name.

use mts_rng::math::{exp, exp_m1, ln, ln_1p, pow};

use super::special::{beta_below, gamma_above, normal, zeta};
use crate::spec::LawSpec;

/// A law by its distribution function.
#[derive(Clone, Debug)]
pub(super) enum Cdf {
    /// One value.
    Point(f64),
    Uniform {
        low: f64,
        high: f64,
    },
    Normal {
        mean: f64,
        std: f64,
    },
    Lognormal {
        mean: f64,
        sigma: f64,
    },
    Exponential {
        scale: f64,
    },
    Gamma {
        shape: f64,
        scale: f64,
    },
    Beta {
        a: f64,
        b: f64,
    },
    Pareto {
        shape: f64,
        scale: f64,
    },
    Triangular {
        low: f64,
        mode: f64,
        high: f64,
    },
    Poisson {
        lambda: f64,
    },
    /// Of integers that fit 64 bits.
    Zipf {
        exponent: f64,
        all: f64,
    },
    Geometric {
        p: f64,
    },
    Binomial {
        n: f64,
        p: f64,
    },
    /// Integers from 0 to the last, as likely each.
    Whole {
        last: f64,
    },
    /// Values in order, and the share up to each.
    Empirical(Vec<(f64, f64)>),
}

impl Cdf {
    /// The law of a specification that has been checked; none where its function is not known.
    pub(super) fn of(spec: &LawSpec, [low, high]: [f64; 2]) -> Option<Cdf> {
        let or = |value: Option<f64>, otherwise: f64| value.unwrap_or(otherwise);
        let cdf = match spec.distribution.as_deref().unwrap_or("uniform") {
            "uniform" if low == high => Cdf::Point(low),
            "uniform" => Cdf::Uniform { low, high },
            "normal" => match (or(spec.mean, 0.0), or(spec.std, 1.0)) {
                (mean, 0.0) => Cdf::Point(mean),
                (mean, std) => Cdf::Normal { mean, std },
            },
            "lognormal" => match (or(spec.mean, 0.0), or(spec.sigma, 1.0)) {
                (mean, 0.0) => Cdf::Point(exp(mean)),
                (mean, sigma) => Cdf::Lognormal { mean, sigma },
            },
            "exponential" => match spec.scale.or(spec.rate.map(|rate| 1.0 / rate)).unwrap_or(1.0) {
                0.0 => Cdf::Point(0.0),
                scale => Cdf::Exponential { scale },
            },
            "gamma" => match (or(spec.shape, 1.0), or(spec.scale, 1.0)) {
                (0.0, _) | (_, 0.0) => Cdf::Point(0.0),
                (shape, scale) => Cdf::Gamma { shape, scale },
            },
            "beta" => match (or(spec.alpha, 1.0), or(spec.beta, 1.0)) {
                (a, b) if a > 0.0 && b > 0.0 => Cdf::Beta { a, b },
                _ => return None,
            },
            "pareto" => match (or(spec.shape, 1.0), or(spec.scale, 1.0)) {
                (shape, scale) if shape > 0.0 && scale > 0.0 => Cdf::Pareto { shape, scale },
                _ => return None,
            },
            "triangular" if low == high => Cdf::Point(low),
            "triangular" => Cdf::Triangular { low, mode: or(spec.mode, low + (high - low) / 2.0), high },
            "poisson" => match or(spec.lambda, 5.0) {
                0.0 => Cdf::Point(0.0),
                lambda => Cdf::Poisson { lambda },
            },
            "zipf" => {
                let exponent = or(spec.exponent, 2.0);
                Cdf::Zipf { exponent, all: zeta(exponent, 1.0, BEYOND) }
            }
            "geometric" => Cdf::Geometric { p: or(spec.p, 0.5) },
            "binomial" => match (spec.n.unwrap_or(10) as f64, or(spec.p, 0.5)) {
                (n, p) if n > 0.0 && p > 0.0 && p < 1.0 => Cdf::Binomial { n, p },
                (n, p) => Cdf::Point(n * p),
            },
            "empirical" => {
                let values = spec.values.clone()?;
                let weights = spec.weights.clone().unwrap_or_else(|| vec![1.0; values.len()]);
                let total: f64 = weights.iter().sum();
                let mut steps: Vec<(f64, f64)> = values.into_iter().zip(weights).collect();
                steps.sort_by(|a, b| a.0.total_cmp(&b.0));
                let mut sum = 0.0;
                steps.iter_mut().for_each(|(_, share)| {
                    sum += *share / total;
                    *share = sum;
                });
                Cdf::Empirical(steps)
            }
            _ => return None,
        };
        Some(cdf)
    }

    /// Whether it has integers alone.
    pub(super) fn is_whole(&self) -> bool {
        use Cdf::{Binomial, Geometric, Poisson, Whole, Zipf};
        matches!(self, Binomial { .. } | Geometric { .. } | Poisson { .. } | Whole { .. } | Zipf { .. })
    }

    /// The probability of values up to `x`.
    pub(super) fn upto(&self, x: f64) -> f64 {
        let share = match self {
            Cdf::Point(at) => f64::from(u8::from(x >= *at)),
            Cdf::Uniform { low, high } => (x - low) / (high - low),
            Cdf::Normal { mean, std } => normal((x - mean) / std),
            Cdf::Lognormal { .. } | Cdf::Exponential { .. } | Cdf::Gamma { .. } | Cdf::Poisson { .. }
                if x < 0.0 =>
            {
                0.0
            }
            Cdf::Lognormal { .. } if x == 0.0 => 0.0,
            Cdf::Lognormal { mean, sigma } => normal((ln(x) - mean) / sigma),
            Cdf::Exponential { scale } => 1.0 - exp(-x / scale),
            Cdf::Gamma { shape, scale } => 1.0 - gamma_above(*shape, x / scale),
            Cdf::Beta { a, b } => beta_below(*a, *b, x),
            Cdf::Pareto { scale, .. } if x <= *scale => 0.0,
            Cdf::Pareto { shape, scale } => 1.0 - pow(scale / x, *shape),
            Cdf::Triangular { low, .. } if x <= *low => 0.0,
            Cdf::Triangular { high, .. } if x >= *high => 1.0,
            Cdf::Triangular { low, mode, high } if x <= *mode => {
                (x - low) * (x - low) / ((high - low) * (mode - low))
            }
            Cdf::Triangular { low, mode, high } => {
                1.0 - (high - x) * (high - x) / ((high - low) * (high - mode))
            }
            Cdf::Poisson { .. } | Cdf::Zipf { .. } | Cdf::Geometric { .. } if x == f64::INFINITY => 1.0,
            Cdf::Poisson { lambda } => gamma_above(x.floor() + 1.0, *lambda),
            Cdf::Zipf { .. } | Cdf::Geometric { .. } if x < 1.0 => 0.0,
            Cdf::Zipf { exponent, all } => zeta(*exponent, 1.0, (x.floor() + 1.0).min(BEYOND)) / all,
            Cdf::Geometric { p } => -exp_m1(x.floor() * ln_1p(-p)),
            Cdf::Binomial { n, .. } if x >= *n => 1.0,
            Cdf::Binomial { .. } if x < 0.0 => 0.0,
            // The rarer of success and failure is known more exactly.
            Cdf::Binomial { n, p } if *p <= 0.5 => 1.0 - beta_below(x.floor() + 1.0, n - x.floor(), *p),
            Cdf::Binomial { n, p } => beta_below(n - x.floor(), x.floor() + 1.0, 1.0 - p),
            Cdf::Whole { last } => (x.floor() + 1.0) / (last + 1.0),
            Cdf::Empirical(steps) => match steps.partition_point(|(value, _)| *value <= x) {
                0 => 0.0,
                at => steps[at - 1].1,
            },
        };
        share.clamp(0.0, 1.0)
    }

    /// The probability of values below `x`.
    pub(super) fn below(&self, x: f64) -> f64 {
        match self {
            Cdf::Point(at) => f64::from(u8::from(x > *at)),
            Cdf::Empirical(steps) => match steps.partition_point(|(value, _)| *value < x) {
                0 => 0.0,
                at => steps[at - 1].1,
            },
            whole if whole.is_whole() && x.is_finite() => whole.upto(x.ceil() - 1.0),
            other => other.upto(x),
        }
    }
}

/// 2⁶³, the first integer that a cell does not hold.
pub(super) const BEYOND: f64 = 9_223_372_036_854_775_808.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(law: serde_json::Value) -> Cdf {
        Cdf::of(&serde_json::from_value(law).unwrap(), [f64::NEG_INFINITY, f64::INFINITY]).unwrap()
    }

    /// SciPy 1.14, `scipy.stats`.
    #[test]
    fn agrees_with_scipy() {
        use serde_json::json;
        let near = |law: serde_json::Value, x: f64, expected: f64| {
            let found = of(law.clone()).upto(x);
            assert!((found - expected).abs() < 1e-9, "{law} at {x}: {found}, expected {expected}");
        };
        near(json!({"distribution": "normal", "mean": 1, "std": 2}), 2.0, 0.691_462_461_274_013);
        near(json!({"distribution": "lognormal", "mean": 0, "sigma": 1}), 1.0, 0.5);
        near(json!({"distribution": "exponential", "scale": 2}), 2.0, 0.632_120_558_828_557_7);
        near(json!({"distribution": "gamma", "shape": 2, "scale": 1}), 2.0, 0.593_994_150_290_161_9);
        near(json!({"distribution": "beta", "alpha": 2, "beta": 3}), 0.4, 0.5248);
        near(json!({"distribution": "pareto", "shape": 2, "scale": 1}), 2.0, 0.75);
        near(json!({"distribution": "poisson", "lambda": 1}), 1.0, 0.735_758_882_342_884_7);
        near(json!({"distribution": "zipf", "exponent": 2}), 1.0, 0.607_927_101_854_026_7);
        near(json!({"distribution": "geometric", "p": 0.5}), 2.0, 0.75);
        near(json!({"distribution": "binomial", "n": 10, "p": 0.5}), 4.0, 0.376_953_125);
        near(json!({"distribution": "empirical", "values": [3, 1], "weights": [1, 3]}), 2.0, 0.75);
    }

    #[test]
    fn integers_have_steps() {
        let law = Cdf::Whole { last: 3.0 };
        assert_eq!([law.below(1.0), law.upto(1.0), law.below(1.5)], [0.25, 0.5, 0.5]);
    }
}
