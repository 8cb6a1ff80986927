//! Seasons as sums of waves.

use std::f64::consts::TAU;

use mts_core::{Problems, Shape, Tensor, Truth};
use mts_rng::{Rng, math};

/// Periods, how many harmonics each has, and how large they are.
#[derive(Clone, Debug)]
pub(super) struct Seasons {
    periods: Vec<f64>,
    orders: Vec<usize>,
    scales: Vec<f64>,
    /// (channel or one for all, coefficient)
    given: Option<Vec<f64>>,
    coefficients: usize,
}

/// One of each for all harmonics of all seasons.
pub(super) struct Waves {
    angle: Vec<f64>,
    sin: Vec<f64>,
    cos: Vec<f64>,
}

/// Harmonics of all seasons, at most.
const MAX_HARMONICS: f64 = 1000.0;

impl Seasons {
    pub(super) fn new(
        periods: &Tensor,
        orders: &Tensor,
        scales: &Tensor,
        given: Option<&Tensor>,
        shape: Shape,
        problems: &mut Problems,
    ) -> Option<Self> {
        let before = problems.len();
        let [1..=usize::MAX] = periods.shape() else {
            let found = periods.shape();
            problems.add("periods", format_args!("must be a list of at least one, found shape {found:?}"));
            return None;
        };
        if let Some(bad) = periods.data().iter().find(|period| !(period.is_finite() && **period > 0.0)) {
            problems.positive("periods", *bad);
        }
        let count = periods.data().len();
        let orders = per_season("orders", orders, count, problems)?;
        if let Some(bad) = orders.iter().find(|order| !(**order >= 1.0 && order.floor() == **order)) {
            problems.add("orders", format_args!("must be integers of at least 1, found {bad}"));
        }
        let harmonics = orders.iter().fold(0.0, |sum, order| sum + order);
        if harmonics > MAX_HARMONICS {
            problems
                .add("orders", format_args!("must be at most {MAX_HARMONICS} together, found {harmonics}"));
        }
        let scales = per_season("season_scale", scales, count, problems)?;
        if let Some(bad) = scales.iter().find(|scale| !(scale.is_finite() && **scale >= 0.0)) {
            problems.non_negative("season_scale", *bad);
        }
        if problems.len() > before {
            return None;
        }
        let orders: Vec<usize> = orders.iter().map(|order| *order as usize).collect();
        let coefficients = 2 * orders.iter().sum::<usize>();
        let channels = shape.channels();
        if let Some(given) = given {
            if given.shape() != [coefficients] && given.shape() != [channels, coefficients] {
                let rule = format_args!(
                    "must have shape [{coefficients}] or [{channels}, {coefficients}], found {:?}",
                    given.shape()
                );
                problems.add("coefficients", rule);
                return None;
            }
            if let Some(bad) = given.data().iter().find(|x| !x.is_finite()) {
                problems.finite("coefficients", *bad);
                return None;
            }
        }
        let (periods, given) = (periods.data().to_vec(), given.map(|given| given.data().to_vec()));
        Some(Seasons { periods, orders, scales, given, coefficients })
    }

    /// Coefficients of a channel.
    pub(super) fn coefficients(&self) -> usize {
        self.coefficients
    }

    /// (channel, coefficient)
    pub(super) fn draw(&self, channels: usize, rng: &mut Rng) -> Vec<f64> {
        if let Some(given) = &self.given {
            let all = given.len() > self.coefficients || channels == 1;
            return if all { given.clone() } else { given.repeat(channels) };
        }
        let mut drawn = vec![0.0; channels * self.coefficients];
        rng.fill_standard_normal(&mut drawn);
        for channel in drawn.chunks_exact_mut(self.coefficients) {
            let waves = self.orders.iter().zip(&self.scales);
            let scales = waves.flat_map(|(order, scale)| (1..=*order).map(move |n| scale / n as f64));
            for (pair, scale) in channel.chunks_exact_mut(2).zip(scales) {
                pair.iter_mut().for_each(|x| *x *= scale);
            }
        }
        drawn
    }

    /// Room for the waves of a step.
    pub(super) fn waves(&self) -> Waves {
        let room = || vec![0.0; self.coefficients / 2];
        Waves { angle: room(), sin: room(), cos: room() }
    }

    /// The season of each channel in a step.
    pub(super) fn at(&self, step: usize, coefficients: &[f64], waves: &mut Waves, season: &mut [f64]) {
        let Waves { angle, sin, cos } = waves;
        let mut angles = angle.iter_mut();
        for (period, order) in self.periods.iter().zip(&self.orders) {
            let turn = TAU * (step as f64 % period / period);
            for (n, angle) in (1..=*order).zip(&mut angles) {
                *angle = n as f64 * turn;
            }
        }
        math::sin_cos_into(angle, sin, cos);
        for (season, channel) in season.iter_mut().zip(coefficients.chunks_exact(self.coefficients)) {
            let waves = cos.iter().zip(&*sin).zip(channel.chunks_exact(2));
            *season = waves.fold(0.0, |sum, ((cos, sin), pair)| sum + pair[0] * cos + pair[1] * sin);
        }
    }

    pub(super) fn truth(&self, truth: &mut Truth) {
        truth.array("periods", &[self.periods.len()], self.periods.clone());
        truth.array("orders", &[self.orders.len()], self.orders.iter().map(|order| *order as f64).collect());
    }
}

/// One number for each season, or one for all.
fn per_season(name: &str, numbers: &Tensor, count: usize, problems: &mut Problems) -> Option<Vec<f64>> {
    match numbers.shape() {
        [1] => Some(vec![numbers.data()[0]; count]),
        [found] if *found == count => Some(numbers.data().to_vec()),
        found => {
            let rule = format_args!("must be one number or {count} (one per period), found shape {found:?}");
            problems.add(name, rule);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_period() {
        let (mut problems, one) = (Problems::default(), Tensor::from(vec![1.0]));
        assert!(
            Seasons::new(&Vec::new().into(), &one, &one, None, Shape::of(1, 1, 1), &mut problems).is_none()
        );
        assert!(problems.to_string().contains("at least one, found shape [0]"), "{problems}");
    }
}
