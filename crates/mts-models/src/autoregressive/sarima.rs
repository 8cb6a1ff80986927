//! Seasonal integrated autoregressive moving averages.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("sarima").expect("compiled in");
//! let params = serde_json::json!({ "phi": [0.5], "theta": null, "d": 1, "Theta": null, "D": 0, "x0": [100] });
//! let model = entry.build(params, Shape::new(3, 15, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(5_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[12..15], [103.18917993342103, 99.7383060411993, 97.96074932112265]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Array, Facts, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth,
};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ar::radius;
use super::filter::Filter;
use super::history::MAX_ORDER;
use crate::cached;
use crate::each::each_non_negative;
use crate::each::repeated as per_value;

/// Seasonal ARIMA: independent channels whose differences, of neighbours and over seasons, are a stationary mixed
/// process. The default is the airline model.
///
/// φ(B) Φ(B^s) (1 - B)^d (1 - B^s)^D x_t = θ(B) Θ(B^s) ε_t with B x_t = x_{t-1}, ε = σ Z,
/// φ(B) = 1 - φ₁ B - … - φ_p B^p, Φ(B) = 1 - Φ₁ B - … - Φ_P B^P, θ(B) = 1 + θ₁ B + … + θ_q B^q and
/// Θ(B) = 1 + Θ₁ B + … + Θ_Q B^Q: moving averages have plus signs, unlike those of Box and Jenkins. All channels have
/// the same coefficients.
///
/// The differences start from zeros and run for `burn_in` steps before the first value; then they are summed up,
/// beginning with `x0`. One draw per value, and one for each of the burn-in. Rounding errors grow with the series,
/// as t^(d + D - 1) times those of one step.
///
/// Reference: G. E. P. Box, G. M. Jenkins (1970), Time Series Analysis: Forecasting and Control, chapter 9.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Autoregressive coefficients φ, one per lag; none where null. Stationary.
    pub phi: Option<Tensor>,
    /// Coefficients θ of the moving average, one per lag; none where null.
    pub theta: Option<Tensor>,
    /// How many times neighbours are subtracted, at most 3.
    #[schemars(range(max = 3))]
    pub d: usize,
    /// Steps of a season, at least 2.
    #[schemars(range(min = 2))]
    pub s: usize,
    /// Seasonal autoregressive coefficients Φ, one per season back; none where null. Stationary.
    #[serde(rename = "Phi")]
    pub seasonal_phi: Option<Tensor>,
    /// Seasonal coefficients Θ of the moving average, one per season back; none where null.
    #[serde(rename = "Theta")]
    pub seasonal_theta: Option<Tensor>,
    /// How many times seasons are subtracted, at most 3.
    #[serde(rename = "D")]
    #[schemars(range(max = 3))]
    pub seasonal_d: usize,
    /// Standard deviation σ of the innovations, at least 0: one number, or one per channel.
    pub sigma: Numbers,
    /// The d + s·D values before the first one, the oldest first: for all channels, or (channel, step). 0 where not
    /// given.
    pub x0: Option<Tensor>,
    /// Steps of the differences before the first value.
    #[schemars(range(max = 1_000_000))]
    pub burn_in: usize,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            phi: None,
            theta: Some(vec![-0.4].into()),
            d: 1,
            s: 12,
            seasonal_phi: None,
            seasonal_theta: Some(vec![-0.6].into()),
            seasonal_d: 1,
            sigma: 1.0.into(),
            x0: None,
            burn_in: 100,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Sarima {
    /// Coefficients of the differences, per lag, as many of both.
    ar: Vec<f64>,
    ma: Vec<f64>,
    /// What a value is of those before it, without its difference; empty where nothing is summed up.
    sums: Vec<f64>,
    /// (channel, step), or (step) for all channels
    history: Vec<f64>,
    sigma: Vec<f64>,
    burn_in: usize,
    attributes: [usize; 3],
    shape: Shape,
}

const MAX_DIFFERENCES: usize = 3;
const MAX_BURN_IN: usize = 1_000_000;

