//! Standardising: mean 0, standard deviation 1.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::source::AT_ONCE;
use crate::{Head, Label, Saved, Shape, SlabSource, SourceError, State, StateError};

/// The axis along which values are standardised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ZscoreAxis {
    /// Each (channel, realization) over all steps.
    #[default]
    Time,
    /// Each (step, realization) over the channels.
    Channel,
    /// Each (step, channel) over the realizations.
    Realization,
}

impl ZscoreAxis {
    /// The names in documents.
    pub const NAMES: [&'static str; 3] = ["time", "channel", "realization"];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl FromStr for ZscoreAxis {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "time" => Ok(ZscoreAxis::Time),
            "channel" => Ok(ZscoreAxis::Channel),
            "realization" => Ok(ZscoreAxis::Realization),
            _ => Err(()),
        }
    }
}

/// A source whose values are `(x - mean) / s` along an axis, with the population standard
/// deviation s; a constant series becomes 0.
///
/// Along time, the source is read twice when the first value is asked for; a state that was saved
/// later holds what was learned of it, so that nothing is read again where it is restored.
pub struct Zscored<S> {
    source: S,
    axis: ZscoreAxis,
    /// Mean and scale per (channel, realization), along time and once they are known.
    along_time: Option<Vec<Standard>>,
    lane: Vec<f64>,
}

impl<S: SlabSource> Zscored<S> {
    /// Standardises `source`, which stands before its first step, along `axis`.
    pub fn new(source: S, axis: ZscoreAxis) -> Self {
        let lane = vec![0.0; source.head().shape.channels()];
        Zscored { source, axis, along_time: None, lane }
    }

    /// Bytes that are held at most, the source's own not counted.
    pub(crate) fn memory(axis: ZscoreAxis, shape: Shape) -> u64 {
        let (per_series, buffer) = match axis {
            // While it is learned: two sums, extremes, mean, unit, and what comes of them.
            ZscoreAxis::Time => {
                (2 * size_of::<Sum>() + size_of::<Extremes>() + 16 + size_of::<Standard>(), AT_ONCE)
            }
            ZscoreAxis::Channel | ZscoreAxis::Realization => (0, shape.channels()),
        };
        (per_series as u64).saturating_mul(shape.slab() as u64).saturating_add(8 * buffer as u64)
    }

    /// Reads the source to its end and begins again, where that is needed and was not done.
    fn learn(&mut self) -> Result<(), SourceError> {
        if self.axis == ZscoreAxis::Time && self.along_time.is_none() {
            self.along_time = Some(statistics(&mut self.source)?);
        }
        Ok(())
    }
}

impl<S: SlabSource> SlabSource for Zscored<S> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        self.learn()?;
        let steps = self.source.next(slabs)?;
        let shape = self.source.head().shape;
        let slabs = &mut slabs[..steps * shape.slab()];
        match self.axis {
            ZscoreAxis::Time => {
                let along_time = self.along_time.as_deref().unwrap_or_default();
                for slab in slabs.chunks_exact_mut(shape.slab()) {
                    slab.iter_mut().zip(along_time).for_each(|(x, standard)| *x = standard.apply(*x));
                }
            }
            ZscoreAxis::Realization => slabs.chunks_exact_mut(shape.realizations()).for_each(standardise),
            ZscoreAxis::Channel => {
                for slab in slabs.chunks_exact_mut(shape.slab()) {
                    standardise_channels(slab, shape.realizations(), &mut self.lane);
                }
            }
        }
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        let source = self.source.save()?;
        let mut state = State::default();
        state.u64(self.axis as u64);
        // Statistics are those of so many steps; a source without them may be longer.
        state.u64(self.source.head().shape.steps() as u64);
        state.flag(self.along_time.is_some());
        if let Some(along_time) = &self.along_time {
            along_time.iter().for_each(|standard| standard.save(&mut state));
        }
        state.bytes(&source);
        Some(state.seal())
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        let mut saved = Saved::open(state)?;
        let shape = self.source.head().shape;
        if saved.u64()? != self.axis as u64 {
            return Err(StateError::Foreign.into());
        }
        let of_steps = saved.u64()?;
        let learned = saved.flag()?;
        // Only at the first step may statistics be missing: learning them begins again there.
        let needed = self.axis == ZscoreAxis::Time && step > 0;
        let fits = !learned || (self.axis == ZscoreAxis::Time && of_steps == shape.steps() as u64);
        if !fits || (needed && !learned) {
            return Err(StateError::Foreign.into());
        }
        let along_time = if learned {
            let standards = (0..shape.slab()).map(|_| Standard::restored(&mut saved));
            Some(standards.collect::<Result<Vec<_>, _>>()?)
        } else {
            None
        };
        let source = saved.bytes()?;
        saved.end()?;
        self.source.restore(step, source)?;
        self.along_time = along_time;
        Ok(())
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.source.labels(labels);
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        self.learn()?;
        self.source.skip(steps)
    }
}

