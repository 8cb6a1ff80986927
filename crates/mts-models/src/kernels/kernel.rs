//! Covariance functions as expressions.

use std::fmt::{self, Display};

use mts_core::Problems;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A covariance function of two steps t and s, τ = |t - s| apart: one of the simple ones, or a sum or product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Kernel {
    /// Smooth: v exp(-τ² / 2ℓ²).
    Rbf(Rbf),
    /// As rough as `nu` says: of x = √(2ν) τ / ℓ, v e⁻ˣ times 1 (ν = 1/2), 1 + x (3/2) or 1 + x + x²/3 (5/2).
    Matern(Matern),
    /// A mixture of smooth ones of many lengths: v (1 + τ² / 2αℓ²)^(-α).
    RationalQuadratic(RationalQuadratic),
    /// Repeats itself: v exp(-2 sin²(πτ / period) / ℓ²).
    Periodic(Periodic),
    /// Independent of step to step: v where τ = 0.
    White(White),
    /// The same at all steps: v.
    Constant(White),
    /// Straight lines, not stationary: offset + v t s.
    Linear(Linear),
    /// The sum of several: independent parts.
    Sum(Vec<Kernel>),
    /// The product of several.
    Product(Vec<Kernel>),
}

/// v exp(-τ² / 2ℓ²)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rbf {
    /// Length ℓ in steps, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub length: f64,
    /// Variance v, at least 0.
    #[schemars(range(min = 0.0))]
    pub variance: f64,
}

impl Default for Rbf {
    fn default() -> Self {
        Rbf { length: 20.0, variance: 1.0 }
    }
}

/// A Matérn covariance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Matern {
    /// Smoothness ν: 0.5, 1.5 or 2.5; paths are less than ν times differentiable.
    pub nu: f64,
    /// Length ℓ in steps, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub length: f64,
    /// Variance v, at least 0.
    #[schemars(range(min = 0.0))]
    pub variance: f64,
}

impl Default for Matern {
    fn default() -> Self {
        Matern { nu: 1.5, length: 20.0, variance: 1.0 }
    }
}

/// v (1 + τ² / 2αℓ²)^(-α)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RationalQuadratic {
    /// How much lengths agree α, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub alpha: f64,
    /// Length ℓ in steps, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub length: f64,
    /// Variance v, at least 0.
    #[schemars(range(min = 0.0))]
    pub variance: f64,
}

impl Default for RationalQuadratic {
    fn default() -> Self {
        RationalQuadratic { alpha: 1.0, length: 20.0, variance: 1.0 }
    }
}

/// v exp(-2 sin²(πτ / period) / ℓ²)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Periodic {
    /// Period in steps, at least 0.01.
    #[schemars(range(min = 0.01))]
    pub period: f64,
    /// Length ℓ in radians of the period, at least 0.01: a short one looks like `rbf` of length ℓ period / 2π.
    #[schemars(range(min = 0.01))]
    pub length: f64,
    /// Variance v, at least 0.
    #[schemars(range(min = 0.0))]
    pub variance: f64,
}

impl Default for Periodic {
    fn default() -> Self {
        Periodic { period: 50.0, length: 1.0, variance: 1.0 }
    }
}

/// A variance alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct White {
    /// Variance v, at least 0.
    #[schemars(range(min = 0.0))]
    pub variance: f64,
}

impl Default for White {
    fn default() -> Self {
        White { variance: 1.0 }
    }
}

/// offset + v t s
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Linear {
    /// Variance at step 0, at least 0.
    #[schemars(range(min = 0.0))]
    pub offset: f64,
    /// Variance v of the slope per step, at least 0.
    #[schemars(range(min = 0.0))]
    pub variance: f64,
}

impl Default for Linear {
    fn default() -> Self {
        Linear { offset: 0.0, variance: 1.0 }
    }
}

