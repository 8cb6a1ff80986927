//! A trend with change points, seasons and holidays.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("trend_seasonal").expect("compiled in");
//! let params = serde_json::json!({ "growth": 0.5, "holiday_effect": 20, "sigma": 0.1 });
//! let model = entry.build(params, Shape::new(2, 60, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [9.416053128695902, 9.71675819616316, 10.006950608132438]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Facts, Label, Map, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis,
    Truth,
};
use mts_rng::Rng;
use mts_rng::laws::{Geometric, Laplace, Law};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::holiday::Holiday;
use super::seasons::{Seasons, Waves};
use crate::each::{each, each_non_negative, repeated};

/// A trend whose slope changes now and then, seasons and holidays: what business forecasts assume.
///
/// y_t = g_t + s_t + h_t + σ Z_t. The trend g is continuous and piecewise linear: g₀ is `level`, g_{t+1} =
/// g_t + k_t, and the slope k starts at `growth` and changes at change points, each by a Laplace number of
/// scale `changepoint_scale`. Change points are geometrically far apart, as if each step but the first were one with
/// probability `changepoint_rate`; each channel and realization has its own. The seasons s_t are sums of
/// a cos(2π n t / P) and b sin(2π n t / P), over n = 1, …, order of each period P. The holiday h_t is
/// `holiday_effect` in the first `holiday_window` steps after `holiday_offset` and, from there, every
/// `holiday_period` steps.
///
/// Draws: the coefficients of each channel, a and b in turn for n = 1, …, order of each period, standard normals times
/// `season_scale` / n, unless given; the effects of the holiday, unless given. Then for each value the distance to
/// its first change point; in each step, for each value that has one a Laplace number and the next distance,
/// then one normal per value if any σ > 0.
///
/// Labels: `changepoint` at the step whose slope is new, with the `slope` from there on and its `change`;
/// `holiday` for all channels and realizations. The truth holds all coefficients.
///
/// Reference: S. J. Taylor, B. Letham (2018), doi:10.1080/00031305.2017.1380080.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Trend at the first step: one number, or one per channel.
    pub level: Numbers,
    /// First slope, per step: one number, or one per channel.
    pub growth: Numbers,
    /// Probability that a step is a change point, in 0..1.
    #[schemars(extend("minimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub changepoint_rate: f64,
    /// Mean absolute change of the slope at a change point, per step, at least 0.
    #[schemars(range(min = 0.0))]
    pub changepoint_scale: f64,
    /// Periods P of the seasons in steps, above 0.
    pub periods: Tensor,
    /// Harmonics of each season: one number for all, or one each.
    pub orders: Tensor,
    /// Standard deviation of the coefficients of the first harmonic, at least 0: one number for all seasons, or one
    /// each. The n-th has an n-th of it.
    pub season_scale: Tensor,
    /// Coefficients, a and b in turn, of all harmonics of all seasons: a list for all channels, or a (channel,
    /// coefficient) matrix. Drawn where not given.
    pub coefficients: Option<Tensor>,
    /// Steps from one holiday to the next; 0 for none.
    pub holiday_period: usize,
    /// The step of the first holiday.
    pub holiday_offset: usize,
    /// Steps of a holiday, at least 1, at most `holiday_period`.
    #[schemars(range(min = 1))]
    pub holiday_window: usize,
    /// Effect of a holiday: one number, or one per channel. Drawn where not given.
    pub holiday_effect: Option<Numbers>,
    /// Standard deviation of effects that are drawn, at least 0.
    #[schemars(range(min = 0.0))]
    pub holiday_scale: f64,
    /// Standard deviation σ of the noise, at least 0: one number, or one per channel.
    pub sigma: Numbers,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            level: 10.0.into(),
            growth: 0.05.into(),
            changepoint_rate: 0.02,
            changepoint_scale: 0.1,
            periods: vec![7.0, 30.0].into(),
            orders: vec![2.0].into(),
            season_scale: vec![1.0].into(),
            coefficients: None,
            holiday_period: 45,
            holiday_offset: 20,
            holiday_window: 3,
            holiday_effect: None,
            holiday_scale: 3.0,
            sigma: 0.5.into(),
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct TrendSeasonal {
    level: Vec<f64>,
    growth: Vec<f64>,
    /// Distances and changes of slopes.
    changes: Option<(Geometric, Laplace)>,
    /// Change points per value.
    rate: f64,
    seasons: Seasons,
    holiday: Option<Holiday>,
    effect: Effect,
    sigma: Vec<f64>,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Effect {
    Given(Vec<f64>),
    /// With this standard deviation.
    Drawn(f64),
}

/// What all realizations share.
pub struct Drawn {
    /// (channel, coefficient)
    coefficients: Vec<f64>,
    effect: Vec<f64>,
}

impl Model for TrendSeasonal {
    const NAME: &'static str = "trend_seasonal";
    const FAMILY: &'static str = "composites";
    type Params = Params;
    type Drawn = Drawn;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let level = each("level", &params.level, shape.channels(), problems);
        let growth = each("growth", &params.growth, shape.channels(), problems);
        let sigma = each_non_negative("sigma", &params.sigma, shape.channels(), problems);
        let rate = params.changepoint_rate;
        problems.require("changepoint_rate", (0.0..1.0).contains(&rate), "be at least 0 and below 1", rate);
        problems.non_negative("changepoint_scale", params.changepoint_scale);
        let changes = Geometric::new(rate).ok().zip(Laplace::new(0.0, params.changepoint_scale).ok());
        let coefficients = params.coefficients.as_ref();
        let seasons = Seasons::new(
            &params.periods,
            &params.orders,
            &params.season_scale,
            coefficients,
            shape,
            problems,
        );
        let holiday =
            Holiday::new(params.holiday_period, params.holiday_offset, params.holiday_window, problems);
        problems.non_negative("holiday_scale", params.holiday_scale);
        let effect = match &params.holiday_effect {
            None => Some(Effect::Drawn(params.holiday_scale)),
            Some(effect) => each("holiday_effect", effect, shape.channels(), problems).map(Effect::Given),
        };
        let (level, growth, sigma, seasons, effect) = (level?, growth?, sigma?, seasons?, effect?);
        problems.is_empty().then_some(TrendSeasonal {
            level,
            growth,
            changes,
            rate,
            seasons,
            holiday,
            effect,
            sigma,
            shape,
        })
    }

    fn facts(&self) -> Facts {
        let (channels, slab) = (self.shape.channels() as f64, self.shape.slab() as f64);
        let rate = self.rate;
        let harmonics = self.seasons.coefficients() as f64 / 2.0;
        let facts = Facts::new(TimeAxis::Steps)
            .state_bytes(40 * self.shape.slab() + 16 * self.shape.channels() * self.seasons.coefficients())
            .cost(4.0 + 300.0 * rate + (60.0 + 5.0 * harmonics + channels * harmonics) / slab);
        if self.changes.is_some() || self.holiday.is_some() { facts.labelled() } else { facts }
    }

    fn draw(&self, rng: &mut Rng) -> Drawn {
        let channels = self.shape.channels();
        let coefficients = self.seasons.draw(channels, rng);
        let effect = match &self.effect {
            Effect::Given(effect) => effect.clone(),
            Effect::Drawn(scale) => {
                let mut effect = vec![0.0; channels];
                rng.fill_normal(0.0, *scale, &mut effect);
                effect
            }
        };
        Drawn { coefficients, effect }
    }

    fn start(&self, drawn: &Arc<Drawn>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let count = realizations.len();
        let slab = self.shape.channels() * count;
        let distance = |_| self.changes.as_ref().map_or(u64::MAX, |(distance, _)| distance.sample(&mut rng));
        Box::new(Composed {
            next: (0..slab).map(distance).collect(),
            trend: repeated(&self.level, count),
            slope: repeated(&self.growth, count),
            season: vec![0.0; self.shape.channels()],
            waves: self.seasons.waves(),
            noise: vec![0.0; slab],
            model: self.clone(),
            drawn: drawn.clone(),
            realizations,
            step: 0,
            labels: Vec::new(),
            rng,
        })
    }

    fn truth(&self, drawn: &Drawn) -> Truth {
        let channels = self.shape.channels();
        let mut truth = Truth::default();
        truth.array("level", &[channels], self.level.clone());
        truth.array("growth", &[channels], self.growth.clone());
        self.seasons.truth(&mut truth);
        truth.array("coefficients", &[channels, self.seasons.coefficients()], drawn.coefficients.clone());
        truth.array("holiday_effect", &[channels], drawn.effect.clone());
        truth
    }
}