impl Model for Sarima {
    const NAME: &'static str = "sarima";
    const FAMILY: &'static str = "autoregressive";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let channels = shape.channels();
        let (d, seasonal_d, s) = (params.d, params.seasonal_d, params.s);
        let few = |count: usize| count <= MAX_DIFFERENCES;
        problems.require("d", few(d), format_args!("be at most {MAX_DIFFERENCES}"), d);
        problems.require("D", few(seasonal_d), format_args!("be at most {MAX_DIFFERENCES}"), seasonal_d);
        problems.require("s", (2..=MAX_ORDER).contains(&s), format_args!("lie in 2..={MAX_ORDER}"), s);
        problems.require(
            "burn_in",
            params.burn_in <= MAX_BURN_IN,
            format_args!("be at most {MAX_BURN_IN}"),
            params.burn_in,
        );
        let sigma = each_non_negative("sigma", &params.sigma, channels, problems);
        let phi = list("phi", params.phi.as_ref(), true, problems);
        let theta = list("theta", params.theta.as_ref(), false, problems);
        let seasonal_phi = list("Phi", params.seasonal_phi.as_ref(), true, problems);
        let seasonal_theta = list("Theta", params.seasonal_theta.as_ref(), false, problems);
        let (phi, theta, seasonal_phi, seasonal_theta) = (phi?, theta?, seasonal_phi?, seasonal_theta?);
        let sigma = sigma?;
        if !problems.is_empty() {
            return None;
        }
        let lags = [
            ("Phi", phi.len() + s * seasonal_phi.len()),
            ("Theta", theta.len() + s * seasonal_theta.len()),
            ("D", d + s * seasonal_d),
        ];
        for (name, lags) in lags {
            problems.require(
                name,
                lags <= MAX_ORDER,
                format_args!("reach back {MAX_ORDER} steps at most"),
                lags,
            );
        }
        let largest = lags[0].1.max(lags[1].1).max(lags[2].1);
        problems.require(
            "s",
            largest.saturating_mul(shape.slab()) <= MAX_STATE,
            format_args!("be less: lags × M × n_realizations are at most {MAX_STATE}"),
            s,
        );
        let history = history(params.x0.as_ref(), lags[2].1, channels, problems);
        if !problems.is_empty() {
            return None;
        }
        // All as coefficients of what is subtracted or added on the right-hand side, from lag 1 on.
        let autoregressive = multiplied(&polynomial(&phi, -1.0, 1), &polynomial(&seasonal_phi, -1.0, s));
        let average = multiplied(&polynomial(&theta, 1.0, 1), &polynomial(&seasonal_theta, 1.0, s));
        let mut difference = vec![1.0];
        for lag in std::iter::repeat_n(1, d).chain(std::iter::repeat_n(s, seasonal_d)) {
            difference = multiplied(&difference, &polynomial(&[1.0], -1.0, lag));
        }
        let mut ar: Vec<f64> = autoregressive[1..].iter().map(|a| -a).collect();
        let mut ma = average[1..].to_vec();
        let longer = ar.len().max(ma.len()).max(1);
        ar.resize(longer, 0.0);
        ma.resize(longer, 0.0);
        let sums = difference[1..].iter().map(|c| -c).collect();
        let attributes = [d, seasonal_d, s];
        Some(Sarima { ar, ma, sums, history: history?, sigma, burn_in: params.burn_in, attributes, shape })
    }

    fn facts(&self) -> Facts {
        let [d, seasonal_d, s] = self.attributes;
        let lags = self.ar.len() + self.sums.len();
        let slab = self.shape.slab();
        Facts::new(TimeAxis::Steps)
            .attribute("d", d)
            .attribute("D", seasonal_d)
            .attribute("s", s)
            .attribute("sigma", Array::from(self.sigma.clone()))
            .state_bytes(8 * (3 * lags + 3) * slab)
            .cost(3.2 + 0.25 * lags as f64 + (8.0 + 4.0 * lags as f64) / slab as f64)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let width = self.shape.channels() * realizations.len();
        let spread = |of: &[f64]| of.iter().flat_map(|x| std::iter::repeat_n(*x, width)).collect::<Vec<_>>();
        let zeros = |of: &[f64]| vec![0.0; of.len() * width];
        let differences = Filter::new(spread(&self.ar), spread(&self.ma), zeros(&self.ar), width);
        let sums = (!self.sums.is_empty()).then(|| {
            let state = self.first_sums(realizations.len());
            Filter::new(spread(&self.sums), zeros(&self.sums), state, width)
        });
        let sigma = per_value(&self.sigma, realizations.len());
        let mut process = Summed { differences, sums: None, sigma, rng };
        let mut slab = vec![0.0; width];
        (0..self.burn_in).for_each(|_| process.fill(&mut slab));
        process.sums = sums;
        Box::new(process)
    }

    fn truth(&self, _: &()) -> Truth {
        let mut truth = Truth::default();
        truth.array("ar", &[self.ar.len()], self.ar.clone());
        truth.array("ma", &[self.ma.len()], self.ma.clone());
        if !self.sums.is_empty() {
            truth.array("sums", &[self.sums.len()], self.sums.clone());
        }
        truth
    }
}