impl Kernel {
    /// Checks all numbers of an expression.
    pub(super) fn check(&self, problems: &mut Problems) {
        let name = |parameter: &str| format!("kernel.{self_name}.{parameter}", self_name = self.name());
        let positive = |problems: &mut Problems, parameter: &str, value: f64| {
            problems.positive(&name(parameter), value);
        };
        let variance = |problems: &mut Problems, value: f64| problems.non_negative(&name("variance"), value);
        match self {
            Kernel::Rbf(Rbf { length, variance: v }) => {
                positive(problems, "length", *length);
                variance(problems, *v);
            }
            Kernel::Matern(Matern { nu, length, variance: v }) => {
                problems.require(&name("nu"), [0.5, 1.5, 2.5].contains(nu), "be 0.5, 1.5 or 2.5", nu);
                positive(problems, "length", *length);
                variance(problems, *v);
            }
            Kernel::RationalQuadratic(RationalQuadratic { alpha, length, variance: v }) => {
                positive(problems, "alpha", *alpha);
                positive(problems, "length", *length);
                variance(problems, *v);
            }
            Kernel::Periodic(Periodic { period, length, variance: v }) => {
                // Shorter ones lose the place of a step in them, and all of it in the end.
                for (parameter, value) in [("period", period), ("length", length)] {
                    let fits = *value >= 0.01 && value.is_finite();
                    problems.require(&name(parameter), fits, "be at least 0.01", value);
                }
                variance(problems, *v);
            }
            Kernel::White(White { variance: v }) | Kernel::Constant(White { variance: v }) => {
                variance(problems, *v);
            }
            Kernel::Linear(Linear { offset, variance: v }) => {
                problems.non_negative(&name("offset"), *offset);
                variance(problems, *v);
            }
            Kernel::Sum(parts) | Kernel::Product(parts) => {
                problems.require(&name("parts"), !parts.is_empty(), "be at least one", 0);
                parts.iter().for_each(|part| part.check(problems));
            }
        }
    }

    /// The variance of all steps; `None` where it grows.
    pub(super) fn variance(&self) -> Option<f64> {
        match self {
            Kernel::Rbf(Rbf { variance, .. })
            | Kernel::Matern(Matern { variance, .. })
            | Kernel::RationalQuadratic(RationalQuadratic { variance, .. })
            | Kernel::Periodic(Periodic { variance, .. })
            | Kernel::White(White { variance })
            | Kernel::Constant(White { variance }) => Some(*variance),
            Kernel::Linear(_) => None,
            Kernel::Sum(parts) => parts.iter().map(Kernel::variance).sum(),
            Kernel::Product(parts) => parts.iter().map(Kernel::variance).product(),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Kernel::Rbf(_) => "rbf",
            Kernel::Matern(_) => "matern",
            Kernel::RationalQuadratic(_) => "rational_quadratic",
            Kernel::Periodic(_) => "periodic",
            Kernel::White(_) => "white",
            Kernel::Constant(_) => "constant",
            Kernel::Linear(_) => "linear",
            Kernel::Sum(_) => "sum",
            Kernel::Product(_) => "product",
        }
    }
}

/// As a formula: `rbf(length=20, variance=1) + white(variance=0.1)`.
impl Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |f: &mut fmt::Formatter<'_>, parts: &[Kernel], between: &str| {
            for (i, part) in parts.iter().enumerate() {
                let (before, after) = match part {
                    Kernel::Sum(_) | Kernel::Product(_) => ("(", ")"),
                    _ => ("", ""),
                };
                write!(f, "{}{before}{part}{after}", if i == 0 { "" } else { between })?;
            }
            Ok(())
        };
        match self {
            Kernel::Rbf(Rbf { length, variance }) => write!(f, "rbf(length={length}, variance={variance})"),
            Kernel::Matern(Matern { nu, length, variance }) => {
                write!(f, "matern(nu={nu}, length={length}, variance={variance})")
            }
            Kernel::RationalQuadratic(RationalQuadratic { alpha, length, variance }) => {
                write!(f, "rational_quadratic(alpha={alpha}, length={length}, variance={variance})")
            }
            Kernel::Periodic(Periodic { period, length, variance }) => {
                write!(f, "periodic(period={period}, length={length}, variance={variance})")
            }
            Kernel::White(White { variance }) => write!(f, "white(variance={variance})"),
            Kernel::Constant(White { variance }) => write!(f, "constant(variance={variance})"),
            Kernel::Linear(Linear { offset, variance }) => {
                write!(f, "linear(offset={offset}, variance={variance})")
            }
            Kernel::Sum(parts) => join(f, parts, " + "),
            Kernel::Product(parts) => join(f, parts, " * "),
        }
    }
}
