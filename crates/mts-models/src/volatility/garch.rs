//! Bollerslev's generalised autoregressive conditional heteroscedasticity.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("garch").expect("compiled in");
//! let params = serde_json::json!({ "alpha": 0.1, "beta": 0.8, "omega": 0.2 });
//! let model = entry.build(params, Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[6..9], [2.6639174141711175, 1.2754573333918744, 1.7660903614329526]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Array, Channels, Facts, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, TimeAxis,
    Truth,
};
use mts_rng::laws::{Law, StandardT};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::recursion::{Advance, Recursion};

/// GARCH(p, q): returns without memory, whose variance remembers: calm and wild times come in clusters.
///
/// r_t = √h_t Z_t, h_t = ω + α₁ r²_{t-1} + … + α_p r²_{t-p} + β₁ h_{t-1} + … + β_q h_{t-q}, with Z_t of mean
/// 0 and variance 1. Exact in discrete time. Both returns and their true variances are channels; nodes are
/// independent of each other. One draw of Z per return, those of the transient included (for Student's law a
/// normal and a gamma).
///
/// With s = Σα + Σβ < 1 the variance of returns is ω / (1 - s). For p = q = 1 their kurtosis is
/// κ (1 - s²) / (1 - s² - (κ - 1) α²), κ = 3 that of Z for normal innovations, where the denominator is
/// above 0; elsewhere it is infinite. Squares have autocorrelations proportional to s^k. s = 1, which
/// `integrated` allows, has a stationary law without variance (Nelson 1990).
///
/// Past squares and variances start at ω / (1 - s), at ω where s = 1; the transient leads into the
/// stationary law.
///
/// Channels: the returns r of all nodes, then their variances h.
///
/// References: T. Bollerslev (1986), doi:10.1016/0304-4076(86)90063-1; R. F. Engle (1982),
/// doi:10.2307/1912773; D. B. Nelson (1990), doi:10.1017/S0266466600005296.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Constant ω of the variance, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub omega: f64,
    /// What past squares add, at least 0 each: one number, or a vector α₁ … α_p.
    pub alpha: Numbers,
    /// What past variances add, at least 0 each: one number, or a vector β₁ … β_q.
    pub beta: Numbers,
    /// The law of Z.
    pub innovations: Innovations,
    /// Degrees of freedom ν of Student's law, above 2; it is scaled to variance 1.
    #[schemars(extend("exclusiveMinimum" = 2.0))]
    pub nu: f64,
    /// Whether Σα + Σβ may be 1.
    pub integrated: bool,
    /// Steps that are made and thrown away before the first.
    #[schemars(range(max = 1_000_000))]
    pub transient: u32,
}

/// The law of what drives returns, of mean 0 and variance 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Innovations {
    /// Standard normal.
    Normal,
    /// Student's t with ν degrees of freedom, times √((ν - 2)/ν).
    StudentT,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            omega: 0.05,
            alpha: 0.1.into(),
            beta: 0.85.into(),
            innovations: Innovations::Normal,
            nu: 5.0,
            integrated: false,
            transient: 500,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Garch {
    params: Params,
    recursion: Recursion,
    student: Option<StandardT>,
    shape: Shape,
}

/// Sums that are 1 in decimal numbers.
const ROUNDING: f64 = 1e-12;

const MAX_TRANSIENT: u32 = 1_000_000;

impl Model for Garch {
    const NAME: &'static str = "garch";
    const FAMILY: &'static str = "volatility";
    const CHANNELS: Channels = Channels::PerNode(&["r", "h"]);
    const SHAPE: Shape = Shape::of(2, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("omega", params.omega);
        lags("alpha", &params.alpha, problems);
        lags("beta", &params.beta, problems);
        problems.require("nu", params.nu.is_finite() && params.nu > 2.0, "be > 2", params.nu);
        let rule = format_args!("be at most {MAX_TRANSIENT}");
        problems.require("transient", params.transient <= MAX_TRANSIENT, rule, params.transient);
        if !problems.is_empty() {
            return None;
        }
        let (alpha, beta) = (params.alpha.data().to_vec(), params.beta.data().to_vec());
        let arch: f64 = alpha.iter().sum();
        let persistence = arch + beta.iter().sum::<f64>();
        if persistence >= 1.0 - ROUNDING {
            let rule =
                "have Σα + Σβ < 1, or = 1 where integrated is true: the variance has no stationary value";
            let allowed = params.integrated && persistence <= 1.0 + ROUNDING;
            problems.require("alpha", allowed, rule, persistence);
            problems.require("alpha", arch > 0.0, "be above 0 where Σα + Σβ = 1", arch);
        }
        let stationary = params.omega / (1.0 - persistence);
        let first = if persistence < 1.0 - ROUNDING { stationary } else { params.omega };
        problems.require("omega", first.is_finite(), "give a finite variance ω / (1 - Σα - Σβ)", first);
        let student = match params.innovations {
            Innovations::Normal => None,
            Innovations::StudentT => Some(StandardT::new(params.nu).ok()?),
        };
        let recursion = Recursion { omega: params.omega, alpha, beta, first };
        problems.is_empty().then_some(Garch { params, recursion, student, shape })
    }