/// How to standardise one series. A constant one is known by its extremes: its computed deviation
/// need not be 0.
#[derive(Clone, Copy)]
enum Standard {
    Constant,
    Varying {
        mean: f64,
        /// In units of `unit`.
        deviation: f64,
        unit: f64,
    },
}

impl Standard {
    #[inline]
    fn apply(self, x: f64) -> f64 {
        match self {
            Standard::Constant => 0.0,
            Standard::Varying { mean, deviation, unit } => (x - mean) * unit / deviation,
        }
    }

    fn save(self, state: &mut State) {
        let numbers = match self {
            Standard::Constant => [0.0; 3],
            Standard::Varying { mean, deviation, unit } => [mean, deviation, unit],
        };
        state.flag(matches!(self, Standard::Constant));
        numbers.into_iter().for_each(|number| state.f64(number));
    }

    fn restored(saved: &mut Saved<'_>) -> Result<Self, StateError> {
        let constant = saved.flag()?;
        let (mean, deviation, unit) = (saved.f64()?, saved.f64()?, saved.f64()?);
        Ok(if constant { Standard::Constant } else { Standard::Varying { mean, deviation, unit } })
    }
}

/// 2⁻⁵⁵⁰
const SHRINK: f64 = f64::from_bits((1023 - 550) << 52);

/// 2⁹⁰⁰
const STRETCH: f64 = f64::from_bits((1023 + 900) << 52);

/// Least and greatest value of a series.
#[derive(Clone, Copy)]
struct Extremes {
    low: f64,
    high: f64,
}

impl Extremes {
    const NONE: Extremes = Extremes { low: f64::INFINITY, high: f64::NEG_INFINITY };

    #[inline]
    fn add(&mut self, x: f64) {
        self.low = self.low.min(x);
        self.high = self.high.max(x);
    }

    /// A power of two that keeps squares of deviations within the range of floats: 1 for all series
    /// but the hugest and tiniest.
    fn unit(self) -> f64 {
        let range = self.high - self.low;
        if range > 1e150 {
            SHRINK
        } else if range < 1e-150 {
            STRETCH
        } else {
            1.0
        }
    }

    fn standard(self, mean: f64, squares: f64, count: usize) -> Standard {
        if self.low == self.high {
            return Standard::Constant;
        }
        Standard::Varying { mean, deviation: (squares / count as f64).sqrt(), unit: self.unit() }
    }
}

/// Neumaier's compensated sum (1974, doi:10.1002/zamm.19740540106).
#[derive(Clone, Copy, Default)]
struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    #[inline]
    fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        self.lost += if self.sum.abs() >= x.abs() { (self.sum - sum) + x } else { (x - sum) + self.sum };
        self.sum = sum;
    }

    fn value(self) -> f64 {
        self.sum + self.lost
    }
}