struct Composed {
    model: TrendSeasonal,
    drawn: Arc<Drawn>,
    realizations: Range<usize>,
    step: usize,
    /// The step of each value's next change point.
    next: Vec<u64>,
    trend: Vec<f64>,
    slope: Vec<f64>,
    rng: Rng,
    /// Seasons and holidays of each channel in one step.
    season: Vec<f64>,
    waves: Waves,
    noise: Vec<f64>,
    labels: Vec<Label>,
}

impl Composed {
    fn change(&mut self) {
        let Some((distance, change)) = &self.model.changes else { return };
        let step = self.step as u64;
        for (at, next) in self.next.iter_mut().enumerate().filter(|(_, next)| **next == step) {
            let change = change.sample(&mut self.rng);
            self.slope[at] += change;
            *next = step.saturating_add(distance.sample(&mut self.rng));
            let count = self.realizations.len();
            let details: Map = [("change", change), ("slope", self.slope[at])].into_iter().collect();
            self.labels.push(Label {
                channel: Some(at / count),
                realization: Some(self.realizations.start + at % count),
                steps: self.step..self.step + 1,
                kind: "changepoint",
                details,
            });
        }
    }

    fn celebrate(&mut self) {
        let Some(holiday) = self.model.holiday else { return };
        let Some(begin) = holiday.begin(self.step) else { return };
        self.season.iter_mut().zip(&self.drawn.effect).for_each(|(season, effect)| *season += effect);
        let end = self.step + 1;
        let ends = end == begin + holiday.window || end == self.model.shape.steps();
        // One process tells what is true of all realizations.
        if ends && self.realizations.start == 0 {
            self.labels.push(Label {
                channel: None,
                realization: None,
                steps: begin..end,
                kind: "holiday",
                details: Map::new(),
            });
        }
    }
}

