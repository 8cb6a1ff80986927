//! Standardising: mean 0, standard deviation 1.

use std::str::FromStr;

use crate::{Head, SlabSource, SourceError};

/// The axis along which values are standardised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
/// Along time, the source is read twice before its first value goes out.
pub struct Zscored<S> {
    source: S,
    axis: ZscoreAxis,
    /// Mean and scale per (channel, realization), once they are known.
    along_time: Vec<Standard>,
    lane: Vec<f64>,
}

impl<S: SlabSource> Zscored<S> {
    /// Standardises `source` along `axis`.
    ///
    /// # Errors
    ///
    /// Those of the source, which is read to its end.
    pub fn new(mut source: S, axis: ZscoreAxis) -> Result<Self, SourceError> {
        let along_time = if axis == ZscoreAxis::Time { statistics(&mut source)? } else { Vec::new() };
        let lane = vec![0.0; source.head().shape.channels()];
        Ok(Zscored { source, axis, along_time, lane })
    }
}

impl<S: SlabSource> SlabSource for Zscored<S> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let steps = self.source.next(slabs)?;
        let shape = self.source.head().shape;
        let slabs = &mut slabs[..steps * shape.slab()];
        match self.axis {
            ZscoreAxis::Time => {
                for slab in slabs.chunks_exact_mut(shape.slab()) {
                    slab.iter_mut().zip(&self.along_time).for_each(|(x, standard)| *x = standard.apply(*x));
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
}

#[derive(Clone, Copy)]
struct Standard {
    mean: f64,
    deviation: f64,
}

impl Standard {
    /// A constant series is recognised by its extremes: its computed deviation need not be 0.
    fn new(mean: f64, squares: f64, count: usize, constant: bool) -> Self {
        let deviation = (squares / count as f64).sqrt();
        if constant || deviation == 0.0 {
            return Standard { mean, deviation: f64::INFINITY };
        }
        Standard { mean, deviation }
    }

    #[inline]
    fn apply(self, x: f64) -> f64 {
        if self.deviation == f64::INFINITY { 0.0 } else { (x - self.mean) / self.deviation }
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
    let mut extremes = vec![(f64::INFINITY, f64::NEG_INFINITY); shape.slab()];
    pass(source, |slab| {
        for ((x, sum), (low, high)) in slab.iter().zip(&mut sums).zip(&mut extremes) {
            sum.add(*x);
            *low = low.min(*x);
            *high = high.max(*x);
        }
    })?;
    let means: Vec<f64> = sums.iter().map(|sum| sum.value() / shape.steps() as f64).collect();
    let mut squares = vec![Sum::default(); shape.slab()];
    pass(source, |slab| {
        for ((x, mean), sum) in slab.iter().zip(&means).zip(&mut squares) {
            sum.add((x - mean) * (x - mean));
        }
    })?;
    let standards = means.iter().zip(&squares).zip(&extremes);
    Ok(standards
        .map(|((mean, squares), (low, high))| {
            Standard::new(*mean, squares.value(), shape.steps(), low == high)
        })
        .collect())
}

fn pass(source: &mut impl SlabSource, mut visit: impl FnMut(&[f64])) -> Result<(), SourceError> {
    let slab = source.head().shape.slab();
    let mut buffer = vec![0.0; slab * (4096 / slab).max(1)];
    loop {
        let steps = source.next(&mut buffer)?;
        if steps == 0 {
            return source.rewind();
        }
        buffer[..steps * slab].chunks_exact(slab).for_each(&mut visit);
    }
}

fn standardise(lane: &mut [f64]) {
    let mut sum = Sum::default();
    lane.iter().for_each(|x| sum.add(*x));
    let mean = sum.value() / lane.len() as f64;
    let mut squares = Sum::default();
    lane.iter().for_each(|x| squares.add((x - mean) * (x - mean)));
    let constant = lane.iter().all(|x| *x == lane[0]);
    let standard = Standard::new(mean, squares.value(), lane.len(), constant);
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
