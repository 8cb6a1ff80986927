//! Exponential smoothing in state space form.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("ets").expect("compiled in");
//! let params = serde_json::json!({ "error": "multiplicative", "season": "multiplicative", "period": 4 });
//! let model = entry.build(params, Shape::new(2, 24, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [99.49548124084538, 92.27794351479079, 106.69412859588763]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Facts, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth,
};
use mts_rng::{Rng, math, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::smoothing::{Advance, Component, Error, Smoothing};
use crate::each::{each, each_non_negative};

/// Exponential smoothing as a process (ETS): the series that its forecasts are right for.
///
/// A level l, a growth b and seasons s of m steps; from the means q = l + φ b (trend `additive`), l b^φ
/// (`multiplicative`) or l (`none`) and μ = q + s, q s or q, the value is y = μ + ε, or y = μ (1 + ε) where errors
/// are `multiplicative`. With e = y - μ, the same error moves all states: l = q + α e, b = φ b + β e, s = s + γ e;
/// where the season is a factor, e / s in place of e for level and growth and e / q for the season; where the
/// trend is a factor, b = b^φ + β (e / l), by the level before. Seasons are those of one period ago.
///
/// Errors ε have mean 0 and standard deviation σ: normal where they are additive; where they are
/// multiplicative, 1 + ε is lognormal, so that values whose components are all factors stay positive. One normal
/// per value. Before, unless given, the seasons of each channel are drawn: normals around 0 whose mean is
/// taken out, or exponentials of normals, divided by their mean.
///
/// Additive errors with a trend or season that is a factor are refused (values near 0 would divide by it, and their
/// variance is infinite), so is a multiplicative trend with additive seasons; and what is outside
/// 0 <= α <= 1, 0 <= β <= α, 0 <= γ <= 1 - α.
///
/// Reference: R. J. Hyndman et al. (2002), doi:10.1016/S0169-2070(01)00110-8; R. J. Hyndman et al. (2008),
/// Forecasting with Exponential Smoothing, doi:10.1007/978-3-540-71918-2.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// How errors come in.
    pub error: Error,
    /// How the trend comes in.
    pub trend: Component,
    /// How seasons come in.
    pub season: Component,
    /// Smoothing of the level α, in 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub alpha: f64,
    /// Smoothing of the growth β, in 0..=`alpha`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub beta: f64,
    /// Smoothing of the seasons γ, in 0..=1 - `alpha`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub gamma: f64,
    /// Damping of the trend φ, above 0, at most 1, which is none.
    #[schemars(extend("exclusiveMinimum" = 0.0, "maximum" = 1.0))]
    pub phi: f64,
    /// Steps of a period m, at least 2 where there are seasons.
    #[schemars(range(min = 1))]
    pub period: usize,
    /// Level before the first step, above 0 where errors are multiplicative: one number, or one per channel.
    pub level: Numbers,
    /// Growth before the first step: one number, or one per channel. Where not given, 0, or 1 where it is a factor.
    pub growth: Option<Numbers>,
    /// Seasons before the first step: a list of one period for all channels, or a (channel, step) matrix. Drawn
    /// where not given.
    pub seasons: Option<Tensor>,
    /// Standard deviation of seasons that are drawn, or of their logarithms, at least 0. Where not given, 10, or 0.1
    /// where they are factors.
    #[schemars(range(min = 0.0))]
    pub season_scale: Option<f64>,
    /// Standard deviation σ of errors, at least 0: one number, or one per channel. Where not given, 1, or
    /// 0.05 where they are multiplicative.
    pub sigma: Option<Numbers>,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            error: Error::Additive,
            trend: Component::Additive,
            season: Component::Additive,
            alpha: 0.3,
            beta: 0.05,
            gamma: 0.1,
            phi: 1.0,
            period: 12,
            level: 100.0.into(),
            growth: None,
            seasons: None,
            season_scale: None,
            sigma: None,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Ets {
    smoothing: Smoothing,
    /// 1 where there are no seasons.
    period: usize,
    level: Vec<f64>,
    growth: Vec<f64>,
    /// (channel, step) as given, or how large those are that are drawn.
    seasons: Result<Vec<f64>, f64>,
    /// Standard deviations of normals.
    noise: Vec<f64>,
    shape: Shape,
}

/// Seasons of all values of a step, at most: a GiB.
const MAX_SEASONS: usize = 1 << 27;

impl Model for Ets {
    const NAME: &'static str = "ets";
    const FAMILY: &'static str = "composites";
    type Params = Params;
    /// Seasons, (channel, step).
    type Drawn = Vec<f64>;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { error, trend, season, alpha, beta, gamma, phi, .. } = params;
        check_form(&params, problems);
        let period = if season == Component::None { 1 } else { params.period };
        if season != Component::None {
            problems.require("period", period >= 2, "be at least 2", period);
            if period.saturating_mul(shape.slab()) > MAX_SEASONS {
                let rule =
                    format_args!("times M and n_realizations must be at most {MAX_SEASONS}, found {period}");
                problems.add("period", rule);
                return None;
            }
        }
        let (factors, factor) = (error == Error::Multiplicative, trend == Component::Multiplicative);
        let level = each("level", &params.level, shape.channels(), problems);
        let growth = params.growth.unwrap_or(Numbers::from(if factor { 1.0 } else { 0.0 }));
        let growth = each("growth", &growth, shape.channels(), problems);
        let sigma = params.sigma.unwrap_or(Numbers::from(if factors { 0.05 } else { 1.0 }));
        let sigma = each_non_negative("sigma", &sigma, shape.channels(), problems);
        let multiplied = season == Component::Multiplicative;
        let scale = params.season_scale.unwrap_or(if multiplied { 0.1 } else { 10.0 });
        problems.within("season_scale", scale, 0.0, if multiplied { 10.0 } else { f64::MAX });
        let seasons = match &params.seasons {
            None => Some(Err(scale)),
            Some(seasons) => given(seasons, period, multiplied, shape, problems).map(Ok),
        };
        let (level, growth, sigma, seasons) = (level?, growth?, sigma?, seasons?);
        for (name, numbers, positive) in [("level", &level, factors), ("growth", &growth, factor)] {
            for bad in numbers.iter().filter(|x| positive && **x <= 0.0).take(1) {
                problems.positive(name, *bad);
            }
        }
        // The logarithm of a factor with standard deviation σ.
        let deviation = |sigma: &f64| if factors { math::ln_1p(sigma * sigma).sqrt() } else { *sigma };
        let noise = sigma.iter().map(deviation).collect();
        let smoothing = Smoothing { error, trend, season, alpha, beta, gamma, phi };
        problems.is_empty().then_some(Ets { smoothing, period, level, growth, seasons, noise, shape })
    }

    fn facts(&self) -> Facts {
        let power = if self.smoothing.trend == Component::Multiplicative && self.smoothing.phi != 1.0 {
            32.0
        } else {
            0.0
        };
        let factors = if self.smoothing.error == Error::Multiplicative { 2.0 } else { 0.0 };
        Facts::new(TimeAxis::Steps)
            .attribute("period", self.period)
            .state_bytes((16 + 8 * self.period) * self.shape.slab())
            .cost(4.0 + power + factors + 15.0 / self.shape.slab() as f64)
    }

    fn draw(&self, rng: &mut Rng) -> Vec<f64> {
        let scale = match &self.seasons {
            Ok(given) => return given.clone(),
            Err(scale) => *scale,
        };
        let mut seasons = vec![0.0; self.shape.channels() * self.period];
        if self.smoothing.season == Component::None {
            return seasons;
        }
        rng.fill_normal(0.0, scale, &mut seasons);
        for channel in seasons.chunks_exact_mut(self.period) {
            let mean = |channel: &[f64]| channel.iter().fold(0.0, |sum, x| sum + x) / channel.len() as f64;
            if self.smoothing.season == Component::Multiplicative {
                math::exp_in_place(channel);
                let mean = mean(channel);
                channel.iter_mut().for_each(|x| *x /= mean);
            } else {
                let mean = mean(channel);
                channel.iter_mut().for_each(|x| *x -= mean);
            }
        }
        seasons
    }

    fn start(&self, drawn: &Arc<Vec<f64>>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let count = realizations.len();
        let spread = |numbers: &[f64]| crate::each::repeated(numbers, count);
        let season = |step: usize| {
            let of_step: Vec<f64> = drawn.iter().skip(step).step_by(self.period).copied().collect();
            spread(&of_step)
        };
        Box::new(Smoothed {
            smoothing: self.smoothing,
            level: spread(&self.level),
            growth: spread(&self.growth),
            seasons: (0..self.period).flat_map(season).collect(),
            noise: spread(&self.noise),
            phase: 0,
            rng,
        })
    }

    fn truth(&self, drawn: &Vec<f64>) -> Truth {
        let (channels, Smoothing { trend, season, .. }) = (self.shape.channels(), self.smoothing);
        let mut truth = Truth::default();
        truth.array("level", &[channels], self.level.clone());
        truth.scalar("alpha", self.smoothing.alpha);
        if trend != Component::None {
            truth.array("growth", &[channels], self.growth.clone());
            truth.scalar("beta", self.smoothing.beta);
            truth.scalar("phi", self.smoothing.phi);
        }
        if season != Component::None {
            truth.array("seasons", &[channels, self.period], drawn.clone());
            truth.scalar("gamma", self.smoothing.gamma);
        }
        truth
    }
}

