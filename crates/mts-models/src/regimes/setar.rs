//! Self-exciting threshold autoregression.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("setar").expect("compiled in");
//! let params = serde_json::json!({ "thresholds": [-1, 1], "phi": [[0.9], [0.2], [0.9]], "intercept": [0.3, 0, -0.3] });
//! let model = entry.build(params, Shape::new(2, 15, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(5_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[12..15], [0.10962812454421046, -0.15239578757245278, 0.0007411953612522446]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Facts, Label, Model, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth,
};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::chain::MAX_REGIMES;
use super::spells::Spells;

/// Threshold autoregression: independent channels whose coefficients depend on where they were `delay` steps before.
///
/// x_t = c_k + φ_k1 x_{t-1} + … + φ_kp x_{t-p} + σ_k Z in regime k, the number of thresholds that lie below x_{t-delay}. The
/// default is pulled up below 0 and down above it, and so goes round.
///
/// Starts from zeros and runs for `burn_in` steps before the first value; one draw per value, and one for each of the
/// burn-in. Labels `regime` say which regime each channel and realization is in.
///
/// Coefficients are refused that are not known to be stationary. With one lag and delay 1: φ₁ < 1, φ_K < 1 and φ₁ φ_K < 1
/// for the outer regimes (Petruccelli and Woolford 1984; Chan, Petruccelli, Tong and Woolford 1985). Otherwise: the
/// absolute values of each regime's coefficients add up to less than 1.
///
/// Reference: H. Tong, K. S. Lim (1980), doi:10.1111/j.2517-6161.1980.tb01126.x.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Thresholds between the K regimes, ascending: K - 1 numbers.
    pub thresholds: Tensor,
    /// How many steps before the value lies that the regime follows from, at least 1.
    #[schemars(range(min = 1))]
    pub delay: usize,
    /// Coefficients φ as (regime, lag).
    pub phi: Tensor,
    /// Constants c: one number per regime, or one for all.
    pub intercept: Tensor,
    /// Standard deviations σ of the noise, at least 0: one number per regime, or one for all.
    pub sigma: Tensor,
    /// Steps before the first value.
    #[schemars(range(max = 1_000_000))]
    pub burn_in: usize,
    /// Whether regimes are told as labels. They follow from the values and the thresholds, may be as many as
    /// values, and take twenty times as long.
    pub label_regimes: bool,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            thresholds: vec![0.0].into(),
            delay: 1,
            phi: Tensor::new(vec![2, 1], vec![0.6, 0.4]).expect("two numbers"),
            intercept: vec![0.8, -0.5].into(),
            sigma: vec![0.5].into(),
            burn_in: 100,
            label_regimes: false,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Setar {
    regimes: Arc<Regimes>,
    delay: usize,
    burn_in: usize,
    told: bool,
    shape: Shape,
}

#[derive(Debug)]
struct Regimes {
    thresholds: Vec<f64>,
    /// (regime, lag)
    phi: Vec<f64>,
    intercept: Vec<f64>,
    sigma: Vec<f64>,
    order: usize,
}

const MAX_BURN_IN: usize = 1_000_000;

/// Lags and delay, at most.
const MAX_LAGS: usize = 1024;

/// Values that are remembered, at most: 2 GiB.
const MAX_STATE: usize = 1 << 28;