    fn facts(&self) -> Facts {
        let Recursion { omega, alpha, beta, .. } = &self.recursion;
        let lags = alpha.len() + beta.len();
        let innovations = match self.params.innovations {
            Innovations::Normal => "normal",
            Innovations::StudentT => "student_t",
        };
        Facts::new(TimeAxis::Steps)
            .attribute("omega", *omega)
            .attribute("alpha", Array::from(alpha.clone()))
            .attribute("beta", Array::from(beta.clone()))
            .attribute("innovations", innovations)
            .state_bytes(4 * (lags + 2) * self.shape.slab())
            .unseen(self.params.transient as usize)
            .cost(
                if self.student.is_some() { 6.5 } else { 1.5 }
                    + 0.3 * lags as f64
                    + 15.0 / self.shape.slab() as f64,
            )
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let width = self.shape.channels() / 2 * realizations.len();
        let pieces = (1024 / width).max(1);
        let (p, q) = (self.recursion.alpha.len(), self.recursion.beta.len());
        Box::new(Returns {
            squares: vec![self.recursion.first; p * width],
            variances: vec![self.recursion.first; q * width],
            recursion: self.recursion.clone(),
            student: self.student.map(|law| (law, ((self.params.nu - 2.0) / self.params.nu).sqrt())),
            transient: self.params.transient,
            normals: vec![0.0; pieces * width],
            unseen: vec![0.0; 2 * width],
            started: false,
            rng,
        })
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        let Recursion { omega, alpha, beta, .. } = &self.recursion;
        let persistence = alpha.iter().sum::<f64>() + beta.iter().sum::<f64>();
        truth.scalar("persistence", persistence);
        if persistence >= 1.0 - ROUNDING {
            return truth;
        }
        truth.scalar("unconditional_variance", omega / (1.0 - persistence));
        let kurtosis = match self.params.innovations {
            Innovations::Normal => Some(3.0),
            Innovations::StudentT => (self.params.nu > 4.0).then(|| 3.0 + 6.0 / (self.params.nu - 4.0)),
        };
        if let (Some(kurtosis), [alpha], [_]) = (kurtosis, &alpha[..], &beta[..]) {
            let rest = 1.0 - persistence * persistence;
            let left = rest - (kurtosis - 1.0) * alpha * alpha;
            if left > 0.0 {
                truth.scalar("kurtosis", kurtosis * rest / left);
            }
        }
        truth
    }
}

/// Requires one number or a vector, none of them negative.
fn lags(name: &str, numbers: &Numbers, problems: &mut Problems) {
    if numbers.shape().len() > 1 {
        let found = numbers.shape();
        problems.add(name, format_args!("must be one number or one per lag, found shape {found:?}"));
    }
    problems.require(name, !numbers.data().is_empty(), "have a number", "none");
    if let Some(bad) = numbers.data().iter().find(|x| !(x.is_finite() && **x >= 0.0)) {
        problems.non_negative(name, *bad);
    }
}

struct Returns {
    recursion: Recursion,
    /// Student's law and what scales it to variance 1.
    student: Option<(StandardT, f64)>,
    transient: u32,
    /// (lag, return), the last step first.
    squares: Vec<f64>,
    variances: Vec<f64>,
    /// Draws of some steps.
    normals: Vec<f64>,
    /// A step of the transient.
    unseen: Vec<f64>,
    started: bool,
    rng: Rng,
}

impl Returns {
    /// Fills slabs, as many as there are draws for at most.
    fn advance(&mut self, slabs: Option<&mut [f64]>) {
        let slabs = slabs.unwrap_or(&mut self.unseen);
        let draws = &mut self.normals[..slabs.len() / 2];
        match &self.student {
            None => self.rng.fill_standard_normal(draws),
            Some((law, scale)) => {
                law.fill(&mut self.rng, draws);
                draws.iter_mut().for_each(|z| *z *= scale);
            }
        }
        let (squares, variances) = (&mut self.squares, &mut self.variances);
        simd::dispatch(Advance { recursion: &self.recursion, squares, variances, draws, slabs });
    }
}

impl Process for Returns {
    fn fill(&mut self, steps: &mut [f64]) {
        if !self.started && !steps.is_empty() {
            self.started = true;
            (0..self.transient).for_each(|_| self.advance(None));
        }
        for slabs in steps.chunks_mut(2 * self.normals.len()) {
            self.advance(Some(slabs));
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.squares);
        state.f64s(&self.variances);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.squares)?;
        saved.f64s(&mut self.variances)?;
        self.started = saved.flag()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(params: serde_json::Value) -> String {
        let mut problems = Problems::default();
        let params = serde_json::from_value(params).unwrap();
        assert!(Garch::new(params, Shape::of(2, 1, 1), &mut problems).is_none());
        problems.to_string()
    }

    #[test]
    fn variances_that_explode_are_refused() {
        let words = refusal(serde_json::json!({ "alpha": 0.3, "beta": 0.8 }));
        assert!(words.contains("Σα + Σβ < 1") && words.contains("found 1.1"), "{words}");
        assert!(refusal(serde_json::json!({ "alpha": 0.25, "beta": 0.75 })).contains("found 1"));
        let words = refusal(serde_json::json!({ "alpha": 0.3, "beta": 0.8, "integrated": true }));
        assert!(words.contains("found 1.1"), "{words}");
        let words = refusal(serde_json::json!({ "alpha": 0, "beta": 1, "integrated": true }));
        assert!(words.contains("above 0"), "{words}");
        assert!(refusal(serde_json::json!({ "alpha": -0.1 })).contains(">= 0, found -0.1"));
        let mut problems = Problems::default();
        let params = Params { alpha: Vec::new().into(), ..Params::default() };
        assert!(Garch::new(params, Garch::SHAPE, &mut problems).is_none());
        assert!(problems.to_string().contains("\"alpha\" must have a number"), "{problems}");
        assert!(refusal(serde_json::json!({ "nu": 2 })).contains("> 2, found 2"));
        assert!(refusal(serde_json::json!({ "omega": 0 })).contains("> 0"));
    }
}