/// Mean and scale of every (channel, realization): one pass for the mean, one for the squares.
fn statistics(source: &mut impl SlabSource) -> Result<Vec<Standard>, SourceError> {
    let shape = source.head().shape;
    let mut sums = vec![Sum::default(); shape.slab()];
    let mut extremes = vec![Extremes::NONE; shape.slab()];
    pass(source, |slab| {
        for ((x, sum), extremes) in slab.iter().zip(&mut sums).zip(&mut extremes) {
            sum.add(*x);
            extremes.add(*x);
        }
    })?;
    let means: Vec<f64> = sums.iter().map(|sum| sum.value() / shape.steps() as f64).collect();
    let units: Vec<f64> = extremes.iter().map(|extremes| extremes.unit()).collect();
    let mut squares = vec![Sum::default(); shape.slab()];
    pass(source, |slab| {
        for ((x, (mean, unit)), sum) in slab.iter().zip(means.iter().zip(&units)).zip(&mut squares) {
            let deviation = (x - mean) * unit;
            sum.add(deviation * deviation);
        }
    })?;
    let series = extremes.iter().zip(means.iter().zip(&squares));
    Ok(series
        .map(|(extremes, (mean, squares))| extremes.standard(*mean, squares.value(), shape.steps()))
        .collect())
}

fn pass(source: &mut impl SlabSource, mut visit: impl FnMut(&[f64])) -> Result<(), SourceError> {
    let slab = source.head().shape.slab();
    let mut buffer = vec![0.0; slab * (AT_ONCE / slab).max(1)];
    let mut unseen = Vec::new();
    loop {
        source.labels(&mut unseen);
        unseen.clear();
        let steps = source.next(&mut buffer)?;
        if steps == 0 {
            return source.rewind();
        }
        buffer[..steps * slab].chunks_exact(slab).for_each(&mut visit);
    }
}

fn standardise(lane: &mut [f64]) {
    let (mut sum, mut extremes) = (Sum::default(), Extremes::NONE);
    for x in &*lane {
        sum.add(*x);
        extremes.add(*x);
    }
    let (mean, unit) = (sum.value() / lane.len() as f64, extremes.unit());
    let mut squares = Sum::default();
    for x in &*lane {
        let deviation = (x - mean) * unit;
        squares.add(deviation * deviation);
    }
    let standard = extremes.standard(mean, squares.value(), lane.len());
    lane.iter_mut().for_each(|x| *x = standard.apply(*x));
}

fn standardise_channels(slab: &mut [f64], realizations: usize, lane: &mut [f64]) {
    for r in 0..realizations {
        let column = slab.iter().skip(r).step_by(realizations);
        lane.iter_mut().zip(column).for_each(|(into, x)| *into = *x);
        standardise(lane);
        let column = slab.iter_mut().skip(r).step_by(realizations);
        column.zip(&*lane).for_each(|(into, x)| *into = *x);
    }
}

#[cfg(test)]
mod tests {
    use mts_hash::Map;

    use super::*;
    use crate::{Dataset, Dtype, TimeAxis};

    fn zscored(values: Vec<f64>, axis: ZscoreAxis) -> Vec<f64> {
        let shape = Shape::of(1, values.len(), 1);
        let head =
            Head { shape, time: TimeAxis::Steps, dtype: Dtype::F64, attributes: Map::new(), truth: None };
        let dataset = Dataset::new(head, values).unwrap();
        let mut source = Zscored::new(dataset.source(), axis);
        Dataset::collect(&mut source).unwrap().values().to_vec()
    }

    #[test]
    fn huge_and_tiny_series_keep_their_shape() {
        let expected = zscored(vec![1.0, 2.0, 3.0, 4.0], ZscoreAxis::Time);
        for scale in [1e300, 1e-300, 1e160, 1e-160, 1e-320] {
            let values = [1.0, 2.0, 3.0, 4.0].map(|x| x * scale).to_vec();
            for (a, b) in zscored(values, ZscoreAxis::Time).iter().zip(&expected) {
                assert!((a - b).abs() < 1e-3, "{scale:e}: {a} and {b}");
            }
        }
    }

    #[test]
    fn constants_become_zero() {
        for constant in [0.0, 0.1, 0.7, 1e300] {
            assert_eq!(zscored(vec![constant; 6], ZscoreAxis::Time), [0.0; 6]);
        }
        assert_eq!(zscored(vec![1.0, 2.0], ZscoreAxis::Channel), [0.0; 2]);
        assert_eq!(zscored(vec![1.0, 2.0], ZscoreAxis::Realization), [0.0; 2]);
    }
}