impl Model for Setar {
    const NAME: &'static str = "setar";
    const FAMILY: &'static str = "regimes";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let numbers = [
            ("thresholds", &params.thresholds),
            ("phi", &params.phi),
            ("intercept", &params.intercept),
            ("sigma", &params.sigma),
        ];
        for (name, tensor) in numbers {
            tensor.data().iter().find(|x| !x.is_finite()).into_iter().for_each(|x| problems.finite(name, *x));
        }
        let thresholds = params.thresholds.data().to_vec();
        let ascending = thresholds.windows(2).all(|pair| pair[0] < pair[1]);
        if params.thresholds.shape().len() != 1 || !ascending || thresholds.len() >= MAX_REGIMES {
            let rule = format_args!(
                "must be a list of less than {MAX_REGIMES} ascending numbers, found {thresholds:?}"
            );
            problems.add("thresholds", rule);
            return None;
        }
        let count = thresholds.len() + 1;
        let [rows, order] = *params.phi.shape() else {
            let found = params.phi.shape();
            problems.add("phi", format_args!("must have shape [{count}, p], found {found:?}"));
            return None;
        };
        problems.require("phi", rows == count, format_args!("have {count} rows, one per regime"), rows);
        let limit = MAX_LAGS.min(MAX_STATE / shape.slab());
        problems.require("phi", (1..=limit).contains(&order), format_args!("have 1 to {limit} lags"), order);
        let fits = (1..=limit).contains(&params.delay);
        problems.require("delay", fits, format_args!("lie in 1..={limit}"), params.delay);
        let short = params.burn_in <= MAX_BURN_IN;
        problems.require("burn_in", short, format_args!("be at most {MAX_BURN_IN}"), params.burn_in);
        let mut each = |name: &str, given: &Tensor| match given.shape() {
            [1] => Some(vec![given.data()[0]; count]),
            [found] if *found == count => Some(given.data().to_vec()),
            found => {
                let rule = format!("must be one number or {count} (one per regime), found shape {found:?}");
                problems.add(name, rule);
                None
            }
        };
        let (intercept, sigma) = (each("intercept", &params.intercept), each("sigma", &params.sigma));
        let (intercept, sigma) = (intercept?, sigma?);
        if let Some(bad) = sigma.iter().find(|sigma| **sigma < 0.0) {
            problems.non_negative("sigma", *bad);
        }
        if !problems.is_empty() {
            return None;
        }
        let phi = params.phi.data().to_vec();
        stationary(&phi, order, params.delay, problems)?;
        let regimes = Arc::new(Regimes { thresholds, phi, intercept, sigma, order });
        let (delay, burn_in, told) = (params.delay, params.burn_in, params.label_regimes);
        Some(Setar { regimes, delay, burn_in, told, shape })
    }

    fn facts(&self) -> Facts {
        let (order, slab) = (self.regimes.order, self.shape.slab());
        let facts = Facts::new(TimeAxis::Steps)
            .attribute("regimes", self.regimes.sigma.len())
            .attribute("p", order)
            .attribute("delay", self.delay)
            .state_bytes((8 * order.max(self.delay) + 16) * slab)
            .cost(9.0 + order as f64 + if self.told { 200.0 } else { 0.0 });
        if self.told { facts.labelled() } else { facts }
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let width = self.shape.channels() * realizations.len();
        let first = vec![self.regimes.of(0.0) as u64; width];
        let count = self.regimes.sigma.len();
        let mut process = Switching {
            regimes: self.regimes.clone(),
            past: vec![0.0; self.regimes.order.max(self.delay) * width],
            newest: 0,
            delay: self.delay,
            // No step of the burn-in is the last.
            spells: Spells::new(first, count, usize::MAX, false),
            done: 0,
            realizations,
            rng,
            width,
        };
        let mut slab = vec![0.0; width];
        (0..self.burn_in).for_each(|_| process.fill(&mut slab));
        let now = (0..width).map(|series| process.spells.regime(series) as u64).collect();
        process.spells = Spells::new(now, count, self.shape.steps(), self.told);
        process.done = 0;
        Box::new(process)
    }

    fn truth(&self, _: &()) -> Truth {
        let Regimes { thresholds, phi, intercept, sigma, order } = &*self.regimes;
        let mut truth = Truth::default();
        truth.array("thresholds", &[thresholds.len()], thresholds.clone());
        truth.array("phi", &[sigma.len(), *order], phi.clone());
        truth.array("intercept", &[sigma.len()], intercept.clone());
        truth.array("sigma", &[sigma.len()], sigma.clone());
        truth
    }
}