/// Which components go together, and how fast they may be smoothed.
fn check_form(params: &Params, problems: &mut Problems) {
    let Params { error, trend, season, alpha, beta, gamma, phi, .. } = *params;
    let factor = Component::Multiplicative;
    if error == Error::Additive && (trend == factor || season == factor) {
        let found = if trend == factor { "trend" } else { "season" };
        let rule = format_args!("be multiplicative where the {found} is, or the variance is infinite");
        problems.require("error", false, rule, "additive");
    }
    if trend == factor && season == Component::Additive {
        problems.require("season", false, "not be additive where the trend is multiplicative", "additive");
    }
    problems.within("alpha", alpha, 0.0, 1.0);
    if trend != Component::None {
        problems.within("beta", beta, 0.0, alpha);
    }
    if season != Component::None {
        problems.within("gamma", gamma, 0.0, 1.0 - alpha);
    }
    problems.require("phi", phi > 0.0 && phi <= 1.0, "be above 0 and at most 1", phi);
}

/// Seasons of each channel.
fn given(
    seasons: &Tensor,
    period: usize,
    factors: bool,
    shape: Shape,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    let channels = shape.channels();
    if seasons.shape() != [period] && seasons.shape() != [channels, period] {
        let found = seasons.shape();
        problems.add(
            "seasons",
            format_args!("must have shape [{period}] or [{channels}, {period}], found {found:?}"),
        );
        return None;
    }
    for bad in seasons.data().iter().filter(|x| !x.is_finite() || (factors && **x <= 0.0)).take(1) {
        if factors { problems.positive("seasons", *bad) } else { problems.finite("seasons", *bad) }
    }
    let repeats = channels * period / seasons.data().len();
    Some(seasons.data().repeat(repeats))
}