impl Sarima {
    /// What the values before the first one add to each of the next: (lag, channel, realization).
    fn first_sums(&self, realizations: usize) -> Vec<f64> {
        let (lags, channels) = (self.sums.len(), self.shape.channels());
        let mut state = Vec::with_capacity(lags * channels * realizations);
        for ahead in 0..lags {
            for channel in 0..channels {
                let own = if self.history.len() == lags { 0 } else { channel * lags };
                let history = &self.history[own..][..lags];
                // k steps before the one that is `ahead`; the last of the history is 1 step before the first value.
                let past = (ahead + 1..=lags).map(|k| self.sums[k - 1] * history[lags + ahead - k]);
                let sum = past.fold(0.0, |sum, term| sum + term);
                state.extend(std::iter::repeat_n(sum, realizations));
            }
        }
        state
    }
}

/// Values of the longest memory: 2 GiB.
const MAX_STATE: usize = 1 << 28;

/// A list of coefficients, which has to be stationary where it says so.
fn list(name: &str, given: Option<&Tensor>, stationary: bool, problems: &mut Problems) -> Option<Vec<f64>> {
    let Some(given) = given else { return Some(Vec::new()) };
    if let Some(bad) = given.data().iter().find(|x| !x.is_finite()) {
        problems.finite(name, *bad);
        return None;
    }
    let [lags @ 1..=MAX_LIST] = given.shape() else {
        let found = given.shape();
        problems
            .add(name, format_args!("must be a list of at most {MAX_LIST} numbers, found shape {found:?}"));
        return None;
    };
    debug_assert_eq!(*lags, given.data().len());
    if stationary {
        let radius = radius(given.data());
        let rule = "be stationary: its companion matrix must have a spectral radius below 1";
        problems.require(name, radius < 1.0, rule, radius);
    }
    Some(given.data().to_vec())
}

/// Coefficients, at most: the roots of more take long.
const MAX_LIST: usize = 128;

fn history(x0: Option<&Tensor>, lags: usize, channels: usize, problems: &mut Problems) -> Option<Vec<f64>> {
    let Some(x0) = x0 else { return Some(vec![0.0; lags]) };
    if let Some(bad) = x0.data().iter().find(|x| !x.is_finite()) {
        problems.finite("x0", *bad);
        return None;
    }
    if x0.shape() != [lags] && x0.shape() != [channels, lags] {
        let rule = format!(
            "must be d + s·D = {lags} numbers, or have shape [{channels}, {lags}], found {:?}",
            x0.shape()
        );
        problems.add("x0", rule);
        return None;
    }
    Some(x0.data().to_vec())
}

/// 1 + sign·(c₁ B^step + c₂ B^(2·step) + …)
fn polynomial(coefficients: &[f64], sign: f64, step: usize) -> Vec<f64> {
    let mut polynomial = vec![0.0; coefficients.len() * step + 1];
    polynomial[0] = 1.0;
    (1..).zip(coefficients).for_each(|(lag, c): (usize, _)| polynomial[lag * step] = sign * c);
    polynomial
}

fn multiplied(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; a.len() + b.len() - 1];
    for (i, a) in a.iter().enumerate() {
        b.iter().enumerate().for_each(|(j, b)| product[i + j] += a * b);
    }
    product
}

struct Summed {
    differences: Filter,
    sums: Option<Filter>,
    /// One per value of a slab.
    sigma: Vec<f64>,
    rng: Rng,
}

impl Process for Summed {
    fn fill(&mut self, steps: &mut [f64]) {
        let width = self.sigma.len();
        for piece in steps.chunks_mut(cached(width)) {
            self.rng.fill_standard_normal(piece);
            for slab in piece.chunks_exact_mut(width) {
                slab.iter_mut().zip(&self.sigma).for_each(|(z, sigma)| *z *= sigma);
            }
            self.differences.run(piece);
            if let Some(sums) = &mut self.sums {
                sums.run(piece);
            }
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        self.differences.save(state);
        self.sums.iter().for_each(|sums| sums.save(state));
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        self.differences.restore(saved)?;
        self.sums.iter_mut().try_for_each(|sums| sums.restore(saved))
    }
}