fn stationary(phi: &[f64], order: usize, delay: usize, problems: &mut Problems) -> Option<()> {
    if order == 1 && delay == 1 {
        let (first, last) = (phi[0], phi[phi.len() - 1]);
        let holds = first < 1.0 && last < 1.0 && first * last < 1.0;
        let rule = "be below 1 in the outer regimes, and so must be their product";
        problems.require("phi", holds, rule, format_args!("{first} and {last}"));
        return holds.then_some(());
    }
    let sum = |row: &[f64]| row.iter().map(|phi| phi.abs()).sum::<f64>();
    let largest = phi.chunks_exact(order).map(sum).fold(0.0, f64::max);
    let rule = "have rows whose absolute values add up to less than 1";
    problems.require("phi", largest < 1.0, rule, largest);
    (largest < 1.0).then_some(())
}

impl Regimes {
    #[inline(always)]
    fn of(&self, x: f64) -> usize {
        self.thresholds.iter().map(|threshold| usize::from(*threshold < x)).sum()
    }
}

struct Switching {
    regimes: Arc<Regimes>,
    /// The last slabs, in a ring: (lag, series).
    past: Vec<f64>,
    /// Index of the newest slab.
    newest: usize,
    delay: usize,
    spells: Spells,
    done: u64,
    realizations: Range<usize>,
    rng: Rng,
    width: usize,
}

impl Switching {
    /// Where the slab lies that is `lag` steps behind the one to come.
    #[inline(always)]
    fn lag(&self, lag: usize) -> usize {
        let lags = self.past.len() / self.width;
        (self.newest + lags + 1 - lag) % lags * self.width
    }

    #[inline(always)]
    fn step(&mut self, slab: &mut [f64]) {
        let Regimes { phi, intercept, sigma, order, .. } = &*self.regimes;
        for (series, x) in slab.iter_mut().enumerate() {
            let regime = self.spells.regime(series);
            *x = sigma[regime].mul_add(*x, intercept[regime]);
        }
        for lag in 1..=*order {
            let past = &self.past[self.lag(lag)..][..self.width];
            for (series, (x, past)) in slab.iter_mut().zip(past).enumerate() {
                *x = phi[self.spells.regime(series) * order + lag - 1].mul_add(*past, *x);
            }
        }
        self.newest = (self.newest + 1) % (self.past.len() / self.width);
        self.past[self.newest * self.width..][..self.width].copy_from_slice(slab);
        let decides = self.lag(self.delay);
        for series in 0..self.width {
            let next = self.regimes.of(self.past[decides + series]);
            let count = self.realizations.len();
            let name = || (Some(series / count), Some(self.realizations.start + series % count));
            self.spells.turn(series, self.done, next, name);
        }
        self.done = self.done.saturating_add(1);
    }
}

struct Fill<'a> {
    process: &'a mut Switching,
    steps: &'a mut [f64],
}

impl simd::Kernel for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.steps.chunks_exact_mut(self.process.width).for_each(|slab| self.process.step(slab));
    }
}

impl Process for Switching {
    fn fill(&mut self, steps: &mut [f64]) {
        self.rng.fill_standard_normal(steps);
        simd::dispatch(Fill { process: self, steps });
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.past);
        state.u64(self.newest as u64);
        state.u64(self.done);
        self.spells.save(state);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.past)?;
        self.newest = saved.index(self.past.len() / self.width - 1)?;
        self.done = saved.u64()?;
        self.spells.restore(saved)
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.spells.labels(labels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_lag() {
        let mut problems = Problems::default();
        let phi = Tensor::new(vec![2, 0], Vec::new()).unwrap();
        assert!(Setar::new(Params { phi, ..Params::default() }, Shape::of(1, 5, 1), &mut problems).is_none());
        assert_eq!(problems.to_string(), "parameter \"phi\" must have 1 to 1024 lags, found 0");
    }
}