impl Process for Composed {
    fn fill(&mut self, steps: &mut [f64]) {
        let count = self.realizations.len();
        let noisy = self.model.sigma.iter().any(|sigma| *sigma > 0.0);
        for slab in steps.chunks_exact_mut(self.trend.len()) {
            self.change();
            let coefficients = &self.drawn.coefficients;
            self.model.seasons.at(self.step, coefficients, &mut self.waves, &mut self.season);
            self.celebrate();
            if noisy {
                self.rng.fill_standard_normal(&mut self.noise);
            }
            let rows = slab.chunks_exact_mut(count).zip(self.trend.chunks_exact_mut(count));
            let rows = rows.zip(self.slope.chunks_exact(count)).zip(self.noise.chunks_exact(count));
            for ((((values, trend), slope), noise), (season, sigma)) in
                rows.zip(self.season.iter().zip(&self.model.sigma))
            {
                for (((value, trend), slope), noise) in values.iter_mut().zip(trend).zip(slope).zip(noise) {
                    *value = *trend + season + sigma * noise;
                    *trend += slope;
                }
            }
            self.step += 1;
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.u64(self.step as u64);
        state.u64s(&self.next);
        state.f64s(&self.trend);
        state.f64s(&self.slope);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        self.step = saved.index(usize::MAX >> 8)?;
        saved.u64s(&mut self.next)?;
        saved.f64s(&mut self.trend)?;
        saved.f64s(&mut self.slope)
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
    }
}