struct Smoothed {
    smoothing: Smoothing,
    /// One of each per value of a slab.
    level: Vec<f64>,
    growth: Vec<f64>,
    noise: Vec<f64>,
    /// (step of the period, value of a slab)
    seasons: Vec<f64>,
    /// The step of the period.
    phase: usize,
    rng: Rng,
}

impl Smoothed {
    /// Errors, or the factors 1 + ε with mean 1.
    fn errors(&mut self, slab: &mut [f64]) {
        self.rng.fill_standard_normal(slab);
        match self.smoothing.error {
            Error::Additive => slab.iter_mut().zip(&self.noise).for_each(|(z, sigma)| *z *= sigma),
            Error::Multiplicative => {
                slab.iter_mut().zip(&self.noise).for_each(|(z, s)| *z = s * *z - 0.5 * s * s);
                math::exp_in_place(slab);
            }
        }
    }
}

impl Process for Smoothed {
    fn fill(&mut self, steps: &mut [f64]) {
        let width = self.level.len();
        for slab in steps.chunks_exact_mut(width) {
            self.errors(slab);
            simd::dispatch(Advance {
                smoothing: self.smoothing,
                level: &mut self.level,
                growth: &mut self.growth,
                season: &mut self.seasons[self.phase * width..][..width],
                slab,
            });
            self.phase += 1;
            if self.phase * width == self.seasons.len() {
                self.phase = 0;
            }
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.u64(self.phase as u64);
        [&self.level, &self.growth, &self.seasons].into_iter().for_each(|states| state.f64s(states));
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        self.phase = saved.index(self.seasons.len() / self.level.len() - 1)?;
        [&mut self.level, &mut self.growth, &mut self.seasons]
            .into_iter()
            .try_for_each(|states| saved.f64s(states))
    }
}
